"""The requests and responses of the API, as models: its documentation is made from them too."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field

from calsvc.addresses import Addresses
from calsvc.agenda.kinds import Kind
from calsvc.agenda.model import Event, Status
from calsvc.agenda.people import Person
from calsvc.agenda.places import Place
from calsvc.links import subscribe_links
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.schedule.display import CancelledPolicy
from calsvc.schedule.entries import Entry
from calsvc.schedule.itineraries import MAX_SESSIONS, Choice, Itinerary, Options, Overlap


class ResponseModel(BaseModel):
    """A part of a response."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class RequestModel(BaseModel):
    """A part of a request, which refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


_Sessions = Annotated[
    tuple[Choice, ...],
    FailFast(),  # a body has room for tens of thousands, each with several errors
    Field(max_length=MAX_SESSIONS),
]


class Choices(RequestModel):
    """A whole choice of sessions."""

    sessions: _Sessions


class NewCalendar(Options, RequestModel):
    """A personal calendar to make."""

    sessions: _Sessions = ()


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema["properties"].values():
        described.pop("default")


class CalendarChange(Options, RequestModel):
    """What to change in a personal calendar; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    shared: bool = False
    """Whether others may read the choice by an address of its own."""


class ShownSlot(ResponseModel):
    """A session's time and place; without start and end while it is only announced."""

    uid: str
    start: datetime | None
    end: datetime | None
    is_all_day: bool
    """Whether it is of whole days: from midnight before the first to midnight after the last."""
    timezone: str | None
    room: str | None
    status: Status

    @classmethod
    def of(cls, entry: Entry) -> "ShownSlot":
        """Return an entry's slot, as the API shows it."""
        slot = entry.content.slot
        return cls(
            uid=entry.uid,
            start=slot.local_start if slot else None,
            end=slot.local_end if slot else None,
            is_all_day=slot is not None and slot.is_all_day,
            timezone=slot.timezone if slot else None,
            room=entry.content.room,
            status=entry.content.status,
        )


class ChosenSession(ShownSlot):
    """A chosen session at one of its times."""

    event: str
    session: str
    title: str


class ShownOverlap(ResponseModel):
    """Two chosen sessions that one person cannot both be at."""

    first: str
    """Uid of the one."""
    second: str
    """Uid of the other."""
    minutes: int
    """Minutes of overlap; zero or less: minus the minutes left to change rooms."""

    @classmethod
    def of(cls, overlap: Overlap) -> "ShownOverlap":
        """Return an overlap, as the API shows it."""
        first, second = overlap.first.uid, overlap.second.uid
        return cls(first=first, second=second, minutes=overlap.minutes)


class Calendar(ResponseModel):
    """A personal calendar as its editor sees it."""

    name: str
    alarm: int | None
    busy: bool
    cancelled: CancelledPolicy
    feed: str
    """The secret address for calendar programs: it reads, and cannot edit."""
    links: dict[str, str]
    """That address in the form of each program."""
    shared: str | None
    """Address of the page for friends, while sharing is on."""
    choices: tuple[Choice, ...]
    sessions: tuple[ChosenSession, ...]
    """The choice with its times; what is no longer on any agenda is not here."""
    overlaps: tuple[ShownOverlap, ...]


class NewKey(Calendar):
    """A calendar just made."""

    edit_key: str
    """The secret that edits it.  It is shown once, and kept nowhere: keep it."""


class EventSummary(ResponseModel):
    """An event of the site."""

    id: str
    name: str
    series: str | None
    first_day: date
    last_day: date
    timezone: str
    venue: Place | None
    feed: str
    page: str


class ShownSession(ResponseModel):
    """A session of an event's agenda."""

    id: str
    title: str
    kind: Kind
    status: Status
    track: str | None
    tags: tuple[str, ...]
    language: str | None
    level: str | None
    people: tuple[Person, ...]
    description: str | None
    part_of: tuple[str, ...]
    url: str
    slots: tuple[ShownSlot, ...]


SHOWN_AS_WRITTEN = tuple(ShownSession.model_fields.keys() - {"url", "slots"})
"""What the API shows of a session as its agenda has it."""


class Agenda(EventSummary):
    """An event with its sessions."""

    description: str | None
    url: str | None
    version: int
    sessions: tuple[ShownSession, ...]


class Events(ResponseModel):
    """The site's events, the first day first."""

    events: tuple[EventSummary, ...]


class ProblemDetails(ResponseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def calendar_of(
    itinerary: Itinerary,
    chosen: Iterable[tuple[LiveEvent, list[Entry]]],
    overlaps: Iterable[Overlap],
    feed: str,
    shared: str | None,
) -> Calendar:
    """Return a personal calendar as the API shows it."""
    options = itinerary.options
    sessions = [
        ChosenSession(
            event=live_event.event.id,
            session=entry.session or "",
            title=entry.content.title,
            **ShownSlot.of(entry).model_dump(),
        )
        for live_event, entries in chosen
        for entry in entries
    ]
    return Calendar(
        name=options.name,
        alarm=options.alarm,
        busy=options.busy,
        cancelled=options.cancelled,
        feed=feed,
        links=subscribe_links(feed, options.name),
        shared=shared,
        choices=itinerary.choices,
        sessions=tuple(sessions),
        overlaps=tuple(map(ShownOverlap.of, overlaps)),
    )


def agenda_of(live_event: LiveEvent, addresses: Addresses) -> Agenda:
    """Return an event with its sessions, as the API shows it."""
    event = live_event.event
    sessions = [
        ShownSession(
            **{name: getattr(session, name) for name in SHOWN_AS_WRITTEN},
            url=session.url or addresses.session(event.id, session.id),
            slots=tuple(map(ShownSlot.of, live_event.schedule.of_session(session.id))),
        )
        for session in event.sessions
    ]
    return Agenda(
        **_summary(event, addresses),
        description=event.description,
        url=event.url,
        version=live_event.schedule.version,
        sessions=tuple(sessions),
    )


def _summary(event: Event, addresses: Addresses) -> dict[str, object]:
    return {
        "id": event.id,
        "name": event.name,
        "series": event.series,
        "first_day": event.first_day,
        "last_day": event.last_day,
        "timezone": event.timezone,
        "venue": event.venue,
        "feed": addresses.feed(event.id),
        "page": addresses.event(event.id),
    }


def events_of(live: Live) -> Events:
    """Return the site's events as the API lists them."""
    summaries = (EventSummary(**_summary(each.event, live.addresses)) for each in live.events)
    return Events(events=tuple(summaries))
