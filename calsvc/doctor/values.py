"""Times and lengths as the standard writes them (RFC 5545, 3.3), and as instants.

What calendar programs forgive is None here: whoever asks for a value wants to compare it.
When an entry is for those who forgive, ``documents.time_of`` tells.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import pytz
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones
from calsvc.doctor.documents import Component, Property
from calsvc.importers.ics import moments

MOMENT = re.compile(r"\d{8}(?:T(?:[01]\d|2[0-3])\d{4}Z?)?", re.ASCII | re.IGNORECASE)
LONGEST = 40  # characters of a time, a length or the name of a zone that is looked at


@lru_cache(maxsize=65536)
def _moment(value: str) -> date | datetime | None:
    return moments.any_moment(value) if MOMENT.fullmatch(value) else None


def moment(value: str) -> date | datetime | None:
    """Return the day, local time (naive) or instant (aware) that is written; None for none."""
    return _moment(value) if len(value) <= LONGEST else None


def moment_of(entry: Component, name: str) -> date | datetime | None:
    """Return the moment that the first property of a name is; None without one."""
    each = entry.one(name)
    return moment(each.value) if each else None


def is_day(found: date | datetime | None) -> bool:
    """Tell whether it is a day: no time, and not nothing."""
    return found is not None and not isinstance(found, datetime)


def length(value: str) -> timedelta | None:
    """Return the DURATION that is written: ``PT45M``; None for none."""
    if len(value) > LONGEST or value[-1:] in {"T", "t"}:
        return None
    found = moments.duration(value)
    return found.usual if found else None


def is_stamp(each: Property) -> bool:
    """Tell whether a property is a time that programs can read, or a day that says so.

    A DTSTAMP that is a day need not say it: readers of calendars know it by its length.
    """
    found, is_said = moment(each.value), each.parameters.get("VALUE", "").strip().upper() == "DATE"
    if isinstance(found, datetime):
        return not is_said
    return found is not None and (is_said or each.name == "DTSTAMP")


@lru_cache(maxsize=1024)
def _zone(name: str) -> BaseTzInfo | None:
    try:
        return pytz.timezone(name)
    except (pytz.UnknownTimeZoneError, ValueError, OSError):
        return None


def zone_named(name: str) -> BaseTzInfo | None:
    """Return the zone of a name in the tz database; None without one."""
    return _zone(name) if 0 < len(name) <= LONGEST else None


def zone(each: Property) -> str | None:
    """Return the zone of the tz database that a property names; None without one."""
    found = zone_named(each.tzid)
    return found.zone if found else None


def instant(each: Property) -> datetime | None:
    """Return a property's time in UTC; None for a day, and where nothing tells the zone."""
    found = moment(each.value)
    if not isinstance(found, datetime):
        return None
    if found.tzinfo:
        return found
    named = zone(each)
    try:
        return timezones.resolved(found, named) if named else None
    except (ValueError, OverflowError):
        return None


def span(first: Property, last: Property) -> timedelta | None:
    """Return how long it is from one property to another.

    None where they cannot be compared: a day and a time, or a time without a zone.
    """
    start, end = moment(first.value), moment(last.value)
    if start is None or end is None or is_day(start) != is_day(end):
        return None
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return end - start
    if first.tzid == last.tzid:
        if bool(start.tzinfo) == bool(end.tzinfo):
            return end - start
    begin, over = instant(first), instant(last)
    return over - begin if begin and over else None
