"""Each rule finds what it is about in its example, and nothing is found in the sound twin."""

import pytest
from tiers import slow

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import ANSWERS, CHANGES, FILES

NAMES = [rule.name for rule in FILES]
LARGE = {"near-a-megabyte", "over-a-megabyte"}  # calendars that take long to read
EACH = [slow(rule) if rule.name in LARGE else rule for rule in FILES]


def found(frame: Frame, lines: str) -> list[str]:
    findings = examination.of_file(Document(document(frame, lines)))
    return [each.rule.name for each in findings]


@pytest.mark.parametrize("rule", EACH, ids=NAMES)
def test_rule_finds_just_what_its_example_shows(rule: Rule[Document]) -> None:
    assert found(rule.example.frame, rule.example.fails) == [rule.name]


@pytest.mark.parametrize("rule", EACH, ids=NAMES)
def test_sound_twin_is_sound(rule: Rule[Document]) -> None:
    assert found(rule.example.frame, rule.example.holds) == []


def test_names_are_each_of_one_rule() -> None:
    names = [rule.name for table in (FILES, ANSWERS, CHANGES) for rule in table]
    assert len({*names}) == len(names)
