"""What is published of an event: a schedule, and its entries.

An entry holds all that people see of it, so that one which is no longer on the agenda
can still be announced as cancelled.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from calsvc.agenda.fields import Value
from calsvc.agenda.model import Event, Kind, Reference, Status
from calsvc.agenda.people import Person
from calsvc.agenda.places import Place
from calsvc.agenda.slots import Slot
from calsvc.agenda.titles import without_cancelled

Note = Literal["", "postponed"]


class Content(Value):
    """Everything that people see of an entry."""

    title: str
    day: date | None = None
    """The first day of an all-day entry; None where the entry has a slot."""
    last_day: date | None = None
    slot: Slot | None = None
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
    """Titles of the parts of a whole; for the banner, of what has no time yet."""
    parents: tuple[UUID, ...] = ()
    """Uids of the entries that this one is a part of."""
    url: str | None = None
    links: tuple[Reference, ...] = ()
    stream: str | None = None
    image: str | None = None


class Entry(Value):
    """One slot, or the event's banner, in a schedule."""

    uid: UUID
    session: str | None
    """Id of its session; None for the banner."""
    key: str
    """Tells the slots of one session apart."""
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
        """Tell whether this is the all-day entry of the event itself."""
        return self.session is None

    @property
    def is_part(self) -> bool:
        """Tell whether this belongs to another entry, and is shown only when asked for."""
        return bool(self.content.parents)

    @property
    def is_announced(self) -> bool:
        """Tell whether this stands for a session that has no time yet."""
        return not self.is_banner and self.content.slot is None

    @property
    def is_cancelled(self) -> bool:
        """Tell whether this was on the agenda, and is no longer."""
        return self.content.status == "cancelled"


class Schedule(Value):
    """A published, numbered, never-changed snapshot of an event."""

    event: Event
    version: int
    """From 1, without gaps."""
    published: AwareDatetime
    revised: AwareDatetime
    """When something that people see changed last, removals included."""
    entries: tuple[Entry, ...]
    """The banner, then by time, then what has no time."""

    def of_session(self, session_id: str) -> tuple[Entry, ...]:
        """Return the entries of one session."""
        return tuple(entry for entry in self.entries if entry.session == session_id)
