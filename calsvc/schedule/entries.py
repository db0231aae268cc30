"""What is published of an event: a schedule and its entries.

An entry holds everything that people see of it, so that it can still be announced as
cancelled after it has left the agenda.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime

from calsvc.agenda.fields import Value
from calsvc.agenda.kinds import Kind
from calsvc.agenda.mentions import Reference
from calsvc.agenda.model import Event, Status
from calsvc.agenda.people import Person
from calsvc.agenda.places import Place
from calsvc.agenda.slots import Slot
from calsvc.agenda.titles import without_cancelled

Note = Literal["", "postponed"]
_Found = TypeVar("_Found")


class Content(Value):
    """Everything that people see of an entry."""

    title: str
    day: date | None = None
    """The first day of an all-day entry; None where the entry has a slot."""
    last_day: date | None = None
    slot: Slot | None = None
    former_slot: Slot | None = None
    """Its time before it moved; None if it has not, or has moved back."""
    former_room: str | None = None
    former_days: tuple[date, date] | None = None
    """The days of the event before it moved, the first and the last; only of its banner."""
    earlier_slots: tuple[Slot, ...] = ()
    """Times before the former one, by which a move back is known."""
    earlier_rooms: tuple[str, ...] = ()
    earlier_days: tuple[tuple[date, date], ...] = ()
    status: Status = "confirmed"
    note: Note = ""
    kind: Kind | None = None
    """None for the event's own banner."""
    room: str | None = None
    place: Place | None = None
    """Building and address, without the room."""
    track: str | None = None
    color: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    level: str | None = None
    people: tuple[Person, ...] = ()
    description: str | None = None
    titles: tuple[str, ...] = ()
    """Titles of its parts; for the banner, of the sessions that have no time yet."""
    parents: tuple[str, ...] = ()
    """Uids of the entries that this one is a part of."""
    url: str | None = None
    links: tuple[Reference, ...] = ()
    stream: str | None = None
    image: str | None = None

    @property
    def days(self) -> tuple[date, date] | None:
        """Return the first and the last day of what is all day; None for what has a time."""
        if self.slot:
            return self.slot.days
        return (self.day, self.last_day) if self.day and self.last_day else None

    @property
    def timed(self) -> Slot | None:
        """Return the slot of what has a time; None for what is all day, or has none yet."""
        return None if self.slot and self.slot.is_all_day else self.slot


class Entry(Value):
    """One slot, or the event's banner, in a schedule."""

    uid: str
    session: str | None
    """Id of its session; None for the banner."""
    key: str
    """Distinguishes the slots of one session."""
    sequence: int = 0
    created: AwareDatetime
    revised: AwareDatetime
    content: Content

    @property
    def title(self) -> str:
        """Return the title, without the mark that repeats what the status says."""
        title = self.content.title
        return without_cancelled(title) if self.is_cancelled else title

    @property
    def is_banner(self) -> bool:
        """Return whether this is the all-day entry of the event itself."""
        return self.session is None

    @property
    def is_part(self) -> bool:
        """Return whether this belongs to another entry, and is shown only on request."""
        return bool(self.content.parents)

    @property
    def is_announced(self) -> bool:
        """Return whether this stands for a session that has no time yet."""
        return not self.is_banner and self.content.slot is None

    @property
    def is_cancelled(self) -> bool:
        """Return whether this is cancelled, or has left the agenda."""
        return self.content.status == "cancelled"


class Schedule(Value):
    """A published, numbered, immutable snapshot of an event."""

    event: Event
    version: int
    """From 1, without gaps but for those that a restored database leaves."""
    published: AwareDatetime
    revised: AwareDatetime
    """When anything that people see last changed, removals included."""
    entries: tuple[Entry, ...]
    """The banner, then entries by their start, then those without a time."""
    continues: tuple[str, ...] = ()
    """The ids under which the event was published before, the latest first."""
    successor: str | None = None
    """The id under which the event goes on; None while it goes on under its own."""

    @property
    def first_id(self) -> str:
        """Return the id under which the event was published first."""
        return self.continues[-1] if self.continues else self.event.id

    @property
    def banners(self) -> tuple[Entry, ...]:
        """Return the event's own entry, as a tuple of one."""
        return self._at(None)

    def of_session(self, session_id: str) -> tuple[Entry, ...]:
        """Return the entries of one session."""
        return self._at(session_id)

    def of_sessions(self, session_ids: Iterable[str | None]) -> list[Entry]:
        """Return the entries of some sessions, in the schedule's order."""
        found = [each for name in session_ids for each in self.places(name)]
        return [self.entries[place] for place in sorted(found)]

    def places(self, session_id: str | None) -> Sequence[int]:
        """Return the places of a session's entries among all; None for the banner's."""
        return self._places.get(session_id, ())

    def chosen(self, sessions: Mapping[str | None, Set[str | None]]) -> list[Entry]:
        """Return the entries of sessions that are in the named slots, None for all of them."""
        return [
            entry
            for entry in self.of_sessions(sessions)
            if not sessions[entry.session].isdisjoint({None, entry.uid})
        ]

    def worked_out(self, make: Callable[["Schedule"], _Found]) -> _Found:
        """Return what ``make`` works out of this schedule; that is done once."""
        if make not in self._worked_out:
            self._worked_out[make] = make(self)
        found: _Found = self._worked_out[make]
        return found

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> "Schedule":
        """Return a copy with other values, and without what was worked out from the old ones."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("_places", "_worked_out"):
            copied.__dict__.pop(name, None)
        return copied

    def _at(self, session_id: str | None) -> tuple[Entry, ...]:
        return tuple(self.entries[place] for place in self.places(session_id))

    @cached_property
    def _places(self) -> dict[str | None, list[int]]:
        """Session → the places of its entries; None → that of the banner."""
        found: dict[str | None, list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            found[entry.session].append(place)
        return dict(found)

    @cached_property
    def _worked_out(self) -> dict[Callable[["Schedule"], Any], Any]:
        return {}
