"""Each rule about answers finds what it is about in its example, and nothing in the sound twin."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.accounts import visit
from calsvc.doctor.clients import Client
from calsvc.doctor.findings import Rule, Severity
from calsvc.doctor.rules import ANSWERS
from calsvc.doctor.visits import Visit

NAMES = [rule.name for rule in ANSWERS]
DATE = "Date: Mon, 01 Mar 2027 12:00:00 GMT"


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


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ("Cache-Control: private, max-age=60, stale-while-revalidate=864000", ["kept-for-days"]),
        ("Cache-Control: max-age=900, stale-if-error=864000", []),
        (f"-Cache-Control\n{DATE}\nExpires: Tue, 09 Mar 2027 12:00:00 GMT", ["kept-for-days"]),
        (f"-Cache-Control\n{DATE}\nExpires: Mon, 01 Mar 2027 12:15:00 GMT", []),
        (f"Cache-Control: no-cache\n{DATE}\nExpires: Tue, 09 Mar 2027 12:00:00 GMT", []),
        (f"-Cache-Control\n{DATE}\nExpires: 0", []),
        (f"-Cache-Control\n{DATE}\nExpires: Tue, 09 Mar 99999 12:00:00 GMT", []),
    ],
)
def test_all_that_lets_caches_keep_a_calendar_is_read(headers: str, names: list[str]) -> None:
    assert found(headers) == names


def test_programs_are_named_where_somebody_named_them() -> None:
    clients = {rule.name: {each.client for each in rule.effects} for rule in ANSWERS}
    severities = {rule.name: rule.severity for rule in ANSWERS}

    assert clients["packed"] == {Client.OUTLOOK_WEB}
    assert severities["packed"] == Severity.NOTE  # it is right by the standard
    assert clients["other-media-type"] == set()  # Thunderbird takes application/ics
