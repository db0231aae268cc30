"""What rules say of Home Assistant, whose reader of calendars is the ical of allenporter/ical."""

from datetime import date

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import FILES

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
