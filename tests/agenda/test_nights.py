"""Nights: which day a time after midnight belongs to, and the ways to write it."""

from datetime import date, datetime, time

import pytest
import pytz
from conftest import event_of
from jsonschema import Draft202012Validator

from calsvc.agenda import eventfile
from calsvc.agenda.days import DAY_ENDS
from calsvc.agenda.slots import Slot
from calsvc.errors import EventFileError

BERLIN = pytz.timezone("Europe/Berlin")
ONE_DAY = "date: 2027-06-15"
TWO_DAYS = "dates: {from: 2027-06-15, to: 2027-06-16}"


def text_of(when: str, head: str = ONE_DAY) -> str:
    return (
        f"name: Night Conf\ntimezone: Europe/Berlin\n{head}\n"
        f"sessions:\n  - id: dj\n    title: DJ set\n    when: {when}\n"
    )


def local(when: str, head: str = ONE_DAY) -> tuple[str, str]:
    """Return a slot's start and end as day and clock, in June 2027."""
    (slot,) = event_of(text_of(when, head)).sessions[0].when
    return f"{slot.local_start:%d %H:%M}", f"{slot.local_end:%d %H:%M}"


def warnings_of(when: str, head: str = ONE_DAY) -> list[str]:
    _, problems = eventfile.parse(text_of(when, head), "conf", "conf.yaml")
    return [f"{problem.what}; {problem.advice}" for problem in problems]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("24:30-28:00", "16 00:30", "16 04:00"),
        ("00:30+1-04:00+1", "16 00:30", "16 04:00"),
        ("0:30+1 – 4:00+1", "16 00:30", "16 04:00"),
        ("24:30-04:00+1", "16 00:30", "16 04:00"),
        ("24:30-04:00", "16 00:30", "16 04:00"),
        ("00:30+1-04:00", "16 00:30", "16 04:00"),
        ("00:30+1-28:00", "16 00:30", "16 04:00"),
        ("23:00-25:30", "15 23:00", "16 01:30"),
        ("23:00-30:00", "15 23:00", "16 06:00"),
        ("24:00-25:30", "16 00:00", "16 01:30"),
        ("{start: 24:30, end: 28:00}", "16 00:30", "16 04:00"),
        ("{start: 24:30, duration: 90}", "16 00:30", "16 02:00"),
        ("{start: 00:30+1, end: 04:00}", "16 00:30", "16 04:00"),
        # As it always was:
        ("22:00-24:00", "15 22:00", "16 00:00"),
        ("23:00-01:30+1", "15 23:00", "16 01:30"),
        ("00:30-02:00", "15 00:30", "15 02:00"),
        ("24:00-01:00", "16 00:00", "16 01:00"),
        ("24:00-01:00+1", "16 00:00", "17 01:00"),
        ("{start: 23:00+1, end: 01:00+1}", "16 23:00", "17 01:00"),
    ],
)
def test_when_is_in_the_night(when: str, start: str, end: str) -> None:
    # At 23:00 on the day after, the event is over: it is on for two days there.
    head = TWO_DAYS if start.startswith("16 23") else ONE_DAY
    written = when.replace("start: ", "start: 2027-06-15T") if head == TWO_DAYS else when

    assert local(written, head) == (start, end)


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2027-06-15 24:30-28:00", "16 00:30", "16 04:00"),
        ("2027-06-16 00:30+1-04:00+1", "17 00:30", "17 04:00"),
        ("2027-06-16 23:00-25:30", "16 23:00", "17 01:30"),
        ("2027-06-16 23:00-2027-06-16 25:30", "16 23:00", "17 01:30"),
        ("2027-06-17 00:30-04:00", "17 00:30", "17 04:00"),
    ],
)
def test_when_of_several_days_is_in_the_night(when: str, start: str, end: str) -> None:
    assert local(when, TWO_DAYS) == (start, end)


@pytest.mark.parametrize("when", ["24:30-28:00", "00:30+1-04:00+1", "2027-06-15 23:00-25:30"])
def test_editors_take_the_short_forms(when: str) -> None:
    document = {
        "name": "Conf",
        "timezone": "Europe/Berlin",
        "date": "2027-06-15",
        "day_ends": "05:30",
        "sessions": [{"id": "dj", "title": "DJ", "when": when}],
    }
    validator = Draft202012Validator(eventfile.schema())

    assert list(validator.iter_errors(document)) == []
    assert [each.json_path for each in validator.iter_errors(document | {"day_ends": "13:00"})] == [
        "$.day_ends"
    ]


def test_hours_end_with_the_night() -> None:
    with pytest.raises(EventFileError, match=r"there is no time '31:00'; check the hour"):
        event_of(text_of("23:00-31:00"))


@pytest.mark.parametrize(
    ("when", "head", "is_inside"),
    [
        ("2027-06-17 00:30-04:00", TWO_DAYS, True),
        ("2027-06-17 05:59-08:00", TWO_DAYS, True),
        ("2027-06-17 06:00-08:00", TWO_DAYS, False),
        ("2027-06-15 00:30-04:00", TWO_DAYS, True),
        ("2027-06-14 23:59-24:30", TWO_DAYS, False),
        ("2027-06-17 04:30-05:00", f'{TWO_DAYS}\nday_ends: "04:00"', False),
        ("2027-06-17 03:30-05:00", f"{TWO_DAYS}\nday_ends: 04:00", True),
        ("2027-06-17 00:00-01:00", f'{TWO_DAYS}\nday_ends: "00:00"', False),
        ("2027-06-17 11:30-12:30", f'{TWO_DAYS}\nday_ends: "12:00"', True),
    ],
)
def test_event_lasts_until_its_last_night_ends(when: str, head: str, is_inside: bool) -> None:
    if is_inside:
        assert event_of(text_of(when, head)).sessions
    else:
        with pytest.raises(EventFileError, match="outside the event"):
            event_of(text_of(when, head))


@pytest.mark.parametrize("written", ["13:00", "12:01", "6", "six", "[]", "24:00", "05:61", "-1:00"])
def test_end_of_a_day_is_in_the_morning(written: str) -> None:
    with pytest.raises(EventFileError) as refused:
        event_of(text_of("09:00-10:00", f"{ONE_DAY}\nday_ends: {written}"))

    (problem,) = refused.value.problems
    assert (problem.line, problem.place) == (4, "day_ends")
    assert problem.advice == "write a time from 00:00 to 12:00, such as 06:00"


def test_day_ends_at_six_where_nothing_is_said() -> None:
    assert event_of(text_of("09:00-10:00")).day_ends == DAY_ENDS == time(6)


# --- which night is meant -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "head", "words"),
    [
        (
            "00:30-02:00",
            ONE_DAY,
            "starts at 00:30, in the night from 2027-06-14 to 2027-06-15;"
            " if the night after is meant, write 00:30+1-02:00+1;"
            " if not, 2027-06-14 00:30+1-02:00+1",
        ),
        (
            "2027-06-16 00:30-02:00",
            TWO_DAYS,
            "starts at 00:30, in the night from 2027-06-15 to 2027-06-16;"
            " if the night after is meant, write 2027-06-16 00:30+1-02:00+1;"
            " if not, 2027-06-15 00:30+1-02:00+1",
        ),
        (
            "{start: 01:00, duration: 30, room: Bar}",
            ONE_DAY,
            "starts at 01:00, in the night from 2027-06-14 to 2027-06-15;"
            " if the night after is meant, write start: 01:00+1;"
            " if not, start: 2027-06-14 01:00+1",
        ),
    ],
)
def test_night_that_may_be_another_is_asked_for(when: str, head: str, words: str) -> None:
    assert warnings_of(when, head) == [words]


@pytest.mark.parametrize(
    ("when", "head"),
    [
        ("00:30+1-02:00+1", ONE_DAY),
        ("2027-06-14 00:30+1-02:00+1", ONE_DAY),
        ("24:30-26:00", ONE_DAY),
        ("{start: 01:00+1, duration: 30}", ONE_DAY),
        ("{start: 2027-06-14 01:00+1, duration: 30}", ONE_DAY),
        ("2027-06-16 00:30+1-02:00+1", TWO_DAYS),
        ("2027-06-15 00:30+1-02:00+1", TWO_DAYS),
        ("2027-06-17 00:30-02:00", TWO_DAYS),  # after the last day: of no other night
        ("{start: 2027-06-15T00:30+02:00, end: 2027-06-15T02:00+02:00}", ONE_DAY),
        ("06:00-07:00", ONE_DAY),
        ("05:00-06:00", f"{ONE_DAY}\nday_ends: 05:00"),
        ("{start: 20:00, duration: 30, timezone: America/New_York}", ONE_DAY),
    ],
)
def test_night_that_is_told_is_not_asked_for(when: str, head: str) -> None:
    assert warnings_of(when, head) == []


# --- days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("15 09:00", "15 10:00", [15]),
        ("15 22:00", "16 01:00", [15]),
        ("15 22:00", "16 06:00", [15]),
        ("15 22:00", "16 07:00", [15, 16]),
        ("16 00:30", "16 04:00", [15]),
        ("15 00:30", "15 02:00", [15]),  # there is no evening before in the event
        ("15 00:30", "15 08:00", [15]),
        ("15 10:00", "17 16:00", [15, 16, 17]),
        ("17 22:00", "18 08:00", [17]),  # the event is over then
        ("18 00:30", "18 05:00", [17]),
    ],
)
def test_slot_is_of_each_day_that_it_touches(start: str, end: str, days: list[int]) -> None:
    event = event_of(text_of("2027-06-15 09:00-10:00", "dates: {from: 2027-06-15, to: 2027-06-17}"))
    first, last = (datetime.fromisoformat(f"2027-06-{each}") for each in (start, end))
    slot = Slot(written_start=first, written_end=last, timezone=event.timezone)

    assert event.days_of(slot, BERLIN) == tuple(date(2027, 6, day) for day in days)


def test_slot_that_never_ends_is_of_the_days_of_the_event() -> None:
    event = event_of(text_of("2027-06-15 09:00-2036-06-16 10:00", TWO_DAYS))
    (slot,) = event.sessions[0].when

    assert event.days_of(slot, BERLIN) == (date(2027, 6, 15), date(2027, 6, 16))
