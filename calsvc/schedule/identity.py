"""The uid of each slot of an agenda, by which calendars recognize it.

A slot is matched with a previous one by its key (its own id, or for a part the whole's
slot), then by an equal start, then by its order.  The uid of a new slot is a UUIDv5 of the
event, the session and the slot; from then on it is remembered, whatever is renamed, moved
or reordered.
"""

from itertools import count
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from calsvc.agenda.model import Event, Session, Status
from calsvc.agenda.slots import Slot
from calsvc.schedule.entries import Entry

NAMESPACE = uuid5(NAMESPACE_URL, "tag:calsvc,2026:entry")


def banner_uid(event_id: str) -> UUID:
    """Return the uid of the all-day entry of an event, by the id that it had first."""
    return uuid5(NAMESPACE, event_id)


def nothing_uid(owner: str) -> UUID:
    """Return the uid of the entry that fills a feed without any other."""
    return uuid5(NAMESPACE, f"{owner}//nothing")


class Identity(NamedTuple):
    """A session's slot, or None without one, with the identity that calendars know."""

    uid: UUID
    key: str
    slot: Slot | None
    parents: tuple[UUID, ...] = ()
    statuses: frozenset[Status] = frozenset()


class _Wanted(NamedTuple):
    """A slot of the agenda, before its uid is known."""

    key: str | None
    slot: Slot | None
    parents: tuple[UUID, ...] = ()
    statuses: frozenset[Status] = frozenset()


class Identities:
    """The identities of an event's slots, given the entries of its previous schedule."""

    def __init__(self, event: Event, before: tuple[Entry, ...]) -> None:
        self._event = event
        self._past: dict[str, list[Entry]] = {}
        for entry in before:
            if entry.session:
                self._past.setdefault(entry.session, []).append(entry)
        self._taken = {entry.uid for entry in before}
        self._known: dict[str, tuple[Identity, ...]] = {}

    def of(self, session: Session) -> tuple[Identity, ...]:
        """Return an identity for each slot of a session, or a single one if it has no slot."""
        if session.id not in self._known:
            wanted = self._wanted(session) or [_Wanted(None, None)]
            self._known[session.id] = self._named(session, wanted)
        return self._known[session.id]

    def had_a_time(self, session: Session) -> bool:
        """Return whether the previous schedule has the session with a time."""
        return any(not entry.is_announced for entry in self._past.get(session.id, ()))

    def _wanted(self, session: Session) -> list[_Wanted]:
        """Return the slots that the agenda gives a session, with their parents and statuses."""
        wholes = [(whole, self.of(whole)) for whole in self._event.wholes(session)]
        if session.when:
            return [
                _Wanted(slot.id, slot, _parents_at(slot, [each for _, each in wholes]))
                for slot in self._event.slots(session)
            ]
        wanted = [
            _Wanted(
                f"{whole.id}/{identity.key}",
                identity.slot
                and identity.slot.model_copy(update={"room": session.room or identity.slot.room}),
                (identity.uid,),
                identity.statuses | {whole.status},
            )
            for whole, identities in wholes
            for identity in identities
        ]
        # A part of a whole without a time has no time there.
        timed = [each for each in wanted if each.slot]
        return timed or wanted[:1]

    def _named(self, session: Session, wanted: list[_Wanted]) -> tuple[Identity, ...]:
        past = self._past.get(session.id, [])
        matched = _matched(wanted, past)
        used = {entry.key for entry in past} | {want.key for want in wanted if want.key}
        numbers = (f"#{number}" for number in count(1) if f"#{number}" not in used)
        named = []
        for want, same in zip(wanted, matched, strict=True):
            key = want.key or (same.key if same and same.key[:1] == "#" else next(numbers))
            uid = same.uid if same else self._fresh_uid(f"{session.id}/{key}")
            named.append(Identity(uid, key, want.slot, want.parents, want.statuses))
        return tuple(named)

    def _fresh_uid(self, name: str) -> UUID:
        for attempt in count(1):
            again = f"~{attempt}" if attempt > 1 else ""
            uid = uuid5(NAMESPACE, f"{self._event.id}/{name}{again}")
            if uid not in self._taken:
                self._taken.add(uid)
                return uid
        raise AssertionError("count never ends")


def _parents_at(slot: Slot, wholes: list[tuple[Identity, ...]]) -> tuple[UUID, ...]:
    """Return the uids of the wholes' slots that a part's slot overlaps, or of their first ones."""
    overlapping = tuple(
        identity.uid
        for identities in wholes
        for identity in identities
        if identity.slot and identity.slot.start < slot.end and slot.start < identity.slot.end
    )
    return overlapping or tuple(identities[0].uid for identities in wholes)


def _matched(wanted: list[_Wanted], past: list[Entry]) -> list[Entry | None]:
    """Return the previous entry of each wanted slot, None for a new slot."""
    left = list(past)
    # A cancelled slot among others is not moved to the time of a new one; but a session that
    # comes back as a whole comes back under its uids.
    comes_back = all(entry.is_cancelled for entry in past)
    found: list[Entry | None] = [None] * len(wanted)

    def by_key(want: _Wanted, entry: Entry) -> bool:
        return want.key is not None and want.key == entry.key

    def by_start(want: _Wanted, entry: Entry) -> bool:
        slot = entry.content.slot
        return slot is not None and want.slot is not None and want.slot.start == slot.start

    def by_order(want: _Wanted, entry: Entry) -> bool:
        return comes_back or not entry.is_cancelled

    for is_same in (by_key, by_start, by_order):
        for index, want in enumerate(wanted):
            if found[index] is None:
                found[index] = next((entry for entry in left if is_same(want, entry)), None)
                if match := found[index]:
                    left.remove(match)
    return found
