"""Days, times and durations as programs write them, in JSON and XML.

Each function takes any value and gives None for what it cannot read, or what no agenda
has: the years are those for which calsvc knows time zones.  Times of pages that people
write are another matter.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from calsvc import timezones
from calsvc.errors import UnknownZoneError
from calsvc.timezones import FIRST_YEAR, LAST_YEAR

LONGEST = timedelta(days=60)
"""A duration that is longer is a mistake."""
LONGEST_ZONE = 64  # characters
_INSTANT = re.compile(
    r"""(?P<day>\d{4}-\d\d?-\d\d?|\d{8}|\d{4}/\d\d?/\d\d?)
        (?:T|\s{1,3})
        (?P<hour>\d\d?):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,12})?)?
        \s?(?P<offset>Z|UTC|GMT|[+\-−]\d\d(?::?\d\d)?(?::\d\d)?)?
        (?:(?<=\d\d)\s\(?[A-Z]{3,5}\)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d\d?)[:.h](\d\d)(?::(\d\d)(?:\.\d{1,9})?)?\s?([ap]m)?", re.IGNORECASE)
_HOURS = re.compile(r"(?:(\d{1,2}) days?, ?)?(\d{1,4}):(\d{1,3})(?::(\d\d)(?:\.\d{1,9})?)?")
_ISO_DURATION = re.compile(
    r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})(?:\.\d{1,9})?S)?)?"
)


def instant(value: Any) -> datetime | None:
    """Return a day with a time: aware, in the offset that is written or in UTC; else naive."""
    found = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not (on := day(found["day"])):
        return None
    at = timedelta(hours=int(found["hour"]), minutes=int(found["minute"]))
    at += timedelta(seconds=min(int(found["second"] or 0), 59))
    if int(found["minute"]) > 59 or at > timedelta(days=1):
        return None
    local = datetime(on.year, on.month, on.day) + at  # noqa: DTZ001 (24:00 is the next day)
    if not found["offset"]:
        return local
    offset = _offset(found["offset"])
    return local.replace(tzinfo=timezone(offset)) if offset is not None else None


def from_seconds(value: Any) -> datetime | None:
    """Return the instant that a count of seconds, or milliseconds, since 1970 tells."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e14:
        return None
    seconds = value / 1000 if value > 1e11 else value
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def day(value: Any) -> date | None:
    """Return a day: ``2027-06-15``, ``20270615``, ``2027/6/15``, or that of a day with a time."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace("/", "-")[:40]
    numbers = re.match(r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)|(\d{4})(\d\d)(\d\d)(?!\d)", text)
    if not numbers:
        return None
    year, month, number = (int(each) for each in numbers.groups() if each is not None)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def clock(value: Any) -> timedelta | None:
    """Return a time of day as the time since midnight: ``09:00``, ``9:00:00``, ``0900``.

    ``24:30`` is half past midnight of the next day, as some programmes have it.
    """
    text = value.strip() if isinstance(value, str) else ""
    found = _CLOCK.fullmatch(text) or re.fullmatch(r"(\d\d)(\d\d)()()", text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    if hour > 30 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def duration(value: Any) -> timedelta | None:
    """Return how long something takes: ``01:30``, ``1:30:00``, ``PT90M``, or 90 (minutes)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _bounded(minutes=value) if 0 <= value < 1e6 else None
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d{1,5}", text):
        return _bounded(minutes=int(text))
    found = _HOURS.fullmatch(text) or _ISO_DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return _bounded(days=days, hours=hours, minutes=minutes, seconds=seconds)


def known_zone(*names: str | None) -> str | None:
    """Return the first of these that is a zone, or a city that tells one: frab says ``Berlin``."""
    for name in filter(None, names):
        if len(name) > LONGEST_ZONE:
            continue
        try:
            timezones.zone(name)
        except UnknownZoneError:
            if city := timezones.of_city(name):
                return city
            continue
        return name
    return None


def _bounded(**parts: float) -> timedelta | None:
    length = timedelta(**parts)
    return length if length <= LONGEST else None


def _offset(text: str) -> timedelta | None:
    """Return an offset from UTC; None for one that no place has."""
    if text.upper() in {"Z", "UTC", "GMT"}:
        return timedelta(0)
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    if offset > timedelta(hours=15):
        return None
    return -offset if text[0] in "-−" else offset
