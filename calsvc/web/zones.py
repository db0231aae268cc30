"""The time zone in which a page shows times, and what people call it.

Times are in the event's zone, or in that of ``?tz=``: the name of a zone, a city, or letters such
as ``MEZ``, as somebody types them.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from flask import g, request
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones, zone_names
from calsvc.agenda.model import Event
from calsvc.errors import UnknownZoneError
from calsvc.web.locale import get_locale

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
PRESENT_NAMES = {former: name for name, former in CLDR_NAMES.items()}
"""The same the other way round: browsers call their zones by the former names, too."""

# --- which one ----------------------------------------------------------------------------


def reader_zone(event: Event) -> BaseTzInfo:
    """Return the zone in which times are shown: that of ``?tz=``, or the event's own.

    Raises ``UnknownZoneError``.
    """
    asked_for = request.args.get("tz", "").strip()
    if not asked_for:
        return timezones.zone(event.timezone)
    try:
        if len(asked_for) > zone_names.LONGEST:  # whatever it is, it is not remembered
            raise UnknownZoneError(asked_for)
        return _meant(asked_for, get_locale())
    except UnknownZoneError:
        g.has_unknown_zone = True  # keeps it out of the links on the error page
        raise


@lru_cache(maxsize=1024)
def _meant(words: str, locale: Locale) -> BaseTzInfo:
    """Return the zone that somebody means.

    Raises ``UnknownZoneError`` with all that may be meant where that is not sure.
    """
    if name := timezones.FIXED_ABBREVIATIONS.get(words.upper()):
        return timezones.zone(name)
    try:
        found = timezones.zone(words)
        return timezones.zone(PRESENT_NAMES.get(str(found.zone), words))
    except UnknownZoneError as error:
        if name := timezones.of_city(words) or _cities(locale).get(_plain(words)):
            return timezones.zone(name)
        letters = zone_names.of_abbreviation(words)
        if len(letters) == 1:
            return timezones.zone(letters[0])
        # A city with its country: only people know whether it is the one in our table.
        city, _, country = words.partition(",")
        if country and not error.suggestions:
            raise UnknownZoneError(words, zone_names.of_city(city)) from error
        raise


@lru_cache(maxsize=64)
def _cities(locale: Locale) -> dict[str, str]:
    """Return the zones by the plain names of their places in a language: ``fidschi``."""
    return {
        _plain(each["city"]): PRESENT_NAMES.get(zone, zone)
        for zone, each in locale.time_zones.items()
        if "city" in each
    }


def _plain(name: str) -> str:
    return zone_names.plain_name(name.replace("\u00ad", ""))  # where long names may be hyphenated


# --- its names ----------------------------------------------------------------------------


def zone_name(name: str, moments: Iterable[datetime]) -> str:
    """Return what people call a zone at some instants, and its place: ``PDT, Los Angeles``.

    If clocks change between them, both names stand there.
    """
    letters = zone_letters(name, moments)
    is_of_place = "/" in name and not name.startswith("Etc/")
    return f"{letters}, {zone_city(name)}" if is_of_place else letters


def zone_letters(name: str, moments: Iterable[datetime]) -> str:
    """Return the letters by which people know a zone: ``CET``, ``UTC+5:30``, ``CET / CEST``."""
    zone = timezones.zone(name)
    return " / ".join(dict.fromkeys(_letters(moment.astimezone(zone)) for moment in moments))


def _letters(moment: datetime) -> str:
    zone = str(getattr(moment.tzinfo, "zone", ""))
    metazone = get_global("meta_zones").get(CLDR_NAMES.get(zone, zone))
    names = get_locale().meta_zones.get(metazone, {}).get("short", {})
    found: str = names.get("daylight" if moment.dst() else "standard", "")
    usual = moment.strftime("%Z")
    # What a variant of a language does not say is ∅∅∅ in CLDR: PDT, in Britain.
    return next(filter(str.isalpha, (found, usual)), _offset(moment))


def _offset(moment: datetime) -> str:
    """Return the offset of a local time as people write it: ``UTC+3``, ``UTC−9:30``."""
    hours, minutes = timezones.offset_text(moment.utcoffset()).split(":")
    sign = "−" if hours[0] == "-" else "+"
    return f"UTC{sign}{int(hours[1:])}" + (f":{minutes}" if minutes != "00" else "")


def zone_city(name: str) -> str:
    """Return the place after which a zone is named: ``Los Angeles``."""
    known = get_locale().time_zones.get(CLDR_NAMES.get(name, name), {})
    found: str | None = known.get("city")
    return found or name.rpartition("/")[2].replace("_", " ")


def zone_place(name: str) -> str:
    """Return the place after which a zone is named, and its country: ``Chicago, United States``."""
    territories = get_global("zone_territories")
    code = territories.get(name) or territories.get(CLDR_NAMES.get(name, name), "")
    country = get_locale().territories.get(code, "")
    city = zone_city(name)
    return f"{city}, {country}" if country and country != city else city
