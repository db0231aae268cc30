"""What the doctor finds in the output of other libraries is what was found there by eye.

Each list was made by reading the octets against what calendar programs are known to do, before
the doctor had its rules.
"""

import pytest
from generators import GENERATORS
from tiers import slow

from calsvc.doctor import examination
from calsvc.doctor.documents import Document

NINE = 9  # entries
ALL = {
    "all-day-and-busy": 1,
    "cancelled-in-status-alone": 1,
    "cancelled-and-busy": 1,
}
"""What they all have: their users must know of it."""
NAMELESS = {"no-name": 1}
UNREFRESHED = {"no-refresh-interval": 1}
UNREVISED = {"revision-untold": NINE}
OLD_NAME = {"name-without-standard": 1, "interval-over-half-an-hour": 1}
UNENDED = {"last-line-without-end": 1}
FOUND = {
    "icalendar": ALL
    | NAMELESS
    | UNREFRESHED
    | UNREVISED
    | {
        "zone-dates-listed": 4,  # both halves of two zones
        "zone-observances-repeated": 2,
        "zone-changes-an-hour-off": 2,
        "zone-comment": 2,
    },
    "ics": ALL
    | NAMELESS
    | UNREFRESHED
    | UNREVISED
    | UNENDED
    | {"stamp-missing": NINE, "long-line": 2},
    "ical": ALL
    | NAMELESS
    | UNREFRESHED
    | UNREVISED
    | UNENDED
    | {"zone-undefined": 2, "wrong-line-ends": 1, "long-line": 1},
    "vobject": ALL
    | NAMELESS
    | UNREFRESHED
    | UNREVISED
    | {
        "zone-changes-an-hour-off": 1,  # CET
        "zone-name-of-other-rules": 1,  # EST, which has no summer time
        "zone-observances-repeated": 1,  # in EST
        "uid-with-a-blank": NINE,
    },
    "ical-generator": ALL
    | UNREFRESHED
    | UNENDED
    | {"zone-undefined": 2, "stamp-not-in-utc": NINE, "unknown-property": 1},
    "ical-generator-with-zones": ALL
    | UNREFRESHED
    | UNENDED
    | {"late-calendar-property": 1, "stamp-not-in-utc": NINE, "unknown-property": 1},
    "npm-ics": ALL | UNREVISED | OLD_NAME | {"long-line": 1},
    "npm-ics-as-local": ALL | UNREVISED | OLD_NAME | {"time-without-zone": 16, "long-line": 1},
}
IN_NODE = {name for name in GENERATORS if name.startswith(("ical-generator", "npm-"))}


@pytest.mark.parametrize("name", [slow(each) if each in IN_NODE else each for each in GENERATORS])
def test_what_was_found_by_eye_is_found(name: str) -> None:
    findings = examination.of_file(Document(GENERATORS[name]()))

    assert {each.rule.name: each.times for each in findings} == FOUND[name]
