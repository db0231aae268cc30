"""jCal holds what the .ics feed holds, to two libraries that calsvc has no part in."""

import json
import re
from dataclasses import replace
from typing import Any

import icalendar
import pytest
from conftest import BASE_URL, NOW, schedule_of
from documents import SHORT, document, json_of
from feeds import feed
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from readers import Read, read_ical_js, untraced
from texts import EXPLICIT, abstracts, event_with, lines

from calsvc.exporters.jcal import component
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

QUERIES = ["", "parts=yes&alarm=10&busy=yes", "kind=nothing", "cancelled=mark&banner=no"]
TEXTS = ("name", "color")
"""Properties of RFC 7986 that icalendar does not know as texts."""

ONE = b"""BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:a\\, b
REFRESH-INTERVAL;VALUE=DURATION:PT15M
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:20260329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20270328T010000Z
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SEQUENCE:3
DTSTAMP:20250301T120000Z
DTSTART;TZID=Europe/Berlin:20260625T090000
DTEND;VALUE=DATE:20260626
SUMMARY:C:\\\\New\\, \\;
 x\\nsecond
GEO:52.52;-13.405
CATEGORIES:a\\,b,c\\;d
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="Haus, ^'Mitte^' ^^1":geo:52.52,
 -13.405
RELATED-TO;RELTYPE=PARENT:2
URL:https://conf.example/?a=1;b=2
BEGIN:VALARM
TRIGGER:-PT10M
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def test_each_type_of_value_is_what_the_standard_says() -> None:
    assert component(ONE) == [
        "vcalendar",
        [
            ["version", {}, "text", "2.0"],
            ["x-wr-calname", {}, "unknown", "a\\, b"],
            ["refresh-interval", {}, "duration", "PT15M"],
        ],
        [
            [
                "vtimezone",
                [["tzid", {}, "text", "Europe/Berlin"]],
                [
                    [
                        "daylight",
                        [
                            ["dtstart", {}, "date-time", "2026-03-29T02:00:00"],
                            ["tzoffsetfrom", {}, "utc-offset", "+01:00"],
                            ["tzoffsetto", {}, "utc-offset", "+02:00"],
                            [
                                "rrule",
                                {},
                                "recur",
                                {
                                    "freq": "YEARLY",
                                    "bymonth": 3,
                                    "byday": "-1SU",
                                    "until": "2027-03-28T01:00:00Z",
                                },
                            ],
                        ],
                        [],
                    ]
                ],
            ],
            [
                "vevent",
                [
                    ["uid", {}, "text", "1"],
                    ["sequence", {}, "integer", 3],
                    ["dtstamp", {}, "date-time", "2025-03-01T12:00:00Z"],
                    ["dtstart", {"tzid": "Europe/Berlin"}, "date-time", "2026-06-25T09:00:00"],
                    ["dtend", {}, "date", "2026-06-26"],
                    ["summary", {}, "text", "C:\\New, ;x\nsecond"],
                    ["geo", {}, "float", [52.52, -13.405]],
                    ["categories", {}, "text", "a,b", "c;d"],
                    [
                        "x-apple-structured-location",
                        {"x-title": 'Haus, "Mitte" ^1'},
                        "uri",
                        "geo:52.52,-13.405",
                    ],
                    ["related-to", {"reltype": "PARENT"}, "text", "2"],
                    ["url", {}, "uri", "https://conf.example/?a=1;b=2"],
                ],
                [["valarm", [["trigger", {}, "duration", "-PT10M"]], []]],
            ],
        ],
    ]


# --- to icalendar -------------------------------------------------------------------------


def by_icalendar(octets: bytes) -> Any:
    """Return the jCal that icalendar makes of a feed, read."""
    return json.loads(json.dumps(icalendar.Calendar.from_ical(octets).to_jcal()))


def alike(found: Any) -> Any:
    """Return jCal in one of the ways in which it may be written, for both to be compared.

    A single value of a rule may be a list; and a text that icalendar does not know as one is
    of unknown type, and still escaped.
    """
    name, properties, inside = found
    same = []
    for key, parameters, kind, *values in properties:
        if key in TEXTS and kind == "unknown":
            kind, values = "text", [re.sub(r"\\(.)", r"\1", each) for each in values]
        if kind == "recur":
            [rule] = values
            values = [{part: listed(each) for part, each in rule.items()}]
        same.append([key, parameters, kind, *values])
    return [name, same, [alike(each) for each in inside]]


def listed(value: Any) -> list[Any]:
    """Return a value as a list of one, and a list as it is."""
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("query", QUERIES)
def test_real_calendars_are_what_icalendar_makes_of_the_feed(
    real_schedules: list[Schedule], rich: Schedule, query: str
) -> None:
    for schedule in (*real_schedules, rich, schedule_of(SHORT)):
        found = json_of(schedule, "jcal", query)

        assert alike(found) == alike(by_icalendar(feed(schedule, query)))
        assert {kind for key, _, kind, *_ in found[1] if key in TEXTS} == {"text"}


# --- to ical.js ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_entries_are_those_of_the_feed_to_ical_js(
    ai_data: Schedule, rich: Schedule, query: str
) -> None:
    for schedule in (ai_data, rich):
        octets = document(schedule, "jcal", query).body
        entries = read_ical_js(octets, "jcal")

        assert len(entries) > (0 if "nothing" in query else 5)
        assert entries == read_ical_js(feed(schedule, query))


@given(st.lists(lines, min_size=1, max_size=4), st.lists(abstracts, min_size=1, max_size=3))
@hypothesis_settings(max_examples=25)
@untraced()
def test_hostile_texts_are_read_as_from_the_feed(texts: list[str], about: list[str]) -> None:
    check_texts(texts, about)


def test_explicit_hostile_texts_are_read_as_from_the_feed() -> None:
    check_texts([*EXPLICIT, "\\\xa0\\"], ["a\n\nb", "\\N\n\\n", "C:\\New\\", "^n^'^^"])


def check_texts(texts: list[str], about: list[str]) -> None:
    """Check that ical.js reads the same texts in jCal as in the feed, and those meant."""
    event = event_with(texts, about)
    schedule = publish(event, None, NOW)

    entries = read_ical_js(document(schedule, "jcal").body, "jcal")

    assert [*map(_loosely, entries)] == [*map(_loosely, read_ical_js(feed(schedule)))]
    assert [each.summary for each in entries] == [
        event.name,
        *(entry.title for entry in schedule.entries if not entry.is_banner),
    ]


def _loosely(entry: Read) -> Read:
    """Return what is read, as one text where ical.js takes the end of ``\\\\,`` for ``\\,``."""
    return replace(entry, categories=(",".join(entry.categories),))


def test_document_is_a_calendar_as_json(ai_data: Schedule) -> None:
    found = document(ai_data, "jcal", "kind=panel")

    assert found.filename == "ai-data-2025.jcal"
    assert found.format.media_type == "application/calendar+json"
    assert found.last_modified == document(ai_data, "ics", "kind=panel").last_modified
    assert f'["source",{{}},"uri","{BASE_URL}/events/ai-data-2025/kind/panel.ics"]' in (
        found.body.decode()
    )
