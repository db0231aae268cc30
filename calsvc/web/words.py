"""The words, dates and times of pages, in the language and zone of who reads them.

``?lang=`` wins over ``Accept-Language``; ``?tz=`` over the event's own zone; both go on
to the next page by its address, so that any page can be sent to a friend as it is seen.
A catalog is read as its translator wrote it (``messages.po``), so no compiled file can
lag behind.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import babel.dates
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, request
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones
from calsvc.errors import UnknownZoneError
from calsvc.facts import N_
from calsvc.model import Event, Kind
from calsvc.slots import Slot

CATALOGS = Path(__file__).with_name("translations")
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Languages that pages have, each by its own name; the first where none is asked for."""
KEPT = ("lang", "tz")


@cache
def catalog(language: str) -> NullTranslations:
    """Return the words of a language; English is what stands in the source."""
    path = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def locale() -> Locale:
    """Return the locale of the request: one of our languages, in the reader's own variant."""
    if "locale" not in g:
        g.locale = next(_locales(), Locale(next(iter(LANGUAGES))))
    found: Locale = g.locale
    return found


def _locales() -> Iterator[Locale]:
    """Yield the locales that the request would like, the first one most."""
    accepted = [
        found
        for tag, quality in request.accept_languages
        if quality and (found := _locale(tag)) and found.language in LANGUAGES
    ]
    asked_for = _locale(request.args.get("lang", ""))
    if asked_for and asked_for.language in LANGUAGES:
        if not asked_for.territory:  # who clicked "English" may well be in Britain
            yield from (each for each in accepted if each.language == asked_for.language)
        yield asked_for
    yield from accepted


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale | None:
    for name in (tag, tag.partition("-")[0]):  # a language in a place that CLDR does not know
        try:
            return Locale.parse(name, sep="-")
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return None


def gettext(words: str) -> str:
    """Return words in the language of the request."""
    return catalog(locale().language).gettext(words)


def ngettext(one: str, many: str, number: int) -> str:
    """Return words for that number of things, in the language of the request."""
    return catalog(locale().language).ngettext(one, many, number)


KINDS: dict[str, str] = {
    Kind.TALK: N_("Talk"),
    Kind.KEYNOTE: N_("Keynote"),
    Kind.PANEL: N_("Panel"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.TUTORIAL: N_("Tutorial"),
    Kind.DEMO: N_("Demo"),
    Kind.LIGHTNING: N_("Lightning talk"),
    Kind.POSTER: N_("Poster"),
    Kind.POSTER_SESSION: N_("Poster session"),
    Kind.OPENING: N_("Opening"),
    Kind.CLOSING: N_("Closing"),
    Kind.Q_AND_A: N_("Questions and answers"),
    Kind.REGISTRATION: N_("Registration"),
    Kind.BREAK: N_("Break"),
    Kind.MEAL: N_("Meal"),
    Kind.SOCIAL: N_("Social"),
    Kind.NETWORKING: N_("Networking"),
    Kind.OTHER: N_("Other"),
}
ROLES: dict[str, str] = {
    "speaker": N_("speaker"),
    "moderator": N_("moderator"),
    "panelist": N_("panelist"),
    "author": N_("author"),
    "host": N_("host"),
}


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
        g.has_unknown_zone = True  # which no link of the page that says so takes along
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
"""Zones that CLDR knows by their former names alone (UTS 35, part 4, time zone names).

Babel 2.18 looks for their new names there, and finds nothing.
"""


def zone_name(moment: datetime) -> str:
    """Return what people call the zone of a local time: ``Pacific Daylight Time``."""
    zone = str(getattr(moment.tzinfo, "zone", ""))
    metazone = get_global("meta_zones").get(CLDR_NAMES.get(zone, zone))
    names = locale().meta_zones.get(metazone, {}).get("long", {})
    variant = "daylight" if moment.dst() else "standard"
    found: str | None = names.get(variant)
    return found or babel.dates.get_timezone_name(moment, width="long", locale=locale())


def zone_names(moments: Iterable[datetime]) -> str:
    """Return the name of the zone of local times; both where clocks change between them."""
    return " / ".join(dict.fromkeys(map(zone_name, moments)))


def zone_city(name: str) -> str:
    """Return the place that a zone is named by: ``Los Angeles``."""
    known = locale().time_zones.get(CLDR_NAMES.get(name, name), {})
    found: str | None = known.get("city")
    return found or name.rpartition("/")[2].replace("_", " ")


# --- dates and times ----------------------------------------------------------------------


def day(value: date) -> str:
    """Return a date in full: ``Wednesday, June 25, 2025``."""
    return babel.dates.format_date(value, "full", locale())


def short_day(value: date) -> str:
    """Return a date among others of an event: ``Wed, Jun 25``."""
    return _short_day(value, locale())


@lru_cache(maxsize=1024)
def _short_day(value: date, locale: Locale) -> str:
    midnight = datetime.combine(value, time())
    return babel.dates.format_skeleton("MMMEd", midnight, locale=locale)


def clock(moment: datetime) -> str:
    """Return the time of day of a local time, by 12 or 24 hours as the locale has it."""
    return _clock(moment.time(), locale())


@lru_cache(maxsize=4096)
def _clock(value: time, locale: Locale) -> str:
    return babel.dates.format_time(value, "short", locale=locale)


def moment(value: datetime, zone: BaseTzInfo, beside: Slot) -> str:
    """Return the local time of an instant, with its date where a slot is on another one."""
    local = value.astimezone(zone)
    if local.date() == beside.start.astimezone(zone).date():
        return clock(local)
    return f"{short_day(local)}, {clock(local)}"


def days(event: Event) -> str:
    """Return the day of an event, or its first and last: ``June 25 – 27, 2025``."""
    if event.first_day == event.last_day:
        return day(event.first_day)
    return babel.dates.format_interval(event.first_day, event.last_day, "yMMMMd", locale=locale())


def tag() -> str:
    """Return the language of the request as HTML names it: ``en-GB``."""
    return str(locale()).replace("_", "-")


def language_name(tag: str) -> str:
    """Return what people call a language: ``Brazilian Portuguese``; the tag if unknown."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def asked() -> list[tuple[str, str]]:
    """Return what the address of a page asks for, besides its language and zone."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in KEPT]
