"""The lines of an event file that hold a key with its value, and what comes in their place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from calsvc.agenda.model import Event, Session
from calsvc.agenda.yamlfile import Document, Mark
from calsvc.errors import Where
from calsvc.importers.updating.sheets import written

Lines = list[str]

_ORDERS = {
    "event": [
        "repair",  # which may be all that a file says
        *(name for name in Event.model_fields if name != "sessions"),
        "follow",
        "sessions",
    ],
    "session": [*Session.model_fields],
}
"""In which order new keys stand."""
_QUOTED = r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'"""
_COMMENT = re.compile(
    rf"\s*(?:{_QUOTED}|[^\s\"'#][^#]*?)\s*:(?:\s+(?:{_QUOTED}|[^\s\"'].*?))?(\s+#.*)"
)


class Edit(NamedTuple):
    """Lines that come in place of others."""

    start: int
    stop: int
    lines: Lines


def edited(lines: Lines, edits: Iterable[Edit], offset: int = 0) -> Lines:
    """Return lines with edits; ``offset`` is where they begin in what the edits count in."""
    new: Lines = []
    last = 0
    # What is put in at a place comes before what is taken out there.
    for start, stop, instead in sorted(edits, key=lambda edit: edit[:2]):
        new += lines[last : start - offset]
        new += instead
        last = stop - offset
    return new + lines[last:]


class KeyLines:
    """Where the keys of each mapping of a file are, and which lines they have."""

    def __init__(self, document: Document, lines: Lines) -> None:
        self._document = document
        self._lines = lines
        self._keys: dict[Where, dict[str, Mark]] = {}
        for (*where, key), mark in document.keys.items():
            self._keys.setdefault(tuple(where), {})[str(key)] = mark

    def is_apart(self, where: Where) -> bool:
        """Tell whether each key of a mapping begins a line of its own, below the others."""
        marks = self._keys.get(where, {}).values()
        lines, columns = {line for line, _ in marks}, {column for _, column in marks}
        return len(lines) == len(marks) and len(columns) == 1 and not self.is_flow(where)

    def is_flow(self, where: Where) -> bool:
        """Tell whether a value is written in brackets, as ``{a: b}`` or ``[a, b]``."""
        line, column = self._document.values[where]
        return self._lines[line - 1][column - 1 : column] in {"{", "["}

    def column(self, where: Where) -> int:
        """Return how far the keys of a mapping are indented."""
        return next(iter(self._keys[where].values()))[1] - 1

    def span(self, where: Where) -> tuple[int, int]:
        """Return where the lines of a key with its value begin and end, without blank ones."""
        start = self._document.keys[where][0] - 1
        return start, self.stop(where, start)

    def stop(self, where: Where, start: int) -> int:
        """Return the line behind a value that begins in line ``start``."""
        stop = max(self._document.last_lines[where], start + 1)
        while stop > start + 1 and not self._lines[stop - 1].strip():
            stop -= 1
        return stop

    def edits(self, where: Where, changes: Mapping[str, Any]) -> Iterator[Edit]:
        """Yield the edits that give keys of a mapping other values, or take them out."""
        keys = self._keys[where]
        margin = " " * self.column(where)
        order = _ORDERS["session" if where else "event"]
        for key in sorted(changes, key=lambda key: _rank(key, order)):
            value = changes[key]
            new = [] if value is None else written({key: value}).splitlines(keepends=True)
            new = [margin + line if line.strip() else line for line in new]
            if key in keys:
                start, stop = self.span((*where, key))
                if new and stop == start + 1:
                    new[0] = f"{new[0].rstrip()}{comment_behind(self._lines[start])}\n"
                yield Edit(start, stop, new)
            elif new:
                earlier = [name for name in keys if _rank(name, order) < _rank(key, order)]
                place = max(self.span((*where, name))[1] for name in earlier)
                yield Edit(place, place, new)


def comment_behind(line: str) -> str:
    """Return the comment behind a key and its value in one line, with the spaces before it."""
    line = line.rstrip("\r\n")
    if not re.search("[\"']", line):
        found = re.search(r"\s+#.*", line)
        return found[0] if found else ""
    quoted = _COMMENT.fullmatch(line)
    return quoted[1] if quoted else ""


def _rank(key: str, order: list[str]) -> int:
    return order.index(key) if key in order else len(order)
