"""How long a feed takes, and how large it is, compared with a plain loop over icalendar.

Run it with ``python -m bench.feeds``.  The plain loop takes short cuts: its DTSTAMP is the
current time, so its bytes differ from second to second, and its VTIMEZONE comes from
``add_missing_timezones``, which is an hour off at the changes of many zones.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import icalendar

from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.live.event import LiveEvent
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

AI_DATA = Path(__file__).parent.parent / "events" / "ai-data-2025.yaml"
BASE_URL = "https://calendar.example.org"
ADDRESSES = Addresses(BASE_URL)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = Selection(parts=True)
FILTERED = Selection(unwanted={"kind": ("break",)}, parts=True)
REPEATS = 7  # the quickest counts: the slower ones waited for other programs


def main() -> None:
    """Print a table for each event."""
    for text in (AI_DATA.read_text("utf-8"), large(days=5, hours=8, rooms=25)):
        event, _ = eventfile.parse(text, "conf", "conf.yaml")
        schedule = publish(event, None, NOW)
        print(f"{f'{event.name}, {len(event.sessions)} sessions':40}{'ms':>12}{'bytes':>12}")
        for name, step in steps(text, schedule).items():
            milliseconds, size = measured(step)
            print(f"  {name:38}{milliseconds:12.3f}{size:>12}")


def steps(text: str, schedule: Schedule) -> dict[str, Callable[[], object]]:
    """Return the steps to measure, by name; a feed's step returns its bytes."""
    live = LiveEvent(schedule, ADDRESSES)

    def cold() -> bytes:
        timezones.vtimezone.cache_clear()
        return event_feed(Blocks(schedule, ADDRESSES), WHOLE).body

    return {
        "calsvc: read and check the event file": lambda: eventfile.parse(text, "conf", "conf.yaml"),
        "calsvc: publish": lambda: publish(schedule.event, None, NOW),
        "calsvc: feed, cold": cold,
        "calsvc: feed, a filter not seen before": lambda: event_feed(live.blocks, FILTERED).body,
        "calsvc: feed, asked for again": lambda: live.feed(WHOLE).body,
        "icalendar alone": lambda: plain(schedule),
    }


def plain(schedule: Schedule) -> bytes:
    """Return the calendar that a loop over icalendar makes of the same entries."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//example//plain//EN")
    calendar.add("version", "2.0")
    for entry in WHOLE.entries(schedule):
        if slot := entry.content.slot:
            component = icalendar.Event()
            component.add("uid", str(entry.uid))
            component.add("dtstamp", datetime.now(UTC))
            component.add("dtstart", slot.local_start)
            component.add("dtend", slot.local_end)
            component.add("summary", entry.content.title)
            component.add("location", entry.content.room or "")
            component.add("description", entry.content.description or "")
            calendar.add_component(component)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def large(days: int, hours: int, rooms: int) -> str:
    """Return the event file of a large event."""
    about = "What this talk is about, at some length. " * 10
    dates = f"dates: {{from: 2026-06-01, to: 2026-06-{days:02}}}"
    sessions = [
        f"  - {{id: talk-{day}-{hour}-{room}, title: Talk {hour} of hall {room},"
        f" when: '2026-06-{day:02} {hour + 9:02}:00-{hour + 9:02}:45', room: Hall {room},"
        f" people: ['Ada {room}, Engines'], description: '{about}'}}"
        for day in range(1, days + 1)
        for hour in range(hours)
        for room in range(1, rooms + 1)
    ]
    return "\n".join(("name: Generated", "timezone: Europe/Berlin", dates, "sessions:", *sessions))


def measured(step: Callable[[], object]) -> tuple[float, int | str]:
    """Return the milliseconds of the quickest run, and the number of bytes it made, if any."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        made = step()
        times.append(perf_counter() - start)
    return min(times) * 1000, len(made) if isinstance(made, bytes) else ""


if __name__ == "__main__":
    main()
