"""An agenda as its page shows it: days, and what has a place on each, in the order of time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from pytz.tzinfo import BaseTzInfo

from calsvc.agenda.model import Event
from calsvc.agenda.names import natural_key
from calsvc.agenda.slots import Slot
from calsvc.schedule.entries import Entry, Schedule

NO_EVENTS: Mapping[str, Event] = {}


@dataclass
class Placed:
    """An entry in its place on a day."""

    entry: Entry
    start: datetime
    """Local time in the zone shown, like ``end``."""
    end: datetime
    day: date
    """The day that this is its place on, which need not be the date of its start."""
    is_continued: bool = False
    """Whether it has a place on an earlier day, as what lasts for days."""

    @property
    def room(self) -> str | None:
        """Return the room, if it is known."""
        return self.entry.content.room

    @property
    def is_all_day(self) -> bool:
        """Return whether it is of whole days: then its times are midnights."""
        return self.entry.content.timed is None

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return round((self.end - self.start).total_seconds() / 60)


@dataclass
class Day:
    """One day of an agenda, in the zone shown."""

    date: date
    placed: list[Placed]
    """All entries of the day, by their starts."""

    @property
    def starts(self) -> list[datetime]:
        """Return the times at which something starts."""
        return sorted({item.start for item in self.placed})


def days(
    entries: Iterable[Entry],
    zone: BaseTzInfo,
    rooms: Iterable[str] = (),
    events: Mapping[str, Event] = NO_EVENTS,
) -> list[Day]:
    """Return the days of the entries that have a time, as clocks of a zone have them.

    An entry has a place on each day that it touches, by the days of its event, which is
    given by the entry's uid; without one, on the date of its start.  Entries of one start
    stand in the order of ``rooms``; rooms not named there follow in the order of their names.
    """
    placed = [
        Placed(entry, start, end, day, is_continued=number > 0)
        for entry in entries
        if (slot := entry.content.slot)
        for start, end in [slot.local_times(zone)]
        for number, day in enumerate(_touched(events.get(entry.uid), slot, zone))
    ]
    order = places_of_rooms(placed, rooms)
    placed.sort(key=lambda each: (each.day, each.start, order[each.room]))
    return [Day(day, list(group)) for day, group in groupby(placed, key=lambda each: each.day)]


def places_of_rooms(placed: Iterable[Placed], listed: Iterable[str]) -> dict[str | None, int]:
    """Return the place of each room: those listed in their order, then others; None is last."""
    others = sorted({each.room for each in placed if each.room}, key=natural_key)
    return {room: place for place, room in enumerate(dict.fromkeys([*listed, *others, None]))}


def _touched(event: Event | None, slot: Slot, zone: BaseTzInfo) -> tuple[date, ...]:
    return event.days_of(slot, zone) if event else (slot.local_times(zone)[0].date(),)


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
    """Return when entries are that have a time of day, and are not cancelled."""
    return [
        Timed(slot.start, slot.end, entry.uid)
        for entry in entries
        if (slot := entry.content.timed) and not entry.is_cancelled
    ]


def timed_of(schedule: Schedule) -> list[Timed]:
    """Return when the entries of a schedule are."""
    return timed(schedule.entries)


def on_now(entries: Iterable[Timed], now: datetime) -> set[str]:
    """Return the uids of the entries that are on at the instant ``now``."""
    return {uid for start, end, uid in entries if start <= now < end}
