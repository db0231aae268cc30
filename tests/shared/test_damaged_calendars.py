"""Real calendars, damaged: each is a draft or an error of its source, and in time."""

import random
from pathlib import Path

import pytest
from conftest import PROJECT

from calsvc.errors import SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics.calendars import read_ics

FILES = sorted((PROJECT.parent / "shared" / "schedules").rglob("*.ics"))
LONGEST = 60_000  # octets of a file that are damaged
TIMES = 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_damaged_calendar_is_a_draft_or_an_error(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311 -- the same each time
    whole = path.read_bytes()[:LONGEST]

    for _ in range(TIMES):
        octets = whole
        for _ in range(20):
            start = chance.randrange(len(octets))
            end = min(len(octets), start + chance.randrange(1, 200))
            other = chance.randrange(len(octets))
            new = chance.choice(
                [b"", octets[start:end] * 2, octets[other : other + 50], chance.randbytes(3)]
            )
            octets = octets[:start] + new + octets[end:]
        try:
            draft = read_ics(Source(path.name, octets), Wishes())
        except SourceError:
            continue
        assert draft.sessions or draft.first_day
