"""Tables of an agenda: a row has a time, and its columns are fields, rooms, tracks or days."""

from collections.abc import Sequence

from calsvc.importers.habits.clocks import Hours
from calsvc.importers.pages import days as written
from calsvc.importers.pages import fieldrows, pieces, tableheads, titles
from calsvc.importers.pages.fieldrows import Table
from calsvc.importers.pages.passages import Cell, Grid
from calsvc.importers.pages.tableheads import Column, Row, hours_of, text_of
from calsvc.importers.pages.timelines import Found, Timeline


def has_spans(grid: Grid) -> bool:
    """Tell whether cells of sessions span rows: then each ends where a row begins."""
    return any(cell and cell.rows > 1 and not cell.is_head for row in grid.rows for cell in row[1:])


def read(grid: Grid, timeline: Timeline, address: str | None, *, has_ends: bool) -> bool:
    """Find the sessions of a table; tell whether it is one of an agenda.

    ``has_ends`` says that its cells end where the next row begins.
    """
    rows = [row for row in grid.rows if row]
    count = tableheads.heads(rows)
    columns = tableheads.columns(rows, count)
    if not any(column.field == "time" for column in columns):
        return _read_without_times(rows[count:], columns, timeline, address)
    is_field = any(column.field in {"title", "people", "room"} for column in columns)
    has_merged = any(cell and cell.columns > 1 for row in rows[count:] for cell in row)
    place = next(at for at, column in enumerate(columns) if column.field == "time")
    table = Table(columns, False, has_ends, has_merged, timeline, address, rows[count:], place)
    _days_of(table, rows[:count])
    table.has_fields = is_field or not any(
        column.head for column in columns if column.field is None
    )
    if table.has_fields:
        tableheads.name_the_rest(columns, rows[count:])
    for number, row in enumerate(rows[count:]):
        _read_row(table, number, row)
    if table.timeless:
        timeline.guessed.append(
            f"{len(table.timeless)} rows of a table have no time and are not scheduled: "
            + ", ".join(table.timeless[:3])
        )
    return True


def _days_of(table: Table, rows: Sequence[Row]) -> None:
    """Begin the day that a head names, or find the days that the columns are."""
    named = {
        column.head: day
        for column in table.columns
        if column.field in {None, "time"} and column.head and (day := written.heading(column.head))
    }
    if len(named) > 1:
        numbers = {}
        for head, day in named.items():
            table.timeline.days.append(day)
            numbers[head] = len(table.timeline.days) - 1
        for column in table.columns:
            column.day = numbers.get(column.head)
        return
    spread = [
        day
        for row in rows
        if tableheads.is_spread(row)
        for cell in row[:1]
        if (day := written.heading(text_of(cell)))
    ]
    for day in [*named.values(), *spread][:1]:
        table.timeline.add_day(day)
    for column in table.columns:
        if column.head in named:
            column.head = ""


def _read_row(table: Table, number: int, row: Row) -> None:
    """Find the sessions of a row."""
    texts = {text for cell in row if (text := text_of(cell)) and not pieces.is_nothing(text)}
    if not texts:
        table.above = None
        table.begun.pop(number, None)
        return
    time_cell = row[table.place] if table.place < len(row) else None
    hours = hours_of(time_cell)
    if hours and not hours.zone:
        hours = hours._replace(zone=tableheads.zone_of(table.columns[table.place].head))
    if hours and (begun := written.leading(text_of(time_cell))):
        table.timeline.add_day(begun[0])
    if not hours and len(texts) <= 2:
        named = [day for text in texts if (day := written.heading(text))]
        if len(named) == 1 and (len(texts) == 1 or all(map(written.heading, texts))):
            table.timeline.add_day(named[0])
            table.above = None
            return
    for place, column in enumerate(table.columns):
        if (
            column.field == "day"
            and place < len(row)
            and (day := written.heading(text_of(row[place])))
        ):
            table.timeline.add_day(day)
    if hours:
        mark = table.timeline.put(Found(None, hours, table.timeline.today))
        for ended in table.begun.pop(number, []):
            ended.until = mark
    if table.has_fields:
        fieldrows.read(table, row, hours)
    else:
        _read_columns(table, number, row, hours)


def _read_columns(table: Table, number: int, row: Row, hours: Hours | None) -> None:
    """Find the sessions of a row whose columns are rooms, tracks or days."""
    by_cell: set[tuple[int, int | None]] = set()
    by_text: set[tuple[str, int | None]] = set()
    places = [place for place, each in enumerate(table.columns) if each.field is None]
    fresh = {id(cell) for cell in row} - table.seen
    for place in places:
        cell = row[place] if place < len(row) else None
        if cell is None or id(cell) not in fresh:
            continue
        table.seen.add(id(cell))
        day = table.columns[place].day
        day = table.timeline.today if day is None else day
        is_again = (text_of(cell), day) in by_text and not table.has_merged
        if is_again or (id(cell), day) in by_cell:
            continue
        by_cell.add((id(cell), day))
        by_text.add((text_of(cell), day))
        found = pieces.read(cell.lines, table.address)
        if not found or not found.session:
            continue
        found.hours, found.day = found.hours or _until_last(table, number, cell, hours), day
        same = [each for each in places if each < len(row) and _is_one(table, row[each], cell)]
        _place(found, cell, [table.columns[each] for each in same], len(places))
        if not found.hours:
            table.timeless.append(found.session.title)
        elif table.has_ends and not found.hours.end:
            table.begun.setdefault(number + cell.rows, []).append(found)
        table.timeline.put(found)


def _until_last(table: Table, number: int, cell: Cell, hours: Hours | None) -> Hours | None:
    """Return the hours of a cell: those of its row, until the end of the last row it spans."""
    if cell.rows < 2 or not hours or not hours.end:
        return hours
    last = table.rows[number : number + cell.rows][-1]
    until = hours_of(last[table.place]) if table.place < len(last) else None
    return hours._replace(end=until.end) if until and until.end else hours


def _is_one(table: Table, other: Cell | None, cell: Cell) -> bool:
    return other is cell or (not table.has_merged and text_of(other) == text_of(cell))


def _place(found: Found, cell: Cell, same: list[Column], count: int) -> None:
    """Give a session the room or track of its columns; what spans all of several has none."""
    session = found.session
    assert session
    names = list(
        dict.fromkeys(column.head for column in same if column.head and column.day is None)
    )
    is_spread = cell.columns > 1 and len(names) > 1
    if not names or is_spread or (len(same) == count and len(names) > 1):
        return
    track, room = titles.track_and_room(names[0])
    session.track = session.track or track
    session.room = session.room or room


def _read_without_times(
    rows: Sequence[Row], columns: list[Column], timeline: Timeline, address: str | None
) -> bool:
    """Find the sessions of a table whose cells have their times in themselves."""
    timed = 0
    seen: set[int] = set()
    for row in rows:
        for place, cell in enumerate(row):
            if cell is None or id(cell) in seen or not cell.lines:
                continue
            seen.add(id(cell))
            found = pieces.read(fieldrows.split_time(cell), address)
            if not found or not found.session or not found.hours:
                continue
            timed += 1
            found.day = timeline.today
            if place < len(columns) and (day := written.heading(columns[place].head)):
                found.day = timeline.add_day(day)
            elif place < len(columns) and columns[place].head:
                track, room = titles.track_and_room(columns[place].head)
                found.session.track, found.session.room = track, found.session.room or room
            timeline.put(found)
    return timed > 0
