"""What the doctor finds in real calendars is what was found there by eye, line by line."""

import pytest
from conftest import SHARED

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examination import MOST_PLACES

SCHEDULES = SHARED / "schedules"
OLD = {"no-refresh-interval": 1, "name-without-standard": 1}
"""Of before RFC 7986."""


def pycon(entries: int, **others: int) -> dict[str, int]:
    """Return what is wrong with each state of one calendar, whose entries were more and more."""
    found = {"stamp-missing": entries, "revision-untold": entries, "entry-without-length": 5}
    named = {name.replace("_", "-"): times for name, times in others.items()}
    return OLD | found | {"late-calendar-property": 1, "folded-escape": 1} | named


FOUND = {
    "ics/meetup-code-for-boston-2018.ics": {
        "name-without-standard": 1,
        "folded-escape": 1,
        "last-line-without-end": 1,
    },
    "ics/kielux-2020.ics": OLD
    | {
        "revision-untold": 24,
        "calendar-property-in-component": 24,  # METHOD
        "attendees-in-public": 24,
        "long-line": 119,
        "html-in-text": 12,
        "folded-escape": 3,
    },
    "ics/linux-conf-au-2020.ics": {
        "no-name": 1,
        "no-refresh-interval": 1,
        "revision-untold": 262,
        "zone-undefined": 1,
        "html-in-text": 11,  # and not what one author struck out for a joke
        "folded-escape": 36,
    },
    "ics/pyconuk-2015.ics": pycon(162, title_missing=4, uid_of_several_entries=1),
    "series/pyconuk-2015-ics/v1-2015-09-16.ics": pycon(
        159, time_without_zone=313, uid_of_several_entries=1
    ),
    "series/pyconuk-2015-ics/v2-2015-09-17.ics": pycon(159),
    "series/pyconuk-2015-ics/v3-2015-09-18.ics": pycon(
        161, title_missing=3, uid_of_several_entries=1
    ),
    "series/pyconuk-2015-ics/v4-2016-04-17.ics": pycon(
        162, title_missing=4, uid_of_several_entries=1
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_by_eye_is_found(name: str) -> None:
    findings = examination.of_file(Document((SCHEDULES / name).read_bytes()))

    assert {each.rule.name: each.times for each in findings} == FOUND[name]
    assert all(each.times < MOST_PLACES for each in findings)


def test_no_calendar_is_left_out() -> None:
    there = {path.relative_to(SCHEDULES).as_posix() for path in SCHEDULES.rglob("*.ics")}

    assert there == {*FOUND}
