"""All-day entries of calendars become sessions that are all day, and come again exactly."""

from datetime import date

import pytest
from conftest import NOW, schedule_of
from documents import document
from feeds import feed
from foreign import event_of_drawing
from icsfiles import TALK, calendar, draft_of, drafted
from wholedays import ALL_DAY, all_day

from calsvc.agenda.model import Event
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import Drawing, draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

EXPO = """
UID:expo@source.example
SUMMARY:Expo
DTSTART;VALUE=DATE:20270616
DTEND;VALUE=DATE:20270618
"""
HEAD = "X-WR-CALNAME:Conf\nX-WR-TIMEZONE:Europe/Berlin"


def drawn(*entries: str) -> Drawing:
    """Return what is drawn of a calendar with these entries."""
    return draw(drafted(*entries, head=HEAD), Wishes(), "talks.ics")


def imported(schedule: Schedule, suffix: str = "ics", query: str = "") -> Event:
    """Return the event that is imported from what a schedule is published as."""
    source = Source(f"conf.{suffix}", document(schedule, suffix, query).body)
    wishes = Wishes(name="Hack Conf", timezone="Asia/Tokyo") if suffix == "csv" else Wishes()
    draft, _ = read(source, wishes)
    return event_of_drawing(draw(draft, wishes, source.name))


def on(event: Event) -> set[tuple[str, str, bool, str | None]]:
    """Return what is on, when, and where."""
    return {
        (session.title, f"{slot.start} {slot.end}", slot.is_all_day, slot.room)
        for session in event.sessions
        for slot in event.slots(session)
    }


def test_all_day_entry_is_all_day_and_keeps_its_uid() -> None:
    drawing = drawn(EXPO, TALK)

    assert [each["when"] for each in drawing.sessions] == [
        {"start": "2027-06-16", "end": "2027-06-17", "uid": "expo@source.example"},
        {"start": "2027-06-15 09:00", "end": "09:45", "uid": "talk@source.example"},
    ]
    assert drawing.guesses == {}
    assert drawing.mapping["dates"] == {"from": "2027-06-15", "to": "2027-06-17"}
    [talk, expo] = publish(event_of_drawing(drawing), None, NOW).entries[1:]
    assert [talk.uid, expo.uid] == ["talk@source.example", "expo@source.example"]


def test_all_day_entry_without_a_uid_is_written_short() -> None:
    without = EXPO.replace("UID:expo@source.example\n", "")
    one_day = without.replace("DTEND;VALUE=DATE:20270618\n", "")

    assert drawn(without, TALK).sessions[0]["when"] == "2027-06-16 - 2027-06-17"
    assert drawn(one_day, TALK).sessions[0]["when"] == "2027-06-16"


def test_calendar_of_nothing_but_days_has_them() -> None:
    other = EXPO.replace("expo", "fair").replace("Expo", "Fair").replace("20270618", "20270620")
    event = event_of_drawing(drawn(EXPO, other))

    assert (event.first_day, event.last_day) == (date(2027, 6, 16), date(2027, 6, 19))
    assert [slot.days for each in event.sessions for slot in each.when] == [
        (date(2027, 6, 16), date(2027, 6, 17)),
        (date(2027, 6, 16), date(2027, 6, 19)),
    ]


def test_event_itself_is_still_its_banner() -> None:
    banner = EXPO.replace("Expo", "Conf").replace("20270616", "20270614")
    drawing = drawn(banner, TALK)

    assert [each["title"] for each in drawing.sessions] == ["A Talk"]
    assert drawing.mapping["dates"] == {"from": "2027-06-14", "to": "2027-06-17"}


def test_all_day_entry_that_repeats_is_on_each_time() -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20270617"
    drawing = drawn(EXPO.replace("20270618", "20270617") + rule, TALK)

    assert drawing.sessions[0]["when"] == [
        {"start": "2027-06-16", "end": "2027-06-16", "uid": "expo@source.example"},
        "2027-06-18",
    ]


def test_all_day_entry_of_years_is_on_its_first_day_and_that_is_told() -> None:
    drawing = drawn(EXPO.replace("20270618", "20351231"), TALK)

    assert drawing.sessions[0]["when"]["end"] == "2027-06-16"
    assert drawing.guesses["expo"] == [
        "the source has 2035-12-30 for its last day, which is far off"
    ]


@pytest.mark.parametrize(
    ("is_repaired", "until", "last"),
    [
        (False, "20270901", "2027-08-31"),
        (True, "20270901", "2027-08-31"),
        (True, "20300101", "2029-12-31"),
        (True, "20361231", "2036-12-30"),
        (True, "99991231", "2027-06-16"),  # in no year that is known
    ],
)
def test_exhibition_is_on_as_long_as_it_is(is_repaired: bool, until: str, last: str) -> None:
    wishes = Wishes(entry_for_entry=is_repaired)
    octets = calendar(EXPO.replace("20270618", until), TALK, head=HEAD)

    drawing = draw(draft_of(octets, wishes), wishes, "talks.ics")

    assert drawing.sessions[0]["when"]["end"] == last
    assert drawing.guesses == {}


def test_timed_entry_of_a_month_keeps_its_end_where_all_are_kept() -> None:
    long = TALK.replace("20270615T074500Z", "20270716T074500Z")
    ends = []
    for wishes in (Wishes(), Wishes(entry_for_entry=True)):
        drawing = draw(draft_of(calendar(long, head=HEAD), wishes), wishes, "talks.ics")
        ends.append((drawing.sessions[0]["when"]["end"], [*drawing.guesses]))

    assert ends == [("09:30", ["a-talk"]), ("2027-07-16 09:45", [])]


@pytest.mark.parametrize("suffix", ["ics", "jcal", "csv"])
def test_what_calsvc_publishes_comes_again(suffix: str) -> None:
    schedule = all_day()
    expo = "2027-06-11 15:00:00+00:00 2027-06-14 15:00:00+00:00"

    assert on(imported(schedule, suffix)) == on(schedule.event)
    assert ("Exhibition", expo, True, "Foyer") in on(schedule.event)


def test_all_day_session_is_no_banner_of_a_feed_without_one() -> None:
    found = on(imported(all_day(), "ics", "banner=no"))

    assert {each[:3] for each in found} == {each[:3] for each in on(all_day().event)}


def test_feed_that_is_imported_is_the_same_feed() -> None:
    timed = ALL_DAY.replace("      - {id: waiting, title: Waiting}\n", "")
    ids = {"hack": "hackathon", "expo": "exhibition", "care": "child-care"}
    for old, new in ids.items():  # as ids are made of titles
        timed = timed.replace(f"id: {old}", f"id: {new}")
    first = schedule_of(timed)

    second = publish(imported(first), None, NOW)
    assert feed(second) == feed(first)


def test_session_without_a_time_stays_without_one_in_a_calendar_of_ones_own() -> None:
    waiting = """
UID:waiting@source.example
SUMMARY:Waiting
STATUS:TENTATIVE
DTSTART;VALUE=DATE:20270612
DTEND;VALUE=DATE:20270615
CATEGORIES:talk
DESCRIPTION:The time will be announced.\\n\\nhttps://a.example/events/conf/sessions/waiting/
"""
    own = calendar(waiting, TALK).replace(b"-//Other//EN", b"-//calsvc//calsvc//EN")

    [talk] = [each for each in draft_of(own).sessions if each.title == "Waiting"]
    assert (talk.day, talk.start) == (None, None)
