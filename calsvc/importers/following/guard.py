"""Why a change of a followed source is not to be believed before a person has looked at it.

Exports fail in ways that look like data: an empty list, half of it, all ids new or swapped,
times in another zone.  Calendars would cancel or move what people chose.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from calsvc.agenda.model import Event, Session
from calsvc.agenda.names import spelling_key
from calsvc.importers.updating.merging import current_keys
from calsvc.importers.updating.snapshots import Snapshot, do_ids_last
from calsvc.importers.updating.updating import Import

FIFTH, THIRD = 5, 3
FEW = 2
"""Sessions that may be gone or moved of an event so small that these are a large part of it."""


def doubts(done: Import, before: Snapshot | None, now: datetime) -> list[str]:
    """Return why what an import makes of an event file should wait for a person; empty if not.

    ``before`` is what the source said last, and ``now`` a UTC instant: what is over by then
    cannot be missed.
    """
    if done.before is None:
        return []
    return [
        *_of_ids(done, before),
        *_of_source(done, done.before, before),
        *_of_losses(done.before, done.event, now, is_repair=done.is_repair),
        *_of_changes(done.before, done.event, now, is_repair=done.is_repair),
    ]


def _of_source(done: Import, event: Event, before: Snapshot | None) -> Iterator[str]:
    if event.timezone != done.event.timezone:
        yield f"its zone is {done.event.timezone}, and was {event.timezone}"
    if before and before.format != done.format:
        yield f"it is read as {done.format}, and was as {before.format}"


def _of_ids(done: Import, before: Snapshot | None) -> Iterator[str]:
    """Yield doubts about the source's own ids, which tell sessions apart later, too."""
    if before is None:
        return
    keys = current_keys(before)
    # A repair is made for calendars with new uids at each fetch: what they say tells them apart.
    if not done.is_repair and before.is_lasting and not do_ids_last(keys, done.drawing.keys):
        lasting = {*keys.values()} & {*done.drawing.keys.values()}
        yield f"only {len(lasting)} of its {len(keys)} ids of sessions are as before"
    if len(swapped := _swapped(before.sessions, done.snapshot.sessions)) >= FEW:
        yield f"{len(swapped)} of its ids are of other sessions now"


def _swapped(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the sessions that say now what another one said before, title and people alike."""
    marks = {name: _said(each) for name, each in before.items()}
    times = Counter(marks.values())
    owners = {mark: name for name, mark in marks.items() if times[mark] == 1}
    return [
        name
        for name, each in after.items()
        if name in marks and owners.get(_said(each), name) != name
    ]


def _said(fields: Mapping[str, Any]) -> tuple[str, str]:
    return spelling_key(str(fields.get("title"))), str(fields.get("people"))


def _of_losses(before: Event, after: Event, now: datetime, *, is_repair: bool) -> Iterator[str]:
    left = {session.id: session for session in after.sessions}
    coming, entries = _coming(before, now), _entries(after) if is_repair else {}
    gone = [
        each
        for each in coming
        if _is_off(each.id, left) and entries.keys().isdisjoint(_uids(before, each, now))
    ]
    if len(gone) >= FEW and FIFTH * len(gone) > len(coming):
        yield f"{len(gone)} of {len(coming)} coming sessions are gone"
    if is_repair:  # many calendars have only what is still to come
        return
    all_gone = [each for each in before.sessions if each.id not in left]
    if len(all_gone) >= FEW and 2 * len(all_gone) > len(before.sessions):
        yield f"{len(all_gone)} of all {len(before.sessions)} sessions are gone"


def _of_changes(before: Event, after: Event, now: datetime, *, is_repair: bool) -> Iterator[str]:
    left = {session.id: session for session in after.sessions}
    coming, entries = _coming(before, now), _entries(after) if is_repair else {}
    there = [(each, left[each.id]) for each in coming if each.id in left]
    moved = []
    for old, new in there:
        starts = _starts(after, new, now)
        stays = (
            entries[uid] == start if uid in entries else start in starts
            for start, uid in _starts(before, old, now).items()
        )
        moved += [] if all(stays) else [old]
    if len(moved) >= FEW and THIRD * len(moved) >= len(coming):
        yield f"{len(moved)} of {len(coming)} coming sessions have another time"
    renamed = [old for old, new in there if spelling_key(old.title) != spelling_key(new.title)]
    if len(renamed) >= FEW and THIRD * len(renamed) >= len(coming):
        yield f"{len(renamed)} of {len(coming)} coming sessions have another title"
    twice = _copies(after) - _copies(before)
    if twice >= FEW and FIFTH * twice > len(before.sessions):
        yield f"{twice} sessions are there twice"


def _coming(event: Event, now: datetime) -> list[Session]:
    """Return the sessions that are not over, or have no time yet."""
    return [
        session
        for session in event.sessions
        if session.status != "cancelled"
        and (not (slots := event.slots(session)) or max(each.end for each in slots) > now)
    ]


def _is_off(name: str, after: Mapping[str, Session]) -> bool:
    return name not in after or after[name].status == "cancelled"


def _starts(event: Event, session: Session, now: datetime) -> dict[datetime, str | None]:
    """Return when a session begins from now on: what goes on for longer has not moved.

    Each with the uid of its entry, where that is said.
    """
    return {slot.start: slot.uid for slot in event.slots(session) if slot.start > now}


def _uids(event: Event, session: Session, now: datetime) -> set[str | None]:
    """Return the uids of a session's entries that are not over."""
    return {slot.uid for slot in event.slots(session) if slot.end > now}


def _entries(event: Event) -> dict[str | None, datetime]:
    """Return when each entry of a calendar begins, by its uid, whatever session it is of."""
    return {
        slot.uid: slot.start
        for session in event.sessions
        if session.status != "cancelled"
        for slot in event.slots(session)
        if slot.uid
    }


def _copies(event: Event) -> int:
    """Return how many sessions have the title, the time and the room of another one."""
    found = Counter(
        (spelling_key(session.title), slot.start, slot.room)
        for session in event.sessions
        for slot in event.slots(session)
    )
    return found.total() - len(found)
