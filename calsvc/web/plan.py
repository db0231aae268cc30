"""A day of an agenda as a table: a column for each room, a row for each time.

The table is a list, too: its rows are in the order of time, so a narrow page shows the cells
below each other, and leaves out those in which nothing begins.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from calsvc.agenda.kinds import Kind
from calsvc.web.grid import Day, Placed, places_of_rooms

THIN = frozenset({Kind.BREAK, Kind.MEAL, Kind.REGISTRATION})
"""Kinds that need no more than a line, and that are for everybody, in whatever room."""
MOST_ABREAST = 8
"""Columns that fit beside each other; more are scrolled sideways."""
SHORTEST_GAP = timedelta(minutes=15)
"""Where nothing begins for so long after an end, the end has a row of its own."""
STEP, TALLEST = 5, 180
"""Minutes: rows have heights by their duration in such steps, up to a height."""
OPEN_LONG = timedelta(hours=4)
"""What of ``THIN`` lasts so long, such as a registration desk, is a line above the day."""
SHORTEST = timedelta(minutes=1)
"""What ends when it begins takes a row, too."""
LASTING = timedelta(hours=24)
"""What lasts longer makes no row at its end."""


@dataclass(frozen=True)
class Room:
    """The column of a room; ``None`` for what has none."""

    name: str | None
    lanes: int
    """More than one where its entries overlap."""


@dataclass(frozen=True)
class Cell:
    """A cell, with the rows and columns that it spans; without an entry nothing is on."""

    placed: Placed | None
    rows: int
    columns: int = 1


@dataclass(frozen=True)
class Row:
    """A row, from its time to that of the next one."""

    start: datetime
    minutes: int
    """Its duration, in steps."""
    cells: list[Cell]
    is_headed: bool = True
    """Whether its time is told at its head; what is of the whole day tells its own."""

    @property
    def placed(self) -> list[Placed]:
        """Return the entries that begin here."""
        return [cell.placed for cell in self.cells if cell.placed]


@dataclass(frozen=True)
class Plan:
    """A day as a table."""

    rooms: list[Room]
    rows: list[Row]

    @property
    def columns(self) -> int:
        """Return the number of columns, without that of times."""
        return sum(room.lanes for room in self.rooms)

    @property
    def is_by_room(self) -> bool:
        """Return whether there are rooms to tell apart."""
        return len(self.rooms) > 1

    @property
    def fits(self) -> bool:
        """Return whether a wide screen has a place for all columns."""
        return self.columns <= MOST_ABREAST


def plan(day: Day, listed: Iterable[str] = ()) -> Plan:
    """Return a day as a table; ``listed`` are rooms in the order of their columns.

    What is all day is above all else, whatever room it is in.
    """
    all_day = [each for each in day.placed if each.is_all_day]
    whole_day = list(_clipped([each for each in day.placed if not each.is_all_day]))
    above = [item for item in whole_day if _is_open_long(item, whole_day[0][0])]
    clipped = [item for item in whole_day if item not in above] or above
    times = _times(clipped)
    spanning = [item for item in clipped if _is_for_all(item, clipped)]
    places = places_of_rooms(day.placed, listed)
    others = [item for item in clipped if item not in spanning]
    others.sort(key=lambda item: (places[item[2].room], item[0]))
    rooms, columns = [], []
    for name, group in groupby(others, key=lambda item: item[2].room):
        lanes = _lanes(group)
        rooms.append(Room(name, len(lanes)))
        columns += lanes
    lines = [*all_day, *(placed for _, _, placed in above if clipped is not above)]
    rows = [
        Row(placed.start, STEP, [Cell(placed, 1, len(columns) or 1)], is_headed=False)
        for placed in lines
    ]
    return Plan(rooms, [*rows, *_rows(times, columns or [[]], spanning)])


_Timed = tuple[datetime, datetime, Placed]


def _clipped(placed: Sequence[Placed]) -> Iterator[_Timed]:
    """Yield entries with their start and end on this day: others may last for days."""
    if not placed:
        return
    begun = [each.start for each in placed if not each.is_continued]
    first = min(begun or [each.start for each in placed])
    ends = [each.end for each in placed if each.end - each.start < LASTING]
    last = max([*ends, *begun, first])
    for each in placed:
        start = max(each.start, first)
        yield start, max(min(each.end, last), start + SHORTEST), each


def _times(clipped: Sequence[_Timed]) -> list[datetime]:
    """Return the times of rows: all starts, ends after which nothing begins, and the last end."""
    times = {start for start, _, _ in clipped}
    for end in sorted({end for _, end, _ in clipped}, reverse=True):
        following = min((each for each in times if each >= end), default=None)
        if following is None or following - end >= SHORTEST_GAP:
            times.add(end)
    return sorted(times)


def _is_open_long(item: _Timed, first: datetime) -> bool:
    """Return whether something for everybody is open from the beginning of a day, for long."""
    start, end, placed = item
    return placed.entry.content.kind in THIN and start == first and end - start >= OPEN_LONG


def _is_for_all(item: _Timed, clipped: Sequence[_Timed]) -> bool:
    """Return whether an entry spans all rooms: a break, or one without a room, and alone."""
    start, end, placed = item
    if placed.room and placed.entry.content.kind not in THIN:
        return False
    return not any(
        since < end and start < until for since, until, other in clipped if other is not placed
    )


def _lanes(entries: Iterable[_Timed]) -> list[list[_Timed]]:
    """Return the entries of one room in as few lanes as hold them."""
    lanes: list[list[_Timed]] = []
    for item in entries:
        lane = next((lane for lane in lanes if lane[-1][1] <= item[0]), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(item)
    return lanes


_Block = tuple[int, int, Placed]
"""An entry with its first row, and the one after its last."""


def _rows(
    times: Sequence[datetime], columns: Sequence[Sequence[_Timed]], spanning: Sequence[_Timed]
) -> list[Row]:
    """Return the rows with their cells; the last time is the end of the last one."""
    rows = [Row(start, _minutes(until - start), []) for start, until in pairwise(times)]
    whole = [_block(times, item) for item in spanning]
    for first, after, placed in whole:
        rows[first].cells.append(Cell(placed, after - first, len(columns)))
    for column in columns:
        free = 0  # the first row that has no cell in this column yet
        own = [_block(times, item) for item in column]
        for block in sorted([*own, *whole], key=lambda each: each[0]):
            first, after, placed = block
            if free < first:
                rows[free].cells.append(Cell(None, first - free))
            if block in own:
                rows[first].cells.append(Cell(placed, after - first))
            free = after
        if free < len(rows):
            rows[free].cells.append(Cell(None, len(rows) - free))
    return rows


def _block(times: Sequence[datetime], item: _Timed) -> _Block:
    start, end, placed = item
    return bisect_left(times, start), bisect_left(times, end), placed


def _minutes(duration: timedelta) -> int:
    """Return a duration in steps."""
    return min(max(round(duration.total_seconds() / 60 / STEP), 1) * STEP, TALLEST)
