"""Why a change of a followed source is not to be believed before a person has looked at it.

Exports fail in ways that look like data: an empty list, half of it, all ids new, times in
another zone.  Calendars would cancel or move what people chose.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from calsvc.agenda.model import Event, Session
from calsvc.importers.snapshots import Snapshot
from calsvc.importers.updating import Import

FIFTH, THIRD = 5, 3
FEW = 2
"""Sessions that may be gone or moved of an event so small that these are a large part of it."""


def doubts(done: Import, before: Snapshot | None, now: datetime) -> list[str]:
    """Return why what an import makes of an event file should wait for a person; empty if not.

    ``before`` is what the source said last, and ``now`` a UTC instant: what is over by then
    cannot be missed.
    """
    if done.before is None or not done.merge:
        return []
    return [*_of_source(done, before), *_of_sessions(done, done.before, now)]


def _of_source(done: Import, before: Snapshot | None) -> Iterator[str]:
    if before and before.format != done.format:
        yield f"it is read as {done.format}, and was as {before.format}"
    if done.before and done.before.timezone != done.event.timezone:
        yield f"its zone is {done.event.timezone}, and was {done.before.timezone}"
    if before and before.keys:
        lasting = {*before.keys.values()} & {*done.drawing.keys.values()}
        if 2 * len(lasting) < min(len(before.keys), len(done.drawing.sessions)):
            yield f"only {len(lasting)} of its {len(before.keys)} ids of sessions are as before"


def _of_sessions(done: Import, before: Event, now: datetime) -> Iterator[str]:
    after = {session.id: session for session in done.event.sessions}
    coming = [session for session in before.sessions if _is_coming(before, session, now)]
    gone = [each for each in coming if _is_off(each.id, after)]
    moved = [
        each
        for each in coming
        if each.id in after
        and _starts(before, each) != _starts(done.event, after[each.id])
        and before.slots(each)
    ]
    if len(gone) >= FEW and FIFTH * len(gone) > len(coming):
        yield f"{len(gone)} of {len(coming)} coming sessions are gone"
    all_gone = [each for each in before.sessions if each.id not in after]
    if len(all_gone) >= FEW and 2 * len(all_gone) > len(before.sessions):
        yield f"{len(all_gone)} of all {len(before.sessions)} sessions are gone"
    if len(moved) >= FEW and THIRD * len(moved) >= len(coming):
        yield f"{len(moved)} of {len(coming)} coming sessions have another time"


def _is_coming(event: Event, session: Session, now: datetime) -> bool:
    slots = event.slots(session)
    return session.status != "cancelled" and (not slots or max(each.end for each in slots) > now)


def _is_off(name: str, after: Mapping[str, Session]) -> bool:
    return name not in after or after[name].status == "cancelled"


def _starts(event: Event, session: Session) -> set[datetime]:
    return {slot.start for slot in event.slots(session)}
