"""The models of an event's agenda, and the rules that it must obey.

The models have the keys of the event file, so the file's JSON Schema is made from them.
``faults`` finds the errors that no session shows by itself.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones
from calsvc.agenda.colors import Color
from calsvc.agenda.days import DAY_ENDS, Dates, DayEnd, days_between, evening_of
from calsvc.agenda.fields import (
    STORED,
    Date,
    Id,
    Language,
    Line,
    Link,
    Once,
    Text,
    Value,
    ZoneName,
    comma_separated,
    named,
    one_or_many,
    wrong,
)
from calsvc.agenda.kinds import DEFAULT_ROLES, Kind
from calsvc.agenda.mentions import Organizer, Reference, Track
from calsvc.agenda.outline import Fault, Outline
from calsvc.agenda.people import Person, short_form
from calsvc.agenda.places import Place, Room
from calsvc.agenda.slots import Slot
from calsvc.agenda.when import Slots
from calsvc.errors import Where

Status = Literal["confirmed", "tentative", "cancelled"]
MAX_ENTRIES = 20_000  # slots of all sessions together, those of parts included


_Person = Annotated[Person, short_form]
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
    tags: Annotated[tuple[Line, ...], comma_separated(Line)] = ()
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
    day_ends: DayEnd = DAY_ENDS
    """What starts before belongs to the evening before."""
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
    banner: bool = True
    """Whether its feed has an all-day entry of the event itself; without one if it is a repair.

    A feed without one is a calendar whose entries come and go."""
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
        if info.context != STORED:
            for fault in faults(self, dict(enumerate(self.sessions)), _outline(self.sessions)):
                raise wrong(fault.what, fault.advice)
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> "Event":
        """Return a copy with other values, and without what was worked out from the old ones."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("_by_id", "_parts", "_slots", "_rooms", "_tracks", "_over"):
            copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def _by_id(self) -> dict[str, Session]:
        return {session.id: session for session in reversed(self.sessions)}

    @cached_property
    def _parts(self) -> dict[str, list[Session]]:
        found: dict[str, list[Session]] = defaultdict(list)
        for session in self.sessions:
            for whole in session.part_of:
                found[whole].append(session)
        return found

    @cached_property
    def _rooms(self) -> dict[str, Room]:
        return {room.name: room for room in reversed(self.rooms)}

    @cached_property
    def _tracks(self) -> dict[str, Track]:
        return {track.name: track for track in reversed(self.tracks)}

    @cached_property
    def _over(self) -> datetime.datetime:
        """When the last day ends, in the event's zone."""
        after = datetime.datetime.combine(self.last_day + datetime.timedelta(days=1), self.day_ends)
        return timezones.zone(self.timezone).localize(after)

    @cached_property
    def _slots(self) -> dict[str, tuple[Slot, ...]]:
        return {}

    @property
    def first_day(self) -> datetime.date:
        """Return the first day of the event, in its own zone."""
        return self.dates.first if self.dates else self.date  # type: ignore[return-value]

    @property
    def last_day(self) -> datetime.date:
        """Return the last day of the event, in its own zone."""
        return self.dates.last if self.dates else self.date  # type: ignore[return-value]

    def day_of(self, local: datetime.datetime) -> datetime.date:
        """Return the day to which an aware local time belongs, on the clocks of its zone.

        After midnight that is the evening before, unless the event begins later.
        """
        evening = evening_of(local, self.day_ends)
        return evening if evening >= self.first_day else local.date()

    def days_of(self, slot: Slot, zone: BaseTzInfo) -> tuple[datetime.date, ...]:
        """Return the days that a slot touches, on the clocks of a zone.

        Until ``day_ends`` a slot is of its evening alone, and days after the event have none.
        What is of one day where the event is, is of one day everywhere, and what is all day is
        of its own days.
        """
        if slot.days:
            return tuple(days_between(*slot.days))
        home = timezones.zone(self.timezone)
        start, end = slot.local_times(zone)
        last = min(end, self._over) - datetime.timedelta.resolution

        def evening(moment: datetime.datetime, zone: datetime.tzinfo | None) -> datetime.date:
            return evening_of(moment.astimezone(zone), self.day_ends)

        first = self.day_of(start)
        if self.day_of(start.astimezone(home)) >= evening(last, home):
            return (first,)
        return tuple(days_between(first, evening(last, zone)))

    def session(self, session_id: str) -> Session | None:
        """Return the session of that id, if there is one."""
        return self._by_id.get(session_id)

    def slots(self, session: Session) -> tuple[Slot, ...]:
        """Return a session's slots with their rooms.

        A part's are those of its wholes, one for each time and place.
        """
        return _slots(session, self._by_id, self._slots)

    def wholes(self, session: Session) -> tuple[Session, ...]:
        """Return the sessions that this one is a part of, in the order of ``part_of``."""
        return tuple(whole for name in session.part_of if (whole := self.session(name)))

    def parts(self, session: Session) -> tuple[Session, ...]:
        """Return the sessions that are parts of this one, in the agenda's order."""
        return tuple(self._parts.get(session.id, ()))

    def room(self, name: str | None) -> Room | None:
        """Return the agenda's room with that name, or None."""
        return self._rooms.get(name or "")

    def track(self, name: str | None) -> Track | None:
        """Return the agenda's track with that name, or None."""
        return self._tracks.get(name or "")


def _slots(
    session: Session, sessions: Mapping[str, Session], known: dict[str, tuple[Slot, ...]]
) -> tuple[Slot, ...]:
    """Return a session's slots with their rooms; ``known`` keeps those of its wholes."""
    if session.when or not session.part_of:
        return tuple(
            slot.model_copy(update={"room": slot.room or session.room}) for slot in session.when
        )
    found: dict[object, Slot] = {}
    for name in session.part_of:
        if name in sessions and name not in known:
            known[name] = _slots(sessions[name], sessions, known)
        for slot in known.get(name, ()):
            slot = slot.model_copy(update={"room": session.room or slot.room})
            found.setdefault((slot.start, slot.end, slot.room), slot)
    return tuple(found.values())


def faults(
    event: Event | None, sessions: Mapping[int, Session], outline: Outline
) -> Iterator[Fault]:
    """Yield the errors between sessions, and the slots that are outside the event's days.

    ``sessions`` are keyed by position in the agenda; ``event`` is None if its days are
    not known.
    """
    yield from outline.repeated_ids()
    yield from _repeated_uids(sessions)
    yield from outline.unknown_wholes()
    if event:
        for index, session in sessions.items():
            for place, slot in enumerate(session.when):
                yield from _outside(event, slot, ("sessions", index, "when", place))
    nested = [*outline.circles(), *outline.too_deep()]
    yield from nested or _too_many(sessions)


def _repeated_uids(sessions: Mapping[int, Session]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for index, session in sessions.items():
        for place, slot in enumerate(session.when):
            if slot.uid is None:
                continue
            if slot.uid in first:
                yield Fault(
                    ("sessions", index, "when", place),
                    f"the uid {slot.uid!r} is taken by a slot of {first[slot.uid]}",
                    "give each slot a uid of its own, or none",
                )
            first.setdefault(slot.uid, session.id)


def _outline(sessions: Sequence[Session]) -> Outline:
    wholes = {place: session.part_of for place, session in enumerate(sessions)}
    return Outline([session.id for session in sessions], wholes)


def _too_many(sessions: Mapping[int, Session]) -> Iterator[Fault]:
    by_id = {session.id: session for session in sessions.values()}
    known: dict[str, tuple[Slot, ...]] = {}
    total = 0
    for index, session in sessions.items():
        total += len(_slots(session, by_id, known))
        if total > MAX_ENTRIES:
            what = f"is on so often that the event has more than {MAX_ENTRIES} entries"
            advice = "give it a when of its own, or split the event"
            yield Fault(("sessions", index), what, advice)
            return


def _outside(event: Event, slot: Slot, where: Where) -> Iterator[Fault]:
    local = slot.start.astimezone(timezones.zone(event.timezone))
    for day in slot.days or (event.day_of(local),):
        if not event.first_day <= day <= event.last_day:
            days = " to ".join(dict.fromkeys(map(str, (event.first_day, event.last_day))))
            what = f"is on {day if slot.days else local.date()}, outside the event ({days})"
            yield Fault(where, what, "correct one of the two")
            return
