"""The name, the color and the zone that a calendar gives itself."""

from collections.abc import Callable, Iterator

import pytz

from calsvc.agenda.colors import COLORS
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import CALENDAR, OTHER_VEVENT, VEVENT, Example, Frame, whole, with_lines
from calsvc.doctor.findings import Found, Rule, Severity, at
from calsvc.translations import N_

NAMES = ("NAME", "X-WR-CALNAME")
LONGEST_NAME = 255  # characters that Outlook keeps
TWO = VEVENT + OTHER_VEVENT


def _nameless(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars if document.is_feed else ():
        if calendar.end and not calendar.text(*NAMES):
            yield Found(calendar.line)


def _named_by(one: str, other: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds calendars that have a name by one property and not by another."""

    def find(document: Document) -> Iterator[Found]:
        for calendar in document.vcalendars:
            each = calendar.one(one)
            if calendar.end and each and calendar.text(one) and not calendar.text(other):
                yield at(each)

    return find


def _name_lines(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        yield from (at(each) for each in calendar.each(*NAMES) if "\n" in each.text)


def _long_names(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for each in calendar.each(*NAMES):
            if len(each.text) > LONGEST_NAME:
                yield at(each, value=f"{each.name} ({len(each.text)})")


def _colors(document: Document, *, is_code: bool) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for each in calendar.each("COLOR"):
            color = each.value.strip().lower()
            if color not in COLORS and color.startswith("#") == is_code:
                yield at(each)


def _color_codes(document: Document) -> Iterator[Found]:
    return _colors(document, is_code=True)


def _no_colors(document: Document) -> Iterator[Found]:
    return _colors(document, is_code=False)


def _unknown_zone(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for each in calendar.each("X-WR-TIMEZONE"):
            if each.text not in pytz.all_timezones_set:
                yield at(each)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "no-name",
        Severity.WARNING,
        N_("The calendar has no name."),
        N_("Programs call it by the file in its address, or by the address."),
        (
            Effect(Client.KORGANIZER, N_("names it by its address"), Shows.TEXT),
            Effect(Client.ICSX5, N_("names it by its address"), Shows.TEXT),
        ),
        "RFC 7986, 5.1",
        N_("Write the name of the calendar as NAME and as X-WR-CALNAME."),
        _nameless,
        Example(
            Frame.FILE,
            fails=whole(with_lines(CALENDAR, "-NAME\n-X-WR-CALNAME"), TWO),
            holds=whole(body=TWO),
        ),
    ),
    Rule(
        "name-for-some",
        Severity.WARNING,
        N_("{value} is a name that many programs may not read."),
        N_("NAME is the standard's, and X-WR-CALNAME what most programs look for."),
        (
            Effect(Client.GOOGLE, N_("may not see the name"), Shows.TEXT),
            Effect(Client.OUTLOOK, N_("may not see the name"), Shows.TEXT),
            Effect(Client.APPLE, N_("may not see the name"), Shows.TEXT),
        ),
        "RFC 7986, 5.1; MS-OXCICAL, X-WR-CALNAME",
        N_("Write the same name as X-WR-CALNAME too."),
        _named_by("NAME", "X-WR-CALNAME"),
        Example(Frame.CALENDAR, fails="-X-WR-CALNAME", holds="X-WR-CALNAME:River Conference"),
    ),
    Rule(
        "name-without-standard",
        Severity.NOTE,
        N_("{value} is a name that the standard does not have."),
        N_("NAME is the standard's; few programs read it, but those read nothing else."),
        (Effect(Client.KORGANIZER, N_("names it by its address"), Shows.TEXT),),
        "RFC 7986, 5.1; KDE/kcalendarcore, icalformat_p.cpp",
        N_("Write the same name as NAME too."),
        _named_by("X-WR-CALNAME", "NAME"),
        Example(Frame.CALENDAR, fails="-NAME", holds="NAME:River Conference"),
    ),
    Rule(
        "name-with-line-break",
        Severity.WARNING,
        N_("{value} has a line break in it."),
        N_("A name is one line."),
        (Effect(Client.OUTLOOK, N_("takes the line break out of the name"), Shows.TEXT),),
        "MS-OXCICAL, X-WR-CALNAME",
        N_("Write the name in one line, and put the rest into DESCRIPTION."),
        _name_lines,
        Example(
            Frame.CALENDAR,
            fails="NAME:River\\nConference",
            holds="NAME:River Conference",
        ),
    ),
    Rule(
        "long-calendar-name",
        Severity.WARNING,
        N_("{value} is a name of more than 255 characters."),
        N_("It is cut off, or hides what is beside it."),
        (Effect(Client.OUTLOOK, N_("cuts the name off behind 255 characters"), Shows.TEXT),),
        "MS-OXCICAL, X-WR-CALNAME",
        N_("Write a short name, and put the rest into DESCRIPTION."),
        _long_names,
        Example(
            Frame.CALENDAR,
            fails=f"NAME:{'River ' * 50}Conference",
            holds=f"NAME:{'River ' * 20}Conference",
        ),
    ),
    Rule(
        "color-code",
        Severity.NOTE,
        N_("{value} is a code; the standard asks for a name of CSS."),
        N_("A draft would allow codes; today programs need not understand them."),
        (),
        "RFC 7986, 5.9; draft-ietf-calext-icalendar-jscalendar-extensions",
        N_("Write the nearest name, and the code as X-APPLE-CALENDAR-COLOR."),
        _color_codes,
        Example(
            Frame.CALENDAR,
            fails="COLOR:#008080",
            holds="COLOR:teal\nX-APPLE-CALENDAR-COLOR:#008080",
        ),
    ),
    Rule(
        "no-color",
        Severity.WARNING,
        N_("{value} is no color that CSS has a name for."),
        N_("Programs that color calendars choose another one."),
        (),
        "RFC 7986, 5.9; CSS Color Module Level 3, 4.3",
        N_("Write a name such as teal."),
        _no_colors,
        Example(Frame.CALENDAR, fails="COLOR:seafoam", holds="COLOR:SeaGreen"),
    ),
    Rule(
        "calendar-of-unknown-zone",
        Severity.WARNING,
        N_("{value} is no zone of the tz database."),
        N_("Programs that take times without a zone to be in this one have none then."),
        (),
        "IANA tz database",
        N_("Write a name such as Europe/Berlin."),
        _unknown_zone,
        Example(
            Frame.CALENDAR,
            fails="X-WR-TIMEZONE:Berlin",
            holds="X-WR-TIMEZONE:Europe/Berlin",
        ),
    ),
)
