"""What an entry that moved says: when and where it was, until it is over."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import BASE_URL, event_of
from readers import unescaped
from subscriber import Kept, read

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.links import add_links
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish, withdrawn
from calsvc.schedule.selection import Selection

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
