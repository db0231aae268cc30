"""What differs between two schedules of an event, in parts that any language can tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import AwareDatetime

from calsvc.agenda.fields import Value
from calsvc.agenda.names import spelling_key
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.phrases import Phrase, facts, phrase, time_range
from calsvc.translations import N_

_Known = TypeVar("_Known")


class Former(Value):
    """An entry as it was before: None is what was not known, or has not changed."""

    uid: UUID
    start: AwareDatetime | None = None
    """UTC instant."""
    room: str | None = None


class Change(Value):
    """What people see changed of one session, or of the event itself."""

    title: str = ""
    """What changed, with the time that people know it by where there are several.

    Without facts, all there is to tell: versions were stored as sentences once.
    """
    session: str | None = None
    """Id of the session, the first of those that are told of alike; None for the event."""
    facts: tuple[Phrase, ...] = ()
    former: tuple[Former, ...] = ()
    """The entries that changed so, each with the time and room that it had before."""

    def told(self, translate: Callable[[str], str] = str) -> str:
        """Return the change as a sentence, its words as ``translate`` puts them.

        ``translate`` takes English words with names in braces, such as ``room {before} →
        {after}``, and returns them in another language with the same names: a ``gettext``.
        """
        told = ", ".join(fact.told(translate) for fact in self.facts)
        return ": ".join(filter(None, (self.title, told)))


def changes(before: Schedule | None, after: Schedule) -> tuple[Change, ...]:
    """Return a change for each entry that people will see changed, in the agenda's order.

    What changed for the whole event is told once, and not again for each session.
    """
    if before is None:
        return (Change(facts=(_first(after),)),)
    past = {entry.uid: entry for entry in before.entries}
    seen = {entry.uid: facts(past.get(entry.uid), entry) for entry in after.entries}
    shared = [fact for entry in after.entries if entry.is_banner for fact in seen[entry.uid]]
    found = []
    for entry in after.entries:
        old, mine = past.get(entry.uid), seen[entry.uid]
        told = mine if entry.is_banner else [fact for fact in mine if fact not in shared]
        if told:
            same = all(seen[each.uid] == mine for each in after.of_session(entry.session or ""))
            title = entry.content.title if same else _named_apart(old, entry)
            found.append(_change(title, entry, old, told))
    now = {entry.uid for entry in after.entries}
    found += [
        _change(entry.content.title, entry, entry, [_gone(entry)])
        for entry in before.entries
        if entry.uid not in now
    ]
    return tuple(_once(found))


def moved(schedule: Schedule, past: Iterable[Change]) -> dict[UUID, Former]:
    """Return the time and room that entries had before those of now, by their uids.

    ``past`` is what led to the schedule, the latest last.  Entries that are when and where
    they always were, or are back there, have none.
    """
    former: dict[UUID, list[Former]] = {}
    for change in past:
        for each in change.former:
            former.setdefault(each.uid, []).append(each)
    found = {}
    for entry in schedule.entries:
        before = former.get(entry.uid, [])
        start = _last_other([each.start for each in before], _start(entry))
        room = _last_other([each.room for each in before], entry.content.room)
        if spelling_key(room or "") == spelling_key(entry.content.room or ""):
            room = None  # written in another way
        if start or room:
            found[entry.uid] = Former(uid=entry.uid, start=start, room=room)
    return found


def _last_other(before: Sequence[_Known | None], now: _Known | None) -> _Known | None:
    """Return what was known before what is now; ways there and back do not count."""
    path: list[_Known | None] = []
    for each in (*filter(None, before), now):
        if each in path:
            del path[path.index(each) :]
        path.append(each)
    return path[-2] if len(path) > 1 else None


def _start(entry: Entry) -> datetime | None:
    return entry.content.slot.start if entry.content.slot else None


def _change(title: str, entry: Entry, old: Entry | None, facts: Sequence[Phrase]) -> Change:
    past = Former(uid=entry.uid)
    if old:
        past = Former(uid=entry.uid, start=_start(old), room=old.content.room)
    return Change(title=title, session=entry.session, facts=tuple(facts), former=(past,))


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Tell changes alike as one: a session on at three times is renamed once."""
    alike: dict[str, list[Change]] = {}
    for change in found:
        alike.setdefault(change.told(), []).append(change)
    for same in alike.values():
        former = tuple(each for change in same for each in change.former)
        yield same[0].model_copy(update={"former": former})


def _named_apart(past: Entry | None, entry: Entry) -> str:
    """Return the title, with the time that people know the entry by if there are others."""
    slot = past and past.content.slot
    return f"{entry.content.title} ({time_range(slot)})" if slot else entry.content.title


def _first(schedule: Schedule) -> Phrase:
    match len({entry.session for entry in schedule.entries if entry.session}):
        case 0:
            return phrase(N_("First published, as save-the-date"))
        case 1:
            return phrase(N_("First published, with 1 session"))
        case number:
            return phrase(N_("First published, with {number} sessions"), number=str(number))


def _gone(entry: Entry) -> Phrase:
    if entry.is_cancelled:
        return phrase(N_("no longer listed as cancelled"))
    return phrase(N_("removed"))
