"""The uid of each slot of an agenda, by which calendars recognize it.

A slot is the same as one before by its key (its own id, or for a part the whole's slot),
then as ``matching`` says.  The uid of a slot that never was is the one that the agenda gives
it, as calendars knew it before, else a UUIDv5 of the event, the session and the slot; from
then on it is remembered, whatever is renamed, moved or reordered.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from calsvc import timezones
from calsvc.agenda.model import Event, Session, Status
from calsvc.agenda.slots import Slot
from calsvc.schedule.entries import Entry
from calsvc.schedule.matching import Showing, matched

NAMESPACE = uuid5(NAMESPACE_URL, "tag:calsvc,2026:entry")


def banner_uid(event_id: str) -> str:
    """Return the uid of the all-day entry of an event, by the id that it had first."""
    return str(uuid5(NAMESPACE, event_id))


def nothing_uid(owner: str) -> str:
    """Return the uid of the entry that fills a feed without any other."""
    return str(uuid5(NAMESPACE, f"{owner}//nothing"))


class Identity(NamedTuple):
    """A session's slot, None if it has no time, with the identity that calendars know."""

    uid: str
    key: str
    slot: Slot | None
    parents: tuple[str, ...] = ()
    statuses: frozenset[Status] = frozenset()


class _Wanted(NamedTuple):
    """A slot of the agenda, before its uid is known."""

    key: str | None
    slot: Slot | None
    parents: tuple[str, ...] = ()
    statuses: frozenset[Status] = frozenset()


class Identities:
    """The identities of an event's slots, given the entries of its previous schedule."""

    def __init__(self, event: Event, before: tuple[Entry, ...], now: datetime) -> None:
        self._event = event
        self._now = now
        self._past: dict[str, list[Entry]] = {}
        owners = {} if event.banner else _owners(event)
        for entry in before:
            if entry.session:
                self._past.setdefault(owners.get(entry.uid, entry.session), []).append(entry)
        self._taken = {entry.uid for entry in before}
        self._known: dict[str, tuple[Identity, ...]] = {}

    def of(self, session: Session) -> tuple[Identity, ...]:
        """Return an identity for each slot of a session, or a single one if it has no slot."""
        if session.id not in self._known:
            wanted = self._wanted(session) or [_Wanted(None, None)]
            self._known[session.id] = self._named(session, wanted)
        return self._known[session.id]

    def is_waiting(self, session: Session) -> bool:
        """Tell whether the session has no time yet, or no longer."""
        return all(each.slot is None for each in self.of(session))

    def had_a_time(self, session: Session) -> bool:
        """Return whether the previous schedule has the session with a time."""
        return any(not entry.is_announced for entry in self._past.get(session.id, ()))

    def _wanted(self, session: Session) -> list[_Wanted]:
        """Return the slots that the agenda gives a session, with their parents and statuses."""
        wholes = [(whole, self.of(whole)) for whole in self._event.wholes(session)]
        if session.when:
            return [
                _Wanted(slot.id, slot, self._parents_at(slot, wholes))
                for slot in self._event.slots(session)
            ]
        wanted = [
            _Wanted(
                f"{whole.id}/{identity.key}",
                identity.slot
                and identity.slot.model_copy(
                    update={"room": session.room or identity.slot.room, "uid": None}
                ),
                (identity.uid,),
                identity.statuses | {whole.status},
            )
            for whole, identities in wholes
            for identity in identities
        ]
        # A part of a whole without a time has no time there.
        timed = [each for each in wanted if each.slot]
        return _once_each(timed) or wanted[:1]

    def _parents_at(
        self, slot: Slot, wholes: list[tuple[Session, tuple[Identity, ...]]]
    ) -> tuple[str, ...]:
        """Return the uids of the wholes' slots that a part's slot overlaps, or of their first ones.

        A whole that has no time any more keeps the first that it had.
        """
        overlapping = tuple(
            identity.uid
            for _, identities in wholes
            for identity in identities
            if identity.slot and identity.slot.start < slot.end and slot.start < identity.slot.end
        )
        if overlapping:
            return overlapping
        return tuple(self._first_uid(whole, first) for whole, (first, *_) in wholes)

    def _first_uid(self, whole: Session, first: Identity) -> str:
        past = [] if first.slot else self._past.get(whole.id, [])
        return past[0].uid if past else first.uid

    def _named(self, session: Session, wanted: list[_Wanted]) -> tuple[Identity, ...]:
        past = self._past.get(session.id, [])
        keys = {entry.uid: _key(entry, session) for entry in past}
        uids_last = self._do_uids_last(wanted, past)
        now = [
            _showing(place, each.key or keys.get((each.slot and each.slot.uid) or ""), each.slot)
            for place, each in enumerate(wanted)
        ]
        then = [
            _showing(place, keys[entry.uid], entry.content.slot)._replace(
                room=entry.content.room,
                is_cancelled=entry.is_cancelled,
                is_fixed=uids_last or self._is_over(entry),
            )
            for place, entry in enumerate(past)
        ]
        same = matched(now, then, timezones.zone(self._event.timezone))
        used = {*keys.values()} | {each.key for each in wanted if each.key}
        numbers = (f"#{number}" for number in count(1) if f"#{number}" not in used)
        named: dict[int, Identity] = {}
        for place in (each.place for each in sorted(now, key=lambda each: each.order)):
            each, before = wanted[place], past[same[place]] if place in same else None
            if before and self._is_another(each.slot, before):
                before = None
            kept = keys[before.uid] if before and keys[before.uid][:1] == "#" else None
            key = each.key or kept or next(numbers)
            uid = before.uid if before else self._given_uid(each.slot)
            uid = uid or self._fresh_uid(f"{session.id}/{key}")
            named[place] = Identity(uid, key, each.slot, each.parents, each.statuses)
        return tuple(named[place] for place in range(len(wanted)))

    def _is_another(self, slot: Slot | None, before: Entry) -> bool:
        """Tell whether a slot is another one than an entry that took place already.

        So it is in calendars, of no event, that have only the next meeting, with its own uid.
        """
        past = before.content.slot
        if slot is None or past is None or not self._is_over(before):
            return False
        return slot.start != past.start and slot.uid != before.uid

    def _is_over(self, entry: Entry) -> bool:
        """Tell whether an entry of a calendar, which is no event, took place already."""
        slot = entry.content.slot
        return not self._event.banner and slot is not None and slot.end <= self._now

    def _do_uids_last(self, wanted: Iterable[_Wanted], past: Iterable[Entry]) -> bool:
        """Tell whether the uids that a calendar gives slots of a session are those of before.

        One that is known at its time shows it; a series that moved as a whole has none.
        """
        if self._event.banner:
            return False
        starts = {entry.uid: entry.content.slot.start for entry in past if entry.content.slot}
        slots = (each.slot for each in wanted)
        return any(slot and slot.uid and starts.get(slot.uid) == slot.start for slot in slots)

    def _given_uid(self, slot: Slot | None) -> str | None:
        """Return the uid that the agenda gives a slot, unless an entry has it already."""
        if slot is None or slot.uid is None or slot.uid in self._taken:
            return None
        self._taken.add(slot.uid)
        return slot.uid

    def _fresh_uid(self, name: str) -> str:
        for attempt in count(1):
            again = f"~{attempt}" if attempt > 1 else ""
            uid = str(uuid5(NAMESPACE, f"{self._event.id}/{name}{again}"))
            if uid not in self._taken:
                self._taken.add(uid)
                return uid
        raise AssertionError("count never ends")


def _owners(event: Event) -> dict[str, str]:
    """Return the ids of the sessions of a calendar by the uids that it gives their slots.

    One showing of a series that gets a title of its own goes to another session with its uid.
    """
    return {slot.uid: each.id for each in event.sessions for slot in each.when if slot.uid}


def _key(entry: Entry, session: Session) -> str:
    """Return the key of an entry before, which may have been another session's."""
    return entry.key if entry.session == session.id else f"{entry.session} {entry.key}"


def _showing(place: int, key: str | None, slot: Slot | None) -> Showing:
    if slot is None:
        return Showing(place, key, None, None, None)
    return Showing(place, key, slot.start, slot.end, slot.room)


_WORSE: tuple[Status, ...] = ("tentative", "cancelled")


def _once_each(wanted: Iterable[_Wanted]) -> list[_Wanted]:
    """Return the slots of a part, those of one time and place as one of all their wholes.

    It is on there as long as one of them is.
    """
    found: dict[object, _Wanted] = {}
    for each in wanted:
        assert each.slot
        place = each.slot.start, each.slot.end, each.slot.room
        if first := found.get(place):
            statuses = min(
                first.statuses, each.statuses, key=lambda found: [s in found for s in _WORSE[::-1]]
            )
            each = first._replace(parents=first.parents + each.parents, statuses=statuses)
        found[place] = each
    return list(found.values())
