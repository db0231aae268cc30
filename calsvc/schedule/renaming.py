"""What happens when an event's file gets another name: which version the event goes on from.

The event file says what it was called before (``formerly``).  The first version under the new
id follows the newest one under a former id, and the former id gets a last version, which
names its successor.  All functions are pure.
"""

from collections.abc import Iterable, Mapping, Sequence

from calsvc.errors import RenamingError
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import phrase
from calsvc.schedule.versions import Draft, Version
from calsvc.translations import N_

FORWARDED = N_("Renamed, now {event}")


def renamed(event_id: str) -> Change:
    """Return the change with which an event starts under a new id; ``event_id`` is the former."""
    return Change(facts=(phrase(N_("Renamed, was {event}"), event=event_id),))


def followed(event_id: str, formerly: Sequence[str], newest: Mapping[str, Schedule]) -> str | None:
    """Return the id whose newest schedule the next version of an event follows; None for none.

    ``newest`` holds the newest schedule of each id that was ever published, as far as it is
    ``event_id`` or one of ``formerly``.  Raises ``RenamingError`` if the event goes on under
    an id that ``formerly`` does not name, or if another event goes on from a former id.
    """
    ids = (event_id, *formerly)
    for each in formerly:
        successor = newest[each].successor if each in newest else None
        if successor and successor not in ids:
            raise RenamingError(
                f"formerly names {each}, which is called {successor} now",
                f"name {each} in one event only; if this is that event, add {successor}",
            )
    present = [each for each in ids if each in newest and newest[each].successor is None]
    if event_id in present:
        return event_id
    if event_id in newest and not present:
        successor = newest[event_id].successor
        raise RenamingError(
            f"{event_id} is called {successor} now",
            f"use that name; or to go back to this one, write formerly: [{successor}] in its file",
        )
    return max(present, key=lambda each: newest[each].published, default=None)


def forwarded(version: Version, schedule: Schedule, successor: Draft) -> Draft:
    """Return the last version under a former id: it says under which id the event goes on.

    ``version`` and ``schedule`` are the newest under the former id; ``successor`` is the
    first version under the new one.
    """
    event_id = successor.schedule.event.id
    update = {
        "version": version.number + 1,
        "published": successor.schedule.published,
        "successor": event_id,
    }
    return Draft(
        schedule.model_copy(update=update),
        successor.source,
        successor.message,
        (Change(facts=(phrase(FORWARDED, event=event_id),)),),
        version.is_withdrawn,
    )


def whole_history(own: Sequence[Version], former: Iterable[Version]) -> list[Version]:
    """Return the versions of an event under all its ids, the newest first.

    ``own`` are those under its present id, the newest first; ``former`` all others, in any
    order.  Versions that only say where an event goes on are left out.
    """
    former = list(former)
    if not former:
        return list(own)
    newest, *rest = own
    told = [version for version in (*rest, *former) if not _only_forwards(version)]
    return [newest, *sorted(told, key=lambda version: version.published, reverse=True)]


def _only_forwards(version: Version) -> bool:
    return any(fact.words == FORWARDED for change in version.changes for fact in change.facts)
