"""The models of an event's agenda, and the rules that it must obey.

The models have the keys of the event file, so the file's JSON Schema is made from them.
``faults`` finds the errors that no session shows by itself.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from calsvc import timezones
from calsvc.agenda.fields import (
    STORED,
    Color,
    Date,
    Email,
    Geo,
    Id,
    Language,
    Line,
    Link,
    Once,
    Text,
    Value,
    ZoneName,
    named,
    one_or_many,
    wrong,
)
from calsvc.agenda.outline import Fault, Outline
from calsvc.agenda.slots import Slot, Slots
from calsvc.errors import Where


class Kind(StrEnum):
    """What a session is."""

    TALK = "talk"
    KEYNOTE = "keynote"
    PANEL = "panel"
    WORKSHOP = "workshop"
    TUTORIAL = "tutorial"
    DEMO = "demo"
    LIGHTNING = "lightning"
    POSTER = "poster"
    POSTER_SESSION = "poster-session"
    OPENING = "opening"
    CLOSING = "closing"
    Q_AND_A = "q-and-a"
    REGISTRATION = "registration"
    BREAK = "break"
    MEAL = "meal"
    SOCIAL = "social"
    NETWORKING = "networking"
    OTHER = "other"


Role = Literal["speaker", "moderator", "panelist", "author", "host"]
Status = Literal["confirmed", "tentative", "cancelled"]
DEFAULT_ROLES: dict[Kind, Role] = {
    Kind.PANEL: "panelist",
    Kind.POSTER: "author",
    Kind.SOCIAL: "host",
}


def _person(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name, _, organization = value.partition(",")
    return {"name": name, "organization": organization} if organization else {"name": name}


class Person(Value):
    """Someone in a session."""

    name: Line
    organization: Line | None = None
    role: Role | None = None
    """Where it is not given, the session's kind decides."""
    url: Link | None = None


class Place(Value):
    """Where an event is: a building, or a city while no more is known."""

    name: Line
    address: Line | None = None
    geo: Geo | None = None
    url: Link | None = None


class Room(Value):
    """A room of the event; its own place wins over the event's venue."""

    name: Line
    place: Annotated[Place, named(Place)] | None = None
    geo: Geo | None = None


class Track(Value):
    """A theme that sessions share."""

    name: Line
    color: Color | None = None
    description: Text | None = None


class Organizer(Value):
    """Who runs the event."""

    name: Line
    email: Email | None = None
    url: Link | None = None


class Reference(Value):
    """A link with its words: slides, a paper, a recording."""

    url: Link
    title: Line | None = None


class Dates(Value):
    """The first and the last day of an event."""

    first: Annotated[Date, Field(alias="from")]
    last: Annotated[Date, Field(alias="to")]

    @model_validator(mode="after")
    def _ordered(self) -> "Dates":
        if self.last < self.first:
            raise wrong(f"ends {self.last}, before it starts ({self.first})", "swap from and to")
        return self


_Person = Annotated[Person, BeforeValidator(_person, json_schema_input_type=Person | str)]
_Link = Annotated[Reference, named(Reference, "url")]


class Session(Value):
    """Something on the agenda."""

    id: Id
    """Written by the author, and never changed: calendars know the session by it."""
    title: Line
    kind: Kind = Kind.TALK
    when: Slots = ()
    """Its slots; none while it is announced without a time."""
    part_of: Annotated[tuple[Id, ...], one_or_many(Id), Once] = ()
    """Sessions that this one belongs to; without its own ``when`` it is on with them."""
    room: Line | None = None
    track: Line | None = None
    people: tuple[_Person, ...] = ()
    description: Text | None = None
    """Markdown."""
    tags: Annotated[tuple[Line, ...], one_or_many(Line)] = ()
    language: Language | None = None
    level: Line | None = None
    url: Link | None = None
    links: Annotated[tuple[_Link, ...], one_or_many(_Link)] = ()
    stream: Link | None = None
    status: Status = "confirmed"

    @field_validator("people")
    @classmethod
    def _with_roles(cls, people: tuple[Person, ...], info: ValidationInfo) -> tuple[Person, ...]:
        role = DEFAULT_ROLES.get(info.data.get("kind", Kind.TALK), "speaker")
        return tuple(
            person if person.role else person.model_copy(update={"role": role}) for person in people
        )


class Event(Value):
    """A conference: everything that its event file says."""

    id: Id
    name: Line
    formerly: Annotated[tuple[Id, ...], one_or_many(Id), Once] = ()
    """What the event's file was called before: its old addresses and calendars go on."""
    series: Line | None = None
    timezone: ZoneName
    date: Date | None = None
    dates: Annotated[Dates | None, Field(validate_default=True)] = None
    venue: Annotated[Place, named(Place)] | None = None
    url: Link | None = None
    description: Text | None = None
    organizer: Annotated[Organizer, named(Organizer)] | None = None
    language: Language | None = None
    image: Link | None = None
    color: Color | None = None
    status: Status = "confirmed"
    stream: Link | None = None
    registration: Link | None = None
    notes_url: Link | None = None
    changes_since: Date | None = None
    """The day, in the event's zone, from which on the site tells what changed; else all is told."""
    tracks: tuple[Annotated[Track, named(Track)], ...] = ()
    rooms: tuple[Annotated[Room, named(Room)], ...] = ()
    sessions: tuple[Session, ...] = ()

    @field_validator("formerly")
    @classmethod
    def _names_others(cls, formerly: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("id") in formerly:
            raise wrong(f"names {info.data['id']}, as the file is called now", "take it out")
        return formerly

    @field_validator("dates")
    @classmethod
    def _is_one_of_two(cls, dates: Dates | None, info: ValidationInfo) -> Dates | None:
        date = info.data.get("date", "wrong, and told of there")
        if date and dates:
            raise wrong("stands beside date", "keep one of them")
        if date is None and dates is None:
            advice = "give date: 2025-06-25, or dates: {from: 2025-06-25, to: 2025-06-27}"
            raise wrong("the event has no date", advice)
        return dates

    @model_validator(mode="after")
    def _can_be_true(self, info: ValidationInfo) -> "Event":
        if info.context is STORED:
            return self
        for fault in faults(self, dict(enumerate(self.sessions)), _outline(self.sessions)):
            raise wrong(fault.what, fault.advice)
        return self

    @property
    def first_day(self) -> datetime.date:
        """Return the first day of the event, in its own zone."""
        return self.dates.first if self.dates else self.date  # type: ignore[return-value]

    @property
    def last_day(self) -> datetime.date:
        """Return the last day of the event, in its own zone."""
        return self.dates.last if self.dates else self.date  # type: ignore[return-value]

    def session(self, session_id: str) -> Session | None:
        """Return the session with that id, or None."""
        return next((each for each in self.sessions if each.id == session_id), None)

    def slots(self, session: Session) -> tuple[Slot, ...]:
        """Return a session's slots with their rooms; a part without slots has its wholes'."""
        if session.when or not session.part_of:
            return tuple(
                slot.model_copy(update={"room": slot.room or session.room}) for slot in session.when
            )
        return tuple(
            slot.model_copy(update={"room": session.room or slot.room})
            for whole in self.wholes(session)
            for slot in self.slots(whole)
        )

    def wholes(self, session: Session) -> tuple[Session, ...]:
        """Return the sessions that this one is a part of, in the order of ``part_of``."""
        return tuple(whole for name in session.part_of if (whole := self.session(name)))

    def parts(self, session: Session) -> tuple[Session, ...]:
        """Return the sessions that are parts of this one, in the order of the agenda."""
        return tuple(each for each in self.sessions if session.id in each.part_of)

    def room(self, name: str | None) -> Room | None:
        """Return the agenda's room with that name, or None."""
        return next((each for each in self.rooms if each.name == name), None)


def faults(
    event: Event | None, sessions: Mapping[int, Session], outline: Outline
) -> Iterator[Fault]:
    """Yield the errors between sessions, and the slots that are outside the event's days.

    ``sessions`` are keyed by position in the agenda; ``event`` is None if its days are
    not known.
    """
    yield from outline.repeated_ids()
    yield from outline.unknown_wholes()
    if event:
        for index, session in sessions.items():
            for place, slot in enumerate(session.when):
                yield from _outside(event, slot, ("sessions", index, "when", place))
    yield from outline.circles()


def _outline(sessions: Sequence[Session]) -> Outline:
    wholes = {place: session.part_of for place, session in enumerate(sessions)}
    return Outline([session.id for session in sessions], wholes)


def _outside(event: Event, slot: Slot, where: Where) -> Iterator[Fault]:
    day = slot.start.astimezone(timezones.zone(event.timezone)).date()
    if not event.first_day <= day <= event.last_day:
        days = " to ".join(dict.fromkeys(map(str, (event.first_day, event.last_day))))
        yield Fault(where, f"is on {day}, outside the event ({days})", "correct one of the two")
