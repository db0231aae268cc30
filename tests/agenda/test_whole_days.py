"""Sessions that are all day: how they are written, and which days they are of."""

from datetime import UTC, date, datetime, timedelta

import pytest
import pytz
from agendas import errors_of
from conftest import event_of
from jsonschema import Draft202012Validator

from calsvc.agenda import eventfile
from calsvc.agenda.slots import Slot
from calsvc.agenda.yamlfile import Document

HEAD = "name: Conf\ntimezone: ZONE\ndates: {from: 2027-06-12, to: 2027-06-14}\n"


def text_of(when: str, zone: str = "Asia/Tokyo", more: str = "") -> str:
    """Return an event file whose one session is on then."""
    head = HEAD.replace("ZONE", zone)
    return f"{head}sessions:\n  - {{id: hack, title: Hack, room: Hall, when: {when}}}\n{more}"


def slot_of(when: str, zone: str = "Asia/Tokyo") -> Slot:
    """Return the one slot of that session."""
    [slot] = event_of(text_of(when, zone)).sessions[0].when
    return slot


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("2027-06-12", (12, 12)),
        ("2027-06-12 - 2027-06-14", (12, 14)),
        ("2027-06-12–2027-06-13", (12, 13)),
        ("2027-06-12-2027-06-12", (12, 12)),
        ("[2027-06-14]", (14, 14)),
        ("{start: 2027-06-12}", (12, 12)),
        ("{start: 2027-06-12, end: 2027-06-13, room: Foyer}", (12, 13)),
    ],
)
def test_days_in_the_place_of_times_are_all_day(when: str, days: tuple[int, int]) -> None:
    slot = slot_of(when)

    assert slot.days == tuple(date(2027, 6, day) for day in days)
    assert slot.start == datetime(2027, 6, days[0], tzinfo=UTC) - timedelta(hours=9)
    assert slot.end == datetime(2027, 6, days[1] + 1, tzinfo=UTC) - timedelta(hours=9)
    written = Document("conf.yaml", text_of(when)).root
    assert Draft202012Validator(eventfile.schema()).is_valid(written)


@pytest.mark.parametrize(
    ("when", "error"),
    [
        (
            "2027-06-12 - 2027-06-13 10:00",
            "'2027-06-12' has no time, and '2027-06-13 10:00' has one",
        ),
        (
            "{start: 2027-06-12 10:00, end: 2027-06-13}",
            "'2027-06-13' has no time, and '2027-06-12 10:00' has one",
        ),
        ("{start: 2027-06-12, end: 10:00}", "'2027-06-12' has no time, and '10:00' has one"),
        ("{start: 2027-06-12, duration: 60}", "'2027-06-12' is all day, and has a duration"),
        ("2027-06-14 - 2027-06-12", "ends 2027-06-12, before it starts (2027-06-14); swap them"),
        ("2027-06-12 all day", "is not a time; write its day alone, such as 2025-06-26"),
        ("2027-06-31", "there is no day '2027-06-31'"),
        ("2127-06-12", "2127-06-12 is not between 1973 and 2036"),
        ("2027-06-11 - 2027-06-12", "is on 2027-06-11, outside the event"),
        ("2027-06-14 - 2027-06-15", "is on 2027-06-15, outside the event"),
    ],
)
def test_what_cannot_be_all_day_is_an_error_that_says_what_to_do(when: str, error: str) -> None:
    assert error in errors_of(text_of(when))


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [  # days on which clocks go over midnight, or over it twice
        ("America/Santiago", "2027-09-05", "2027-09-05T04:00"),
        ("Africa/Cairo", "2027-04-30", "2027-04-29T22:00"),
        ("Asia/Beirut", "2027-03-28", "2027-03-27T22:00"),
        ("America/Havana", "2027-11-07", "2027-11-07T04:00"),
    ],
)
def test_midnight_that_clocks_skip_or_repeat_is_no_error(zone: str, day: str, start: str) -> None:
    head = f"name: Conf\ntimezone: {zone}\ndate: {day}\n"
    event = event_of(f"{head}sessions: [{{id: hack, title: Hack, when: {day}}}]")
    [slot] = event.sessions[0].when

    assert slot.days == (date.fromisoformat(day),) * 2
    assert slot.start == datetime.fromisoformat(f"{start}Z")
    assert slot.start < slot.end


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_all_day_is_of_its_days_in_every_zone(zone: str) -> None:
    event = event_of(text_of("2027-06-13 - 2027-06-14"))
    [slot] = event.sessions[0].when

    days = event.days_of(slot, pytz.timezone(zone))
    start, end = slot.local_times(pytz.timezone(zone))
    assert days == (date(2027, 6, 13), date(2027, 6, 14))
    assert f"{start:%F %T} {end:%F %T}" == "2027-06-13 00:00:00 2027-06-15 00:00:00"


def test_all_day_leaves_room_and_person_and_night_to_others() -> None:
    talk = "  - {id: talk, title: Talk, room: Hall, people: [Ada], when: 2027-06-13 10:00-11:00}\n"
    text = text_of("2027-06-12 - 2027-06-14, people: [Ada]", more=talk)

    assert eventfile.parse(text, "conf", "conf.yaml")[1] == []
