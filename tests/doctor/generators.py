"""One small agenda, as six other libraries write it.

Each function writes it as the first pages of its library's documentation show: with times of
Berlin where the library takes them, and with zones added where that is advised.  What
becomes of it is what ``calsvc doctor`` is there for.  Stamps, and uids where the library makes
them, are new each time.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import ics
import vobject
from ical.calendar import Calendar as IcalCalendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as IcalEvent
from ical.types.geo import Geo
from ical.types.recur import Recur
from ics.grammar.parse import ContentLine
from readers import ask

NAME = "Herbsttage 2027"
ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Item:
    """Something on the agenda; times are ISO 8601, of the clock in its zone.

    An all-day item has dates, of which the last is the day after it.
    """

    id: str
    title: str
    start: str
    end: str
    zone: str = ZONE
    room: str = "Großer Saal, Alte Münze, Berlin"
    description: str = ""
    url: str = ""
    geo: tuple[float, float] | None = None
    weeks: int = 1
    is_cancelled: bool = False

    @property
    def is_all_day(self) -> bool:
        """Whether it has dates."""
        return "T" not in self.start

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Its start and its end in its zone; of dates, the midnights."""
        zone = ZoneInfo(self.zone)
        start, end = (datetime.fromisoformat(each) for each in (self.start, self.end))
        return start.replace(tzinfo=zone), end.replace(tzinfo=zone)

    @property
    def span(self) -> tuple[date, date]:
        """Its times, or its dates."""
        start, end = self.times
        return (start.date(), end.date()) if self.is_all_day else (start, end)


AGENDA = [
    Item("days", NAME, "2027-10-28", "2027-10-30", room="Alte Münze, Berlin"),
    Item("opening", "Opening", "2027-10-28T09:00", "2027-10-28T09:30"),
    Item(
        "gruesse",
        "Grüße aus der Küche 🍲: über Öfen, Würze, Äpfel und die schönsten Irrtümer 🎉 der"
        " süddeutschen Brühenforschung",
        "2027-10-28T09:45",
        "2027-10-28T10:30",
    ),
    Item(
        "paths",
        "Paths, lists and other traps",
        "2027-10-28T11:00",
        "2027-10-28T12:00",
        description="Why does a file end up in C:\\new\\names; and who put it there?\n\n"
        "We look at commas, semicolons; backslashes \\ and what becomes of them:"
        " in files, in tables, in mail.\n\nBring a laptop, a cable, and a friend.",
    ),
    Item(
        "across",
        "Across the ocean",
        "2027-10-28T10:00",
        "2027-10-28T11:00",
        zone="America/New_York",
        room="Online",
    ),
    Item("night", "Night of short films", "2027-10-28T22:30", "2027-10-29T01:15"),
    Item(
        "walk",
        "Walk along the Spree",
        "2027-10-29T08:00",
        "2027-10-29T09:00",
        room="Molkenmarkt 2, Berlin",
        url="https://herbsttage.example/walk?from=hall&to=river",
        geo=(52.5155, 13.4086),
    ),
    Item("panel", "Panel: who pays?", "2027-10-29T10:00", "2027-10-29T11:00", is_cancelled=True),
    Item("reading", "Reading circle", "2027-10-29T18:00", "2027-10-29T19:30", weeks=4),
]


def written_by_icalendar() -> bytes:
    """Write it with icalendar (Python), which adds the zones when it is told to."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Herbsttage//herbsttage.example//")
    calendar.add("version", "2.0")
    for item in AGENDA:
        event = icalendar.Event()
        event.add("uid", f"{item.id}@herbsttage.example")
        event.add("dtstamp", datetime.now(UTC))
        event.add("summary", item.title)
        event.add("dtstart", item.span[0])
        event.add("dtend", item.span[1])
        event.add("location", item.room)
        if item.description:
            event.add("description", item.description)
        if item.url:
            event.add("url", item.url)
        if item.geo:
            event.add("geo", item.geo)
        if item.weeks > 1:
            event.add("rrule", {"freq": "weekly", "count": item.weeks})
        if item.is_cancelled:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def written_by_ics() -> bytes:
    """Write it with ics (Python), which knows no rules: they are added as lines."""
    calendar = ics.Calendar()
    for item in AGENDA:
        event = ics.Event()
        event.name = item.title
        if item.is_all_day:  # of which it counts the last in
            first, behind = item.span
            event.begin, event.end = str(first), str(behind - timedelta(days=1))
            event.make_all_day()
        else:
            event.begin, event.end = item.times
        event.location = item.room
        event.description = item.description
        event.url = item.url
        event.geo = item.geo
        if item.weeks > 1:
            rule = ContentLine("RRULE", value=f"FREQ=WEEKLY;COUNT={item.weeks}")
            event.extra.append(rule)
        if item.is_cancelled:
            event.status = "CANCELLED"
        calendar.events.add(event)
    return calendar.serialize().encode()


def written_by_ical() -> bytes:
    """Write it with ical (Python)."""
    calendar = IcalCalendar()
    for item in AGENDA:
        given = {
            "description": item.description or None,
            "url": item.url or None,
            "geo": Geo(*item.geo) if item.geo else None,
            "status": "CANCELLED" if item.is_cancelled else None,
        }
        if item.weeks > 1:
            given["rrule"] = Recur.from_rrule(f"FREQ=WEEKLY;COUNT={item.weeks}")
        start, end = item.span
        event = IcalEvent(summary=item.title, start=start, end=end, location=item.room, **given)
        calendar.events.append(event)
    return IcsCalendarStream.calendar_to_ics(calendar).encode()


def written_by_vobject() -> bytes:
    """Write it with vobject (Python), which adds the zones by itself."""
    calendar = vobject.iCalendar()
    for item in AGENDA:
        event = calendar.add("vevent")
        event.add("summary").value = item.title
        event.add("dtstart").value, event.add("dtend").value = item.span
        event.add("location").value = item.room
        if item.description:
            event.add("description").value = item.description
        if item.url:
            event.add("url").value = item.url
        if item.geo:
            event.add("geo").value = "{};{}".format(*item.geo)
        if item.weeks > 1:
            event.add("rrule").value = f"FREQ=WEEKLY;COUNT={item.weeks}"
        if item.is_cancelled:
            event.add("status").value = "CANCELLED"
    return calendar.serialize().encode()


def written_by_ical_generator() -> bytes:
    """Write it with ical-generator (npm), with times of Berlin and no more."""
    return _written_in_node("ical-generator")


def written_by_ical_generator_with_zones() -> bytes:
    """Write it with ical-generator (npm) and the library of zones that it advises."""
    return _written_in_node("ical-generator with zones")


def written_by_npm_ics() -> bytes:
    """Write it with ics (npm), which takes the clock of its machine and writes UTC."""
    return _written_in_node("ics")


def written_by_npm_ics_as_local() -> bytes:
    """Write it with ics (npm) and its times left local."""
    return _written_in_node("ics as local")


def _written_in_node(way: str) -> bytes:
    items = [{**asdict(item), "isAllDay": item.is_all_day} for item in AGENDA]
    answer = ask("generate.mjs", {"way": way, "name": NAME, "zone": ZONE, "items": items})
    assert "error" not in answer, answer["error"]
    return answer["ics"].encode()


GENERATORS: dict[str, Callable[[], bytes]] = {
    "icalendar": written_by_icalendar,
    "ics": written_by_ics,
    "ical": written_by_ical,
    "vobject": written_by_vobject,
    "ical-generator": written_by_ical_generator,
    "ical-generator-with-zones": written_by_ical_generator_with_zones,
    "npm-ics": written_by_npm_ics,
    "npm-ics-as-local": written_by_npm_ics_as_local,
}
