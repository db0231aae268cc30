"""The differences between two schedules of an event, in parts that can be translated."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import computed_field, model_validator

from calsvc import timezones
from calsvc.agenda.fields import Value
from calsvc.agenda.names import spelling_key
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.moves import way_to
from calsvc.schedule.numbers import numbers_of
from calsvc.schedule.phrases import Phrase, facts, phrase, time_range
from calsvc.translations import N_

FIRST_SESSIONS = (
    N_("First published, with 1 session"),
    N_("First published, with {number} sessions"),
)
SESSIONS = N_("1 session"), N_("{number} sessions")
POSTERS = N_("1 poster"), N_("{number} posters")


class Former(Value):
    """An entry's previous time and room; None for one that is unknown or has not changed."""

    uid: str
    written_start: datetime | None = None
    """As its slot had it: naive on the clocks of ``timezone``, or an instant."""
    timezone: str | None = None
    room: str | None = None
    is_all_day: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_an_instant(cls, fields: Any) -> Any:
        """Take an instant too: changes were stored with nothing else once."""
        if not isinstance(fields, dict) or "start" not in fields:
            return fields
        found = {name: value for name, value in fields.items() if name != "start"}
        return {"written_start": fields["start"], **found}

    # Stored beside what was written, for copies of calsvc that know nothing else.
    @computed_field  # type: ignore[prop-decorator]
    @property
    def start(self) -> datetime | None:
        """UTC instant."""
        if self.written_start is None:
            return None
        return timezones.resolved(self.written_start, self.timezone or "UTC")

    @property
    def day(self) -> date | None:
        """Return the first of its days if it was all day, else None."""
        return self.written_start.date() if self.written_start and self.is_all_day else None


class Change(Value):
    """A change that people see in one session, or in the event itself."""

    title: str = ""
    """What changed; with its previous time, if not all slots of the session changed alike.

    Without facts, the whole sentence: old versions were stored as sentences.
    """
    session: str | None = None
    """Id of the session, the first of several with the same change; None for the event."""
    facts: tuple[Phrase, ...] = ()
    former: tuple[Former, ...] = ()
    """The entries that changed this way, each with its previous time and room."""

    def told(self, translate: Callable[[str], str] = str) -> str:
        """Return the change as a sentence, with its words passed through ``translate``.

        ``translate`` takes English words with names in braces, such as ``room {before} →
        {after}``, and returns them in another language with the same names: a ``gettext``.
        """
        details = ", ".join(fact.told(translate) for fact in self.facts)
        return ": ".join(filter(None, (self.title, details)))


def changes(before: Schedule | None, after: Schedule) -> tuple[Change, ...]:
    """Return a change for each entry that people will see change, in the agenda's order.

    A change of the whole event is reported once, and not again for each session.
    """
    if before is None:
        return (Change(facts=(_first(after),)),)
    past = {entry.uid: entry for entry in before.entries}
    seen = {entry.uid: facts(past.get(entry.uid), entry) for entry in after.entries}
    shared = [fact for entry in after.entries if entry.is_banner for fact in seen[entry.uid]]
    found = []
    for entry in after.entries:
        old, all_facts = past.get(entry.uid), seen[entry.uid]
        own = all_facts if entry.is_banner else [fact for fact in all_facts if fact not in shared]
        if own:
            is_alike = all(
                seen[slot.uid] == all_facts for slot in after.of_session(entry.session or "")
            )
            title = entry.content.title if is_alike else _named_apart(old, entry)
            found.append(_change(title, entry, old, own))
    now = {entry.uid for entry in after.entries}
    found += [
        _change(entry.content.title, entry, entry, [_gone(entry)])
        for entry in before.entries
        if entry.uid not in now
    ]
    return tuple(_once(found))


def moved(
    schedule: Schedule, past: Iterable[Change], told: Iterable[Change] | None = None
) -> dict[str, Former]:
    """Return the previous time and room of the entries that moved, by uid.

    ``past`` holds the changes that led to the schedule, the latest last; ``told`` those of
    which the site tells, which may be fewer.  Entries that never moved, or moved back, are left
    out.  What an entry remembers counts; those of an older calsvc remember nothing.
    """
    past = list(past)
    former, known = _by_uid(past), _by_uid(past if told is None else told)
    found = {}
    for entry in schedule.entries:
        before, told_of = former.get(entry.uid, []), known.get(entry.uid, [])
        start, room = _remembered(entry) or (
            way_to([each.start for each in before], _start(entry), datetime.timestamp)[1],
            way_to([each.room for each in before], entry.content.room, spelling_key)[1],
        )
        if start not in {each.start for each in told_of}:
            start = None
        rooms = {spelling_key(each.room or "") for each in told_of}
        # Written in another way, it is the same room.
        if spelling_key(room or "") not in rooms - {spelling_key(entry.content.room or "")}:
            room = None
        if start or room:
            found[entry.uid] = _former(entry, start, room)
    return found


def _former(entry: Entry, start: datetime | None, room: str | None) -> Former:
    """Return when and where an entry was; one that was all day was so on its days."""
    former = Former(uid=entry.uid, written_start=start, room=room)
    slot = entry.content.former_slot
    if start is None or slot is None or not slot.is_all_day:
        return former
    written = {"written_start": slot.written_start, "timezone": slot.timezone}
    return former.model_copy(update={**written, "is_all_day": True})


def _by_uid(past: Iterable[Change]) -> dict[str, list[Former]]:
    found: dict[str, list[Former]] = {}
    for change in past:
        for previous in change.former:
            found.setdefault(previous.uid, []).append(previous)
    return found


def _remembered(entry: Entry) -> tuple[datetime | None, str | None] | None:
    """Return when an entry began and where it was before; None if it remembers nothing."""
    slot, room = entry.content.former_slot, entry.content.former_room
    if slot is None and room is None:
        return None
    start = slot.start if slot else None
    return (None if start == _start(entry) else start), room


def _start(entry: Entry) -> datetime | None:
    return entry.content.slot.start if entry.content.slot else None


def _change(title: str, entry: Entry, old: Entry | None, told: Sequence[Phrase]) -> Change:
    past = Former(uid=entry.uid)
    if old:
        slot = old.content.slot
        past = Former(
            uid=entry.uid,
            written_start=slot and slot.written_start,
            timezone=slot and slot.timezone,
            room=old.content.room,
        )
    return Change(title=title, session=entry.session, facts=tuple(told), former=(past,))


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Merge changes with equal sentences: a session with three slots is renamed once."""
    alike: dict[str, list[Change]] = {}
    for change in found:
        alike.setdefault(change.told(), []).append(change)
    for same in alike.values():
        former = tuple(previous for change in same for previous in change.former)
        yield same[0].model_copy(update={"former": former})


def _named_apart(past: Entry | None, entry: Entry) -> str:
    """Return the title, with the previous time of the entry, if any, to set it apart."""
    slot = past and past.content.slot
    return f"{entry.content.title} ({time_range(slot)})" if slot else entry.content.title


def _first(schedule: Schedule) -> Phrase:
    sessions, posters = numbers_of(schedule.entries)
    if not sessions + posters:
        return phrase(N_("First published, as save-the-date"))
    if not posters:
        return _with_number(FIRST_SESSIONS, sessions)
    together = {
        "sessions": _with_number(SESSIONS, sessions),
        "posters": _with_number(POSTERS, posters),
    }
    return phrase(N_("First published, with {sessions} and {posters}"), **together)


def _with_number(words: tuple[str, str], number: int) -> Phrase:
    """Return a phrase for one thing, or for that number of them."""
    one, several = words
    return phrase(one) if number == 1 else phrase(several, number=str(number))


def _gone(entry: Entry) -> Phrase:
    if entry.is_cancelled:
        return phrase(N_("no longer listed as cancelled"))
    return phrase(N_("removed"))
