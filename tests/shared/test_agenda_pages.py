"""Real agenda pages: as people wrote them down by hand, and broken."""

from pathlib import Path

import pytest
from agendapages import assert_is_draft_or_error, mutated
from conftest import PROJECT
from tiers import slow

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import plaintext
from calsvc.importers.updating.sheets import sheet

SHARED = PROJECT.parent / "shared"
REAL = [
    *sorted((SHARED / "schedules" / "agenda").glob("*.md")),
    *sorted((SHARED / "schedules" / "html").glob("*.html")),
    *sorted((SHARED / "agendas").glob("*.txt")),
]
Told = tuple[str, list[object], list[object], list[str]]


def told(event: Event) -> list[Told]:
    """Return the sessions of an event, with their times, people and wholes."""
    titles = {session.id: session.title for session in event.sessions}
    return [
        (
            session.title,
            [(slot.start, slot.end) for slot in session.when],
            [*session.people],
            [titles[whole] for whole in session.part_of],
        )
        for session in event.sessions
    ]


def test_page_gives_what_was_written_down_by_hand() -> None:
    path = SHARED / "agendas" / "ai-data-2025.txt"
    by_hand, _ = eventfile.parse(
        (PROJECT / "events" / "ai-data-2025.yaml").read_text("utf-8"), "ai-data-2025", "by hand"
    )

    draft = plaintext.read(Source(path.name, path.read_bytes()), Wishes())
    drawing = draw(draft, Wishes(), path.name)
    event, _ = eventfile.parse(sheet(drawing.mapping, drawing.guesses), "ai-data-2025", "read")

    assert len(by_hand.sessions) == 48
    assert told(event) == told(by_hand)
    assert (event.timezone, event.venue) == (by_hand.timezone, by_hand.venue)


@pytest.mark.parametrize("path", REAL, ids=lambda each: each.name)
@pytest.mark.parametrize("seed", [0, *(slow(seed) for seed in range(1, 4))])
def test_broken_page_gives_a_draft_or_an_error(path: Path, seed: int) -> None:
    assert_is_draft_or_error(mutated(path.read_bytes()[:30_000], seed))
