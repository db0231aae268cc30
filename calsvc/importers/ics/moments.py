"""The times of a calendar (RFC 5545, 3.3), read as leniently as calendar programs read them."""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

import pytz

from calsvc import timezones

MOMENT = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:\.\d+)?)?"
    r"\s?(?P<offset>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
DURATION = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?",
    re.ASCII | re.IGNORECASE,
)
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?\d\d)?", re.ASCII)
DAY = timedelta(days=1)


def moment(value: str) -> datetime | date | None:
    """Return the day, the local time (naive) or the instant (aware) that a value is.

    None for what is none, or lies outside the years that calsvc knows.
    """
    found = any_moment(value)
    return found if found and timezones.FIRST_YEAR <= found.year <= timezones.LAST_YEAR else None


def any_moment(value: str) -> datetime | date | None:
    """Return the same of any year: the rules of zones begin in 1601."""
    found = MOMENT.fullmatch(value.strip())
    if not found:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return day
        hour, second = int(found["hour"]), min(int(found["second"] or 0), 59)  # leap seconds
        later, hour = (DAY, 0) if hour == 24 else (timedelta(0), hour)
        local = datetime.combine(day, time(hour, int(found["minute"]), second)) + later
    except (ValueError, OverflowError):
        return None
    if found["offset"] is None:
        return local
    if found["offset"] in "zZ":
        return local.replace(tzinfo=pytz.utc)
    shift = offset(found["offset"])
    return None if shift is None else local.replace(tzinfo=timezone(shift))


class Length(NamedTuple):
    """How long something lasts: days of the calendar, then time as it passes (RFC 5545, 3.3.6).

    A day is 23 or 25 hours long where clocks change; ``PT24H`` is 24 hours on every day.
    """

    days: int
    time: timedelta

    @property
    def usual(self) -> timedelta:
        """Return how long that is where no clock changes."""
        return timedelta(days=self.days) + self.time


def duration(value: str) -> Length | None:
    """Return the length that a value such as ``PT1H30M`` is; None for what is none."""
    found = DURATION.fullmatch(value.strip())
    if not found or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Length(sign * (7 * weeks + days), sign * exact)


def offset(value: str) -> timedelta | None:
    """Return the offset from UTC that a value such as ``-0500`` is; None for what is none."""
    found = OFFSET.fullmatch(value.strip())
    if not found or int(found[2]) > 18 or int(found[3]) > 59:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -length if found[1] == "-" else length
