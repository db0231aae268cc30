"""Days and times in the words of a language."""

from datetime import date, datetime
from functools import lru_cache

import babel.dates

from calsvc import timezones
from calsvc.agenda.slots import Slot
from calsvc.translations import N_, catalog

DATE_FORMATS = {"en": "EEEE d MMMM y"}
"""Formats of days (UTS 35, part 4) where it is not the full one of the language."""


def spoken_day(when: date, language: str) -> str:
    """Return a day in words: ``Wednesday 25 June 2025``, ``Mittwoch, 25. Juni 2025``."""
    return _spoken_day(date(when.year, when.month, when.day), language)


@lru_cache(maxsize=1024)
def _spoken_day(when: date, language: str) -> str:
    return babel.dates.format_date(when, DATE_FORMATS.get(language, "full"), language)


def spoken_days(first: date, last: date, language: str) -> str:
    """Return the days of an event in words, the first and the last if it has several."""
    return " – ".join(spoken_day(each, language) for each in dict.fromkeys((first, last)))


def spoken_range(start: datetime, end: datetime, language: str, *, beside: date | None) -> str:
    """Return local times: ``10:00–10:30``, with the day in front if it is not ``beside``."""
    until = f"{end:%H:%M}"
    if end.date() != start.date():
        until = f"{spoken_day(end, language)}, {until}"
    times = f"{start:%H:%M}–{until}"
    return times if start.date() == beside else f"{spoken_day(start, language)}, {times}"


def spoken_time(slot: Slot, language: str) -> str:
    """Return a slot's time in words: ``Wednesday 25 June 2025, 08:30–10:00 PDT (…)``."""
    return _spoken_time(slot.start, slot.end, slot.timezone, language)


@lru_cache(maxsize=4096)
def _spoken_time(start: datetime, end: datetime, zone: str, language: str) -> str:
    start, end = (each.astimezone(timezones.zone(zone)) for each in (start, end))
    times = spoken_range(start, end, language, beside=None)
    if start.tzname() != end.tzname():  # the clocks are put forward or back in between
        times = times.replace("–", f" {start.tzname()}–", 1)
    return f"{times} {end.tzname()} ({zone})"


def spoken_former(former: Slot, slot: Slot, language: str) -> str:
    """Return the time of a slot before it moved, on the clocks of the zone that it is in now.

    What is all day now is in none: then it is that in which it was.
    """
    if former.days:
        all_day = catalog(language).gettext(N_("all day"))
        return f"{spoken_days(*former.days, language)}, {all_day}"
    first_day, zone = slot.local_start.date(), slot.timezone
    if slot.days:
        first_day, zone = slot.days[0], former.timezone
    start, end = former.clock_times(zone)
    return spoken_range(start, end, language, beside=first_day)
