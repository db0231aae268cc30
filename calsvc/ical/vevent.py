"""An entry in a calendar: the table of its properties, and its bytes.

Each row of ``PROPERTIES`` is a property of RFC 5545 or of an extension, with the function
that returns its value.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import icalendar

from calsvc import timezones
from calsvc.agenda.people import Person
from calsvc.agenda.slots import Slot
from calsvc.ical.contentline import (
    Raw,
    date_time_value,
    date_value,
    degrees_value,
    escaped,
    text_value,
)
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Content, Entry

END = b"END:VEVENT\r\n"


class View(NamedTuple):
    """An entry with everything that its properties depend on."""

    entry: Entry
    page: str
    """Address of the entry's page on this site."""
    display: Display = Display()
    local_zones: frozenset[str] = frozenset()
    """Zones that have a VTIMEZONE; times in other zones are written in UTC."""

    @property
    def content(self) -> Content:
        """Return what people see of the entry."""
        return self.entry.content

    @property
    def url(self) -> str:
        """Return the address of the entry's web page: its own, or the one on this site."""
        return self.content.url or self.page

    @property
    def zone(self) -> str | None:
        """Return the zone in which the entry's times are written; None for UTC and all-day ones.

        Readers disagree on which of the two instants a repeated local time means, so an
        entry that touches a repeated hour is written in UTC.
        """
        slot = self.content.slot
        if slot is None or slot.timezone not in self.local_zones:
            return None
        if any(timezones.is_repeated(moment, slot.timezone) for moment in (slot.start, slot.end)):
            return None
        return slot.timezone


# --- what people read ---------------------------------------------------------------------


def summary(view: View) -> str:
    """Return an entry's title in a calendar, as plain text on one line."""
    if view.entry.is_cancelled:
        word = "Postponed" if view.content.note else "Cancelled"
        return ": ".join(filter(None, (word, view.entry.title)))
    return view.entry.title


def location(content: Content) -> str:
    """Return where an entry is, on one line: ``Room, Venue, Address``."""
    place = content.place
    parts = (content.room, place.name if place else None, place.address if place else None)
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _person(person: Person) -> str:
    name = f"{person.name}, {person.organization}" if person.organization else person.name
    return f"{(person.role or 'speaker').capitalize()}: {name}"


def spoken_time(slot: Slot) -> str:
    """Return a slot's time in words: ``Wednesday 25 June 2025, 08:30–10:00 PDT (…)``."""
    start, end = slot.local_start, slot.local_end
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{spoken_day(end)}, {end:%H:%M}"
    return f"{spoken_day(start)}, {start:%H:%M}–{until} {end.tzname()} ({slot.timezone})"


def spoken_day(when: date) -> str:
    """Return a day in words: ``Wednesday 25 June 2025``."""
    return f"{when:%A} {when.day} {when:%B %Y}"


def _note(view: View) -> str:
    if view.entry.is_cancelled:
        if view.content.note:
            return "Postponed: a new time will be announced."
        return "The event is cancelled." if view.entry.is_banner else "This session is cancelled."
    return "The time will be announced." if view.entry.is_announced else ""


def description(view: View) -> str:
    """Return an entry's description, as plain text whose last paragraph is its address."""
    content = view.content
    titles = "\n".join(f"- {title}" for title in content.titles)
    heading = "Announced, with a time to come:" if view.entry.is_banner else "In this session:"
    paragraphs = (
        _note(view),
        "\n".join(map(_person, content.people)),
        content.description,
        titles and f"{heading}\n{titles}",
        "\n".join(": ".join(filter(None, (link.title, link.url))) for link in content.links),
        f"Watch: {content.stream}" if content.stream else "",
        spoken_time(content.slot) if content.slot else "",
        view.url,
    )
    return "\n\n".join(filter(None, paragraphs))


# --- when ---------------------------------------------------------------------------------


def _moment(view: View, moment: datetime) -> Raw:
    zone = view.zone
    if zone is None:
        return date_time_value(moment)
    local = moment.astimezone(timezones.zone(zone))
    return Raw(f"{local:%Y%m%dT%H%M%S}", TZID=zone)


def _start(view: View) -> object:
    if slot := view.content.slot:
        return _moment(view, slot.start)
    assert view.content.day  # an entry without a slot has one
    return date_value(view.content.day)


def _end(view: View) -> object:
    if slot := view.content.slot:
        return _moment(view, slot.end)
    # The DTEND of an all-day entry is exclusive (RFC 5545, 3.6.1).
    assert view.content.last_day
    return date_value(view.content.last_day + timedelta(days=1))


# --- status -------------------------------------------------------------------------------


def _status(view: View) -> str:
    if view.entry.is_cancelled:
        # Google hides entries with STATUS:CANCELLED.
        return "CONFIRMED" if view.display.cancelled == "mark" else "CANCELLED"
    return "TENTATIVE" if _is_tentative(view) else "CONFIRMED"


def _is_tentative(view: View) -> bool:
    return view.entry.is_announced or view.content.status == "tentative"


def _is_busy(view: View) -> bool:
    return bool(view.display.busy and view.content.slot and not view.entry.is_cancelled)


def _busy_status(view: View) -> str:
    if not _is_busy(view):
        return "FREE"
    return "TENTATIVE" if _is_tentative(view) else "BUSY"


# --- the rest -----------------------------------------------------------------------------


def _categories(view: View) -> Raw | None:
    content = view.content
    named = dict.fromkeys(filter(None, (content.track, content.kind, *content.tags)))
    return Raw(",".join(map(escaped, named))) if named else None


def _geo(view: View) -> Raw | None:
    place = view.content.place
    return Raw(";".join(map(degrees_value, place.geo))) if place and place.geo else None


def _apple_location(view: View) -> Raw | None:
    place = view.content.place
    if not place or not place.geo:
        return None
    # Apple shows a map only if X-TITLE equals LOCATION to the letter.
    title = location(view.content)
    where = ",".join(map(degrees_value, place.geo))
    return Raw(f"geo:{where}", VALUE="URI", X_APPLE_RADIUS="100", X_TITLE=title)


def _conference(view: View) -> Raw | None:
    stream = view.content.stream
    return Raw(stream, VALUE="URI", FEATURE="VIDEO", LABEL="Watch") if stream else None


def _image(view: View) -> Raw | None:
    image = view.content.image
    return Raw(image, VALUE="URI", DISPLAY="BADGE") if image else None


def _parents(view: View) -> list[Raw]:
    return [Raw(str(uid), RELTYPE="PARENT") for uid in view.content.parents]


PROPERTIES: tuple[tuple[str, Callable[[View], object]], ...] = (
    ("UID", lambda view: Raw(str(view.entry.uid))),
    # Without a METHOD, DTSTAMP is the time of the last revision (RFC 5545, 3.8.7.2).
    ("DTSTAMP", lambda view: date_time_value(view.entry.revised)),
    ("SEQUENCE", lambda view: Raw(str(view.entry.sequence))),
    ("CREATED", lambda view: date_time_value(view.entry.created)),
    ("LAST-MODIFIED", lambda view: date_time_value(view.entry.revised)),
    ("STATUS", lambda view: Raw(_status(view))),
    ("DTSTART", _start),
    ("DTEND", _end),
    ("SUMMARY", lambda view: text_value(summary(view))),
    ("LOCATION", lambda view: text_value(location(view.content))),
    ("GEO", _geo),
    ("X-APPLE-STRUCTURED-LOCATION", _apple_location),
    ("DESCRIPTION", lambda view: text_value(description(view))),
    ("URL", lambda view: Raw(view.url)),
    ("CATEGORIES", _categories),
    ("COLOR", lambda view: Raw(view.content.color) if view.content.color else None),
    ("RELATED-TO", _parents),
    ("CONFERENCE", _conference),
    ("IMAGE", _image),
    ("CLASS", lambda view: Raw("PUBLIC")),
    ("TRANSP", lambda view: Raw("OPAQUE" if _is_busy(view) else "TRANSPARENT")),
    # Outlook prefers this to TRANSP (MS-OXCICAL, 2.1.3.1.1.20.31).
    ("X-MICROSOFT-CDO-BUSYSTATUS", lambda view: Raw(_busy_status(view))),
)


class Block(NamedTuple):
    """The bytes of one entry's VEVENT, and the zone whose VTIMEZONE they need."""

    body: bytes
    zone: str | None

    def with_alarm(self, minutes: int, message: str) -> "Block":
        """Return the block with a reminder ``minutes`` before its start."""
        alarm = icalendar.Alarm()
        alarm["ACTION"] = Raw("DISPLAY")
        alarm["DESCRIPTION"] = text_value(message)
        alarm["TRIGGER"] = Raw(f"-PT{minutes}M")
        return Block(self.body.removesuffix(END) + alarm.to_ical() + END, self.zone)


def render(view: View) -> Block:
    """Return the block of an entry, without a reminder."""
    component = icalendar.Event()
    for name, value_of in PROPERTIES:
        if value := value_of(view):
            component[name] = value
    return Block(component.to_ical(sorted=False), view.zone)
