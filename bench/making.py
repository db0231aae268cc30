"""What it takes to make a feed, in CPU time of one process, beside other libraries."""

from collections.abc import Callable, Sequence
from statistics import median
from time import process_time
from typing import NamedTuple

from bench.agendas import BASE_URL, NOW, ai_data, made
from bench.peers import WRITERS, is_installed
from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice, Itinerary
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

ADDRESSES = Addresses(BASE_URL)
FILTERED = Selection(unwanted={"kind": ("break",)})
AT_LEAST = 0.05  # seconds for one measurement: CPU time is counted coarsely
ROUNDS = 5
CHOSEN, SESSIONS, MANY = 20, 500, 5000

Make = Callable[[], bytes]


class Step(NamedTuple):
    """How long it takes to make something."""

    name: str
    microseconds: float
    """Of CPU time: the median of all rounds."""
    octets: int
    ratio: float
    """Its time divided by that of the first step of its group, round by round: the median."""


class Group(NamedTuple):
    """Steps that do the same, as far as they can."""

    name: str
    steps: list[Step]


def making(rounds: int = ROUNDS, many: int = MANY) -> list[Group]:
    """Return what takes how long; ``many`` is the number of sessions of the largest event."""
    real = publish(ai_data(), None, NOW)
    conf = publish(made("conf", SESSIONS), None, NOW)
    groups = [
        ("the whole agenda of 48 sessions", _whole(real)),
        (f"a personal feed of {CHOSEN} of {SESSIONS} sessions", _personal(conf)),
    ]
    groups += [
        (f"a filter not seen before, of {number:,} sessions", _filtered(schedule))
        for number, schedule in (
            (SESSIONS, conf),
            (many, publish(made("large", many), None, NOW)),
        )
    ]
    return [Group(name, _measured(steps, rounds)) for name, steps in groups]


def _whole(schedule: Schedule) -> dict[str, Make]:
    live_event = LiveEvent(schedule, ADDRESSES)
    entries = list(schedule.entries)

    def cold() -> bytes:
        timezones.vtimezone.cache_clear()
        return event_feed(Blocks(schedule, ADDRESSES), Selection()).body

    ours = {
        "calsvc, from blocks": lambda: event_feed(live_event.blocks, Selection()).body,
        "calsvc, nothing rendered": cold,
    }
    return ours | {
        name: lambda write=write: write(entries)
        for name, write in WRITERS.items()
        if is_installed(name)
    }


def _personal(schedule: Schedule) -> dict[str, Make]:
    live = Live([schedule], BASE_URL)
    sessions = [session.id for session in schedule.event.sessions][:: SESSIONS // CHOSEN]
    itinerary = Itinerary(
        choices=tuple(Choice(event="conf", session=session) for session in sessions),
        created=NOW.date(),
        revised=NOW,
    )
    ((_, entries),) = live.chosen(itinerary)
    wanted = itinerary.wanted
    return {
        "calsvc, from blocks": lambda: live.personal_feed(wanted).body,
        "icalendar": lambda: WRITERS["icalendar"](entries),
    }


def _filtered(schedule: Schedule) -> dict[str, Make]:
    blocks = Blocks(schedule, ADDRESSES)
    return {
        "calsvc, from blocks": lambda: event_feed(blocks, FILTERED).body,
        "calsvc, nothing rendered": lambda: event_feed(Blocks(schedule, ADDRESSES), FILTERED).body,
    }


def _measured(steps: dict[str, Make], rounds: int) -> list[Step]:
    """Let steps take turns, and return how long each takes."""
    octets = [len(make()) for make in steps.values()]  # which fills caches, too
    taken: list[list[float]] = [[] for _ in steps]
    for _ in range(rounds):
        for make, times in zip(steps.values(), taken, strict=True):
            times.append(_microseconds(make))
    return [
        Step(name, median(times), size, _ratio(times, taken[0]))
        for name, size, times in zip(steps, octets, taken, strict=True)
    ]


def _ratio(times: Sequence[float], first: Sequence[float]) -> float:
    return median(one / other for one, other in zip(times, first, strict=True))


def _microseconds(make: Make) -> float:
    begun, count = process_time(), 0
    while (passed := process_time() - begun) < AT_LEAST:
        make()
        count += 1
    return passed / count * 1e6
