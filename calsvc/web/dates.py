"""Dates, times and time zones for the reader of a page.

They follow the rules of the reader's language; times are in the event's zone, or in that
of ``?tz=``.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache

import babel.dates
from babel import Locale
from babel.core import get_global
from babel.units import format_unit
from flask import g, request
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones
from calsvc.agenda.model import Event
from calsvc.agenda.slots import Slot
from calsvc.errors import UnknownZoneError
from calsvc.web.locale import get_locale

# --- zones --------------------------------------------------------------------------------


def reader_zone(event: Event) -> BaseTzInfo:
    """Return the zone in which times are shown: that of ``?tz=``, or the event's own.

    A city will do: ``?tz=kolkata``.  Raises ``UnknownZoneError``.
    """
    asked_for = request.args.get("tz", "").strip()
    try:
        return timezones.zone(asked_for or event.timezone)
    except UnknownZoneError:
        if named := timezones.of_city(asked_for):
            return timezones.zone(named)
        g.has_unknown_zone = True  # keeps it out of the links on the error page
        raise


CLDR_NAMES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Kanton": "Pacific/Enderbury",
    "Pacific/Pohnpei": "Pacific/Ponape",
}
"""Zones that CLDR knows only by their former names (UTS 35, part 4, time zone names).

Babel 2.18 looks them up by their new names, and finds nothing.
"""


def zone_name(moment: datetime) -> str:
    """Return the common name of a local time's zone: ``Pacific Daylight Time``."""
    zone = str(getattr(moment.tzinfo, "zone", ""))
    metazone = get_global("meta_zones").get(CLDR_NAMES.get(zone, zone))
    names = get_locale().meta_zones.get(metazone, {}).get("long", {})
    variant = "daylight" if moment.dst() else "standard"
    found: str | None = names.get(variant)
    return found or babel.dates.get_timezone_name(moment, width="long", locale=get_locale())


def zone_names(moments: Iterable[datetime]) -> str:
    """Return the name of the zone of local times; both names if clocks change between them."""
    return " / ".join(dict.fromkeys(map(zone_name, moments)))


def short_zone_names(moments: Iterable[datetime]) -> str:
    """Return the letters by which people know the zone of local times: ``CET``, ``UTC+05:30``."""
    return " / ".join(dict.fromkeys(map(_letters, moments)))


def _letters(moment: datetime) -> str:
    zone = str(getattr(moment.tzinfo, "zone", ""))
    metazone = get_global("meta_zones").get(CLDR_NAMES.get(zone, zone))
    names = get_locale().meta_zones.get(metazone, {}).get("short", {})
    found: str | None = names.get("daylight" if moment.dst() else "standard")
    usual = moment.strftime("%Z")
    offset = moment.strftime("%z")
    return found or (usual if usual.isalpha() else f"UTC{offset[:3]}:{offset[3:]}")


def zone_city(name: str) -> str:
    """Return the place after which a zone is named: ``Los Angeles``."""
    known = get_locale().time_zones.get(CLDR_NAMES.get(name, name), {})
    found: str | None = known.get("city")
    return found or name.rpartition("/")[2].replace("_", " ")


# --- dates and times ----------------------------------------------------------------------


def day(value: date) -> str:
    """Return a date in full: ``Wednesday, June 25, 2025``."""
    return babel.dates.format_date(value, "full", get_locale())


def short_day(value: date) -> str:
    """Return a date in short, without its year: ``Wed, Jun 25``."""
    return _short_day(value, get_locale())


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
    return dated_clock(value.astimezone(zone), beside.start.astimezone(zone).date())


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
