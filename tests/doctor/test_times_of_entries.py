"""The times of entries: each fault is told once, by what it is."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document

BERLIN = "TZID=Europe/Berlin"
FREE = "TRANSP:TRANSPARENT\n"
TIMES = [
    ("DTSTART;TZID=:20270615T070000\nDTEND:20270615T080000Z", ["time-without-zone"]),
    ('DTSTART;TZID="":20270615T070000Z\nDTEND:20270615T080000Z', []),
    ("CREATED:20270301T120060Z", ["changed-before-created", "second-of-60"]),
    (f"DTSTART;{BERLIN}:20270615T090000\nDTEND:20270615T070100Z", []),
    (f"DTSTART;{BERLIN}:20270615T090000\nDTEND:20270615T065900Z", ["end-before-start"]),
    (f"DTSTART;{BERLIN}:20270615T090000\nDTEND:20270615T070000Z", ["entry-without-length"]),
    ("DTSTART:20270615T240000Z\nDTEND:20270616T010000Z", ["time-unreadable"]),
    ("DTSTART:2027-06-15T09:00:00Z\nDTEND:20270616T010000Z", ["time-unreadable"]),
    ("DTSTART:\n-DTEND", ["time-unreadable"]),
    (f"DTSTART;VALUE=DATE:20270615\n-DTEND\n{FREE}", []),
    (f"DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P1W\n{FREE}", []),
    (f"DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P0D\n{FREE}", ["day-of-hours"]),
    (f"DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P1DT0H\n{FREE}", ["day-of-hours"]),
    (f"DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P1DT8H\n{FREE}", ["part-of-a-day"]),
    (f"DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270614\n{FREE}", ["end-before-start"]),
    ("DTSTART:20270615T070000Z\n-DTEND\nDURATION:PT0S", ["entry-without-length"]),
    ("DTSTART:20270615T070000Z\n-DTEND\nDURATION:PT1HT", ["duration-unreadable"]),
    ("DTSTART:20270615T070000Z\n-DTEND\nDURATION:-PT1H", ["duration-negative"]),
    (f"DTSTART;{BERLIN}:20271031T020000\nDTEND:20271031T040000Z", ["time-that-clocks-repeat"]),
    (f"DTSTART;{BERLIN}:20271031T030000\nDTEND:20271031T040000Z", []),
    (f"DTSTART;{BERLIN}:20270328T020000\nDTEND:20270328T040000Z", ["time-that-clocks-skip"]),
]


@pytest.mark.parametrize(("lines", "names"), TIMES)
def test_times_are_told_by_their_fault(lines: str, names: list[str]) -> None:
    findings = examination.of_file(Document(document(Frame.ENTRY, lines)))

    assert [each.rule.name for each in findings] == names
