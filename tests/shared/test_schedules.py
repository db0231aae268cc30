"""Real agendas of other systems, imported: each session at the instants that are known of it."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import PROJECT

from calsvc.agenda import eventfile
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing import draw
from calsvc.importers.fetching import opened
from calsvc.importers.sheets import sheet
from calsvc.importers.table import read

SCHEDULES = PROJECT.parent / "shared" / "schedules"
EXPECTED = SCHEDULES / "expected"
ZONES = {
    "frab-xml/fosdem-2021.xml": "Europe/Brussels",
    "series/pyconuk-2015-ics/v1-2015-09-16.ics": "Europe/London",
}
"""Zones of agendas that do not name theirs."""
DAYS: dict[str, date] = {}
"""First days of agendas that have no date, or no year."""
NAMES = "A Conference"

Times = tuple[str, datetime, datetime | None]


def expected_of(path: Path) -> Counter[Times]:
    """Return the sessions of an agenda as they are known: titles, starts and ends."""
    return Counter(
        (
            told(each["title"]),
            datetime.fromisoformat(each["start"]),
            datetime.fromisoformat(each["end"]) if each["end"] else None,
        )
        for each in json.loads(path.read_text("utf-8"))
        if each["start"]
    )


def told(title: str) -> str:
    """Return a title as both sides write it."""
    return " ".join(title.split()).casefold()


def imported(name: str) -> tuple[Counter[Times], dict[str, list[str]]]:
    """Return the sessions of an agenda as they are imported, and what was guessed of each."""
    source = opened(SCHEDULES / name)
    zone, day = ZONES.get(name), DAYS.get(name)
    draft, _ = read(source, Wishes(timezone=zone, date=day))
    drawing = draw(draft, Wishes(timezone=zone, date=day, name=draft.name or NAMES), name)
    event, _ = eventfile.parse(sheet(drawing.mapping, drawing.guesses), "event", name)
    found = Counter(
        (told(session.title), slot.start.astimezone(UTC), slot.end.astimezone(UTC))
        for session in event.sessions
        for slot in session.when
    )
    return found, drawing.guesses


FILES = [
    path.name.removesuffix(".json").replace("__", "/")
    for path in sorted(EXPECTED.glob("*.json"))
    if path.name != "summary.json"
]


@pytest.mark.parametrize("name", FILES)
def test_agenda_is_imported_as_it_is(name: str) -> None:
    expected = expected_of(EXPECTED / f"{name.replace('/', '__')}.json")

    found, _ = imported(name)

    without_ends = Counter((title, start) for title, start, _ in expected.elements())
    assert Counter((title, start) for title, start, _ in found.elements()) == without_ends
    known_ends = Counter(each for each in expected.elements() if each[2])
    assert not known_ends - found
