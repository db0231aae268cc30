"""A sheet of cells → rows of sessions: a list, or a grid of times against rooms.

In a grid each cell is a session: its row has the time, and its column the room, the track or
the day.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from calsvc.importers.tables import cells, columns
from calsvc.importers.tables.columns import EMPTY, Columns
from calsvc.importers.tables.dates import plain
from calsvc.importers.tables.headings import normal
from calsvc.importers.tables.rows import Table
from calsvc.importers.tables.sections import Matrix, Section, Span, parted

IN_GRIDS = {"start", "end", "date", "day", "duration", "room", "track", "zone"}
"""What the columns of a grid may seem to be; a list has a title, or people."""
NOTHING = {"", "-", "–", "—"}
UNNAMED = "column "
Place = tuple[int, str]
"""A column: its number and its name."""


def tables(
    matrix: Matrix,
    wished: Sequence[tuple[str, str]],
    source: str,
    *,
    place: str = "",
    spans: Iterable[Span] = (),
) -> tuple[list[Table], list[str]]:
    """Return the tables of a sheet, and what of it is left out.

    ``place`` is the name of the sheet, which may be a day; ``spans`` are its merged cells.
    """
    day = place if cells.moment(place).said else ""
    found = parted(matrix, (column for _, column in wished), day)
    spans = list(spans)
    made = [_table(section, wished, source, place, spans) for section in found.sections]
    return [each for each in made if each.rows], found.left_out


def _table(
    section: Section,
    wished: Sequence[tuple[str, str]],
    source: str,
    place: str,
    spans: Sequence[Span],
) -> Table:
    rows = [dict(zip(section.names, row, strict=False)) for row in section.rows]
    wishes = [] if _is_missing(wished, section) else wished
    held = columns.assign(section.names, rows, wishes, source)
    if "start" not in held.of:
        _find_times(held, rows)
    if "title" not in held.of and held.of.get("start") and not held.of.keys() - IN_GRIDS:
        if any(normal(each).split()[-1:] in (["id"], ["ids"]) for each in section.names):
            return Table(list(section.names), list(rows), place)  # ids of what is elsewhere
        return _grid(section, held, rows, place, spans)
    names = list(section.names)
    titles = {names.index(each) for each in held.of.get("title", []) if each in names}
    for row, column, value in _merged(section, spans):
        if column < len(names) and column not in titles:
            rows[row][names[column]] = value
    if held.of.get("start") and held.of["start"][0].startswith(UNNAMED):
        names = _renamed(held.of["start"][0], "start", names, rows)
    _set_days(names, held, rows, section.days)
    return Table(names, list(rows), place)


def _is_missing(wished: Sequence[tuple[str, str]], section: Section) -> bool:
    """Tell whether a sheet has none of the columns that are wished, which another one has."""
    names = {plain(each).strip() for each in section.names}
    return bool(wished) and not any(plain(column).strip() in names for _, column in wished)


def _find_times(held: Columns, rows: Sequence[dict[str, Any]]) -> None:
    """Take a column without a known name for the times, if it has hardly anything else."""
    for column in held.unused:
        filled = [row[column] for row in rows if row.get(column) not in EMPTY][:200]
        if filled and sum(bool(cells.moment(each).hours) for each in filled) * 5 >= len(filled) * 4:
            held.of["start"].append(column)
            return


def _renamed(old: str, new: str, names: list[str], rows: Sequence[dict[str, Any]]) -> list[str]:
    for row in rows:
        if old in row:
            row[new] = row.pop(old)
    return [new if each == old else each for each in names]


def _set_days(
    names: list[str], held: Columns, rows: Sequence[dict[str, Any]], days: Sequence[str]
) -> None:
    """Give rows the day of the heading above them, where they have none of their own."""
    if not any(days):
        return
    own = (held.of.get("date") or held.of.get("day") or ["day"])[0]
    if own not in names:
        names.append(own)
    for row, day in zip(rows, days, strict=True):
        if day and row.get(own) in EMPTY:
            row[own] = day


def _merged(section: Section, spans: Sequence[Span]) -> Iterable[tuple[int, int, Any]]:
    """Yield each further cell of merged ones in the rows of a section, with their value."""
    at = {place: row for row, place in enumerate(section.places)}
    for top, left, bottom, right in spans:
        if top not in at or right - left > 500:
            continue
        first = section.rows[at[top]]
        value = first[left] if left < len(first) else None
        for place in range(top, min(bottom, section.places[-1]) + 1):
            for column in range(left, right + 1):
                if place in at and (place, column) != (top, left):
                    yield at[place], column, value


# --- grids --------------------------------------------------------------------------------


def _grid(
    section: Section,
    held: Columns,
    rows: Sequence[dict[str, Any]],
    place: str,
    spans: Sequence[Span],
) -> Table:
    """Return a row for each session of a grid."""
    of_rows = [*held.of["start"][:1], *(held.of.get(each, [""])[0] for each in ("end", "duration"))]
    own = (held.of.get("date") or held.of.get("day") or [""])[0]
    names = ["day", "start", "end", "duration", "title", "people", "description", "room", "track"]
    for each in held.of.get("date", []) + held.of.get("day", []):
        if not any(row.get(each) not in EMPTY for row in rows):
            own = ""
    taken = {*of_rows, own}
    kept, clocks = _beside_clocks(
        [(at, name) for at, name in enumerate(section.names) if name not in taken], rows
    )
    last = {(top, left): (bottom, right) for top, left, bottom, right in spans}
    made: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        shared = dict(zip(("start", "end", "duration"), map(row.get, of_rows), strict=True))
        shared["day"] = row.get(own) or section.days[number]
        for session, over in _sessions(section, number, row, kept, clocks, last):
            clock = clocks.get(over[0][0], "")
            when = {**shared, "start": row.get(clock), "end": None} if clock else shared
            made.append({**when, **session, **_of_columns(over, len(kept), clock)})
            below = last.get((section.places[number], over[0][0]), (0, 0))[0]
            if below > section.places[number] and not cells.text(when["end"]):
                made[-1]["end"] = _start_below(section, rows, below, clock or of_rows[0])
    return Table(names, list(made), place)


def _beside_clocks(
    kept: Sequence[Place], rows: Sequence[dict[str, Any]]
) -> tuple[list[Place], dict[int, str]]:
    """Return the columns that have sessions, and the column of times of those that have their own.

    A last day may have other times than those before: ``Time, Monday, Tuesday, Time, Friday``.
    What spans such times and the sessions beside them is the name of both.
    """
    found: list[Place] = []
    clocks: dict[int, str] = {}
    clock = ""
    for at, name in kept:
        filled = [row[name] for row in rows if row.get(name) not in EMPTY]
        if filled and sum(bool(cells.moment(each).hours) for each in filled) * 5 > len(filled) * 4:
            clock = name
            continue
        if clock:
            clocks[at] = clock
        found.append((at, name))
    return found, clocks


def _sessions(
    section: Section,
    number: int,
    row: dict[str, Any],
    kept: Sequence[Place],
    clocks: Mapping[int, str],
    last: dict[tuple[int, int], tuple[int, int]],
) -> Iterable[tuple[dict[str, Any], list[Place]]]:
    """Yield each session of a row of a grid, with the columns over which it goes.

    What stands on several days takes place on each of them.
    """
    texts = [(at, name, cells.prose(row.get(name)).strip()) for at, name in kept]
    covered = 0
    for (words, _), group in groupby(texts, key=lambda each: (each[2], clocks.get(each[0]))):
        several = [(at, name) for at, name, _ in group]
        if words in NOTHING or several[0][0] < covered:
            continue
        _, right = last.get((section.places[number], several[0][0]), (0, several[-1][0]))
        covered = right + 1
        over = [
            (at, name) for at, name in kept if several[0][0] <= at <= max(right, several[-1][0])
        ]
        if all(cells.moment(name).said for _, name in over):
            yield from ((_parted(words), [each]) for each in over)
        else:
            yield _parted(words), over


def _parted(words: str) -> dict[str, Any]:
    """Return the title, people and description in a cell: its lines, in that order."""
    title, *rest = (line.strip() for line in words.splitlines() if line.strip())
    if (
        rest
        and all(2 <= len(each.split()) <= 4 for each in rest[0].split(","))
        and len(rest[0]) < 90
    ):
        if all(each[:1].isupper() for each in rest[0].replace(",", " ").split()):
            return {"title": title, "people": rest[0], "description": "\n".join(rest[1:])}
    return {"title": title, "description": "\n".join(rest)}


def _of_columns(over: Sequence[Place], width: int, clock: str) -> dict[str, Any]:
    """Return what the columns of a session say: where it is, or when; nothing if it has all."""
    names = [name for _, name in over if not name.startswith(UNNAMED)] or [clock] * bool(clock)
    if len(over) > 1 and len(over) >= width:
        return {}
    if len(names) == 1 and cells.moment(names[0]).said:
        return {"day": names[0]}
    is_track = bool(names) and all(plain(each).startswith("track") for each in names)
    return {"track" if is_track else "room": ", ".join(names)}


def _start_below(section: Section, rows: Sequence[dict[str, Any]], bottom: int, column: str) -> Any:
    """Return the time of the row under merged cells, which is when they end."""
    for number, place in enumerate(section.places):
        if place > bottom:
            return rows[number].get(column)
    return None
