"""Which column of a table, or key of a record, holds what: guessed from names and contents.

``headings`` knows the names; ``assign`` looks into the columns, too: a ``talk`` that is only
yes or no is no title, a ``Time`` of ``45 min`` is a length.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from calsvc.errors import SourceError, hint
from calsvc.importers.tables import cells
from calsvc.importers.tables.dates import plain
from calsvc.importers.tables.headings import FIELDS, meanings, unit

SEVERAL = {"people", "moderators", "panelists", "organization", "first_name", "last_name"} | {
    "tags",
    "links",
}
"""Fields that several columns hold together: ``Speaker 1``, ``Speaker 2``."""
LOOKED_AT = 200  # rows, to see what a column holds
WISHED = {
    "speaker": "people",
    "speakers": "people",
    "id": "key",
    "type": "kind",
    "format": "kind",
    "location": "room",
    "timezone": "zone",
    "time": "start",
    "company": "organization",
}
"""What else people call the fields that they set columns of."""

EMPTY: tuple[Any, ...] = (None, "", [], {})
Cells = Mapping[str, Any]
"""A row: its cells by the names of their columns."""


@dataclass
class Columns:
    """Which columns hold each field of a table, the surest first."""

    of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unused: list[str] = field(default_factory=list)
    """Columns with something in them that is not kept."""
    flags: list[str] = field(default_factory=list)
    """Columns that say yes or no, of which a kind of sessions is made: ``break``."""

    def cell(self, row: Cells, name: str) -> Any:
        """Return what a row has of a field: the first of its columns that is not empty."""
        for column in self.of.get(name, ()):
            if (cell := row.get(column)) not in EMPTY:
                return cell
        return None

    def cells(self, row: Cells, name: str) -> list[Any]:
        """Return what a row has of a field in all its columns, as of ``Speaker 1``, ``Speaker 2``.

        Of columns that are not counted, the first that is not empty has it all.
        """
        columns = self.of.get(name, [])
        found = [row[each] for each in columns if row.get(each) not in EMPTY]
        return found if any(map(_is_counted, columns)) else found[:1]


def assign(
    names: Sequence[str], rows: Sequence[Cells], wished: Iterable[tuple[str, str]], source: str
) -> Columns:
    """Return the columns of each field, by what is wished, and by their names and contents.

    Raises ``SourceError`` for a wish of a field or column that there is not.
    """
    columns = Columns()
    samples = {
        name: [row[name] for row in rows if row.get(name) not in EMPTY][:LOOKED_AT]
        for name in names
    }
    free = [name for name in names if samples[name] or meanings(name).get("title") == 0]
    for wish, column in wished:
        name = _wished(wish, source)
        found = _column(column, names, source)
        columns.of[name].append(found)
        free = [each for each in free if each != found]
    _take(columns, free, samples, rows)
    taken = {column for held in columns.of.values() for column in held} | set(columns.flags)
    columns.unused = [name for name in free if name not in taken and samples[name]]
    return columns


def _wished(wish: str, source: str) -> str:
    name = plain(wish).replace(" ", "_")
    name = WISHED.get(name, name)
    if name not in FIELDS:
        raise SourceError(source, f"no field is called {wish!r}", hint(wish, FIELDS))
    return name


def _column(column: str, names: Sequence[str], source: str) -> str:
    """Return the name of a column that is named, in any capitals, or counted: ``3``, ``C``."""
    by_name = {plain(name).strip(): name for name in reversed(names)}
    if found := by_name.get(plain(column).strip()):
        return found
    place = int(column) if re.fullmatch(r"[0-9]{1,4}", column) else 0
    if re.fullmatch(r"[A-Za-z]", column):
        place = ord(column.lower()) - ord("a") + 1
    if 1 <= place <= len(names):
        return names[place - 1]
    raise SourceError(source, f"has no column {column!r}", hint(column, names))


def _take(
    columns: Columns, free: list[str], samples: Mapping[str, Sequence[Any]], rows: Sequence[Cells]
) -> None:
    """Give each column to a field: the surest meaning first, where its contents agree.

    A session needs a title, so that is first; of two, the one with more different words.
    """
    wished = set(columns.of)
    bids = []
    for place, each in enumerate(free):
        for name, rank in meanings(each).items():
            if name not in wished and _holds(name, samples[each], each):
                is_title = name == "title"
                different = len({str(cell) for cell in samples[each]}) if is_title else 0
                order = [*FIELDS].index(name)
                bids.append((not is_title, rank, -different, place, order, name, each))
    taken: set[str] = set()
    for _, rank, _, _, _, name, each in sorted(bids):
        held = columns.of.get(name, [])
        if each in taken or (held and not _joins(name, rank, each, held, rows)):
            continue
        columns.of[name].append(each)
        taken.add(each)
    for each in free:
        if each not in taken and all(map(cells.is_flag, samples[each])):
            columns.flags.append(each)


def _joins(name: str, rank: int, column: str, held: Sequence[str], rows: Sequence[Cells]) -> bool:
    """Tell whether a field is in one more column: in a counted one, or where others are empty."""
    if name in SEVERAL and _is_counted(column):
        return True
    return rank < 3 and not any(
        row.get(column) not in EMPTY and any(row.get(each) not in EMPTY for each in held)
        for row in rows[: 10 * LOOKED_AT]
    )


def _is_counted(column: str) -> bool:
    """Tell whether a column is one of several: ``Speaker 2``, ``Co-Speaker``."""
    return bool(re.search(r"\d|^(?:co|second|other|additional)\b", plain(column)))


def _holds(name: str, sample: Sequence[Any], column: str) -> bool:
    """Tell whether what a column has can be in a field."""
    test = _TESTS.get(name)
    if test is None or not sample:
        return True
    return sum(test(cell, column) for cell in sample) * 2 >= len(sample)


def _is_title(cell: Any, column: str) -> bool:
    if isinstance(cell, dict) or len(words := cells.text(cell)) >= 600:
        return False
    return not cells.is_flag(cell) or words.lower() in cells.UNDECIDED


def _is_day(cell: Any, column: str) -> bool:
    found = cells.moment(cell)
    return bool(found.said or found.instant) or bool(re.fullmatch(r"\d{1,2}", cells.text(cell)))


def _is_start(cell: Any, column: str) -> bool:
    is_bare = bool(re.fullmatch(r"\d{1,2}", cells.text(cell)))
    if is_bare and min(meanings(column).get(each, 1) for each in ("start", "end")):
        return False  # a Time of 45 is a length, a Start of 9 is an hour
    found = cells.moment(cell, is_clock=True)
    return bool(found.hours or found.instant)


def _is_length(cell: Any, column: str) -> bool:
    return cells.minutes(cell, unit(column)) is not None


def _is_name(cell: Any, column: str) -> bool:
    if isinstance(cell, dict | list):
        return bool(cells.people(cell))
    return not cells.is_flag(cell) and len(cells.text(cell)) < 500


def _is_words(cell: Any, column: str) -> bool:
    return not isinstance(cell, dict | list) and not cells.is_flag(cell)


def _is_address(cell: Any, column: str) -> bool:
    return bool(re.match(r"https?://|/|www\.", cells.text(cell)))


_TESTS: Mapping[str, Callable[[Any, str], bool]] = {
    "title": _is_title,
    "date": _is_day,
    "start": _is_start,
    "end": _is_start,
    "end_date": _is_day,
    "day": _is_day,
    "key": _is_words,
    "duration": _is_length,
    "people": _is_name,
    "room": _is_words,
    "track": _is_words,
    "kind": _is_words,
    "url": _is_address,
    "stream": _is_address,
    "links": _is_address,
}
