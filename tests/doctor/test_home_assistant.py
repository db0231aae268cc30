"""What rules say of Home Assistant, whose reader of calendars is the ical of allenporter/ical."""

from datetime import date

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

from calsvc.doctor import examination
from calsvc.doctor.clients import Client
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import FILES
from calsvc.doctor.rules.calendar import UNTOLD
from calsvc.doctor.vocabulary import CALENDAR_ONCE

REFUSED = [rule for rule in FILES if "allenporter/ical" in rule.source]
YEAR = date(2027, 1, 1), date(2028, 1, 1)


def read(frame: Frame, lines: str) -> int:
    """Return how many entries Home Assistant shows of a year."""
    calendar = IcsCalendarStream.calendar_from_ics(document(frame, lines).decode())
    return len([*calendar.timeline.overlapping(*YEAR)])


ALARM = "BEGIN:VALARM\n{}\nEND:VALARM"
SHOWN = "ACTION:DISPLAY\nDESCRIPTION:Bridges\n"
DAY = "DTSTART;VALUE=DATE:20270615\n-DTEND\nTRANSP:TRANSPARENT\n"
FORMS = [
    *("-DTSTART\n-DTEND", "-DTSTART", "DTSTART:", "DTEND:foo", "DTSTART:20270615T0700Z"),
    *("RECURRENCE-ID:foo", "RECURRENCE-ID:", "RECURRENCE-ID:20270615T070060Z"),
    *("SEQUENCE:-1", "SEQUENCE:99999999999", "SEQUENCE:20270301120000", "SEQUENCE:a", "SEQUENCE:"),
    *("DTSTAMP:", "DTSTAMP:20270301", "DTSTAMP;VALUE=DATE:20270301", "DTSTAMP:20270230T120000Z"),
    *("DTSTAMP:20270301T120060Z", "DTSTAMP;VALUE=DATE:20270301T120000Z"),
    *("CREATED:foo", "CREATED:20270301", "CREATED;VALUE=DATE:20270301", "CREATED:20270301T1200Z"),
    *("LAST-MODIFIED:", "LAST-MODIFIED:20270301T120000", "LAST-MODIFIED:20270301T120000+0100"),
    *("RRULE:FREQ=WEEKLY;UNTIL=20270801T000000", "RRULE:FREQ=WEEKLY;UNTIL=20270801"),
    f"{DAY}RRULE:FREQ=WEEKLY;UNTIL=20270801T000000Z",
    f"{DAY}RRULE:FREQ=WEEKLY;UNTIL=20270801T000000",
    *("RRULE:FREQ=WEEKLY;", "RRULE:;FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;;COUNT=2", "RRULE:"),
    *("RRULE:FREQ=WEEKLY;EVERY=2", "RRULE:FREQ=WEEKLY;BYDAY=TU;BYDAY=TH", "RRULE:FREQ=OFTEN"),
    *("RRULE:FREQ=WEEKLY;TU", "RRULE:FREQ=WEEKLY;COUNT=0", "RRULE:FREQ=WEEKLY;UNTIL=tomorrow"),
    *("CONTACT;X_Y=1:Desk", "X-TALK_ID:17", "X_TALK:17", "PRIORITY:10", "PRIORITY:", "STATUS:"),
    *("-DTEND\nDURATION:P1Y", "-DTEND\nDURATION:-PT1H", "-DTEND\nDURATION:"),
    *("LOCATION:Hall A\nNote: no lift", "LOCATION:Hall A\nhttps://river.example/map"),
    *("LOCATION:Hall A\nfirst floor", "LOCATION:Hall A\nNote: no lift\nfirst floor"),
    *(
        "CONTACT :Desk",
        "CONTACT; X=1:Desk",
        'CONTACT;X=a"b:Desk',
        "CONTACT;X-T=a; b:Desk",
        "CONTACT",
    ),
    *("GEO:foo", "GEO:52.5", "GEO:95;13", "GEO:52,5;13,4"),
    ALARM.format("ACTION:EMAIL\nTRIGGER:-PT1M"),
    ALARM.format("ACTION:EMAIL\nTRIGGER:-PT1M\nDESCRIPTION:Bridges"),
    ALARM.format("ACTION:AUDIO\nTRIGGER:-PT1M\nTRIGGER:-PT2M"),
    ALARM.format(f"{SHOWN}TRIGGER:-PT1M\n{ALARM.format('ACTION:AUDIO')}"),
    ALARM.format(f"{SHOWN}TRIGGER:-PT1M\nREPEAT:2"),
    ALARM.format(f"{SHOWN}TRIGGER:-PT1M\nDURATION:PT5M"),
    ALARM.format(f"{SHOWN}TRIGGER:-PT1M\nREPEAT:2\nDURATION:PT5M"),
    ALARM.format(f"{SHOWN}TRIGGER;VALUE=DATE-TIME:20270615T060000"),
    *(ALARM.format(f"{SHOWN}TRIGGER:{each}") for each in ("15", "PT-15M", "", "20270615")),
]
"""Faults, each in several forms: some of them Home Assistant refuses, and some it does not."""


@pytest.mark.parametrize("lines", FORMS)
def test_home_assistant_is_named_where_it_refuses(lines: str) -> None:
    findings = examination.of_file(Document(document(Frame.ENTRY, lines)))
    named = {effect.client for each in findings for effect in each.rule.effects}

    try:
        is_read = bool(read(Frame.ENTRY, lines))
    except (CalendarParseError, AttributeError, ValueError):
        is_read = False

    assert (Client.HOME_ASSISTANT in named) is not is_read


@pytest.mark.parametrize("rule", REFUSED, ids=[rule.name for rule in REFUSED])
def test_home_assistant_refuses_what_the_rule_says(rule: Rule[Document]) -> None:
    with pytest.raises((CalendarParseError, AttributeError)):
        read(rule.example.frame, rule.example.fails)

    assert read(rule.example.frame, rule.example.holds)


@pytest.mark.parametrize("sign", [*range(9), *range(14, 28), 31, 127])
def test_home_assistant_refuses_control_characters(sign: int) -> None:
    with pytest.raises(CalendarParseError):
        read(Frame.ENTRY, f"SUMMARY:Bridges {chr(sign)} that bend")


@pytest.mark.parametrize("name", sorted(CALENDAR_ONCE - UNTOLD))
def test_home_assistant_refuses_calendars_that_say_a_thing_twice(name: str) -> None:
    said = {"VERSION": "2.0", "REFRESH-INTERVAL": "PT15M", "LAST-MODIFIED": "20270301T120000Z"}
    line = f"{name}:{said.get(name, 'river')}\n"

    with pytest.raises(CalendarParseError):
        read(Frame.CALENDAR, line * 2)
