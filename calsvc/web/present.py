"""What is on now, and what comes next, on the day of an event that is today.

A page is rendered for everybody and kept for minutes; ``present.js`` keeps it true.
"""

from collections import defaultdict
from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from calsvc import timezones
from calsvc.schedule.entries import Schedule
from calsvc.web.grid import Timed, timed

LASTING = timedelta(hours=4)
"""What lasts longer, such as a desk that is open all day, is not the present."""


class Present(NamedTuple):
    """The present of a day of an event; it changes only when something begins or ends."""

    on: tuple[str, ...]
    """Uids of the entries that are on, those that began last first."""
    following: tuple[str, ...]
    """Uids of the entries that begin next, all at one time."""
    since: datetime | None
    """When an entry began last; None before the first."""


def present(schedule: Schedule, now: datetime, of: Container[str] | None = None) -> Present | None:
    """Return the present of an event, or of some entries of it, which ``of`` has by their uids.

    None where nothing more is on today.
    """
    event = schedule.event
    today = event.day_of(now.astimezone(timezones.zone(event.timezone)))
    own = schedule.worked_out(_by_day).get(today, [])
    if of is not None:
        own = [each for each in own if each.uid in of]
    on = [each for each in own if each.start <= now < each.end]
    coming = min((each.start for each in own if each.start > now), default=None)
    if not on and coming is None:
        return None
    return Present(
        tuple(each.uid for each in sorted(on, key=_latest_first)),
        tuple(each.uid for each in own if each.start == coming),
        max((each.start for each in own if each.start <= now), default=None),
    )


def _by_day(schedule: Schedule) -> Mapping[date, list[Timed]]:
    """Return what is on each day of an event, and does not last."""
    event = schedule.event
    zone = timezones.zone(event.timezone)
    found: dict[date, list[Timed]] = defaultdict(list)
    for each in timed(entry for entry in schedule.entries if not entry.is_part):
        if each.end - each.start <= LASTING:
            found[event.day_of(each.start.astimezone(zone))].append(each)
    return found


def _latest_first(each: Timed) -> float:
    return -each.start.timestamp()
