"""Which zones of the tz database somebody means who writes another name.

A city (``Boston``) and an abbreviation (``CST``) have their zones in tables, all of them
where there are several; the name of a zone that is one slip of the keyboard off has the
right spelling.  A name that is like nothing here has none: no zone is better than a wrong
one, by which everybody would come an hour early.  So a city is never guessed by its letters:
of 1,800 towns that are a slip from a larger city, three in four are in another zone (Baden,
Aden), and so are countries (India, Kindia).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import pytz

CITIES = Path(__file__).parent / "cities.tsv"
"""The zones of cities, made by ``docs/cities.py``."""
SHORTEST_SLIP = 5  # letters: Rome and Lome are both right
ABBREVIATIONS = {
    "PT PST PDT PACIFIC": "America/Los_Angeles",
    "MT MDT MOUNTAIN": "America/Denver",
    "CT CDT CENTRAL": "America/Chicago",
    "ET EDT EASTERN": "America/New_York",
    "CST": "America/Chicago Asia/Shanghai",
    "AKST AKDT": "America/Anchorage",
    "AST": "America/Halifax Asia/Riyadh",
    "ADT": "America/Halifax",
    "NST NDT": "America/St_Johns",
    "ART": "America/Argentina/Buenos_Aires",
    "BRT": "America/Sao_Paulo",
    "CLT CLST": "America/Santiago",
    "COT": "America/Bogota",
    "PET": "America/Lima",
    "UYT": "America/Montevideo",
    "VET": "America/Caracas",
    "BST": "Europe/London Asia/Dhaka",
    "IST": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
    "CEST MEZ MESZ": "Europe/Berlin",
    "EEST": "Europe/Helsinki",
    "WEST": "Europe/Lisbon",
    "MSK": "Europe/Moscow",
    "TRT": "Europe/Istanbul",
    "CAT": "Africa/Harare",
    "EAT": "Africa/Nairobi",
    "SAST": "Africa/Johannesburg",
    "WAT": "Africa/Lagos",
    "GST": "Asia/Dubai",
    "HKT": "Asia/Hong_Kong",
    "ICT": "Asia/Bangkok",
    "IDT": "Asia/Jerusalem",
    "IRST": "Asia/Tehran",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "MYT": "Asia/Kuala_Lumpur",
    "NPT": "Asia/Kathmandu",
    "PHT": "Asia/Manila",
    "PKT": "Asia/Karachi",
    "SGT": "Asia/Singapore",
    "WIB": "Asia/Jakarta",
    "WITA": "Asia/Makassar",
    "WIT": "Asia/Jayapura",
    "ACST": "Australia/Adelaide Australia/Darwin",
    "ACDT": "Australia/Adelaide",
    "AEST": "Australia/Sydney Australia/Brisbane",
    "AEDT": "Australia/Sydney",
    "AWST": "Australia/Perth",
    "NZST NZDT": "Pacific/Auckland",
}
"""What people call zones → the zones that it is used for, the likeliest first."""
LONGEST = 100  # characters of what may be a slip; to try all slips of more would take seconds
OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*[+\-−±]\s*\d{1,2}(?:[:.]?\d\d)?", re.IGNORECASE)
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e"}
)
"""Latin letters that Unicode does not take apart into a letter and an accent."""


def is_offset(name: str) -> bool:
    """Tell whether a name is an offset from UTC: ``UTC+2``, which is no zone."""
    return OFFSET.fullmatch(name.strip()) is not None


def suggested(name: str) -> tuple[str, ...]:
    """Return the zones that an unknown name can mean, the likeliest first; none if none."""
    if is_offset(name) or len(name) > LONGEST:
        return ()
    *areas, city = re.split(r"\s*/\s*", name.strip())
    if not areas and (known := of_abbreviation(city)):
        return known
    found = of_city(city) or _of_slip(plain_name(name), _zones())
    area = plain_name(areas[0]) if areas else ""
    there = tuple(each for each in found if plain_name(each.partition("/")[0]) == area)
    return there or found


def of_city(name: str) -> tuple[str, ...]:
    """Return the zones of the cities of that name, the largest first; none if none has it.

    Accents, capitals and hyphens do not count.
    """
    plain = plain_name(name)
    return cities().get(plain) or _zone_cities().get(plain, ())


def of_abbreviation(name: str) -> tuple[str, ...]:
    """Return the zones that are called by letters, the likeliest first: of ``MEZ``."""
    short = re.sub(r"\s+(?:standard\s+|daylight\s+)?time$", "", name, flags=re.IGNORECASE)
    return _abbreviations().get(short.upper(), ())


def plain_name(name: str) -> str:
    """Return a name in small letters without accents, with one space between its words."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(UNDECOMPOSED))
    kept = "".join(each for each in letters if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub("['’ʻ‘]", "", kept)).split())


@cache
def cities() -> dict[str, tuple[str, ...]]:
    """Return the zones of each city in the table, by its plain name."""
    found = {}
    for line in CITIES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            zones, names = line.split("\t")
            found.update(dict.fromkeys(names.split(","), tuple(zones.split())))
    return found


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    return {
        each: tuple(zones.split())
        for names, zones in ABBREVIATIONS.items()
        for each in names.split()
    }


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Return the zones themselves, by their plain names."""
    return {plain_name(each): (each,) for each in pytz.common_timezones}


@cache
def _zone_cities() -> dict[str, tuple[str, ...]]:
    """Return the zones by the plain names of the cities that they are named by."""
    return {plain_name(each.rpartition("/")[2]): (each,) for each in pytz.common_timezones}


def _of_slip(name: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the zone of what is one slip away; none where that is several zones."""
    if len(name) < SHORTEST_SLIP:
        return ()
    found = {known[each] for each in _slips(name) if each in known}
    return found.pop() if len(found) == 1 else ()


def _slips(name: str) -> Iterator[str]:
    """Yield all that a name becomes by one letter left out, added, changed, or two swapped."""
    for place in range(len(name) + 1):
        before, after = name[:place], name[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in f"{ascii_lowercase} ":
            yield before + letter + after
            yield before + letter + after[1:]
