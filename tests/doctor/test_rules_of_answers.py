"""Each rule about answers finds what it is about in its example, and nothing in the sound twin."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.accounts import visit
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import ANSWERS
from calsvc.doctor.visits import Visit

NAMES = [rule.name for rule in ANSWERS]


def found(account: str) -> list[str]:
    return [each.rule.name for each in examination.of_answers(visit(account))]


@pytest.mark.parametrize("rule", ANSWERS, ids=NAMES)
def test_rule_finds_just_what_its_example_shows(rule: Rule[Visit]) -> None:
    assert found(rule.example.fails) == [rule.name]


@pytest.mark.parametrize("rule", ANSWERS, ids=NAMES)
def test_sound_twin_is_sound(rule: Rule[Visit]) -> None:
    assert found(rule.example.holds) == []


def test_names_are_each_of_one_rule() -> None:
    assert len({*NAMES}) == len(NAMES)
