"""Calendars as JSON (RFC 7265) are read as calendars in lines are."""

import json
from typing import Any

import icalendar
import pytest
from icsfiles import calendar, draft_of

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics import jcal
from calsvc.importers.reading import read

ENTRY = """
UID:460@source.example
DTSTART;TZID=Europe/Berlin:20270615T090000
DTEND;TZID=Europe/Berlin:20270615T094500
SUMMARY:C:\\\\new\\, again\\; and more
LOCATION:Hall A
GEO:52.5;13.25
CATEGORIES:Data Platforms,talk
RRULE:FREQ=WEEKLY;UNTIL=20270702T070000Z;BYDAY=TU,WE
EXDATE;TZID=Europe/Berlin:20270616T090000,20270622T090000
RDATE;VALUE=PERIOD:20270618T120000Z/PT1H
RELATED-TO;RELTYPE=SIBLING:461@source.example
ATTENDEE;CN="Ada; Example":mailto:ada@source.example
"""
ALL_DAY = "UID:day@source.example\nSUMMARY:Day\nDTSTART;VALUE=DATE:20270619"
ZONE = """
BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0020
TZOFFSETTO:+0020
END:STANDARD
END:VTIMEZONE
"""
CUSTOM = "UID:own@source.example\nSUMMARY:Own\nDTSTART;TZID=Custom:20270615T090000\nDURATION:PT30M"


def read_jcal(value: Any) -> Draft:
    """Return what is found in jCal."""
    draft, reader = read(Source("talks.jcal", json.dumps(value).encode()), Wishes())
    assert reader.name == "jcal"
    return draft


def test_jcal_says_what_lines_say() -> None:
    octets = calendar(ENTRY, ALL_DAY, CUSTOM, head="X-WR-CALNAME:Conf", zones=ZONE)
    in_lines = draft_of(octets)

    in_json = read_jcal(icalendar.Calendar.from_ical(octets).to_jcal())

    assert in_json == in_lines
    assert len(in_lines.sessions) == 7  # 15, 23, 29, 30 June; the 18th; all day; its own zone


def test_example_of_the_standard_is_read() -> None:
    """RFC 7265, 3.3 and 3.4 by example, with the parts of a GEO as an array."""
    value = [
        "vcalendar",
        [["prodid", {}, "text", "-//Other//EN"], ["version", {}, "text", "2.0"]],
        [
            [
                "vevent",
                [
                    ["dtstart", {"tzid": "America/New_York"}, "date-time", "2027-06-15T12:00:00"],
                    ["duration", {}, "duration", "PT1H"],
                    ["summary", {}, "text", "Planning\nmeeting"],
                    ["geo", {}, "float", [37.25, -122.5]],
                    ["categories", {}, "text", "One", "Two, three"],
                    ["location", {}, "text", "Hall A"],
                ],
                [],
            ]
        ],
    ]

    draft = read_jcal(value)

    [session] = draft.sessions
    assert (session.title, session.tags) == ("Planning meeting", ["One", "Two, three"])
    assert draft.timezone == "America/New_York"
    assert [(room.name, room.geo) for room in draft.rooms] == [("Hall A", (37.25, -122.5))]


@pytest.mark.parametrize(
    "octets", [b"{}", b"[]", b'["vevent", [], []]', b'["vcalendar"]', b"[1]", b"BEGIN:VCALENDAR"]
)
def test_other_json_is_no_jcal(octets: bytes) -> None:
    source = Source("talks.json", octets)

    assert not jcal.is_jcal(source)
    with pytest.raises(SourceError, match=r"talks\.json: is no jCal"):
        jcal.read(source)


def test_parts_that_cannot_be_read_are_told() -> None:
    entry = ["vevent", [["summary", {}, "text", "A"], ["dtstart"], 5, ["x", {}, "text"]], [7]]

    draft = read_jcal(["vcalendar", [], [entry, "other"]])

    assert [session.title for session in draft.sessions] == ["A"]
    assert draft.left_out == ["parts that cannot be read: 5"]
