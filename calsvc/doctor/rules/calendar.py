"""What a calendar says of itself: version, method, source."""

from collections.abc import Callable, Iterator

from calsvc.doctor.clients import STRICT, Client, Effect, Shows
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import CALENDAR, OTHER_VEVENT, VEVENT, Example, Frame, whole
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.doctor.values import is_stamp
from calsvc.doctor.vocabulary import CALENDAR_ONCE
from calsvc.translations import N_

NAMES = ("NAME", "X-WR-CALNAME")
UNTOLD = frozenset({"X-PUBLISHED-TTL", "X-WR-CALDESC", "X-WR-CALNAME"})
"""What a calendar should have once, and no program is known to insist on that."""
LONGEST_NAME = 255  # characters that Outlook keeps
INVITATIONS = ("REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER")
"""Methods of messages between those who are invited (RFC 5546, 1.4)."""
TWO = VEVENT + OTHER_VEVENT


def _missing(name: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds calendars without a property."""

    def find(document: Document) -> Iterator[Found]:
        for each in document.vcalendars:
            if each.end and not each.first(name):
                yield within(each, name)

    return find


def _not(name: str, *values: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds a property of calendars that has none of these values."""

    def find(document: Document) -> Iterator[Found]:
        for calendar in document.vcalendars:
            for each in calendar.each(name):
                if each.value.strip().upper() not in {*values, ""}:
                    yield at(each)

    return find


def _invites(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for each in calendar.each("METHOD"):
            if each.value.strip().upper() in INVITATIONS:
                yield at(each)


def _unreadable_stamp(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        yield from (at(each) for each in calendar.each("LAST-MODIFIED") if not is_stamp(each))


def _repeated(names: frozenset[str]) -> Callable[[Document], Iterator[Found]]:
    """Return what finds properties that calendars have again."""

    def find(document: Document) -> Iterator[Found]:
        for calendar in document.vcalendars:
            for name in sorted(names & calendar.properties.keys()):
                yield from (Found(each.line, name) for each in [*calendar.each(name)][1:])

    return find


def _untyped_source(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for each in calendar.each("SOURCE"):
            if each.parameters.get("VALUE", "").upper() != "URI":
                yield at(each)


def _uid(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars if document.is_feed else ():
        yield from (at(each) for each in calendar.each("UID"))


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "no-version",
        Severity.ERROR,
        N_("The calendar has no {value}."),
        N_("A calendar says by which version of the standard it is written."),
        (Effect(Client.KORGANIZER, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6 and 3.7.4; KDE/kcalendarcore, icalformat_p.cpp",
        N_("Write VERSION:2.0 behind BEGIN:VCALENDAR."),
        _missing("VERSION"),
        Example(Frame.CALENDAR, fails="-VERSION", holds="VERSION:2.0"),
    ),
    Rule(
        "other-version",
        Severity.ERROR,
        N_("{value} is not the version that calendar programs read."),
        N_("iCalendar is version 2.0; 1.0 is vCalendar, which is written in another way."),
        (Effect(Client.KORGANIZER, N_("refuses the calendar"), Shows.NOTHING),),
        "RFC 5545, 3.7.4; KDE/kcalendarcore, icalformat_p.cpp",
        N_("Write iCalendar, with VERSION:2.0."),
        _not("VERSION", "2.0"),
        Example(Frame.CALENDAR, fails="VERSION:1.0", holds="VERSION:2.0"),
    ),
    Rule(
        "no-prodid",
        Severity.WARNING,
        N_("The calendar has no {value}."),
        N_("A calendar says what program wrote it; strict readers refuse it otherwise."),
        (),
        "RFC 5545, 3.6 and 3.7.3",
        N_("Write PRODID:-//Your organization//Your program//EN."),
        _missing("PRODID"),
        Example(Frame.CALENDAR, fails="-PRODID", holds="PRODID:-//River//Agenda//EN"),
    ),
    Rule(
        "repeated-calendar-property",
        Severity.ERROR,
        N_("The calendar has {value} more than once."),
        N_("Programs take the first one or the last one, and may refuse the calendar."),
        (STRICT,),
        "RFC 5545, 3.6; RFC 7986, 4; allenporter/ical 14.3.1",
        N_("Keep one of them."),
        _repeated(CALENDAR_ONCE - UNTOLD),
        Example(
            Frame.CALENDAR,
            fails="X-WR-TIMEZONE:Europe/Berlin\nX-WR-TIMEZONE:Europe/Rome",
            holds="X-WR-TIMEZONE:Europe/Berlin",
        ),
    ),
    Rule(
        "calendar-property-again",
        Severity.WARNING,
        N_("The calendar has {value} more than once."),
        N_("Programs take the first one or the last one."),
        (),
        "MS-OXCICAL, X-WR-CALNAME, X-PUBLISHED-TTL",
        N_("Keep one of them."),
        _repeated(UNTOLD),
        Example(
            Frame.CALENDAR,
            fails="X-WR-CALNAME:River Conference\nX-WR-CALNAME:Agenda",
            holds="X-WR-CALNAME:River Conference",
        ),
    ),
    Rule(
        "other-calscale",
        Severity.WARNING,
        N_("{value} is no scale that calendar programs know."),
        N_("The standard has the Gregorian calendar alone."),
        (),
        "RFC 5545, 3.7.1",
        N_("Write Gregorian dates, and CALSCALE:GREGORIAN, or no CALSCALE at all."),
        _not("CALSCALE", "GREGORIAN"),
        Example(Frame.CALENDAR, fails="CALSCALE:JULIAN", holds="CALSCALE:GREGORIAN"),
    ),
    Rule(
        # METHOD:PUBLISH is no finding, though RFC 5546 asks for an ORGANIZER then: Google and
        # Exchange write it without, and none is known to mind.
        "method-of-invitations",
        Severity.ERROR,
        N_("{value} makes the file a message between those who are invited."),
        N_("A calendar for everybody has METHOD:PUBLISH, or none."),
        (
            Effect(
                Client.OUTLOOK,
                N_("lets only those who are invited add the calendar"),
                Shows.NOTHING,
            ),
        ),
        "RFC 5546, 1.4; dotnet-foundation/wg-maintainers#64",
        N_("Leave METHOD out; say that something is off by STATUS:CANCELLED in its entry."),
        _invites,
        Example(Frame.CALENDAR, fails="METHOD:REQUEST", holds="METHOD:PUBLISH"),
    ),
    Rule(
        "method-unknown",
        Severity.WARNING,
        N_("{value} is no method that the standard has."),
        N_("A calendar for everybody has METHOD:PUBLISH, or none."),
        (),
        "RFC 5546, 1.4",
        N_("Leave METHOD out."),
        _not("METHOD", "PUBLISH", *INVITATIONS),
        Example(Frame.CALENDAR, fails="METHOD:EXPORT", holds="METHOD:PUBLISH"),
    ),
    Rule(
        "calendar-stamp-unreadable",
        Severity.ERROR,
        N_("{value} does not tell when the calendar was changed."),
        N_("When something was made or changed is told in UTC, with a Z."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 7986, 5.4; RFC 5545, 3.8.7.3; allenporter/ical 14.3.1",
        N_("Write the time in UTC, with a Z and no TZID: 20270301T120000Z."),
        _unreadable_stamp,
        Example(
            Frame.CALENDAR,
            fails="LAST-MODIFIED:20270301",
            holds="LAST-MODIFIED:20270301T120000Z",
        ),
    ),
    Rule(
        "untyped-source",
        Severity.WARNING,
        N_("{value} does not say that it is an address."),
        N_("The standard has no default here: VALUE=URI must be written."),
        (),
        "RFC 7986, 5.8",
        N_("Write SOURCE;VALUE=URI: and the address."),
        _untyped_source,
        Example(
            Frame.CALENDAR,
            fails="SOURCE:https://river.example/agenda.ics",
            holds="SOURCE;VALUE=URI:https://river.example/agenda.ics",
        ),
    ),
    Rule(
        "uid-of-calendar",
        Severity.WARNING,
        N_("{value} is the calendar's own, and stands before those of its entries."),
        N_("The standard allows it, but some programs look for the first UID of a file."),
        (
            Effect(
                Client.VDIRSYNCER,
                N_("gives it to all entries, so that one of them is left"),
                Shows.MISSING,
            ),
        ),
        "RFC 7986, 5.3; vdirsyncer 0.21",
        N_("Leave it out: the address of a feed tells it from others."),
        _uid,
        Example(
            Frame.FILE,
            fails=whole(f"{CALENDAR}UID:1d1f3c0e-73b7-5a3e-8d3b-3f6f7a8b9c01\n", TWO),
            holds=whole(body=TWO),
        ),
    ),
)
