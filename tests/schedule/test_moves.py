"""What an entry that moved says: when and where it was, until it is over."""

from datetime import UTC, datetime, timedelta

import pytest
import pytz
from conftest import BASE_URL, event_of
from readers import unescaped
from subscriber import Kept, read

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.links import add_links
from calsvc.schedule.differences import changes, moved
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish, withdrawn
from calsvc.schedule.selection import Selection

BERLIN = pytz.timezone("Europe/Berlin")
BEFORE = datetime(2025, 6, 1, 12, tzinfo=UTC)
HEAD = "name: Conf\ndates: {from: 2025-06-25, to: 2025-06-26}\n"
AT_TEN = "when: 2025-06-25 10:00-10:30"


def session(text: str) -> str:
    """Return a session in an event file, with a title if it has none."""
    title = "" if "title:" in text else "title: Talk, "
    return f"  - {{id: talk, {title}{text}}}\n"


class Programme:
    """An event with one session, published again and again, an hour apart."""

    def __init__(self, text: str = AT_TEN, head: str = HEAD, zone: str = "Europe/Berlin") -> None:
        self.head, self.zone = head, zone
        self.now = BEFORE
        self.schedule: Schedule | None = None
        self.says(text)

    def says(self, text: str) -> "Programme":
        """Publish what the event file says of the session now; nothing if it has none."""
        sessions = session(text) if text else "  - {id: other, title: Other, kind: break}\n"
        self.now += timedelta(hours=1)
        event = event_of(f"{self.head}timezone: {self.zone}\nsessions:\n{sessions}")
        self.schedule = publish(event, self.schedule, self.now)
        return self

    @property
    def kept(self) -> Kept:
        """Return the session's entry in the feed."""
        assert self.schedule
        [entry] = self.schedule.of_session("talk")
        return read(feed(self.schedule))[str(entry.uid)]

    @property
    def lines(self) -> list[str]:
        """Return the lines in which the entry says how it moved; they are its first."""
        text = unescaped(self.kept["DESCRIPTION"])
        said = [line for line in text.split("\n") if ", was " in line or ", bisher " in line]
        assert text.split("\n")[: len(said)] == said
        return said


def feed(schedule: Schedule) -> bytes:
    """Return the whole feed of an event."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (AT_TEN, "when: 2025-06-25 11:00-11:30", ["New time, was 10:00–10:30"]),
        (AT_TEN, "when: 2025-06-25 10:00-11:00", ["New time, was 10:00–10:30"]),
        (
            AT_TEN,
            "when: 2025-06-26 10:00-10:30",
            ["New time, was Wednesday 25 June 2025, 10:00–10:30"],
        ),
        (
            "when: 2025-06-25 22:00-01:00+1",
            "when: 2025-06-25 21:00-01:00+1",
            ["New time, was 22:00–Thursday 26 June 2025, 01:00"],
        ),
        (f"{AT_TEN}, room: Hall A", f"{AT_TEN}, room: Hall B", ["New room, was Hall A"]),
        (f"{AT_TEN}, room: Hall A", AT_TEN, ["Room to be announced, was Hall A"]),
        (AT_TEN, f"{AT_TEN}, room: Hall A", []),
        (
            f"{AT_TEN}, room: '{{A}} %s'",
            "when: 2025-06-25 11:00-11:30, room: B",
            ["New time, was 10:00–10:30", "New room, was {A} %s"],
        ),
        (
            "when: {start: 2025-06-25T10:00, duration: 30, timezone: Asia/Kolkata}",
            "when: 2025-06-25 10:00-10:30",
            ["New time, was 06:30–07:00"],
        ),
        (
            "when: {start: 2025-06-25T13:30, duration: 30, timezone: Asia/Kolkata}",
            "when: 2025-06-25 10:00-10:30",
            [],
        ),
        ("kind: talk", AT_TEN, []),
        (AT_TEN, f"title: Better, {AT_TEN}", []),
    ],
)
def test_entry_that_moved_says_so_first(before: str, after: str, lines: list[str]) -> None:
    programme = Programme(before).says(after)

    assert programme.lines == lines
    assert programme.kept.sequence == 1


def test_the_words_are_in_the_event_s_language() -> None:
    programme = Programme(f"{AT_TEN}, room: A", f"language: de-CH\n{HEAD}")

    programme.says("when: 2025-06-26 10:00-10:30, room: B")
    lines = programme.lines
    programme.says("when: 2025-06-26 10:00-10:30")

    was = "Neue Zeit, bisher Mittwoch, 25. Juni 2025, 10:00–10:30"
    assert lines == [was, "Neuer Raum, bisher A"]
    assert programme.lines == [was, "Raum noch offen, bisher B"]


def test_a_move_back_removes_the_line() -> None:
    programme = Programme(f"{AT_TEN}, room: A").says("when: 2025-06-25 11:00-11:30, room: B")

    programme.says(f"{AT_TEN}, room: B")
    half = programme.lines
    programme.says(f"{AT_TEN}, room: A")

    assert half == ["New room, was A"]
    assert (programme.lines, programme.kept.sequence) == ([], 3)


@pytest.mark.parametrize(
    ("way", "line"),
    [
        ("AB", "New room, was A"),
        ("ABA", None),
        ("ABC", "New room, was B"),
        ("ABCB", "New room, was A"),
        ("ABCA", None),
        ("ABCAB", "New room, was A"),
        ("ABCBCB", "New room, was A"),
        ("ABCDC", "New room, was B"),
        ("ABCDCB", "New room, was A"),
        ("Aa", None),
        ("ABa", None),
        ("ABab", "New room, was a"),
    ],
)
def test_entry_page_and_changes_tell_one_way(way: str, line: str | None) -> None:
    programme = Programme(f"{AT_TEN}, room: {way[0]}")
    assert programme.schedule
    past = []
    for room in way[1:]:
        before = programme.schedule
        programme.says(f"{AT_TEN}, room: {room}")
        past += changes(before, programme.schedule)

    marks = moved(programme.schedule, past)

    assert programme.lines == ([line] if line else [])
    assert [each.room for each in marks.values()] == ([line[-1]] if line else [])
    if line:  # the changes have been told of a move from there
        assert any(f"room {line[-1]} → ".lower() in each.told().lower() for each in past)


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (("10:00-10:30", "11:00-11:30", "12:00-12:30", "11:00-11:30"), "10:00–10:30"),
        (("10:00-10:30", "11:00-11:30", "10:00-10:45"), "11:00–11:30"),
        (("10:00-10:30", "11:00-11:30", "10:00-10:30"), None),
    ],
)
def test_entry_and_page_tell_one_time(way: tuple[str, ...], line: str | None) -> None:
    programme = Programme(f"when: 2025-06-25 {way[0]}")
    past = []
    for times in way[1:]:
        before = programme.schedule
        programme.says(f"when: 2025-06-25 {times}")
        assert programme.schedule
        past += changes(before, programme.schedule)
    assert programme.schedule

    marks = moved(programme.schedule, past)

    assert programme.lines == ([f"New time, was {line}"] if line else [])
    starts = [each.start and f"{each.start.astimezone(BERLIN):%H:%M}" for each in marks.values()]
    assert starts == ([line[:5]] if line else [])


def banner_lines(programme: Programme) -> list[str]:
    """Return the first line of the event's own entry, if it says that the event moved."""
    assert programme.schedule
    [banner] = programme.schedule.banners
    text = unescaped(read(feed(programme.schedule))[str(banner.uid)]["DESCRIPTION"])
    return [line for line in text.split("\n")[:1] if ", was " in line or ", bisher " in line]


def test_event_that_moves_to_other_days_says_so() -> None:
    programme = Programme("kind: talk")

    def on(dates: str) -> list[str]:
        programme.head = f"name: Conf\n{dates}\n"
        programme.says("kind: talk")
        return banner_lines(programme)

    assert banner_lines(programme) == []
    assert on("date: 2025-07-01") == [
        "New date, was Wednesday 25 June 2025 – Thursday 26 June 2025"
    ]
    assert on("date: 2025-07-02") == ["New date, was Tuesday 1 July 2025"]
    assert on("date: 2025-07-01") == [
        "New date, was Wednesday 25 June 2025 – Thursday 26 June 2025"
    ]
    assert on("date: 2025-07-02\nlanguage: de") == ["Neuer Termin, bisher Dienstag, 1. Juli 2025"]
    assert on("dates: {from: 2025-06-25, to: 2025-06-26}\nlanguage: de") == []


def test_event_that_moved_and_is_over_says_nothing_with_the_next_change() -> None:
    programme = Programme("kind: talk")
    programme.head = "name: Conf\ndate: 2025-07-01\n"
    programme.says("kind: talk")
    programme.now = datetime(2025, 7, 2, 0, 0, tzinfo=UTC)

    same = programme.says("kind: talk")
    assert banner_lines(same) != []
    programme.head += "description: It was fine.\n"

    assert banner_lines(programme.says("kind: talk")) == []


def test_another_move_tells_the_last_other_place() -> None:
    programme = Programme(f"{AT_TEN}, room: A").says(f"{AT_TEN}, room: B")

    programme.says(f"{AT_TEN}, room: C")
    third = programme.lines
    programme.says(AT_TEN)
    unknown = programme.lines
    programme.says(f"{AT_TEN}, room: D")

    assert third == ["New room, was B"]
    assert unknown == ["Room to be announced, was C"]
    assert programme.lines == ["New room, was C"]


def test_the_line_stays_through_other_edits_and_none() -> None:
    programme = Programme().says("when: 2025-06-25 11:00-11:30")
    moved = programme.kept

    programme.says("when: 2025-06-25 11:00-11:30")
    same = programme.kept
    programme.says("when: {start: '2025-06-25T11:00+02:00', end: '2025-06-25T11:30+02:00'}")
    rewritten = programme.kept
    programme.says("when: 2025-06-25 11:00-11:30, description: More of it")

    assert (same.octets, rewritten.octets) == (moved.octets, moved.octets)
    assert programme.lines == ["New time, was 10:00–10:30"]
    assert programme.kept.sequence == 2


def test_a_line_goes_after_the_session_with_another_change_alone() -> None:
    programme = Programme().says("when: 2025-06-25 11:00-11:30")
    moved = programme.kept

    programme.now = datetime(2025, 6, 25, 9, 30, tzinfo=UTC)  # 11:30 in Berlin
    programme.says("when: 2025-06-25 11:00-11:30")
    over = programme.kept
    programme.says("when: 2025-06-25 11:00-11:30, links: 'https://example.org/slides'")

    assert over.octets == moved.octets
    assert (programme.lines, programme.kept.sequence) == ([], 2)


def test_a_clock_that_was_ahead_once_takes_no_line() -> None:
    programme = Programme()
    programme.now = datetime(2031, 1, 1, tzinfo=UTC)
    programme.says(f"{AT_TEN}, room: A")
    programme.now = BEFORE

    programme.says("when: 2025-06-25 11:00-11:30, room: B")

    assert programme.lines == ["New time, was 10:00–10:30", "New room, was A"]


def test_a_cancelled_entry_does_not_say_it_and_one_that_is_back_does() -> None:
    programme = Programme().says("when: 2025-06-25 11:00-11:30")

    programme.says("")
    gone = programme.lines
    programme.says("when: 2025-06-25 11:00-11:30, status: cancelled")
    cancelled = programme.lines
    programme.says("when: 2025-06-25 12:00-12:30")

    assert (gone, cancelled) == ([], [])
    assert programme.lines == ["New time, was 11:00–11:30"]


def test_a_postponed_session_says_when_it_was_once_it_has_a_time() -> None:
    programme = Programme().says("kind: talk")
    postponed = programme.lines

    programme.says("when: 2025-06-26 09:00-09:30")

    assert postponed == []
    assert programme.lines == ["New time, was Wednesday 25 June 2025, 10:00–10:30"]


def test_an_event_taken_back_keeps_what_its_entries_say() -> None:
    programme = Programme().says("when: 2025-06-25 11:00-11:30")
    assert programme.schedule

    programme.schedule = withdrawn(programme.schedule, programme.now)

    assert programme.lines == ["New time, was 10:00–10:30"]


def test_links_of_programs_say_it_too() -> None:
    schedule = Programme().says("when: 2025-06-25 11:00-11:30").schedule
    assert schedule
    [entry] = schedule.of_session("talk")

    links = add_links(entry, "conf", Addresses(BASE_URL))

    assert "New%20time%2C%20was%2010%3A00%E2%80%9310%3A30" in links["google"]
