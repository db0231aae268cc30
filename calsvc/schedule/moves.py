"""When and where an entry was before it moved: what it remembers of that itself.

It remembers its way.  There and back again is no move, so A → B → A leaves nothing to tell,
and A → B → C → B what was to tell after the first move.  Calendars and pages tell the same,
because both read it here.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from calsvc.agenda.names import spelling_key
from calsvc.agenda.slots import Slot
from calsvc.schedule.entries import Content, Entry

_Known = TypeVar("_Known")

MOST = 10
"""Times, rooms or days that an entry remembers before the last one."""
REMEMBERED = (
    *("former_slot", "former_room", "former_days"),
    *("earlier_slots", "earlier_rooms", "earlier_days"),
)
"""The fields of a content that hold it: they come and go with other changes."""


def remembering(entry: Entry, past: Entry | None, clock: datetime) -> Entry:
    """Return an entry with what it was before, unless it is over by the clock."""
    if past is None:
        return entry
    now, then = entry.content, past.content
    if entry.is_banner:
        return entry if _is_over(now, clock) else _with(entry, _days_before(then, now))
    if now.slot is None or now.slot.end <= clock:
        return entry
    earlier_slots, former_slot = way_to(
        (*then.earlier_slots, then.former_slot, then.slot), now.slot, _times
    )
    earlier_rooms, former_room = way_to(
        (*then.earlier_rooms, then.former_room, then.room), now.room, spelling_key
    )
    return _with(
        entry,
        {
            "former_slot": former_slot,
            "earlier_slots": earlier_slots,
            "former_room": former_room,
            "earlier_rooms": earlier_rooms,
        },
    )


def _is_over(banner: Content, clock: datetime) -> bool:
    return banner.last_day is None or banner.last_day < clock.date()


def _days_before(then: Content, now: Content) -> dict[str, object]:
    known = (*then.earlier_days, then.former_days, then.days)
    earlier, former = way_to(known, now.days, lambda value: value)
    return {"former_days": former, "earlier_days": earlier}


def _with(entry: Entry, remembered: dict[str, object]) -> Entry:
    return entry.model_copy(update={"content": entry.content.model_copy(update=remembered)})


def _times(slot: Slot) -> tuple[date, date]:
    return slot.days or (slot.start, slot.end)


def way_to(
    known: Iterable[_Known | None], now: _Known | None, seen: Callable[[_Known], object]
) -> tuple[tuple[_Known, ...], _Known | None]:
    """Return the way to ``now``: its last value, after those before it.

    ``known`` are the values in time, None where one was not known; ``seen`` tells which are
    alike to people.
    """
    way: dict[object, _Known] = {}
    for value in (*known, now):
        if value is None:
            continue
        if seen(value) in way:
            keys = [*way]
            for key in keys[keys.index(seen(value)) :]:
                del way[key]
        way[seen(value)] = value
    values = [*way.values()]
    if now is not None:
        values.pop()
    return tuple(values[:-1][-MOST:]), values[-1] if values else None
