"""Entries are known apart by their uids, and showings of a series by their RECURRENCE-ID."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document

ENTRY = """\
BEGIN:VEVENT
UID:bridges@river.example
DTSTAMP:20270301T120000Z
SEQUENCE:{sequence}
DTSTART:202706{day}T070000Z
DTEND:202706{day}T080000Z
SUMMARY:Bridges
{more}END:VEVENT
"""
DAILY = "RRULE:FREQ=DAILY;COUNT=4\n"


def entry(day: int, more: str = "", sequence: int = 1) -> str:
    return ENTRY.format(day=day, more=more, sequence=sequence)


def found(*entries: str) -> list[str]:
    findings = examination.of_file(Document(document(Frame.BODY, "".join(entries))))
    return [each.rule.name for each in findings]


def test_changed_showings_share_the_uid_of_their_series() -> None:
    shown = [entry(20 + day, f"RECURRENCE-ID:202706{15 + day}T070000Z\n") for day in (1, 2)]

    assert found(entry(15, DAILY), *shown) == []
    assert found(entry(15, DAILY), shown[0], shown[0]) == ["entry-twice"]
    assert found(entry(15, DAILY), shown[0], shown[0].replace("Bridges", "Boats")) == [
        "uid-of-several-entries"
    ]


def test_second_state_of_the_same_entry_is_told_as_a_copy() -> None:
    assert found(entry(15), entry(15, sequence=2)) == ["entry-twice"]


def test_showing_of_what_does_not_repeat_is_that_entry_or_none() -> None:
    assert found(entry(15), entry(16, "RECURRENCE-ID:20270615T070000Z\n")) == []
    assert found(entry(15), entry(16, "RECURRENCE-ID:20270616T070000Z\n")) == [
        "showing-that-is-none"
    ]


@pytest.mark.parametrize(
    ("left_out", "names"),
    [
        ("EXDATE:20270616T070000Z,20270617T070000Z", []),
        ("EXDATE;VALUE=DATE-TIME:20270616T070000Z", []),
        ("EXDATE:20270616T080000Z", ["left-out-in-vain"]),
        ("EXDATE:20270614T070000Z", []),
        ("EXDATE:20270616T070000", ["left-out-of-another-kind"]),
        ("EXDATE:20270616T070000Z,", ["listed-time-unreadable"]),
        ("RDATE:20270620T070000Z\nEXDATE:20270620T070000Z", []),
        ("RDATE;VALUE=PERIOD:20270620T070000Z/PT1H", []),
    ],
)
def test_what_is_left_out_was_there(left_out: str, names: list[str]) -> None:
    assert found(entry(15, f"{DAILY}{left_out}\n")) == names


@pytest.mark.parametrize(
    ("uid", "names"),
    [
        ("0b6a1f2e-6e0c-5c58-9d9e-5a3c7d1b2e01", []),
        ("235@lca2020.river.example", []),
        ("pycon2027", []),
        ("467@KOLT20", []),
        ("467", ["uid-that-others-have"]),
        ("event-12@localhost", ["uid-that-others-have"]),
        ("040000008200E00074C5B7101A82E008" + "0" * 48, []),
        ("040000008200E00074C5B7101A82E008" + "0" * 47, ["uid-like-those-of-exchange"]),
    ],
)
def test_uid_is_one_of_its_kind(uid: str, names: list[str]) -> None:
    assert found(entry(15).replace("bridges@river.example", uid)) == names
