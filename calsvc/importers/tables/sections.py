"""A sheet of cells → tables: where each header is, and what stands above, between and below.

A header is a row of names that ``headings`` knows.  A row with a day alone is the day of what
follows; a second header begins another table.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from calsvc.importers.habits.remarks import shortened
from calsvc.importers.tables import cells
from calsvc.importers.tables.columns import EMPTY
from calsvc.importers.tables.headings import meanings

SEARCHED = 40  # rows, for the first header
MOST_COLUMNS = 500
LONGEST_NAME = 80
"""Characters of a column's name."""
Matrix = Sequence[Sequence[Any]]
Span = tuple[int, int, int, int]
"""Cells that are merged: their first row and column, their last row and column."""
_INSTRUCTION = re.compile(
    r"optional|required|pflicht|yyyy|jjjj|hh:mm|dd[./-]mm|e\.\s?g\.|z\.\s?b\.|example|format|max\.",
    re.IGNORECASE,
)


@dataclass
class Section:
    """A header with the rows below it."""

    names: list[str]
    """Of the columns: each once, none of them empty."""
    first_row: int
    """Where the rows begin in the sheet."""
    rows: list[list[Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Where each row is in the sheet."""
    days: list[str] = field(default_factory=list)
    """The heading above each row that is a day; empty without one."""


@dataclass
class Sections:
    """What a sheet is made of."""

    sections: list[Section] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def parted(matrix: Matrix, wished: Iterable[str] = (), day: str = "") -> Sections:
    """Return the tables of a sheet; ``wished`` are names of columns, ``day`` is that of all."""
    found = Sections()
    wanted = {each.casefold().strip() for each in wished}
    start = _first_header(matrix, wanted)
    if start is None:
        return found
    header: list[Any] = []
    above: list[str] = []
    for place, row in enumerate(matrix):
        row = list(row[:MOST_COLUMNS])
        only = _only(row)
        if place != start and only is not None and (said := cells.moment(only).said):
            if not cells.moment(only).hours or said.is_date:
                day = cells.text(only)
                continue
        if place < start:
            above.extend([shortened(words)] if (words := _words(row)) else [])
        elif place == start or row == header or _is_header(row, wanted):
            if row != header:
                names = _names(row, matrix[place - 1] if place == start and place else ())
                found.sections.append(Section(names, place + 1))
            header = row
        elif place <= start + 2 and _is_instruction(row):
            found.left_out.append(f"a row of instructions, {shortened(_words(row))}")
        elif any(cell not in EMPTY for cell in row):
            section = found.sections[-1]
            section.rows.append(row)
            section.places.append(place)
            section.days.append(day)
    for section in found.sections:
        width = max(map(len, section.rows), default=0)  # a sheet ends with its last heading
        section.names.extend(f"column {at + 1}" for at in range(len(section.names), width))
    if above:
        found.left_out.append(f"what stands above the table, such as {above[0]} ({len(above)})")
    return found


def _first_header(matrix: Matrix, wanted: set[str]) -> int | None:
    """Return the row that has the most known names, or else stands above the first time."""
    best, most = None, 0
    for place, row in enumerate(matrix[:SEARCHED]):
        known = _known(row, wanted)
        if known > most and not any(map(_is_moment, row)):
            best, most = place, known
    if most >= 2:
        return best
    for place, row in enumerate(matrix[:SEARCHED]):
        if any(cells.moment(cell).hours for cell in row[:3]):
            filled = (each for each in range(place - 1, -1, -1) if len(_filled(matrix[each])) > 1)
            return next(filled, best)
    return best


def _known(row: Sequence[Any], wanted: set[str]) -> int:
    """Return how many different fields the names in a row may mean."""
    found: set[object] = set()
    for cell in row[:MOST_COLUMNS]:
        name = cell.strip() if isinstance(cell, str) and len(cell) <= LONGEST_NAME else ""
        if name.casefold() in wanted:
            found.add(name)
        elif fields := meanings(name):
            found.add(min(fields, key=lambda each: fields[each]))
    return len(found)


def _is_header(row: Sequence[Any], wanted: set[str]) -> bool:
    """Tell whether a row below the first header is another one."""
    filled = _filled(row)
    known = _known(row, wanted)
    return known >= 3 and known * 3 >= len(filled) * 2 and not any(map(_is_moment, row))


def _is_moment(cell: Any) -> bool:
    if isinstance(cell, str) and not any(map(str.isdecimal, cell)):
        return False  # Day is a name, Monday may be one, noon is none
    return cells.moment(cell) != cells.Moment()


def _is_instruction(row: Sequence[Any]) -> bool:
    filled = _filled(row)
    told = [each for each in filled if isinstance(each, str) and _INSTRUCTION.search(each)]
    return len(told) * 2 > len(filled) and not any(cells.moment(each).hours for each in filled)


def _filled(row: Sequence[Any]) -> list[Any]:
    return [cell for cell in row[:MOST_COLUMNS] if cell not in EMPTY]


def _only(row: Sequence[Any]) -> Any:
    """Return the cell of a row that has just one, or the same one several times; else None."""
    filled = _filled(row)
    return filled[0] if filled and all(cell == filled[0] for cell in filled) else None


def _words(row: Sequence[Any]) -> str:
    return " ".join(filter(None, map(cells.text, _filled(row))))


def _names(header: Sequence[Any], above: Sequence[Any]) -> list[str]:
    """Return a name for each column.

    A name that is empty or only a number goes on with the one above it, as that of
    ``Speakers`` over ``1``, ``2`` and ``3``.
    """
    width = max((place for place, cell in enumerate(header) if cell not in EMPTY), default=-1) + 1
    names: list[str] = []
    over = ""
    for place in range(min(max(width, len(header)), MOST_COLUMNS)):
        name = cells.text(header[place]) if place < len(header) else ""
        over = (cells.text(above[place]) if place < len(above) else "") or over
        if (name.isdecimal() or not name) and meanings(over) and place >= 1:
            name = f"{over} {name or place + 1}"
        name = name[: 3 * LONGEST_NAME] or f"column {place + 1}"
        names.append(name if name not in names else f"{name} ({place + 1})")
    return names
