"""How a VTIMEZONE is written: its STANDARDs and DAYLIGHTs, and their properties."""

from collections.abc import Iterator
from datetime import datetime

from calsvc.doctor import offsets
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import ZONE, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.importers.ics.moments import any_moment
from calsvc.translations import N_

OFFSETS = ("TZOFFSETFROM", "TZOFFSETTO")
NO_EARLIER = 1970  # years: rules from before trip some programs


def _observances(document: Document) -> Iterator[Component]:
    for zone in document.vtimezones:
        yield from offsets.observances_of(zone)


def _properties(document: Document, *names: str) -> Iterator[Property]:
    for observance in _observances(document):
        yield from observance.each(*names)


def _empty(document: Document) -> Iterator[Found]:
    return (within(zone) for zone in document.vtimezones if not offsets.observances_of(zone))


def _without_standard(document: Document) -> Iterator[Found]:
    for zone in document.vtimezones:
        if {each.name for each in offsets.observances_of(zone)} == {"DAYLIGHT"}:
            yield within(zone)


def _with_comment(document: Document) -> Iterator[Found]:
    return (at(each, zone) for zone in document.vtimezones for each in zone.each("COMMENT"))


def _without_offset(document: Document) -> Iterator[Found]:
    for each in _observances(document):
        yield from (within(each, f"{each.name}: {name}") for name in OFFSETS if not each.one(name))


def _unsigned(document: Document) -> Iterator[Found]:
    for each in _properties(document, *OFFSETS):
        if each.value.strip()[:1].isdigit() and offsets.offset_of(each) is not None:
            yield at(each)


def _bad_offset(document: Document) -> Iterator[Found]:
    return (at(each) for each in _properties(document, *OFFSETS) if offsets.offset_of(each) is None)


def _with_seconds(document: Document) -> Iterator[Found]:
    for each in _properties(document, *OFFSETS):
        offset = offsets.offset_of(each)
        if offset is not None and offset.total_seconds() % 60:
            yield at(each)


def _without_start(document: Document) -> Iterator[Found]:
    return (within(each, each.name) for each in _observances(document) if not each.one("DTSTART"))


def _zoned_start(document: Document) -> Iterator[Found]:
    return (at(each) for each in _properties(document, "DTSTART") if "TZID" in each.parameters)


def _starts(document: Document) -> Iterator[tuple[Property, str]]:
    """Yield when observances begin, with what kind of time it is."""
    for each in _properties(document, "DTSTART"):
        found = any_moment(each.value)
        if not isinstance(found, datetime):
            yield each, "none"
        elif found.tzinfo is not None:
            yield each, "instant"
        else:
            yield each, "early" if found.year < NO_EARLIER else "local"


def _utc_start(document: Document) -> Iterator[Found]:
    return (at(each) for each, kind in _starts(document) if kind == "instant")


def _bad_start(document: Document) -> Iterator[Found]:
    return (at(each) for each, kind in _starts(document) if kind == "none")


def _early_start(document: Document) -> Iterator[Found]:
    return (at(each) for each, kind in _starts(document) if kind == "early")


_DAYLIGHT, _STANDARD = (f"BEGIN:{part}" for part in ("DAYLIGHT", "STANDARD"))
_BEFORE = f"{ZONE.partition(_DAYLIGHT)[0]}"


def _berlin(old: str, new: str) -> Example:
    """Return an example: the zone of the other examples, with other words in one place."""
    assert old in ZONE
    return Example(Frame.ZONE, fails=ZONE.replace(old, new, 1), holds=ZONE)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "zone-empty",
        Severity.ERROR,
        N_("The VTIMEZONE {value} says nothing of its clocks."),
        N_("It needs a STANDARD or a DAYLIGHT at least."),
        (Effect(Client.OUTLOOK_WEB, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.5; Inter-Actief/amelie#199",
        N_("Write the STANDARD of the zone, and its DAYLIGHT if it has summer time."),
        _empty,
        Example(Frame.ZONE, fails=f"{_BEFORE}END:VTIMEZONE", holds=ZONE),
    ),
    Rule(
        "zone-without-standard",
        Severity.ERROR,
        N_("The VTIMEZONE {value} has a DAYLIGHT, and no STANDARD."),
        N_("Half of the year is missing, and programs fall back to something else."),
        (Effect(Client.OUTLOOK_MAC, N_("takes the times for UTC"), Shows.TIME),),
        "RFC 5545, 3.6.5; rubyredrick/ri_cal#11",
        N_("Write the STANDARD too; a zone without summer time has nothing but a STANDARD."),
        _without_standard,
        Example(Frame.ZONE, fails=f"{ZONE.partition(_STANDARD)[0]}END:VTIMEZONE", holds=ZONE),
    ),
    Rule(
        "zone-without-offset",
        Severity.ERROR,
        N_("An offset is missing in a VTIMEZONE: {value}."),
        N_("Without both offsets nobody knows what the clocks show."),
        (
            Effect(Client.OUTLOOK_WEB, N_("refuses the calendar"), Shows.NOTHING),
            Effect(Client.OUTLOOK, N_("guesses the offset"), Shows.TIME),
        ),
        "RFC 5545, 3.6.5; MS-STANXICAL, V0145; MS-STANOICAL, V0152; humhub/calendar#719",
        N_("Write TZOFFSETFROM, the offset before the change, and TZOFFSETTO, the one after it."),
        _without_offset,
        _berlin("TZOFFSETTO:+0200\n", ""),
    ),
    Rule(
        "zone-offset-without-sign",
        Severity.ERROR,
        N_("{value} has no sign."),
        N_("An offset from UTC needs its + or -."),
        (Effect(Client.GOOGLE, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.14; spatie/icalendar-generator#37",
        N_("Write the sign: +0200."),
        _unsigned,
        _berlin("TZOFFSETFROM:+0100", "TZOFFSETFROM:0100"),
    ),
    Rule(
        "zone-offset-bad",
        Severity.ERROR,
        N_("{value} is no offset that clocks have."),
        N_("An offset is a sign, two digits of hours and two of minutes, 15 hours at most."),
        (Effect(Client.GOOGLE, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.14; humhub/calendar#719, pimutils/khal#140",
        N_("Write the offset as +0530."),
        _bad_offset,
        _berlin("TZOFFSETFROM:+0100", "TZOFFSETFROM:+5328"),
    ),
    Rule(
        "zone-offset-with-seconds",
        Severity.WARNING,
        N_("{value} is an offset with seconds."),
        N_("Clocks had such offsets long ago; many programs know hours and minutes alone."),
        (),
        "RFC 5545, 3.3.14; pimutils/khal#140",
        N_("Let the VTIMEZONE begin in 1970 or later."),
        _with_seconds,
        _berlin(
            "20260329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZNAME:CEST"
            "\nTZOFFSETFROM:+0100",
            "20260329T015328\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZNAME:CEST"
            "\nTZOFFSETFROM:+005328",
        ),
    ),
    Rule(
        "zone-without-start",
        Severity.ERROR,
        N_("A {value} has no DTSTART."),
        N_("DTSTART must say when the offset begins to hold; an RDATE does not."),
        (Effect(Client.GOOGLE, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.5; ics-py/ics-py#419",
        N_("Write as DTSTART the local time of the change, in the offset before it."),
        _without_start,
        _berlin("DTSTART:20260329T020000\n", ""),
    ),
    Rule(
        "zone-start-with-zone",
        Severity.ERROR,
        N_("{value} has a TZID within a VTIMEZONE."),
        N_("The time is one of the zone's own clocks, and the zone cannot be described by itself."),
        (Effect(Client.GOOGLE, N_("shows no entries"), Shows.NOTHING),),
        "RFC 5545, 3.6.5; jasvrcek/ICS#53",
        N_("Take the TZID away."),
        _zoned_start,
        _berlin("DTSTART:20260329", "DTSTART;TZID=Europe/Berlin:20260329"),
    ),
    Rule(
        "zone-start-in-utc",
        Severity.ERROR,
        N_("{value} is in UTC within a VTIMEZONE."),
        N_("It must be a local time, in the offset before the change."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.5; home-assistant/core#160047",
        N_("Write the local time of the change, without a Z."),
        _utc_start,
        _berlin("DTSTART:20260329T020000", "DTSTART:20260329T010000Z"),
    ),
    Rule(
        "zone-start-bad",
        Severity.ERROR,
        N_("{value} is no local time."),
        N_("A change of clocks happens on a day that exists, at a time that exists."),
        (),
        "RFC 5545, 3.6.5",
        N_("Write the local time of the change, as 20260329T020000."),
        _bad_start,
        _berlin("DTSTART:20260329T020000", "DTSTART;VALUE=DATE:20260329"),
    ),
    Rule(
        "zone-starts-early",
        Severity.WARNING,
        N_("{value} begins the rules of a zone before 1970."),
        N_("Nothing needs rules that old, and some programs do not count that far back."),
        (),
        "mangstadt/biweekly#85, pimutils/khal#140",
        N_("Begin them in the year before the first entry, or in 1970."),
        _early_start,
        _berlin("DTSTART:20260329T020000", "DTSTART:16010325T020000"),
    ),
    Rule(
        "zone-comment",
        Severity.NOTE,
        N_("{value} stands in the VTIMEZONE itself."),
        N_("A COMMENT may stand in its STANDARD and DAYLIGHT alone."),
        (),
        "RFC 5545, 3.6.5 and 3.8.1.4",
        N_("Take it away."),
        _with_comment,
        _berlin("TZID:Europe/Berlin", "TZID:Europe/Berlin\nCOMMENT:Central Europe"),
    ),
)
