"""Dates and times for the reader of a page, by the rules of the reader's language."""

from datetime import date, datetime, time
from functools import lru_cache

import babel.dates
from babel import Locale
from babel.units import format_unit
from pytz.tzinfo import BaseTzInfo

from calsvc.agenda.model import Event
from calsvc.agenda.slots import Slot
from calsvc.web.locale import get_locale


def day(value: date) -> str:
    """Return a date in full: ``Wednesday, June 25, 2025``."""
    return babel.dates.format_date(value, "full", get_locale())


def short_day(value: date) -> str:
    """Return a date in short, without its year: ``Wed, Jun 25``."""
    # Local times of one instant are equal, whatever their days are.
    return _short_day(date(value.year, value.month, value.day), get_locale())


@lru_cache(maxsize=1024)
def _short_day(value: date, locale: Locale) -> str:
    midnight = datetime.combine(value, time())
    return babel.dates.format_skeleton("MMMEd", midnight, locale=locale)


def clock(moment: datetime) -> str:
    """Return the time of day of a local time, by the 12 or 24 hours of the locale."""
    return _clock(moment.time(), get_locale())


@lru_cache(maxsize=4096)
def _clock(value: time, locale: Locale) -> str:
    return babel.dates.format_time(value, "short", locale=locale)


def dated_clock(moment: datetime, beside: date | None) -> str:
    """Return the time of day of a local time, with its date where that is not the one beside."""
    if beside in (None, moment.date()):
        return clock(moment)
    return f"{short_day(moment)}, {clock(moment)}"


def moment(value: datetime, zone: BaseTzInfo, beside: Slot) -> str:
    """Return the local time of an instant, with its date where a slot is on another one."""
    return dated_clock(value.astimezone(zone), beside.local_times(zone)[0].date())


def event_days(event: Event) -> str:
    """Return the day of an event, or its first and last: ``June 25 – 27, 2025``."""
    if event.first_day == event.last_day:
        return day(event.first_day)
    return babel.dates.format_interval(
        event.first_day, event.last_day, "yMMMMd", locale=get_locale()
    )


def short_duration(minutes: int) -> str:
    """Return a number of minutes in few letters: ``45 min``, ``2 hr 30 min``."""
    hours, rest = divmod(minutes, 60)
    if minutes < 120 or (rest and hours > 23):
        hours, rest = 0, minutes
    units = [("hour", hours), ("minute", rest)]
    parts = [
        format_unit(number, unit, "short", locale=get_locale()) for unit, number in units if number
    ]
    return " ".join(parts).replace(" ", "\u00a0")


def duration(minutes: int) -> str:
    """Return a number of minutes in the largest unit that has no fraction: ``1 hour``."""
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes and minutes % length == 0:
            return format_unit(minutes // length, unit, locale=get_locale())
    return format_unit(minutes, "minute", locale=get_locale())
