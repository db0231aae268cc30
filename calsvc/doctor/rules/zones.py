"""Which zones a calendar defines and uses, and what it calls them."""

from collections.abc import Callable, Iterator

from calsvc import zone_names
from calsvc.doctor import offsets
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import ENTRY, ZONE, Example, Frame
from calsvc.doctor.findings import Find, Found, Rule, Severity, at, within
from calsvc.importers.ics import tzids
from calsvc.translations import N_

TIMES = ("DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "RDATE", "EXDATE")
ZONED = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
ABBREVIATIONS = {word for words in zone_names.ABBREVIATIONS for word in words.split()}
MOST_UNUSED = 1  # VTIMEZONEs that no one minds
MOST_GUESSED = 100  # names that are looked at for slips


def _uses(document: Document) -> Iterator[tuple[str, Found]]:
    """Yield each TZID of a local time, where it is used first."""
    seen = {""}
    for component in document.components:
        for each in component.each(*TIMES) if component.name in ZONED else ():
            if each.tzid not in seen and _is_local(each):
                seen.add(each.tzid)
                yield each.tzid, at(each, component)


def _is_local(each: Property) -> bool:
    """Tell whether the first time of a property needs its zone."""
    value = each.value.partition(",")[0].strip()
    return "T" in value.upper() and not value.upper().endswith("Z")


def _names(document: Document) -> Iterator[tuple[str, Found]]:
    """Yield each TZID: where it is defined, else where it is used first."""
    seen = set()
    for zone in document.vtimezones:
        tzid = zone.text("TZID")
        if tzid and tzid not in seen:
            seen.add(tzid)
            yield tzid, within(zone, tzid)
    for tzid, use in _uses(document):
        if tzid not in seen:
            yield tzid, use._replace(value=tzid)


def _called(is_so: Callable[[str], object]) -> Find:
    """Return what finds the zones whose names are of some kind."""

    def find(document: Document) -> Iterator[Found]:
        return (found for tzid, found in _names(document) if is_so(tzid))

    return find


def _is_path(tzid: str) -> bool:
    return tzid.startswith("/")


def _is_windows(tzid: str) -> bool:
    return offsets.known(tzid) is None and tzids.windows_zone(tzid) is not None


def _is_abbreviation(tzid: str) -> bool:
    return tzid.upper() in ABBREVIATIONS and offsets.known(tzid) is None


def _right(tzid: str) -> str | None:
    """Return the name that a misspelt one means; None for all others."""
    known = offsets.known(tzid) or offsets.known("_".join(tzid.split()))
    if known is None and "/" in tzid and not _is_path(tzid):
        suggested = zone_names.suggested(tzid)
        known = suggested[0] if len(suggested) == 1 else None
    return known if known != tzid else None


def _misspelt(document: Document) -> Iterator[Found]:
    for number, (tzid, found) in enumerate(_names(document)):
        if number < MOST_GUESSED and (right := _right(tzid)):
            yield found._replace(value=f"{tzid} ({right})")


def _own(document: Document) -> Iterator[Found]:
    for number, (tzid, found) in enumerate(_names(document)):
        others = (_is_path, _is_windows, _is_abbreviation, offsets.known)
        if not any(is_so(tzid) for is_so in others):
            if number >= MOST_GUESSED or not _right(tzid):
                yield found


def _defined(is_so: Callable[[str], object]) -> Find:
    """Return what finds the zones whose names are of some kind, and that have a VTIMEZONE."""
    called = _called(is_so)
    return lambda document: (each for each in called(document) if each.value in document.zones)


def _undefined(is_so: Callable[[str], object]) -> Find:
    """Return what finds the zones whose names are of some kind, and that have no VTIMEZONE."""

    def find(document: Document) -> Iterator[Found]:
        if "" in document.zones:  # one that has no name
            return
        for tzid, use in _uses(document):
            if tzid not in document.zones and is_so(tzid):
                yield use

    return find


def _is_plain(tzid: str) -> bool:
    return not _is_path(tzid) and not _is_windows(tzid)


def _nameless(document: Document) -> Iterator[Found]:
    return (within(zone, zone.name) for zone in document.vtimezones if not zone.text("TZID"))


def _unused(document: Document) -> Iterator[Found]:
    used = {tzid for tzid, _ in _uses(document)}
    used |= {calendar.text("X-WR-TIMEZONE") for calendar in document.calendars}
    unused = [each for tzid, each in document.zones.items() if tzid and tzid not in used]
    if len(unused) > MOST_UNUSED and document.entries:
        yield from (within(each) for each in unused)


def _content(zone: Component) -> list[tuple[str, ...]]:
    """Return what a VTIMEZONE says of its clocks, to be compared."""
    names = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE")
    return sorted(
        (each.name, *(f"{name}:{one.value}" for name in names for one in each.all(name)))
        for each in offsets.observances_of(zone)
    )


def _repeated(document: Document, *, is_same: bool) -> Iterator[Found]:
    contents: dict[int, list[tuple[str, ...]]] = {}
    for zone in document.vtimezones:
        first = document.zones[zone.text("TZID")]
        if zone is not first and zone.text("TZID"):
            content = contents.setdefault(id(first), _content(first))
            if (_content(zone) == content) == is_same:
                yield within(zone)


def _of_entry(tzid: str, zone: str = ZONE) -> str:
    """Return a calendar with one entry, whose zone is called otherwise."""
    entry = f"BEGIN:VEVENT\n{ENTRY}END:VEVENT\n"
    return zone + entry.replace("TZID=Europe/Berlin", f"TZID={tzid}")


def _renamed(tzid: str) -> Example:
    """Return an example in which the zone is called otherwise."""
    zone = ZONE.replace("TZID:Europe/Berlin", f"TZID:{tzid}")
    return Example(Frame.BODY, fails=_of_entry(tzid, zone), holds=_of_entry("Europe/Berlin"))


_PARIS, _ROME = (ZONE.replace("Berlin", city) for city in ("Paris", "Rome"))
_SUMMERLESS = ZONE.replace("+0200", "+0100")
_OUTLOOK_OFF = Effect(Client.OUTLOOK, N_("shows the time an hour off"), Shows.TIME)

RULES: tuple[Rule[Document], ...] = (
    Rule(
        "zone-undefined",
        Severity.ERROR,
        N_("{value} names a zone that has no VTIMEZONE."),
        N_("Programs that do not know the name cannot tell which moment it is."),
        (
            Effect(Client.OUTLOOK, N_("warns, and shows the time an hour off"), Shows.TIME),
            Effect(Client.GOOGLE, N_("may refuse the calendar"), Shows.NOTHING),
        ),
        "RFC 5545, 3.2.19; owncloud-archive/calendar#687, sebbo2002/ical-generator#680,"
        " thomersch/openstreetmap-calendar#185, neokoenig/RoomBooking#18, humhub/calendar#719",
        N_("Write the VTIMEZONE of the zone before the entries, or the times in UTC with a Z."),
        _undefined(_is_plain),
        Example(
            Frame.BODY,
            fails=_of_entry("Europe/Berlin", zone=""),
            holds=_of_entry("Europe/Berlin"),
        ),
    ),
    Rule(
        "zone-of-no-registry",
        Severity.ERROR,
        N_("{value} names a zone of a global registry, by its slash, and there is none."),
        N_("Outlook alone guesses what is meant; others need a VTIMEZONE as for all names."),
        (),
        "RFC 5545, 3.2.19; thomersch/openstreetmap-calendar#185",
        N_("Take the slash away, and write the VTIMEZONE of the zone."),
        _undefined(_is_path),
        Example(
            Frame.BODY,
            fails=_of_entry("/Europe/Berlin", zone=""),
            holds=_of_entry("Europe/Berlin"),
        ),
    ),
    Rule(
        "zone-of-windows-alone",
        Severity.ERROR,
        N_("{value} names a zone as Windows does, and has no VTIMEZONE."),
        N_("Most programs know zones by the names of the tz database alone."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.2.19; home-assistant/core#179613; allenporter/ical 14.3.1",
        N_("Write the name in the tz database, as Europe/Berlin, and the VTIMEZONE of the zone."),
        _undefined(_is_windows),
        Example(
            Frame.BODY,
            fails=_of_entry("W. Europe Standard Time", zone=""),
            holds=_of_entry("Europe/Berlin"),
        ),
    ),
    Rule(
        "zone-without-name",
        Severity.ERROR,
        N_("A {value} has no TZID."),
        N_("Nothing can refer to it."),
        (_OUTLOOK_OFF,),
        "RFC 5545, 3.6.5; owncloud-archive/calendar#687",
        N_("Write the name of the zone in the tz database as its TZID, as Europe/Berlin."),
        _nameless,
        Example(Frame.ZONE, fails=ZONE.replace("TZID:Europe/Berlin\n", ""), holds=ZONE),
    ),
    Rule(
        "zone-defined-twice",
        Severity.ERROR,
        N_("The zone {value} is defined again, with other clocks."),
        N_("Which of the two holds is left to each program."),
        (),
        "RFC 5545, 3.6.5",
        N_("Keep the right one of the two."),
        lambda document: _repeated(document, is_same=False),
        Example(Frame.ZONE, fails=f"{ZONE}{_SUMMERLESS}", holds=ZONE),
    ),
    Rule(
        "zone-defined-again",
        Severity.NOTE,
        N_("The zone {value} is defined again, with the same clocks."),
        N_("Each TZID has one VTIMEZONE; more of them only make the file larger."),
        (),
        "RFC 5545, 3.6.5",
        N_("Write each VTIMEZONE once."),
        lambda document: _repeated(document, is_same=True),
        Example(Frame.ZONE, fails=f"{ZONE}{ZONE}", holds=ZONE),
    ),
    Rule(
        "zone-unused",
        Severity.NOTE,
        N_("No entry uses the VTIMEZONE {value}."),
        N_("Several of these make the file larger for nothing."),
        (),
        "RFC 5545, 3.6.5",
        N_("Write the zones that entries use."),
        _unused,
        Example(Frame.ZONE, fails=f"{ZONE}{_PARIS}{_ROME}", holds=ZONE),
    ),
    Rule(
        "zone-name-of-windows",
        Severity.WARNING,
        N_("{value} is what Windows calls a zone."),
        N_("Most programs know zones by the names of the tz database alone."),
        (),
        "RFC 5545, 3.2.19; home-assistant/core#179613",
        N_("Write the name in the tz database, as Europe/Berlin."),
        _defined(_is_windows),
        _renamed("W. Europe Standard Time"),
    ),
    Rule(
        "zone-name-with-slash",
        Severity.WARNING,
        N_("The name of the zone {value} begins with a slash."),
        N_("It claims a global registry, which does not exist."),
        (),
        "RFC 5545, 3.2.19; thomersch/openstreetmap-calendar#185",
        N_("Write the bare name in the tz database, as Europe/Berlin."),
        _defined(_is_path),
        _renamed("/example.org/Europe/Berlin"),
    ),
    Rule(
        "zone-name-abbreviated",
        Severity.WARNING,
        N_("{value} is an abbreviation, and no name of a zone."),
        N_("The same letters mean other zones elsewhere, or one half of the year alone."),
        (),
        "RFC 5545, 3.2.19; pretalx/pretalx#2588",
        N_("Write the name in the tz database, as Europe/Berlin."),
        _called(_is_abbreviation),
        _renamed("CEST"),
    ),
    Rule(
        "zone-name-misspelt",
        Severity.WARNING,
        N_("{value} is not how the tz database spells the zone."),
        N_("Programs that look zones up by their names do not find it."),
        (),
        "RFC 5545, 3.2.19; home-assistant/core#179613",
        N_("Write the name as the tz database does, with its capitals."),
        _misspelt,
        _renamed("europe/berlin"),
    ),
    Rule(
        "zone-name-unknown",
        Severity.WARNING,
        N_("{value} is no zone of the tz database."),
        N_("Programs that look zones up by their names do not find it, or take a wrong one."),
        (),
        "RFC 5545, 3.2.19; home-assistant/core#179613",
        N_("Write the name in the tz database, as Europe/Berlin."),
        _own,
        _renamed("Customized Time Zone"),
    ),
)
