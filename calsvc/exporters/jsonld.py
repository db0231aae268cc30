"""An event, or one session, as search engines read it (schema.org, JSON-LD 1.1)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.agenda.people import Person
from calsvc.agenda.places import Place
from calsvc.agenda.plaintext import plain
from calsvc.agenda.slots import Slot
from calsvc.ical.contentline import degrees_value
from calsvc.schedule.differences import Former
from calsvc.schedule.entries import Content, Entry, Schedule

CONTEXT = "https://schema.org"
EVENT_STATUS = {
    "confirmed": "https://schema.org/EventScheduled",
    "tentative": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
}
POSTPONED = "https://schema.org/EventPostponed"
RESCHEDULED = "https://schema.org/EventRescheduled"
ATTENDANCE = {
    (True, False): "https://schema.org/OfflineEventAttendanceMode",
    (True, True): "https://schema.org/MixedEventAttendanceMode",
    (False, True): "https://schema.org/OnlineEventAttendanceMode",
}
"""By whether there is a place, and whether there is a stream."""


class Programme(NamedTuple):
    """An event with what its JSON-LD needs."""

    schedule: Schedule
    addresses: Addresses
    moved: Mapping[str, Former] = {}
    """When and where entries were before they moved, by uid."""

    @property
    def banner(self) -> Content:
        """Return the content of the event's own entry."""
        return next(entry.content for entry in self.schedule.entries if entry.is_banner)

    @property
    def home(self) -> str:
        """Return the address of the event's page."""
        return self.addresses.event(self.schedule.event.id)

    def page(self, entry: Entry) -> str:
        """Return the address of an entry's page."""
        return self.addresses.entry(self.schedule.event.id, entry.session)


def of_event(programme: Programme, *, has_parts: bool = True) -> dict[str, Any]:
    """Return an event with its timetable, without the parts of sessions.

    If ``has_parts`` is False, ``parts_of`` gives the timetable at other places of the page.
    """
    event, home = programme.schedule.event, programme.home
    entries = [each for each in programme.schedule.entries if not each.is_part]
    return {
        "@context": CONTEXT,
        "@id": home,
        **_about(programme.banner, home),
        **_place(programme.banner, f"{home}#venue"),
        "startDate": str(event.first_day),
        "endDate": str(event.last_day),
        **_organizer(event),
        **_given(subEvent=_parts(programme, entries) if has_parts else None),
    }


def parts_of(programme: Programme, entries: Iterable[Entry]) -> dict[str, Any]:
    """Return subevents to add to an event on the same page: nodes with one ``@id`` are one."""
    parts = _parts(programme, entries)
    return {"@context": CONTEXT, "@id": programme.home, "@type": "Event", "subEvent": parts}


def _parts(programme: Programme, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    venue = programme.banner.place
    return [
        {**_timed(programme, entry), **_where(entry.content, venue, programme.home)}
        for entry in entries
        if entry.content.slot
    ]


def _where(content: Content, venue: Place | None, home: str) -> dict[str, Any]:
    """Return where a subevent is: a mere reference if it is at the event's venue."""
    if content.place and content.place == venue:
        return {"location": {"@id": f"{home}#venue"}}
    return _place(content)


def of_session(programme: Programme, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return a session, once for each of its slots."""
    event = programme.schedule.event
    return [
        {
            "@context": CONTEXT,
            **_about(entry.content, programme.page(entry)),
            **_place(entry.content),
            **_timed(programme, entry),
            **_given(
                performer=[_person(person) for person in entry.content.people],
                inLanguage=entry.content.language or event.language,
            ),
            "superEvent": {
                "@type": "Event",
                "name": event.name,
                "url": programme.home,
                "startDate": str(event.first_day),
                "endDate": str(event.last_day),
                **_place(programme.banner),
            },
        }
        for entry in entries
        if entry.content.slot
    ]


def _about(content: Content, url: str) -> dict[str, Any]:
    """Return the properties that an event and a session share."""
    attendance = ATTENDANCE.get((content.place is not None, content.stream is not None))
    return {
        "@type": "Event",
        "name": content.title,
        "url": url,
        "eventStatus": POSTPONED if content.note else EVENT_STATUS[content.status],
        **_given(
            description=content.description and plain(content.description),
            image=content.image,
            eventAttendanceMode=attendance,
        ),
    }


def _timed(programme: Programme, entry: Entry) -> dict[str, Any]:
    content = entry.content
    assert content.slot
    found = {
        "@type": "Event",
        "name": content.title,
        "url": programme.page(entry),
        **_dates(content.slot),
    }
    former = programme.moved.get(entry.uid)
    if entry.is_cancelled:
        found["eventStatus"] = POSTPONED if content.note else EVENT_STATUS["cancelled"]
    elif former and former.start:
        zone = content.slot.local_start.tzinfo
        found["eventStatus"] = RESCHEDULED
        before = former.day and str(former.day)
        found["previousStartDate"] = before or _minute(former.start.astimezone(zone))
    return found


def _dates(slot: Slot) -> dict[str, str]:
    if slot.days:
        first, last = map(str, slot.days)
    else:
        first, last = _minute(slot.local_start), _minute(slot.local_end)
    return {"startDate": first, "endDate": last}


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _place(content: Content, name_of_place: str | None = None) -> dict[str, Any]:
    """Return where it takes place: in a room of a building, on the web, or both.

    ``name_of_place`` is the ``@id`` by which the rest of the page refers to the building.
    """
    where: list[dict[str, Any]] = []
    if place := content.place:
        name = ", ".join(filter(None, (content.room, place.name)))
        found = {"@type": "Place", "name": name, **_given(address=place.address)}
        if name_of_place:
            found["@id"] = name_of_place
        if place.geo:
            latitude, longitude = place.geo
            found["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": _degrees(latitude),
                "longitude": _degrees(longitude),
            }
        where.append(found)
    if content.stream:
        where.append({"@type": "VirtualLocation", "url": content.stream})
    return _given(location=where[0] if len(where) == 1 else where)


def _degrees(value: float) -> float | str:
    """Return degrees as a number, or as a text where a number would have an exponent.

    A GeoCoordinates may have either (schema.org).
    """
    text = degrees_value(value)
    return text if "e" in repr(float(text)) else float(text)


def _organizer(event: Event) -> dict[str, Any]:
    if not event.organizer:
        return {}
    organizer = {"@type": "Organization", "name": event.organizer.name}
    return {"organizer": {**organizer, **_given(url=event.organizer.url)}}


def _person(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Person", "name": person.name, **_given(url=person.url)}
    if person.organization:
        found["affiliation"] = {"@type": "Organization", "name": person.organization}
    return found


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
