"""An agenda as its page shows it: days, their start times, overlapping entries side by side.

Entries that overlap form a cluster of rows and lanes.  A row is a start; a lane holds the
entries of one room in turn, as far as possible.  Rows are in the order of time, so that a
narrow page, a printer and a screen reader keep it too.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from pytz.tzinfo import BaseTzInfo

from calsvc.agenda.model import Event
from calsvc.agenda.names import natural_key
from calsvc.schedule.entries import Entry, Schedule

MOST_LANES = 6  # that fit beside each other on a wide screen
NO_EVENTS: Mapping[str, Event] = {}
MOST_ROWS = 60  # for which the stylesheet has places


@dataclass
class Placed:
    """An entry with its place among those that it overlaps."""

    entry: Entry
    start: datetime
    """Local time in the zone shown, like ``end``."""
    end: datetime
    day: date
    """The day that this is its place on, which need not be the date of its start."""
    row: int = 0
    """From 1."""
    rows: int = 1
    lane: int = 0
    """From 1."""

    is_continued: bool = False
    """Whether it has a place on an earlier day, as what lasts for days."""

    @property
    def room(self) -> str | None:
        """Return the room, if it is known."""
        return self.entry.content.room

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return round((self.end - self.start).total_seconds() / 60)

    @property
    def classes(self) -> str:
        """Return the place as classes of the stylesheet."""
        return f"at-{self.row} for-{self.rows} in-{self.lane}"


@dataclass
class Cluster:
    """Entries that are connected by overlaps, and overlap none outside the cluster."""

    placed: list[Placed]
    lanes: int = field(init=False)
    starts: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = sorted({item.start for item in self.placed})
        lanes: list[Placed] = []
        for item in self.placed:
            before = bisect_left(self.starts, item.start)
            item.row = before + 1
            item.rows = max(bisect_left(self.starts, item.end) - before, 0)
            item.lane = _lane(lanes, item) + 1
            lanes[item.lane - 1 : item.lane] = [item]
        self.lanes = len(lanes)

    @property
    def is_loose(self) -> bool:
        """Return whether too much is on at once for lanes."""
        return self.lanes > MOST_LANES or len(self.starts) > MOST_ROWS

    @property
    def is_grid(self) -> bool:
        """Return whether entries stand beside each other, each at its place."""
        return self.lanes > 1 and not self.is_loose

    @property
    def rows(self) -> Iterator[tuple[datetime, list[Placed]]]:
        """Yield each start with the entries that start then."""
        for start, placed in groupby(self.placed, key=lambda item: item.start):
            yield start, list(placed)


def _lane(lanes: Sequence[Placed], item: Placed) -> int:
    """Return the lane for an entry, from 0: that of its room if free, else the first free one."""
    free = [place for place, last in enumerate(lanes) if last.end <= item.start]
    same = [place for place in free if lanes[place].room == item.room]
    return next(iter(same or free), len(lanes))


@dataclass
class Day:
    """One day of an agenda, in the zone shown."""

    date: date
    clusters: list[Cluster]

    @property
    def starts(self) -> list[datetime]:
        """Return the times at which something starts."""
        return [start for cluster in self.clusters for start in cluster.starts]

    @property
    def placed(self) -> list[Placed]:
        """Return all entries of the day, by their starts."""
        return [item for cluster in self.clusters for item in cluster.placed]


def days(
    entries: Iterable[Entry],
    zone: BaseTzInfo,
    rooms: Iterable[str] = (),
    events: Mapping[str, Event] = NO_EVENTS,
) -> list[Day]:
    """Return the days of the entries that have a time, as clocks of a zone have them.

    An entry has a place on each day that it touches, by the days of its event, which is
    given by the entry's uid; without one, on the date of its start.  Lanes stand in the
    order of ``rooms``; rooms not named there follow in the order of their names.
    """
    placed = [
        Placed(entry, start, end, day, is_continued=number > 0)
        for entry in entries
        if (slot := entry.content.slot)
        for start, end in [(slot.start.astimezone(zone), slot.end.astimezone(zone))]
        for number, day in enumerate(_touched(events.get(entry.uid), start, end))
    ]
    order = places_of_rooms(placed, rooms)
    placed.sort(key=lambda each: (each.day, each.start, order[each.room]))
    return [
        Day(day, list(_clusters(list(group))))
        for day, group in groupby(placed, key=lambda each: each.day)
    ]


def places_of_rooms(placed: Iterable[Placed], listed: Iterable[str]) -> dict[str | None, int]:
    """Return the place of each room: those listed in their order, then others; None is last."""
    others = sorted({each.room for each in placed if each.room}, key=natural_key)
    return {room: place for place, room in enumerate(dict.fromkeys([*listed, *others, None]))}


def _touched(event: Event | None, start: datetime, end: datetime) -> tuple[date, ...]:
    return event.days_of(start, end) if event else (start.date(),)


def _clusters(placed: list[Placed]) -> Iterator[Cluster]:
    cluster: list[Placed] = []
    end = None
    for item in placed:
        if end and item.start >= end:
            yield Cluster(cluster)
            cluster, end = [], None
        cluster.append(item)
        end = max(end, item.end) if end else item.end
    if cluster:
        yield Cluster(cluster)


def several(entries: Iterable[Entry]) -> set[str | None]:
    """Return the ids of the sessions that are on more than once."""
    counts = Counter(entry.session for entry in entries if entry.content.slot)
    return {session for session, count in counts.items() if count > 1}


def anchors(days: Iterable[Day]) -> dict[str | None, Placed]:
    """Return the place of each session that an address can point to: its first."""
    first: dict[str | None, Placed] = {}
    for day in days:
        for item in day.placed:
            first.setdefault(item.entry.session, item)
    return first


class Timed(NamedTuple):
    """An entry that is not cancelled, and when it is."""

    start: datetime
    end: datetime
    uid: str


def timed(entries: Iterable[Entry]) -> list[Timed]:
    """Return when entries are that have a time, and are not cancelled."""
    return [
        Timed(slot.start, slot.end, entry.uid)
        for entry in entries
        if (slot := entry.content.slot) and not entry.is_cancelled
    ]


def timed_of(schedule: Schedule) -> list[Timed]:
    """Return when the entries of a schedule are."""
    return timed(schedule.entries)


def on_now(entries: Iterable[Timed], now: datetime) -> set[str]:
    """Return the uids of the entries that are on at the instant ``now``."""
    return {uid for start, end, uid in entries if start <= now < end}
