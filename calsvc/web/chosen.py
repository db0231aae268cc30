"""A person's choice as its pages show it: by day, each entry with its overlaps.

An entry is shown in the zone of its event, or of ``?tz=``; a day belongs to one zone, so
two events in two zones on the same date have a day each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import NamedTuple

from pytz.tzinfo import BaseTzInfo

from calsvc.agenda.model import Event
from calsvc.live.events import Live
from calsvc.schedule.differences import Former
from calsvc.schedule.entries import Entry
from calsvc.schedule.itineraries import Choice, Itinerary
from calsvc.web import grid
from calsvc.web.dates import reader_zone
from calsvc.web.models import ShownOverlap


class Chosen(NamedTuple):
    """A chosen entry, with its event."""

    event: Event
    entry: Entry
    choice: Choice
    """The choice that includes it: of its session, or of this slot only."""
    former: Former | None
    """When and where it was before it moved."""

    @property
    def alone(self) -> Choice:
        """Return the choice of this entry only, without the other slots of its session."""
        return self.choice.model_copy(update={"slot": self.entry.uid})


class Clash(NamedTuple):
    """An entry that one person cannot attend together with a chosen one."""

    other: Entry
    minutes: int
    """Minutes of overlap; zero or less: minus the minutes left to change rooms."""


class ChosenDay(NamedTuple):
    """The chosen entries on one day of a zone."""

    zone: BaseTzInfo
    day: grid.Day


def chosen_entries(live: Live, itinerary: Itinerary) -> dict[str, Chosen]:
    """Return the chosen entries by their uids.  Raises ``StorageError``."""
    found = {}
    itinerary = live.present(itinerary)
    for live_event, entries in live.chosen(itinerary):
        event_id = live_event.event.id
        wanted = itinerary.slots(event_id)
        for entry in entries:
            uid = entry.uid
            slot = None if None in wanted[entry.session] else uid
            choice = Choice(event=event_id, session=entry.session or "", slot=slot)
            former = live_event.moved.get(entry.uid)
            found[uid] = Chosen(live_event.event, entry, choice, former)
    return found


def by_day(chosen: Mapping[str, Chosen], now: datetime) -> dict[str, object]:
    """Return the variables with which ``chosen.html`` shows a choice by day.

    Raises ``UnknownZoneError``.
    """
    times = Counter(item.choice for item in chosen.values())
    return {
        "chosen": chosen,
        "several": {choice for choice, count in times.items() if count > 1},
        "days": _days(chosen.values()),
        "waiting": [uid for uid, item in chosen.items() if not item.entry.content.slot],
        "moved": {item.entry.uid: item.former for item in chosen.values()},
        "now": grid.on_now(grid.timed(item.entry for item in chosen.values()), now),
    }


def _days(chosen: Iterable[Chosen]) -> list[ChosenDay]:
    by_zone: dict[BaseTzInfo, list[Entry]] = defaultdict(list)
    events: dict[str, Event] = {}
    for each in chosen:
        by_zone[reader_zone(each.event)].append(each.entry)
        events[each.entry.uid] = each.event
    found = [
        ChosenDay(zone, day)
        for zone, entries in by_zone.items()
        for day in grid.days(entries, zone, events=events)
    ]
    return sorted(found, key=_beginning)


def _beginning(shown: ChosenDay) -> datetime:
    """Return when something of a day begins, or goes on since an earlier one."""
    midnight = shown.zone.localize(datetime.combine(shown.day.date, time()))
    return max(midnight, shown.day.clusters[0].placed[0].start)


def clashes(
    overlaps: Iterable[ShownOverlap], chosen: Mapping[str, Chosen]
) -> dict[str, list[Clash]]:
    """Return the clashes of each chosen entry, by its uid."""
    found: dict[str, list[Clash]] = defaultdict(list)
    for first, second, minutes in ((pair.first, pair.second, pair.minutes) for pair in overlaps):
        found[first].append(Clash(chosen[second].entry, minutes))
        found[second].append(Clash(chosen[first].entry, minutes))
    return found
