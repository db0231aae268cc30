"""How costs grow with the sessions of an event, with the events of a site, and with filters.

Run it with ``python -m bench.growth``.  A cost that grows no faster than the agenda stays the
same for each session.  Times are those of the processor, so that other programs count less.
"""

import gc
import resource
from collections.abc import Callable
from datetime import timedelta
from time import process_time
from typing import TypeVar

from bench.feeds import ADDRESSES, BASE_URL, NOW, large
from calsvc import timezones
from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, personal_feed
from calsvc.live.events import Live
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice, Itinerary, Options
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of
from calsvc.web.app import create_app
from calsvc.web.models import agenda_of

MOST_IN_A_FILE = 5000
SESSIONS = (30, 500, 5000, 50_000)
EVENTS = (1, 100, 1000)
FILTERS = 600
MANY_WORDS = [("q", " ".join(f"w{number}" for number in range(2000)))]
MANY_VALUES = [("speaker", f"ada-{number}") for number in range(100)]
NO_BREAKS = [("kind", "!break"), ("parts", "yes")]
REMINDING = [*NO_BREAKS, ("alarm", "10")]
Made = TypeVar("Made")


def main() -> None:
    """Print a table for sessions, one for events, and what many filters keep in memory."""
    rows = {number: sessions_row(number) for number in SESSIONS}
    print(f"{'milliseconds of the processor':44}" + "".join(f"{number:>12,}" for number in rows))
    for name in rows[SESSIONS[0]]:
        print(f"  {name:42}" + "".join(_cell(row.get(name)) for row in rows.values()))
    print(f"{'events of 50 sessions each':44}" + "".join(f"{number:>12,}" for number in EVENTS))
    for name, figures in events_rows().items():
        print(f"  {name:42}" + "".join(f"{figure:12.2f}" for figure in figures))
    print(f"{FILTERS} filters of 1,000 sessions: {filters_memory():.0f} MiB more")


def _cell(milliseconds: float | None) -> str:
    return f"{'':12}" if milliseconds is None else f"{milliseconds:12.2f}"


def event_of(number: int) -> Event:
    """Return an event with that many sessions, of which the largest is not from a file."""
    days = min(5, number)
    rooms = max(1, min(number, MOST_IN_A_FILE) // days // 5)
    event, _ = eventfile.parse(large(days=days, hours=5, rooms=rooms), "conf", "conf.yaml")
    sessions = event.sessions[:number]
    more = (
        session.model_copy(update={"id": f"{session.id}-{copy}"})
        for copy in range(1, number // MOST_IN_A_FILE)
        for session in sessions
    )
    return event.model_copy(update={"sessions": (*sessions, *more)})


def sessions_row(number: int) -> dict[str, float]:
    """Return the costs of an event with that many sessions, by name."""
    event = event_of(number)
    renamed = event.sessions[0].model_copy(update={"title": "Another title"})
    edited = event.model_copy(update={"sessions": (renamed, *event.sessions[1:])})
    costs: dict[str, float] = {}

    def measure(name: str, step: Callable[[], Made]) -> Made:
        start = process_time()
        made = step()
        costs[name] = (process_time() - start) * 1000
        return made

    first = measure("publish", lambda: publish(event, None, NOW))
    later = measure("publish one change", lambda: publish(edited, first, NOW + timedelta(days=1)))
    measure("what changed", lambda: changes(first, later))
    blocks = Blocks(first, ADDRESSES)
    measure("feed, no block rendered yet", lambda: event_feed(blocks, selection_of(NO_BREAKS)))
    measure("feed, blocks rendered", lambda: event_feed(blocks, selection_of(NO_BREAKS)))
    measure("feed with reminders", lambda: event_feed(blocks, selection_of(REMINDING)))
    carried = measure("blocks of the next version", lambda: Blocks(later, ADDRESSES, None, blocks))
    measure("its feed", lambda: event_feed(carried, selection_of(NO_BREAKS)))
    measure("2,000 words, first search", lambda: selection_of(MANY_WORDS).entries(first))
    measure("2,000 words", lambda: selection_of(MANY_WORDS).entries(first))
    measure("100 values, first time", lambda: selection_of(MANY_VALUES).entries(first))
    measure("100 values", lambda: selection_of(MANY_VALUES).entries(first))
    _personal(blocks, first)
    measure("personal feed of 20", lambda: _personal(blocks, first))
    live = Live([first], BASE_URL)
    measure("agenda of the API", lambda: agenda_of(live.event("conf"), ADDRESSES).model_dump_json())
    client = create_app(live).test_client()
    client.get("/healthz")
    if number <= MOST_IN_A_FILE:  # no browser shows more
        measure("agenda page, first time", lambda: client.get("/events/conf/").data)
        measure("agenda page", lambda: client.get("/events/conf/").data)
    return costs


def _personal(blocks: Blocks, schedule: Schedule) -> bytes:
    ids = [session.id for session in schedule.event.sessions[:20]]
    choices = tuple(Choice(event="conf", session=each) for each in ids)
    itinerary = Itinerary(choices=choices, options=Options(), created=NOW.date(), revised=NOW)
    chosen = [(blocks, schedule.of_sessions(ids))]
    return personal_feed(chosen, itinerary, NOW, ADDRESSES).body


def events_rows() -> dict[str, list[float]]:
    """Return the costs of sites with that many events, by name."""
    event, _ = eventfile.parse(large(days=5, hours=5, rooms=2), "conf", "conf.yaml")
    rows: dict[str, list[float]] = {"to serve them, ms": [], "/events.ics, ms": [], "/, ms": []}
    for number in EVENTS:
        schedules = [
            publish(event.model_copy(update={"id": f"conf-{each}"}), None, NOW)
            for each in range(number)
        ]
        start = process_time()
        live = Live(schedules, BASE_URL)
        served = process_time()
        live.site_feed(selection_of([]))
        announced = process_time()
        create_app(live).test_client().get("/")
        figures = (served - start, announced - served, process_time() - announced)
        for row, figure in zip(rows.values(), figures, strict=True):
            row.append(figure * 1000)
    return rows


def filters_memory() -> float:
    """Return how many MiB a process takes after many filters of one event."""
    timezones.vtimezone.cache_clear()
    live_event = Live([publish(event_of(1000), None, NOW)], BASE_URL).event("conf")
    live_event.feed(selection_of([]))
    before = _resident()
    for minutes in range(FILTERS):
        _ = live_event.feed(selection_of([("alarm", str(minutes))])).content.etag
    return _resident() - before


def _resident() -> float:
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
