"""Rows of a table on a page whose cells are the fields of one session: its title, people …"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from calsvc.importers.habits import clocks
from calsvc.importers.habits.clocks import Hours
from calsvc.importers.pages import bylines, pieces, titles
from calsvc.importers.pages.passages import Cell
from calsvc.importers.pages.tableheads import Column, Row, hours_of, text_of
from calsvc.importers.pages.timelines import Found, Timeline

HEADS = ("title", "kind", "description", "people")
"""Which field is the title of a row, where the ones before it are empty."""


@dataclass
class Table:
    """A table that is being read."""

    columns: list[Column]
    has_fields: bool
    """Its columns are fields; else each is a room, a track or a day."""
    has_ends: bool
    """Cells span rows: they end where the next row begins."""
    has_merged: bool
    """Cells span columns: those of one text that are apart are two sessions."""
    timeline: Timeline
    address: str | None
    rows: Sequence[Row]
    """Those below its head."""
    place: int
    """The column that has the times."""
    above: Found | None = None
    """What the row above had, if that was no empty row."""
    begun: dict[int, list[Found]] = field(default_factory=dict)
    """What ends where a row begins, by the row's number."""
    seen: set[int] = field(default_factory=set)
    """The cells that were read."""
    timeless: list[str] = field(default_factory=list)


def read(table: Table, row: Row, hours: Hours | None) -> None:
    """Find the one session of a row whose cells are its fields."""
    parts = dict(_parts(table, row))
    if _goes_on(table, row, parts):
        return
    head = next((parts[name] for name in HEADS if name in parts), None)
    found = pieces.read(head.lines, table.address) if head else None
    if not found or not found.session:
        table.above = None
        return
    session = found.session
    others: list[Found] = []
    for name, cell in parts.items():
        text = text_of(cell)
        if cell is head:
            continue
        if own := _own(table, cell):
            others += [own] if own.session else []
            continue
        if name == "people":
            _add_people(found, cell, table.address)
        elif name == "organization" and len(session.people) == 1:
            session.people[0].organization = session.people[0].organization or text
        elif name in {"room", "track", "kind"}:
            setattr(session, name, getattr(session, name) or text)
        elif name == "duration":
            found.minutes = found.minutes or clocks.duration(text)
        elif name in {"links", "description"}:
            for line in cell.lines:
                links = titles.read(line.words, table.address)
                urls = [*([(links.url, links.text)] if links.url else []), *links.links]
                session.links += urls
                if not urls:
                    pieces.add(found, line, table.address)
    end = parts.get("end")
    if hours and end and not hours.end and (until := hours_of(end)):
        hours = hours._replace(end=until.start or until.end)
    found.hours = found.hours or hours
    found.day = table.timeline.today
    if not found.hours:
        _without_time(table, found)
    for each in (found, *others):
        table.timeline.put(each)
    table.above = found if found.hours else table.above


def _goes_on(table: Table, row: Row, parts: dict[str, Cell]) -> bool:
    """Add a row to the session above if it has that one's time cell, and people or its title."""
    cell = row[table.place] if table.place < len(row) else None
    is_new = not cell or id(cell) not in table.seen or len(parts) != 1 or not table.above
    if cell:
        table.seen.add(id(cell))
    if is_new or not table.above or not table.above.session:
        return False
    lines = next(iter(parts.values())).lines
    if not bylines.read(lines[0].text) and not titles.NAMED.match(lines[0].text):
        return False
    for line in lines:
        pieces.add(table.above, line, table.address)
    return True


def _own(table: Table, cell: Cell) -> Found | None:
    """Return the session of a cell with a time of its own; an empty one if it was found above."""
    if id(cell) in table.seen:
        return Found(None)
    begun = clocks.leading(cell.lines[0].text)
    found = pieces.read(split_time(cell), table.address) if begun and begun[0].end else None
    if not found or not found.session or not found.session.title:
        return None
    table.seen.add(id(cell))
    found.day = table.timeline.today
    return found


def _parts(table: Table, row: Row) -> Iterator[tuple[str, Cell]]:
    """Yield the cells of a row with their fields, each once."""
    seen: set[int] = set()
    for column, cell in zip(table.columns, row, strict=False):
        if column.field in {None, "time", "day", "elsewhere"} or cell is None or id(cell) in seen:
            continue
        seen.add(id(cell))
        if not pieces.is_nothing(text_of(cell)):
            assert column.field
            yield column.field, cell


def _add_people(found: Found, cell: Cell, address: str | None) -> None:
    session = found.session
    assert session
    for line in cell.lines:
        byline = bylines.read(line.text)
        people = byline.people() if byline else bylines.listed(line.text)
        urls = {text: url for url, text in line.words.links}
        for person in people:
            person.url = titles.absolute(urls.get(person.name, ""), address)
        pieces.add_people(session, people)


def _without_time(table: Table, found: Found) -> None:
    """Say of a row without a time what is known of it: the time above, if its room differs."""
    above, session = table.above, found.session
    assert session
    if above and above.session and session.room and above.session.room != session.room:
        found.hours, found.day = above.hours, above.day
        session.guessed.append(f"it has the time of the row above, {above.session.title}")
    else:
        table.timeless.append(session.title)


def split_time(cell: Cell) -> list:  # type: ignore[type-arg]
    """Return the lines of a cell, with a time that the first begins with on its own."""
    first = cell.lines[0]
    begun = clocks.leading(first.text)
    if not begun or not begun[1]:
        return cell.lines
    rest = first.words.cut(len(first.text) - len(begun[1]))
    time = type(first)(first.words.cut(0, len(first.text) - len(begun[1])))
    return [time, type(first)(rest, first.depth, first.level, first.sort), *cell.lines[1:]]
