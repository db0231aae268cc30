"""What the frab formats have in common: days, rooms in them, and in these the talks.

``schedule.xml`` and ``schedule.json`` are what frab and pretalx write, and what conference
apps and c3voc's tools read (https://c3voc.de/wiki/schedule).  Both need a room and a time for
each talk, so what is announced without a time is not in them, and a talk without a room is in
a room that is called as the venue is, or the event.

None of these apps knows cancelled talks.  EventFahrplan tells by itself of a talk that has
left, so a cancelled one is left out, unless ``cancelled=mark`` keeps it with a title that says
so.  An event's own entry is none of the talks.  Kinds are calsvc's own words.  What is all
day lasts as long as its days do there: from the morning of the first until that after the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from calsvc import timezones
from calsvc.agenda.days import days_between
from calsvc.agenda.model import Event
from calsvc.agenda.slots import Slot
from calsvc.exporters.context import Context
from calsvc.ical.vevent import View, summary
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.identity import NAMESPACE
from calsvc.schedule.selection import Selection
from calsvc.translations import N_

GENERATOR = "calsvc"  # without a version: an update of calsvc keeps the bytes
TIMESLOT = "00:05"  # the grid on which apps draw talks, as pretalx has it
LARGEST = 2**31 - 1
"""What readers that keep ids in 32 bits can hold."""
NIGHT = timedelta(days=1)


@dataclass(frozen=True)
class Talk:
    """An entry as the frab formats have it."""

    entry: Entry
    title: str
    guid: UUID
    """The uid that calendars know the entry by."""
    number: int
    slug: str
    room: str
    start: datetime
    """Local time in the event's zone, aware."""
    end: datetime
    language: str | None
    url: str
    links: tuple[tuple[str, str], ...]
    """Addresses with their words."""

    @property
    def facts(self) -> dict[str, str]:
        """Return what both formats have as texts, in their order; what is not known is empty."""
        content = self.entry.content
        return {
            "date": self.start.isoformat(),
            "start": f"{self.start:%H:%M}",
            "room": self.room,
            "slug": self.slug,
            "url": self.url,
            "title": self.title,
            "subtitle": "",
            "track": content.track or "",
            "type": str(content.kind),
            "language": self.language or "",
            "abstract": "",
            "description": content.description or "",
        }

    @property
    def minutes(self) -> int:
        """Return how long it is; a part of a minute counts as one."""
        return -((self.start - self.end) // timedelta(minutes=1))


@dataclass(frozen=True)
class Day:
    """A day of the event, until the morning after."""

    number: int
    """From 1."""
    date: date
    start: datetime
    """Local time in the event's zone, aware."""
    end: datetime
    rooms: dict[str, list[Talk]]


def placed(days: Iterable[Day]) -> set[str]:
    """Return the rooms that talks are really in, which are all but the venue's and the event's."""
    talks = (talk for day in days for listed in day.rooms.values() for talk in listed)
    return {talk.room for talk in talks if talk.entry.content.room}


def days(schedule: Schedule, selection: Selection, context: Context) -> list[Day]:
    """Return the days of an event with the talks that are selected.

    Days without talks are among them, so that a day has one number in all parts of a programme.
    """
    event = schedule.event
    talks = list(_talks(schedule, selection, context))
    order = {room.name: place for place, room in enumerate(event.rooms)}
    for talk in talks:
        order.setdefault(talk.room, len(order))
    of_day: dict[date, list[Talk]] = {
        day: [] for day in days_between(event.first_day, event.last_day)
    }
    for talk in talks:
        of_day.setdefault(event.day_of(talk.start), []).append(talk)
    return [
        _day(event, number, day, of_day[day], order) for number, day in enumerate(sorted(of_day), 1)
    ]


def _day(event: Event, number: int, day: date, talks: Sequence[Talk], order: dict[str, int]) -> Day:
    zone = timezones.zone(event.timezone)
    start, end = (
        zone.localize(datetime.combine(each, event.day_ends)) for each in (day, day + NIGHT)
    )
    rooms: dict[str, list[Talk]] = {}
    for talk in sorted(talks, key=lambda talk: order[talk.room]):
        rooms.setdefault(talk.room, []).append(talk)
    # On the first day something may be on before the hour at which days begin.
    return Day(number, day, min([start, *(talk.start for talk in talks)]), end, rooms)


def _talks(schedule: Schedule, selection: Selection, context: Context) -> Iterator[Talk]:
    event, language = schedule.event, context.blocks.language
    known = numbers(schedule.entries)
    for entry in selection.entries(schedule):
        content = entry.content
        if not content.slot or (entry.is_cancelled and selection.display.cancelled != "mark"):
            continue
        view = View(entry, context.addresses.entry(event.id, entry.session), language=language)
        links = [(link.url, link.title or "") for link in content.links]
        if content.stream:
            links.append((content.stream, view.translate(N_("Watch"))))
        number = known[entry.uid]
        start, end = _times(content.slot, event)
        yield Talk(
            entry=entry,
            title=summary(view),
            guid=guid(entry.uid),
            number=number,
            slug=f"{acronym(event)}-{number:010}-{entry.session}".replace(".", "-"),
            room=content.room or (content.place.name if content.place else event.name),
            start=start,
            end=end,
            language=content.language or event.language,
            url=view.url,
            links=tuple(links),
        )


def _times(slot: Slot, event: Event) -> tuple[datetime, datetime]:
    zone = timezones.zone(event.timezone)
    if not slot.days:
        return slot.local_times(zone)
    first, last = slot.days
    mornings = (datetime.combine(day, event.day_ends) for day in (first, last + NIGHT))
    start, end = (timezones.resolved(each, event.timezone).astimezone(zone) for each in mornings)
    return start, end


# --- names and numbers --------------------------------------------------------------------


def acronym(event: Event) -> str:
    """Return the id of an event in the letters that both schemas allow, at least four."""
    return event.id.replace("-", "_").replace(".", "_").ljust(4, "_")


def guid(uid: str) -> UUID:
    """Return a uid as a UUID: itself, or one that is made of it where it came from elsewhere."""
    try:
        found = UUID(uid)
    except ValueError:
        found = None
    return found if found and str(found) == uid.lower() else uuid5(NAMESPACE, f"//uid/{uid}")


def numbers(entries: Iterable[Entry]) -> dict[str, int]:
    """Return a positive number of at most 31 bits for each entry, by its uid.

    Two entries of one number would be one talk to some readers: the later one takes the next
    number, so that a number stays with its entry.
    """
    found: dict[str, int] = {}
    taken = set[int]()
    for entry in sorted(entries, key=lambda entry: (entry.created, entry.uid)):
        number = number_of(guid(entry.uid))
        while number in taken:
            number = number % LARGEST + 1
        found[entry.uid] = number
        taken.add(number)
    return found


def number_of(guid: UUID) -> int:
    """Return a positive number of at most 31 bits for what has this UUID."""
    return guid.int % LARGEST + 1


def person_guid(event_id: str, name: str) -> UUID:
    """Return a UUID for a person of an event, by the event's first id and the full name."""
    return uuid5(NAMESPACE, f"{event_id}//person/{name}")


def room_guid(event_id: str, name: str) -> UUID:
    """Return a UUID for a room of an event, by the event's first id and its name."""
    return uuid5(NAMESPACE, f"{event_id}//room/{name}")
