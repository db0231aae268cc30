"""What rules say of Home Assistant, whose reader of calendars is the ical of allenporter/ical."""

from datetime import date

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

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
