"""Real agendas of other systems, imported: each session at the instants that are known of it."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from calsvc.agenda import eventfile
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.reading import read
from calsvc.importers.updating.sheets import sheet

SCHEDULES = PROJECT.parent / "shared" / "schedules"
EXPECTED = SCHEDULES / "expected"
ZONES = {
    "agenda/intersect": "America/New_York",
    "agenda/kcs-2017": "America/Chicago",
    "agenda/kcs-2018": "Europe/Copenhagen",
    "agenda/kcs-2021": "America/Los_Angeles",
    "agenda/orconf-2016": "Europe/Rome",
    "agenda/orconf-2017": "Europe/London",
    "agenda/saturn": "America/New_York",
    "csv/gpn11": "Europe/Berlin",
    "csv/purplecon": "Pacific/Auckland",
    "csv/pyconuk": "Europe/London",
    "frab-xml/fosdem": "Europe/Brussels",
    "hoverboard/": "Europe/Paris",
    "html/pyconuk": "Europe/London",
    "other/srccon": "America/New_York",
    "series/droidcon": "Europe/Berlin",
    "series/pyconuk-2015-ics/v1": "Europe/London",
    "sessionize/droidcon-berlin": "Europe/Berlin",
    "sessionize/droidcon-lisbon": "Europe/Lisbon",
    "sessionize/global-azure": "Europe/Vienna",
    "spreadsheet/": "Europe/Berlin",
}
"""Zones of agendas that do not name theirs, by the beginnings of their names."""
DAYS = {
    "agenda/intersect": date(2022, 8, 9),
    "agenda/orconf-2016": date(2016, 10, 7),
    "agenda/orconf-2017": date(2017, 9, 8),
    "agenda/saturn": date(2015, 4, 27),
    "csv/purplecon": date(2019, 10, 16),
    "other/srccon": date(2017, 12, 7),
}
"""First days of agendas that have no date, or no year, likewise."""
KNOWN_DIFFERENCES = {
    "agenda/orconf-2016": [("close", "2016-10-09T13:00")],  # in the source, and not expected
    "open-event/PyCon17": [
        ("pythoneducat", "2017-05-18T16:00")
    ],  # twice in the source, word for word
}
"""Sessions that are there, and are found once more or once less than expected."""
NAMES = "A Conference"

Times = tuple[str, datetime, datetime | None]


def expected_of(path: Path) -> list[Times]:
    """Return the sessions of an agenda as they are known: titles, starts and ends."""
    return [
        (
            told(each["title"]),
            datetime.fromisoformat(each["start"]),
            datetime.fromisoformat(each["end"]) if each["end"] else None,
        )
        for each in json.loads(path.read_text("utf-8"))
        if each["start"]
    ]


def told(title: str) -> str:
    """Return the beginning of a title as both sides write it.

    Where a page has a person or a link behind a title, what is expected has them too.
    """
    title = re.split(r" - \[| \(", title)[0]
    title = re.sub(r"\[([^]]*)\](\([^)]*\))?", r"\1", title or "Untitled")
    return re.sub(r"[^\w]+", "", title, flags=re.ASCII).casefold()[:12]


def of(table: dict[str, Any], name: str) -> Any:
    """Return what a table has for an agenda."""
    return next((value for key, value in table.items() if name.startswith(key)), None)


def imported(name: str) -> list[Times]:
    """Return the sessions of an agenda as they are imported."""
    wishes = Wishes(timezone=of(ZONES, name), date=of(DAYS, name))
    draft, _ = read(opened(SCHEDULES / name), wishes)
    drawing = draw(draft, replace(wishes, name=draft.name or NAMES), name)
    event, _ = eventfile.parse(sheet(drawing.mapping, drawing.guesses), "event", name)
    return [
        (told(session.title), slot.start.astimezone(UTC), slot.end.astimezone(UTC))
        for session in event.sessions
        for slot in session.when
    ]


FILES = [
    path.name.removesuffix(".json").replace("__", "/")
    for path in sorted(EXPECTED.glob("*.json"))
    if path.name != "summary.json"
]


@pytest.mark.parametrize("name", FILES)
def test_agenda_is_imported_as_it_is(name: str) -> None:
    expected = expected_of(EXPECTED / f"{name.replace('/', '__')}.json")

    found = imported(name)

    starts = Counter((title, f"{start:%Y-%m-%dT%H:%M}") for title, start, _ in found)
    wanted = Counter((title, f"{start:%Y-%m-%dT%H:%M}") for title, start, _ in expected)
    differing = [*((starts - wanted) + (wanted - starts)).elements()]
    assert differing == (of(KNOWN_DIFFERENCES, name) or [])
    # An end that is not after its start is no end.
    ends = Counter(each for each in expected if each[2] and each[2] > each[1])
    missing = [each[:1] for each in (ends - Counter(found)).elements()]
    assert missing == [(title,) for title, _ in differing if (title, _) in wanted]


def test_every_agenda_is_tried() -> None:
    assert len(FILES) >= 36
