"""Each rule about changes finds what it is about between two states, and nothing in its twin."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import OTHER_VEVENT, VEVENT, states, with_vevent
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import CHANGES

NAMES = [rule.name for rule in CHANGES]
STAMPS = "DTSTAMP:{0}\nLAST-MODIFIED:{0}\nSEQUENCE:2"


def found(lines: str) -> list[str]:
    before, after = states(lines)
    change = Change(Document(before), Document(after))
    return [each.rule.name for each in examination.of_change(change)]


@pytest.mark.parametrize("rule", CHANGES, ids=NAMES)
def test_rule_finds_just_what_its_states_show(rule: Rule[Change]) -> None:
    assert found(rule.example.fails) == [rule.name]


@pytest.mark.parametrize("rule", CHANGES, ids=NAMES)
def test_sound_twin_of_two_states_is_sound(rule: Rule[Change]) -> None:
    assert found(rule.example.holds) == []


def test_same_octets_are_no_change_however_bad_they_are() -> None:
    bad = "BEGIN:VEVENT\nSEQUENCE:x\nDTSTAMP:now\nDTSTART:99991231T235959Z\nRRULE:;;\n"

    assert found(f"{bad}---\n{bad}") == []


@pytest.mark.parametrize(
    ("newest", "names"), [("20270614T120000Z", ["entry-vanished"]), ("20270616T120000Z", [])]
)
def test_what_is_over_by_the_newest_stamp_may_go(newest: str, names: list[str]) -> None:
    other = with_vevent(f"{STAMPS.format(newest)}\nUID:b\nSUMMARY:Tunnels")
    former = other.replace(newest, "20270301T120000Z").replace("SEQUENCE:2", "SEQUENCE:1")

    assert found(f"{VEVENT}{former}---\n{other.replace('Tunnels', 'Tunnel')}") == names


def test_what_was_cancelled_may_go() -> None:
    cancelled = with_vevent("STATUS:CANCELLED")

    assert found(f"{cancelled}{OTHER_VEVENT}---\n{OTHER_VEVENT}") == []


def test_title_and_time_may_both_change_while_words_stay() -> None:
    moved = with_vevent(
        f"{STAMPS.format('20270302T120000Z')}\nSUMMARY:Bridges and tunnels\nDESCRIPTION:New.\n"
        "DTSTART:20270616T070000Z\nDTEND:20270616T074500Z"
    )

    assert found(f"{VEVENT}---\n{moved}") == []


def test_entries_that_change_places_keep_to_their_uids() -> None:
    bridges, tunnels = ("SUMMARY:Bridges\nUID:a", "SUMMARY:Tunnels\nUID:b")
    early = "DTSTART:20270615T070000Z\nDTEND:20270615T074500Z"
    late = early.replace("T07", "T09")
    stamps = STAMPS.format("20270302T120000Z")
    before = with_vevent(f"{bridges}\n{early}") + with_vevent(f"{tunnels}\n{late}")
    after = with_vevent(f"{bridges}\n{late}\n{stamps}") + with_vevent(
        f"{tunnels}\n{early}\n{stamps}"
    )

    assert found(f"{before}---\n{after}") == []


@pytest.mark.parametrize("after", ["", "BEGIN:VTIMEZONE\nTZID:UTC\nEND:VTIMEZONE\n"])
def test_calendar_that_loses_all_entries_is_told_once(after: str) -> None:
    assert found(f"{VEVENT}{OTHER_VEVENT}---\n{after}") == ["calendar-emptied"]
