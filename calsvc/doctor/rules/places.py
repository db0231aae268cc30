"""Where entries are: coordinates and maps."""

import re
from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, entries_where, where
from calsvc.importers.ics.components import unescaped
from calsvc.translations import N_

FLOAT = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,40})?", re.ASCII)
EXPONENT = re.compile(r"[+-]?\d{0,20}\.?\d{1,40}[eE][+-]?\d{1,5}", re.ASCII)
GEO = re.compile(r"geo:([^,;]{1,60}),([^,;]{1,60})(?:,[^,;]{1,60})?(?:;.*)?", re.IGNORECASE)
LONGEST = 200  # characters of coordinates
NORTH, EAST = 90, 180
WORDS = re.compile(r"\W+")
APPLE = "X-APPLE-STRUCTURED-LOCATION"


def _pair(each: Property) -> list[str]:
    if len(each.value) > LONGEST:
        return []
    return [part.strip() for part in each.value.split(";")]


def _degrees(each: Property) -> tuple[float, float] | None:
    """Return latitude and longitude; None where they are not written as the standard does."""
    pair = _pair(each)
    if len(pair) != 2 or not all(FLOAT.fullmatch(part) for part in pair):
        return None
    return float(pair[0]), float(pair[1])


def _has_exponent(each: Property) -> bool:
    return any(EXPONENT.fullmatch(part) for part in _pair(each))


def _is_unreadable(each: Property) -> bool:
    return _degrees(each) is None and not _has_exponent(each)


def _is_off_the_earth(each: Property) -> bool:
    found = _degrees(each)
    return found is not None and (abs(found[0]) > NORTH or abs(found[1]) > EAST)


def _is_unreadable_map(each: Property) -> bool:
    return len(each.value) > LONGEST or GEO.fullmatch(each.value.strip()) is None


def _letters(text: str) -> str:
    """Return a name by which places can be compared, however they are divided into lines."""
    plain = text.replace("^n", "\n").replace("^N", "\n").replace("^'", '"').replace("^^", "^")
    return WORDS.sub("", unescaped(plain)).casefold()


def _is_of_another_name(entry: Component) -> bool:
    """Tell whether Apple's map of a place has another name than LOCATION."""
    each, location = entry.one(APPLE), entry.one("LOCATION")
    if each is None:
        return False
    title = _letters(each.parameters.get("X-TITLE", ""))
    address = _letters(each.parameters.get("X-ADDRESS", ""))
    return _letters(location.value if location else "") not in {title, address, title + address}


def _drafted(document: Document) -> Iterator[Found]:
    for component in document.components:
        if component.name in {"VLOCATION", "VEVENT"}:
            for each in component.each("COORDINATES"):
                yield at(each, component)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "coordinates-unreadable",
        Severity.ERROR,
        N_("{value} is no latitude and longitude."),
        N_("They are two numbers with a dot, and a semicolon between them."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.1.6; allenporter/ical 14.3.1",
        N_("Write GEO:52.52;13.405, the latitude first."),
        where(_is_unreadable, "GEO"),
        Example(Frame.ENTRY, fails="GEO:52.52,13.405", holds="GEO:52.52;13.405"),
    ),
    Rule(
        "coordinates-with-exponent",
        Severity.ERROR,
        N_("{value} has a number with an exponent."),
        N_("The standard has none, and libical 3 reads 5e-05 as 5 degrees."),
        (),
        "RFC 5545, 3.3.7; libical 3.0.16",
        N_("Write all digits: 0.00005."),
        where(_has_exponent, "GEO"),
        Example(Frame.ENTRY, fails="GEO:51.47722;5e-05", holds="GEO:51.47722;0.00005"),
    ),
    Rule(
        "coordinates-off-the-earth",
        Severity.ERROR,
        N_("{value} is no place on the earth."),
        N_("Latitudes go from -90 to 90, and longitudes from -180 to 180."),
        (),
        "RFC 5545, 3.8.1.6",
        N_("Write the latitude first, and degrees with a dot."),
        where(_is_off_the_earth, "GEO"),
        Example(Frame.ENTRY, fails="GEO:-118.189;33.764", holds="GEO:33.764;-118.189"),
    ),
    Rule(
        "coordinates-of-nothing",
        Severity.WARNING,
        N_("{value} is in the sea off Africa."),
        N_("Zeros stand where coordinates were missing."),
        (),
        "RFC 5545, 3.8.1.6",
        N_("Leave GEO out where the coordinates are not known."),
        where(lambda each: _degrees(each) == (0, 0), "GEO"),
        Example(Frame.ENTRY, fails="GEO:0;0", holds="GEO:0.5;0"),
    ),
    Rule(
        "coordinates-of-a-draft",
        Severity.NOTE,
        N_("{value} is of a draft, which no calendar program is known to read."),
        N_("It may take the place of GEO some day."),
        (),
        "draft-ietf-calext-icalendar-jscalendar-extensions",
        N_("Write GEO too."),
        _drafted,
        Example(
            Frame.ENTRY,
            fails="UID:bridges@river.example\nBEGIN:VLOCATION\nUID:hall-a@river.example\n"
            "NAME:Hall A\nCOORDINATES:geo:52.52,13.405\nEND:VLOCATION",
            holds="UID:bridges@river.example\nBEGIN:VLOCATION\nUID:hall-a@river.example\n"
            "NAME:Hall A\nEND:VLOCATION\n"
            "GEO:52.52;13.405",
        ),
    ),
    Rule(
        "map-unreadable",
        Severity.WARNING,
        N_("{value} has no geo: address."),
        N_("Apple reads it as geo:52.52,13.405, with a comma where GEO has a semicolon."),
        (Effect(Client.APPLE, N_("shows no map"), Shows.ODD),),
        "collective/icalendar#116, sebbo2002/ical-generator#157, sebbo2002/ical-generator#170",
        N_("Write geo:, the latitude, a comma and the longitude."),
        where(_is_unreadable_map, APPLE),
        Example(
            Frame.ENTRY,
            fails=f"{APPLE};VALUE=URI;X-TITLE=Hall A:geo:52.52;13.405",
            holds=f"{APPLE};VALUE=URI;X-TITLE=Hall A:geo:52.52,13.405",
        ),
    ),
    Rule(
        "map-of-another-name",
        Severity.WARNING,
        N_("{value} has another name for the place than LOCATION."),
        N_("Apple shows the map if X-TITLE, with X-ADDRESS where there is one, is LOCATION."),
        (Effect(Client.APPLE, N_("shows no map"), Shows.ODD),),
        "collective/icalendar#116, sebbo2002/ical-generator#236",
        N_("Write the same words in X-TITLE as in LOCATION."),
        entries_where(_is_of_another_name, APPLE),
        Example(
            Frame.ENTRY,
            fails=f"{APPLE};VALUE=URI;X-TITLE=Hall B:geo:52.52,13.405",
            holds=f"{APPLE};VALUE=URI;X-TITLE=Hall A:geo:52.52,13.405",
        ),
    ),
)
