"""What grows in one process with the sessions of an event, the events of a site, and filters.

A cost that grows no faster than the agenda stays the same for each session.  Times are those
of the processor, so that other programs count less.
"""

import gc
import resource
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import process_time
from typing import TypeVar

from bench.agendas import BASE_URL, MOST_IN_A_FILE, NOW, made
from bench.making import ADDRESSES
from calsvc import timezones
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, personal_feed
from calsvc.live.events import Live
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice, Itinerary
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of
from calsvc.web.app import create_app
from calsvc.web.models import agenda_of

FILTERS = 600
MANY_WORDS = [("q", " ".join(f"w{number}" for number in range(2000)))]
MANY_VALUES = [("speaker", f"ada-{number}") for number in range(100)]
NO_BREAKS = [("kind", "!break"), ("parts", "yes")]
REMINDING = [*NO_BREAKS, ("alarm", "10")]
Made = TypeVar("Made")


def of_sessions(sizes: Sequence[int]) -> dict[str, list[float | None]]:
    """Return milliseconds by name, one for each number of sessions; None for what is left out."""
    columns = [_of_event(size) for size in sizes]
    return {name: [column.get(name) for column in columns] for name in columns[0]}


def _of_event(number: int) -> dict[str, float]:
    """Return the costs of an event with that many sessions, by name."""
    event = made("conf", number, rooms=max(2, number // 25))
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
    itinerary = Itinerary(choices=choices, created=NOW.date(), revised=NOW)
    chosen = [(blocks, itinerary.slots("conf"))]
    return personal_feed(chosen, itinerary.wanted, NOW, ADDRESSES).body


def of_events(numbers: Sequence[int]) -> dict[str, list[float | None]]:
    """Return milliseconds by name, one for each number of events of 50 sessions."""
    event = made("conf", 50)
    rows: dict[str, list[float | None]] = {"to serve them": [], "/events.ics": [], "/": []}
    for number in numbers:
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


def filters_memory(filters: int = FILTERS) -> float:
    """Return how many MiB more a process takes after many filters of one event."""
    timezones.vtimezone.cache_clear()
    live_event = Live([publish(made("conf", 1000), None, NOW)], BASE_URL).event("conf")
    live_event.feed(selection_of([]))
    before = _resident()
    for minutes in range(filters):
        _ = live_event.feed(selection_of([("alarm", str(minutes))])).content.etag
    return _resident() - before


def _resident() -> float:
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20
