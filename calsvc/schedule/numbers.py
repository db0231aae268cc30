"""How many sessions and posters there are, counted alike wherever it is told."""

from collections.abc import Iterable
from typing import NamedTuple

from calsvc.agenda.kinds import Kind
from calsvc.schedule.entries import Entry


class Numbers(NamedTuple):
    """How many sessions there are, and how many posters besides."""

    sessions: int
    posters: int


def numbers_of(entries: Iterable[Entry]) -> Numbers:
    """Return how many sessions entries are of: each once, and none that is cancelled.

    The posters of a poster session are counted apart.
    """
    there = [entry for entry in entries if entry.session and not entry.is_cancelled]
    posters = {entry.session for entry in there if is_poster(entry)}
    return Numbers(len({entry.session for entry in there} - posters), len(posters))


def is_poster(entry: Entry) -> bool:
    """Tell whether an entry is a poster of a poster session."""
    return entry.is_part and entry.content.kind == Kind.POSTER
