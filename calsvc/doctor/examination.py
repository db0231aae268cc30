"""All rules, over what there is to look at."""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import TypeVar

from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Finding, Rule
from calsvc.doctor.rules import ADDRESSES, ALL, ANSWERS, CHANGES, FILES
from calsvc.doctor.visits import Answer, Visit

NAMES = tuple(rule.name for rule in ALL)
"""Of all rules."""
MOST_PLACES = 1000  # of one rule that are counted
MOST_TOLD = 20  # of those, told one by one
Subject = TypeVar("Subject")


def of_file(document: Document, ignored: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with a calendar file, in its order; ``ignored`` are names of rules."""
    return _findings(FILES, document, ignored)


def of_address(address: str, ignored: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with how an address is written, before anybody has asked there."""
    return _findings(ADDRESSES, Visit(address, address, Answer(address)), ignored)


def of_answers(visit: Visit, ignored: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with how a server answers."""
    return _findings(ANSWERS, visit, ignored)


def of_change(change: Change, ignored: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with how a calendar changes; lines are those of the later state."""
    return _findings(CHANGES, change, ignored)


def _findings(
    rules: Iterable[Rule[Subject]], subject: Subject, ignored: Collection[str]
) -> list[Finding]:
    findings = []
    for rule in rules:
        if rule.name not in ignored:
            found = rule.find(subject)
            places = [*islice(found, MOST_PLACES)]
            if places:
                is_counted = next(found, None) is None
                findings.append(Finding(rule, tuple(places[:MOST_TOLD]), len(places), is_counted))
    return sorted(findings, key=lambda each: each.line)
