"""What a series can have, told without following its rule: never less than the rule means."""

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr

from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.series import Series, is_readable

START = datetime(2027, 1, 31, 9)
RULES = [
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYMONTH=2,10",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=MO,WE,SU;WKST=SU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=-1,15",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=-5SU,+2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYYEARDAY=1,-1",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=DAILY;BYHOUR=9,15",
    "FREQ=HOURLY;INTERVAL=5",
]
UNREADABLE = [
    "FREQ=WEEKLY;BYDAY=TUE",
    "FREQ=WEEKLY;BYDAY=TU,",
    "FREQ=WEEKLY;BYDAY=TU;BYDAY=TH",
    "FREQ=FORTNIGHTLY",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;COUNT=-1",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=WEEKLY;UNTIL=tomorrow",
    "FREQ=WEEKLY;EVERY=2",
    "FREQ=WEEKLY;TU",
]


def series(rule: str, start: str = "DTSTART:20270131T090000Z") -> Series:
    entry = Document(document(Frame.ENTRY, f"{start}\nRRULE:{rule}")).entries[0]
    found = Series.of(entry)
    assert found
    return found


@pytest.mark.parametrize("rule", RULES)
def test_series_may_have_all_that_its_rule_means(rule: str) -> None:
    found = series(rule)

    times = [*islice(rrulestr(rule, dtstart=START), 40)]
    assert [when for when in times if not found.may_have(when)] == []


@pytest.mark.parametrize("rule", RULES)
def test_rules_are_readable(rule: str) -> None:
    assert is_readable(rule)


@pytest.mark.parametrize("rule", UNREADABLE)
def test_what_no_rule_has_is_unreadable(rule: str) -> None:
    assert not is_readable(rule)


def test_series_has_no_other_weekday_time_or_day_of_before() -> None:
    weekly = series("FREQ=WEEKLY;UNTIL=20270301T090000Z")
    hour, day = timedelta(hours=1), timedelta(days=1)

    assert weekly.may_have(START + 7 * day)
    assert not any(
        weekly.may_have(START + off) for off in (day, 7 * day + hour, -7 * day, 70 * day)
    )
    assert not series("FREQ=MONTHLY;BYDAY=1FR").has_its_start


def test_days_are_of_a_series_of_days() -> None:
    yearly = series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=1", "DTSTART;VALUE=DATE:20270131")

    assert yearly.may_have(date(2028, 2, 1))
    assert not yearly.may_have(date(2028, 2, 2))
    assert not yearly.has_its_start
