"""An entry in a calendar: the table of its properties, and its bytes.

Each row of ``PROPERTIES`` is a property of RFC 5545 or of an extension, with the function
that returns its value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256

from calsvc import timezones
from calsvc.agenda.people import Person
from calsvc.agenda.plaintext import plain
from calsvc.ical.contentline import (
    Raw,
    date_time_value,
    date_value,
    degrees_value,
    escaped,
    line,
    text_value,
)
from calsvc.ical.spoken import spoken_days, spoken_former, spoken_time
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Content, Entry
from calsvc.schedule.phrases import ROLE_NAMES
from calsvc.translations import N_, Translate, catalog

ALARM, ALARM_END = "BEGIN:VALARM\r\nACTION:DISPLAY\r\n", "END:VALARM\r\n"
BEGIN, END = "BEGIN:VEVENT\r\n", "END:VEVENT\r\n"
PLAIN = Display()


@dataclass(frozen=True)
class View:
    """An entry with everything that its properties depend on."""

    entry: Entry
    page: str
    """Address of the entry's page on this site."""
    display: Display = PLAIN
    local_zones: frozenset[str] = frozenset()
    """Zones that have a VTIMEZONE; times in other zones are written in UTC."""
    language: str = "en"
    """The language of the words that calsvc adds: one of ``LANGUAGES``."""
    is_of_event: bool = True
    """Whether the calendar is of an event, and not of entries of all sorts (``banner: false``)."""

    @property
    def content(self) -> Content:
        """Return what people see of the entry."""
        return self.entry.content

    @property
    def url(self) -> str:
        """Return the address of the entry's web page: its own, or the one on this site."""
        return self.content.url or self.page

    @property
    def translate(self) -> Translate:
        """Return what translates calsvc's words for this entry."""
        return catalog(self.language).gettext

    @cached_property
    def zone(self) -> str | None:
        """Return the zone in which the entry's times are written; None for UTC and all-day ones.

        Readers disagree on which of the two instants a repeated local time means, so an
        entry that touches a repeated hour is written in UTC.
        """
        slot = self.content.timed
        if slot is None or slot.timezone not in self.local_zones:
            return None
        if any(timezones.is_repeated(moment, slot.timezone) for moment in (slot.start, slot.end)):
            return None
        return slot.timezone


# --- what people read ---------------------------------------------------------------------


def summary(view: View) -> str:
    """Return an entry's title in a calendar, as plain text on one line."""
    if view.entry.is_cancelled:
        words = N_("Postponed: {title}") if view.content.note else N_("Cancelled: {title}")
        return view.translate(words).format(title=view.entry.title).removesuffix(": ")
    return view.entry.title


def location(content: Content) -> str:
    """Return where an entry is, on one line: ``Room, Venue, Address``.

    What is online alone is at its stream.
    """
    place = content.place
    parts = (content.room, place.name if place else None, place.address if place else None)
    return ", ".join(dict.fromkeys(filter(None, parts))) or content.stream or ""


def _person(person: Person, translate: Translate) -> str:
    name = f"{person.name}, {person.organization}" if person.organization else person.name
    return f"{translate(ROLE_NAMES[person.role or 'speaker']).capitalize()}: {name}"


def _note(view: View) -> str:
    if view.entry.is_cancelled:
        if view.content.note:
            return N_("Postponed: a new time will be announced.")
        if view.entry.is_banner:
            return N_("The event is cancelled.")
        return N_("This session is cancelled.")
    return N_("The time will be announced.") if view.entry.is_announced else ""


def _moved(view: View) -> Iterator[str]:
    """Yield when and where an entry was before it moved, a line each."""
    content = view.content
    if view.entry.is_cancelled:
        return
    if content.former_days:
        was = spoken_days(*content.former_days, view.language)
        yield view.translate(N_("New date, was {days}")).format(days=was)
    if content.days and content.former_slot and (days := content.former_slot.days):
        was = spoken_days(*days, view.language)
        yield view.translate(N_("New date, was {days}")).format(days=was)
    elif content.slot and content.former_slot:
        time = spoken_former(content.former_slot, content.slot, view.language)
        yield view.translate(N_("New time, was {time}")).format(time=time)
    if content.former_room:
        new, none = N_("New room, was {room}"), N_("Room to be announced, was {room}")
        yield view.translate(new if content.room else none).format(room=content.former_room)


def _titles(view: View) -> Iterator[str]:
    if view.content.titles:
        waiting, parts = N_("Announced, with a time to come:"), N_("In this session:")
        yield view.translate(waiting if view.entry.is_banner else parts)
        yield from (f"- {title}" for title in view.content.titles)


def _links(view: View) -> Iterator[str]:
    for link in view.content.links:
        # The words of an event's links are calsvc's own, those of a session's the organizer's.
        title = view.translate(link.title) if link.title and view.entry.is_banner else link.title
        yield f"{title}: {link.url}" if title else link.url


def description(view: View) -> str:
    """Return an entry's description, as plain text whose last paragraph is its address."""
    content, translate = view.content, view.translate
    note = _note(view)
    paragraphs = (
        note and translate(note),
        "\n".join(_moved(view)),
        "\n".join(_person(person, translate) for person in content.people),
        content.description and plain(content.description),
        "\n".join(_titles(view)),
        "\n".join(_links(view)),
        content.stream and translate(N_("Watch: {address}")).format(address=content.stream),
        spoken_time(content.timed, view.language) if content.timed else "",
        view.url,
    )
    return "\n\n".join(filter(None, paragraphs))


# --- when ---------------------------------------------------------------------------------


def _moment(view: View, moment: datetime) -> str:
    return date_time_value(moment) if view.zone is None else _local_value(moment, view.zone)


@lru_cache(maxsize=4096)
def _local_value(moment: datetime, zone: str) -> Raw:
    local = moment.astimezone(timezones.zone(zone))
    return Raw(f"{local:%Y%m%dT%H%M%S}", TZID=zone)


def _start(view: View) -> str:
    if days := view.content.days:
        return date_value(days[0])
    assert view.content.slot  # what has no days has one
    return _moment(view, view.content.slot.start)


def _end(view: View) -> str:
    if days := view.content.days:
        # The DTEND of an all-day entry is exclusive (RFC 5545, 3.6.1).
        return date_value(days[1] + timedelta(days=1))
    assert view.content.slot
    return _moment(view, view.content.slot.end)


# --- status -------------------------------------------------------------------------------


def _status(view: View) -> str:
    if view.entry.is_cancelled:
        # Google hides entries with STATUS:CANCELLED.
        return "CONFIRMED" if view.display.cancelled == "mark" else "CANCELLED"
    return "TENTATIVE" if _is_tentative(view) else "CONFIRMED"


def _is_tentative(view: View) -> bool:
    return view.entry.is_announced or view.content.status == "tentative"


def _is_busy(view: View) -> bool:
    # What is all day would block whole days in Outlook, and leaves time for everything else.
    return bool(view.display.busy and view.content.timed and not view.entry.is_cancelled)


def _busy_status(view: View) -> str:
    if not _is_busy(view):
        return "FREE"
    return "TENTATIVE" if _is_tentative(view) else "BUSY"


# --- the rest -----------------------------------------------------------------------------


def _categories(view: View) -> str | None:
    content = view.content
    kind = content.kind if view.is_of_event else None  # not every entry of all sorts is a talk
    named = dict.fromkeys(filter(None, (content.track, kind, *content.tags)))
    return ",".join(map(escaped, named))


def _geo(view: View) -> str | None:
    place = view.content.place
    return ";".join(map(degrees_value, place.geo)) if place and place.geo else None


def _apple_location(view: View) -> Raw | None:
    place = view.content.place
    if not place or not place.geo:
        return None
    # Apple shows a map only if X-TITLE equals LOCATION to the letter.
    title = location(view.content)
    where = ",".join(map(degrees_value, place.geo))
    return Raw(f"geo:{where}", VALUE="URI", X_APPLE_RADIUS="100", X_TITLE=title)


def _conference(view: View) -> Raw | None:
    stream, label = view.content.stream, view.translate(N_("Watch"))
    return Raw(stream, VALUE="URI", FEATURE="VIDEO", LABEL=label) if stream else None


def _image(view: View) -> Raw | None:
    image = view.content.image
    return Raw(image, VALUE="URI", DISPLAY="BADGE") if image else None


def _parents(view: View) -> list[Raw]:
    return [Raw(uid, RELTYPE="PARENT") for uid in view.content.parents]


PROPERTIES: tuple[tuple[str, Callable[[View], str | Sequence[str] | None]], ...] = (
    ("UID", lambda view: view.entry.uid),
    # Without a METHOD, DTSTAMP is the time of the last revision (RFC 5545, 3.8.7.2).
    ("DTSTAMP", lambda view: date_time_value(view.entry.revised)),
    ("SEQUENCE", lambda view: str(view.entry.sequence)),
    ("CREATED", lambda view: date_time_value(view.entry.created)),
    ("LAST-MODIFIED", lambda view: date_time_value(view.entry.revised)),
    ("STATUS", _status),
    ("DTSTART", _start),
    ("DTEND", _end),
    ("SUMMARY", lambda view: text_value(summary(view))),
    ("LOCATION", lambda view: text_value(location(view.content))),
    ("GEO", _geo),
    ("X-APPLE-STRUCTURED-LOCATION", _apple_location),
    ("DESCRIPTION", lambda view: text_value(description(view))),
    ("URL", lambda view: view.url),
    ("CATEGORIES", _categories),
    ("COLOR", lambda view: view.content.color),
    ("RELATED-TO", _parents),
    ("CONFERENCE", _conference),
    ("IMAGE", _image),
    ("CLASS", lambda view: "PUBLIC"),
    ("TRANSP", lambda view: "OPAQUE" if _is_busy(view) else "TRANSPARENT"),
    # Outlook prefers this to TRANSP (MS-OXCICAL, 2.1.3.1.1.20.31).
    ("X-MICROSOFT-CDO-BUSYSTATUS", _busy_status),
)


@dataclass(frozen=True)
class Block:
    """The bytes of one entry's VEVENT, and the zone whose VTIMEZONE they need."""

    body: bytes
    zone: str | None

    @cached_property
    def digest(self) -> bytes:
        """Return what tells the bytes."""
        return sha256(self.body).digest()

    def with_alarm(self, reminder: bytes, trigger: bytes) -> "Block":
        """Return the block with a ``reminder`` of its entry, when ``trigger`` says."""
        return Block(b"".join((self.body[: -len(END)], reminder, trigger)), self.zone)


def render(view: View) -> Block:
    """Return the block of an entry, without a reminder."""
    written = [BEGIN]
    for name, value_of in PROPERTIES:
        if value := value_of(view):
            values = [value] if isinstance(value, str) else value
            written += [line(name, each) for each in values]
    written.append(END)
    return Block("".join(written).encode(), view.zone)


def reminder(title: str) -> bytes:
    """Return the beginning of the reminder of an entry: all but when it is."""
    return f"{ALARM}{line('DESCRIPTION', escaped(title))}".encode()


def trigger(minutes: int | None) -> bytes:
    """Return the rest of a block whose reminder is that many minutes before it."""
    return b"" if minutes is None else f"TRIGGER:-PT{minutes}M\r\n{ALARM_END}{END}".encode("ascii")
