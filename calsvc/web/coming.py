"""Which events are still to come, and which one follows an event of a series."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from calsvc import timezones
from calsvc.agenda.model import Event
from calsvc.live.announced import Announced


class ComingAndPast(NamedTuple):
    """The events of a site, by whether they are over."""

    coming: list[Announced]
    """Those that are on too; the next one first."""
    past: list[Announced]
    """The last one first."""


def coming_and_past(events: Iterable[Announced], now: datetime) -> ComingAndPast:
    """Return events, given by their first days, as coming and past ones."""
    yesterday = now.date() - timedelta(days=1)  # somewhere it is still yesterday
    found = ComingAndPast([], [])
    for each in events:
        (found.coming if each.event.last_day >= yesterday else found.past).append(each)
    found.past.reverse()
    return found


def is_over(event: Event, now: datetime) -> bool:
    """Return whether the last day of an event has ended where it is."""
    return event.last_day < today(event, now)


def is_on(event: Event, now: datetime) -> bool:
    """Return whether today is one of the days of an event, where it is."""
    return event.first_day <= today(event, now) <= event.last_day


def today(event: Event, now: datetime) -> date:
    """Return the day of an event that an instant belongs to, which ends after midnight."""
    return event.day_of(now.astimezone(timezones.zone(event.timezone)))


def next_of_series(event: Event, events: Iterable[Announced], now: datetime) -> Event | None:
    """Return the next event of the same series that is not over or cancelled, if there is one.

    Events are given by their first days.
    """
    return next(
        (
            each.event
            for each in events
            if event.series
            and each.event.series == event.series
            and each.event.id != event.id
            and each.event.first_day >= event.first_day
            and each.event.status != "cancelled"
            and not is_over(each.event, now)
        ),
        None,
    )
