"""A person's choice as its pages show it: by day, what is next first, each overlap once.

An entry is shown in the zone of its event, or of ``?tz=``; a day belongs to one zone, so
two events in two zones on the same date have a day each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple

from flask import request
from pytz.tzinfo import BaseTzInfo

from calsvc.agenda.kinds import Kind
from calsvc.agenda.model import Event
from calsvc.live.events import Live
from calsvc.schedule.differences import Former
from calsvc.schedule.entries import Entry
from calsvc.schedule.itineraries import Choice, Itinerary, overlaps
from calsvc.web import grid
from calsvc.web.models import ShownOverlap
from calsvc.web.zones import reader_zone

LASTING = timedelta(hours=4)
"""What lasts longer, such as a desk that is open all day, is nothing to go to instead."""
NO_CONTENT = {Kind.BREAK, Kind.MEAL, Kind.REGISTRATION}
"""Kinds of which nobody needs to be told that they are on as well."""


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

    @property
    def placed(self) -> list[grid.Placed]:
        """Return the entries in the order of time."""
        return self.day.placed

    @property
    def end(self) -> datetime:
        """Return when the last of the entries ends."""
        return max(place.end for place in self.placed)


class Compared(NamedTuple):
    """A friend's choice beside the reader's own."""

    own: set[str]
    """Uids of the entries that both chose."""
    colliding: dict[str, Entry]
    """What the reader chose that overlaps with another entry, by the uid of that one."""


def compared(theirs: Mapping[str, Chosen], own: Mapping[str, Chosen]) -> Compared:
    """Return what a friend's choice and the reader's own have in common, and what collides."""
    both = {uid: each.entry for uid, each in (*theirs.items(), *own.items())}
    colliding: dict[str, Entry] = {}
    for first, second, _ in overlaps(both.values()):
        for one, other in ((first, second), (second, first)):
            if one.uid not in own and other.uid in own:
                colliding.setdefault(one.uid, other)
    return Compared(theirs.keys() & own.keys(), colliding)


def chosen_entries(live: Live, itinerary: Itinerary) -> dict[str, Chosen]:
    """Return the chosen entries by their uids.  Raises ``StorageError``."""
    found = {}
    itinerary = itinerary.renaming(live.present_id)
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
    timed = grid.timed(item.entry for item in chosen.values())
    days = _days(chosen.values())
    coming = sorted(each for each in timed if each.end > now)
    of_events = {item.event.timezone for item in chosen.values()}
    event_zone = of_events.pop() if len(of_events) == 1 else None
    return {
        "chosen": chosen,
        "several": {choice for choice, count in times.items() if count > 1},
        "are_of_several_events": len({item.event.id for item in chosen.values()}) > 1,
        "days": [each for each in days if each.end > now],
        "past": [each for each in days if each.end <= now],
        # Where all is over nothing steps back.
        "over": {place.entry.uid for each in days for place in each.placed if place.end <= now}
        if coming
        else set(),
        "following": chosen[coming[0].uid] if coming else None,
        "waiting": [uid for uid, item in chosen.items() if not item.entry.content.slot],
        "moved": {item.entry.uid: item.former for item in chosen.values()},
        "now": grid.on_now(timed, now),
        "event_zone": event_zone,
        "shown_zone": days[0].zone.zone if days and request.args.get("tz") else event_zone,
        "moments": [start for each in days for start in each.day.starts],
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
    return max(midnight, shown.placed[0].start)


def clashes(
    overlaps: Iterable[ShownOverlap], chosen: Mapping[str, Chosen]
) -> dict[str, list[Clash]]:
    """Return the clashes of chosen entries, each once: by the uid of the one that begins first."""
    found: dict[str, list[Clash]] = defaultdict(list)
    for pair in overlaps:
        found[pair.first].append(Clash(chosen[pair.second].entry, pair.minutes))
    return found


def instead(
    overlaps: Iterable[ShownOverlap], chosen: Mapping[str, Chosen], live: Live
) -> dict[str, list[Chosen]]:
    """Return what else is on while entries overlap, by the uid of the one that begins first."""
    found: dict[str, dict[str, Chosen]] = defaultdict(dict)
    for pair in overlaps:
        if pair.minutes > 0:
            others = _instead(chosen[pair.first], chosen[pair.second], chosen, live)
            found[pair.first].update({each.entry.uid: each for each in others})
    return {uid: [*others.values()] for uid, others in found.items()}


def _instead(
    first: Chosen, second: Chosen, chosen: Mapping[str, Chosen], live: Live
) -> list[Chosen]:
    """Return what is on while two chosen entries overlap, and is not chosen."""
    one, other = first.entry.content.slot, second.entry.content.slot
    assert one and other  # they overlap
    end = min(one.end, other.end)
    found = []
    for event in {each.event.id: each.event for each in (first, second)}.values():
        live_event = live.event(event.id)
        for entry in live_event.schedule.entries:
            if entry.uid in chosen or not _can_be_seen(entry):
                continue
            slot = entry.content.slot
            if slot and slot.start < end and slot.end > other.start:
                choice = Choice(event=event.id, session=entry.session or "")
                found.append(Chosen(event, entry, choice, None))
    return found


def _can_be_seen(entry: Entry) -> bool:
    """Tell whether an entry is something that people go to for an hour or so."""
    slot = entry.content.slot
    is_short = slot is not None and slot.end - slot.start <= LASTING
    return is_short and not (
        entry.is_banner or entry.is_part or entry.is_cancelled or entry.content.kind in NO_CONTENT
    )
