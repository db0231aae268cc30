"""Calendars that were damaged, or made to harm: they give a draft or an error, and in time."""

import json
from time import monotonic
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icsfiles import calendar

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics.calendars import read_ics, read_jcal

ZONE = """
BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RDATE:20270328T020000
END:DAYLIGHT
END:VTIMEZONE
"""
WHOLE = calendar(
    """
UID:whole@a.example
SUMMARY;LANGUAGE=en:Zürich\\, again
DTSTART;TZID=Custom:20270615T090000
DURATION:PT45M
RRULE:FREQ=WEEKLY;BYDAY=TU,WE;UNTIL=20270701T000000Z
EXDATE;TZID=Custom:20270616T090000
RDATE;VALUE=PERIOD:20270618T120000Z/PT1H
LOCATION:Hall A\\, Center\\, Street 1
GEO:52.5;13.4
DESCRIPTION:Speaker: Ada Example\\, Engines\\n<p>About <b>it</b>
CATEGORIES:Data,talk
ATTENDEE;CN="Ada; Example":mailto:ada@a.example
""",
    """
UID:part@a.example
RELATED-TO:whole@a.example
DTSTART;VALUE=DATE:20270615
DTEND;VALUE=DATE:20270617
SUMMARY;ENCODING=QUOTED-PRINTABLE:A =C3=A4
LOCATION:Hall B\\, Center\\, Street 1
""",
    head="X-WR-CALNAME:Conf\nX-WR-TIMEZONE:Europe/Berlin",
    zones=ZONE,
)
# icalendar 7.3 cannot write a rule with a month as JSON.
JCAL: Any = json.loads(
    json.dumps(icalendar.Calendar.from_ical(WHOLE.replace(b";BYMONTH=10", b"")).to_jcal())
)
OCTETS = st.one_of(
    st.sampled_from([b"", b"\r\n", b"\n ", b"\\", b'"', b":", b";", b",", b"=", b"\xff", b"\0"]),
    st.sampled_from([b"99999999999999", b"-1", b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"]),
    st.sampled_from([b"00010101T000000", b"99991231T235959Z", b"FREQ=DAILY", b"COUNT=0"]),
    st.binary(max_size=4),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just([[[[[]]]]]),
    st.just({"until": {"a": [1]}, "freq": ["DAILY"]}),
    st.just("9" * 30),
)


def drafted(octets: bytes) -> Draft | None:
    """Return what is found, None if it is an error of the source."""
    try:
        return read_ics(Source("a.ics", octets), Wishes())
    except SourceError:
        return None


@settings(max_examples=100)
@given(st.data())
def test_damaged_calendar_is_a_draft_or_an_error(data: st.DataObject) -> None:
    octets = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(octets)))
        end = data.draw(st.integers(start, min(len(octets), start + 30)))
        new = data.draw(st.one_of(OCTETS, st.just(octets[start:end] * 2)))
        octets = octets[:start] + new + octets[end:]

    drafted(octets)


def places_of(value: Any, path: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    """Return the paths of all values in a JSON value."""
    found = [path]
    if isinstance(value, list | tuple | dict):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in inner:
            found += places_of(each, (*path, key))
    return found


PLACES = places_of(JCAL)[1:]


@pytest.mark.slow
@settings(max_examples=60)
@given(st.sampled_from(PLACES), VALUES)
def test_wrong_types_in_jcal_are_a_draft_or_an_error(path: tuple[Any, ...], value: Any) -> None:
    changed = json.loads(json.dumps(JCAL))
    *way, last = path
    inner = changed
    for key in way:
        inner = inner[key]
    inner[last] = value

    try:
        read_jcal(Source("a.jcal", json.dumps(changed).encode()), Wishes())
    except SourceError:
        pass


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_octets_in_a_calendar_are_a_draft_or_an_error(octets: bytes) -> None:
    drafted(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + octets)


@pytest.mark.slow
def test_depth_and_width_are_no_trouble() -> None:
    """Each of these took for ever, or overflowed, in one reader or another."""
    begin = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
    for octets in (
        begin + b"BEGIN:X\r\n" * 100_000,
        begin + b"SUMMARY:" + b"\r\n " * 300_000,
        begin + b"DESCRIPTION:a\r\n" + b"\n" * 1_000_000,
        begin + b"DTSTART" + b";A=B" * 100_000 + b":20270615T090000",
        begin + b"ATTENDEE;CN=" + b'"' * 100_000 + b":mailto:a",
        begin + b"SUMMARY:" + b"\\" * 1_000_000,
        begin + b"CATEGORIES:" + b"\\," * 300_000,
        begin + b"DTSTART:20270615T090000Z\r\nEXDATE:" + b"20270615T090000Z," * 100_000,
        begin + b"DTSTART:20270615T090000Z\r\n" + b"RRULE:FREQ=DAILY\r\n" * 1_000,
        begin + b"SUMMARY;ENCODING=QUOTED-PRINTABLE:a" + b"=\r\n" * 20_000,
        b'["vcalendar",[],[' + b'["vevent",[],[' * 900,
    ):
        drafted(octets)


def test_rules_that_no_day_fits_are_no_trouble() -> None:
    never = (
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11",
        "FREQ=YEARLY;BYDAY=MO,TU;BYSETPOS=300",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        f"FREQ=MONTHLY;INTERVAL={'9' * 4000};BYDAY=6MO",
    )
    entry = "DTSTART:20270615T090000Z\nSUMMARY:Never\nRRULE:"
    started = monotonic()

    draft = drafted(calendar(*(f"{entry}{rule}" for rule in never for _ in range(50))))

    assert monotonic() - started < 20
    assert draft
    assert {each.guessed[-1] for each in draft.sessions} == {
        "it repeats, and only its first time is here"
    }


@pytest.mark.slow
def test_ten_thousand_entries_are_read() -> None:
    octets = calendar(
        *(
            f"UID:{number}@a.example\nSUMMARY:Talk {number}\n"
            f"DTSTART;TZID=Europe/Berlin:202706{10 + number % 20}T0{number % 10}3000\n"
            f"DURATION:PT45M\nLOCATION:Hall {number % 7}\\, Center\nDESCRIPTION:About {number}"
            for number in range(10_000)
        )
    )

    draft = drafted(octets)

    assert draft
    assert len(draft.sessions) == 10_000
    assert {each.room for each in draft.sessions} == {f"Hall {number}" for number in range(7)}
