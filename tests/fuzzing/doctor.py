"""Calendars of any kind, damaged: the doctor has a report for each, in plain words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from calsvc.doctor import examination, report
from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.report import Report
from calsvc.doctor.rules import FILES
from fuzzing.octets import Seed, damaged, seeds
from fuzzing.wording import assert_is_plain

MOST_ENTRIES = 40_000  # of 60,000 octets there cannot be more


class Thrown(NamedTuple):
    """Two states of a calendar."""

    octets: bytes
    later: bytes


def _examples() -> Iterator[Seed]:
    """Yield a calendar for each rule about files, as its example has it."""
    for rule in FILES:
        frame, fails, _ = rule.example
        if octets := document(Frame(frame), fails):
            yield Seed(f"{rule.name}.ics", octets)


class Doctor:
    """The door."""

    def __init__(self) -> None:
        self._seeds = (*seeds("ics"), *_examples())

    def made(self, random: Random) -> Thrown:
        """Return a damaged calendar, and another state of it."""
        seed = random.choice(self._seeds)
        first, second = (damaged(random, seed, self._seeds) for _ in range(2))
        return Thrown(first, random.choice((first, second, seed.octets)))

    def taken(self, thrown: Thrown) -> None:
        """Examine both states, and what changed, and tell it in every form."""
        before, after = Document(thrown.octets), Document(thrown.later)
        findings = [*examination.of_file(before), *examination.of_change(Change(before, after))]
        told = Report("feed.ics", findings, len(before.entries))

        for line in report.text(told):
            assert_is_plain(line)
        assert json.dumps([report.as_json([told]), report.as_sarif([told])])
        lines = len(before.physical) or 1
        assert all(0 <= place.line <= lines for each in examination.of_file(before)
                   for place in each.places)  # fmt: skip
        assert len(before.entries) <= MOST_ENTRIES


@contextmanager
def door() -> Iterator[Doctor]:
    """Open the door."""
    yield Doctor()
