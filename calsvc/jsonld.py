"""An event, or one session, as search engines read it (schema.org, JSON-LD 1.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from calsvc.model import Event, Person
from calsvc.schedule import Content, Entry, Schedule

CONTEXT = "https://schema.org"
STATUS = {
    "confirmed": "https://schema.org/EventScheduled",
    "tentative": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
}
POSTPONED = "https://schema.org/EventPostponed"
ATTENDANCE = {
    (True, False): "https://schema.org/OfflineEventAttendanceMode",
    (True, True): "https://schema.org/MixedEventAttendanceMode",
    (False, True): "https://schema.org/OnlineEventAttendanceMode",
}
"""By whether there is a place, and a stream."""


def of_event(schedule: Schedule, home: str, *, has_parts: bool = True) -> dict[str, Any]:
    """Return an event with its timetable; ``home`` is the address of its page.

    Without parts, ``parts_of`` has them, for other places of the same page.
    """
    event = schedule.event
    banner = next(entry.content for entry in schedule.entries if entry.is_banner)
    entries = [entry for entry in schedule.entries if not entry.is_part] if has_parts else []
    return {
        "@context": CONTEXT,
        "@id": home,
        **_about(banner, home),
        "startDate": str(event.first_day),
        "endDate": str(event.last_day),
        **_organizer(event),
        **_given(subEvent=_parts(entries, home)),
    }


def parts_of(entries: Iterable[Entry], home: str) -> dict[str, Any]:
    """Return more parts of the event of that page: nodes of one ``@id`` are one."""
    return {"@context": CONTEXT, "@id": home, "@type": "Event", "subEvent": _parts(entries, home)}


def _parts(entries: Iterable[Entry], home: str) -> list[dict[str, Any]]:
    return [_timed(entry, _page(home, entry)) for entry in entries if entry.content.slot]


def of_session(schedule: Schedule, entries: Iterable[Entry], home: str) -> list[dict[str, Any]]:
    """Return a session, once for each of its times."""
    event = schedule.event
    return [
        {
            "@context": CONTEXT,
            **_about(entry.content, _page(home, entry)),
            **_timed(entry, _page(home, entry)),
            **_given(
                performer=[_person(person) for person in entry.content.people],
                inLanguage=entry.content.language or event.language,
            ),
            "superEvent": {
                "@type": "Event",
                "name": event.name,
                "url": home,
                "startDate": str(event.first_day),
                "endDate": str(event.last_day),
                **_place(entry.content),
            },
        }
        for entry in entries
        if entry.content.slot
    ]


def _page(home: str, entry: Entry) -> str:
    return f"{home}sessions/{entry.session}/"


def _about(content: Content, url: str) -> dict[str, Any]:
    """Return what an event of one day and a session have alike."""
    attendance = ATTENDANCE.get((content.place is not None, content.stream is not None))
    return {
        "@type": "Event",
        "name": content.title,
        "url": url,
        "eventStatus": POSTPONED if content.note else STATUS[content.status],
        **_given(
            description=content.description, image=content.image, eventAttendanceMode=attendance
        ),
        **_place(content),
    }


def _timed(entry: Entry, url: str) -> dict[str, Any]:
    content = entry.content
    assert content.slot
    cancelled = {"eventStatus": POSTPONED if content.note else STATUS["cancelled"]}
    return {
        "@type": "Event",
        "name": content.title,
        "url": url,
        "startDate": _minute(content.slot.local_start),
        "endDate": _minute(content.slot.local_end),
        **(cancelled if entry.is_cancelled else {}),
    }


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _place(content: Content) -> dict[str, Any]:
    """Return where it is: in a room of a building, on the web, or both."""
    where: list[dict[str, Any]] = []
    if place := content.place:
        name = ", ".join(filter(None, (content.room, place.name)))
        found = {"@type": "Place", "name": name, **_given(address=place.address)}
        if place.geo:
            latitude, longitude = place.geo
            found["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": latitude,
                "longitude": longitude,
            }
        where.append(found)
    if content.stream:
        where.append({"@type": "VirtualLocation", "url": content.stream})
    return _given(location=where[0] if len(where) == 1 else where)


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
