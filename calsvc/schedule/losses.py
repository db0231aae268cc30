"""What a new version would lose of the one before it, perhaps by accident."""

from pydantic import BaseModel

from calsvc.agenda.model import Event
from calsvc.agenda.slots import Slot
from calsvc.errors import EmptiedEventError
from calsvc.schedule.entries import Schedule

FEW = 4  # sessions that may vanish at once without anyone asking


def refuse_emptied(event: Event, previous: Schedule) -> None:
    """Raise ``EmptiedEventError`` when a new version would cancel every session.

    A calendar without an event of its own may have others by now: what a repaired one lacks was
    judged when it was read.
    """
    if not event.banner and event.sessions:
        return
    before = {session.id for session in previous.event.sessions}
    if before and before.isdisjoint(session.id for session in event.sessions):
        former = previous.event.id
        raise EmptiedEventError(
            f"has none of the {len(before)} sessions that {former} had",
            f"to take the event back, run calsvc publish --withdraw {event.id}"
            if former == event.id
            else f"if it is another event than {former}, take that out of formerly",
        )


def refuse_lost(event: Event, previous: Schedule, file: str) -> None:
    """Raise ``EmptiedEventError`` when a new version would cancel most sessions.

    ``file`` is the path to name in the command that publishes it all the same.
    """
    refuse_emptied(event, previous)
    before = previous.event.sessions
    gone = _gone(event, previous) if event.banner else []
    if len(gone) > FEW and len(gone) * 2 > len(before):
        raise EmptiedEventError(
            f"lacks {len(gone)} of the {len(before)} sessions that {event.id} had",
            f"if that is meant, run calsvc publish {file}",
        )


def looks_half_written(event: Event, previous: Schedule, *, ends_midline: bool) -> bool:
    """Tell whether a file may still be being written.

    Its last session is then the beginning of what it was, and either the file ends in the
    middle of a line, or the sessions after that one are gone.  Where the last session is
    whole, the others were deleted: many editors write no end of the last line.
    """
    last = event.sessions[-1] if event.sessions else None
    past = previous.event.session(last.id) if last else None
    if past is None or past == last or not _begins(last, past):
        return False
    before = [session.id for session in previous.event.sessions]
    gone = _gone(event, previous)
    return ends_midline or (bool(gone) and before[-len(gone) :] == gone)


def _gone(event: Event, previous: Schedule) -> list[str]:
    """Return the ids of the sessions that are no longer on the agenda, in its order."""
    left = {session.id for session in event.sessions}
    return [each.id for each in previous.event.sessions if each.id not in left]


def _begins(part: object, whole: object) -> bool:
    """Tell whether a value may be what is left when the file ends within it."""
    if part == whole or part is None:
        return True
    if isinstance(part, Slot) and isinstance(whole, Slot):
        return part.start == whole.start
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    if isinstance(part, tuple) and isinstance(whole, tuple):
        return len(part) <= len(whole) and all(map(_begins, part, whole))
    if isinstance(part, BaseModel) and isinstance(whole, BaseModel):
        given = part.model_fields_set
        return all(_begins(getattr(part, name), getattr(whole, name)) for name in given)
    return False
