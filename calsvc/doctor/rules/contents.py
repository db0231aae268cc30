"""What calendars hold, and what may be where in them."""

from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import OTHER_VEVENT, VEVENT, ZONE, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.doctor.vocabulary import CALENDAR_ONLY, ENTRY_ONLY, PARENTS
from calsvc.translations import N_

KEPT = Effect(Client.EVOLUTION, N_("goes on showing all former entries"), Shows.STALE)
ENTRIES = {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"}


def _everything(document: Document) -> Iterator[tuple[Component, Component]]:
    """Yield each component that is in another one, behind that."""
    for parent in (*document.calendars, *document.components):
        for each in parent.parts:
            yield parent, each


def _misplaced(document: Document) -> Iterator[Found]:
    for parent, each in _everything(document):
        if each.name in PARENTS and parent.name not in PARENTS[each.name]:
            if parent.name in PARENTS or parent.name == "VCALENDAR":
                yield Found(each.line, f"{each.name} < {parent.name}", each)


def _unknown(document: Document) -> Iterator[Found]:
    for _, each in _everything(document):
        if each.name not in PARENTS and not each.name.startswith("X-"):
            yield within(each, each.name or "BEGIN:")


def _without_components(document: Document) -> Iterator[Found]:
    return (within(each) for each in document.vcalendars if each.end and not [*each.parts])


def _without_entries(document: Document) -> Iterator[Found]:
    for each in document.vcalendars:
        kinds = {part.name for part in each.parts}
        if (
            each.end
            and kinds
            and not kinds & {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"}
        ):
            yield within(each)


def _no_events(document: Document) -> Iterator[Found]:
    for each in document.components:
        if each.name in {"VTODO", "VJOURNAL"}:
            yield within(each, each.name)


def _late(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        is_late = False
        for each in calendar.order:
            if not isinstance(each, Property):
                is_late = True
            elif is_late and each.name in CALENDAR_ONLY | {"NAME"}:
                yield at(each)


def _calendar_property(document: Document) -> Iterator[Found]:
    for each in document.components:
        for found in each.each(*CALENDAR_ONLY):
            yield at(found, each)


def _entry_property(document: Document) -> Iterator[Found]:
    for calendar in document.vcalendars:
        for found in calendar.each(*ENTRY_ONLY):
            yield at(found)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "misplaced-component",
        Severity.ERROR,
        N_("This component may not be in that one: {value}"),
        N_("Programs pass over what they do not look for there."),
        (),
        "RFC 5545, 3.6",
        N_("Put entries and zones into the calendar itself, alarms into entries."),
        _misplaced,
        Example(
            Frame.BODY,
            fails=f"{VEVENT}BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n",
            holds=VEVENT,
        ),
    ),
    Rule(
        "unknown-component",
        Severity.WARNING,
        N_("No standard has a component {value}."),
        N_("Programs pass over components that they do not know, with all that is in them."),
        (),
        "RFC 5545, 3.6",
        N_("Write events as VEVENT; the name of a component of your own begins with X-."),
        _unknown,
        Example(
            Frame.BODY,
            fails=f"{VEVENT}BEGIN:VSPEAKER\nNAME:Ada\nEND:VSPEAKER\n",
            holds=f"{VEVENT}BEGIN:X-SPEAKER\nNAME:Ada\nEND:X-SPEAKER\n",
        ),
    ),
    Rule(
        "calendar-without-components",
        Severity.ERROR,
        N_("The calendar is empty."),
        N_("A calendar has one component at least; without one it is no valid calendar."),
        (KEPT,),
        "RFC 5545, 3.6",
        N_("If nothing is on, write an entry that says so."),
        _without_components,
        Example(Frame.BODY, fails="", holds=VEVENT),
    ),
    Rule(
        "calendar-without-entries",
        Severity.WARNING,
        N_("The calendar has no entries."),
        N_("Those who look see an empty calendar, or what was in it before."),
        (KEPT,),
        "GNOME/evolution-data-server, e-cal-backend-http.c",
        N_("If nothing is on, write an entry that says so."),
        _without_entries,
        Example(Frame.BODY, fails=ZONE, holds=VEVENT),
    ),
    Rule(
        "tasks-and-journals",
        Severity.WARNING,
        N_("{value} is no event."),
        N_("Those who subscribe to a calendar see its events, and often nothing else."),
        (
            Effect(
                Client.NEXTCLOUD,
                N_("leaves tasks out, unless it is told to keep them"),
                Shows.MISSING,
            ),
        ),
        "RFC 5545, 3.6.2 and 3.6.3",
        N_("Write what has a time as VEVENT."),
        _no_events,
        Example(
            Frame.BODY,
            fails=f"{VEVENT}{OTHER_VEVENT.replace('VEVENT', 'VJOURNAL')}".replace(
                "DTEND:20270615T094500Z\n", ""
            ).replace("CONFIRMED\nTRANSP:OPAQUE\nEND:VJ", "FINAL\nEND:VJ"),
            holds=f"{VEVENT}{OTHER_VEVENT}",
        ),
    ),
    Rule(
        "late-calendar-property",
        Severity.WARNING,
        N_("{value} stands behind the first component of the calendar."),
        N_("Properties of the calendar come before all that is in it."),
        (Effect(Client.OUTLOOK, N_("does not see the calendar's name there"), Shows.TEXT),),
        "RFC 5545, 3.7; eventable/vobject#94, Kozea/Radicale#697",
        N_("Write the properties of the calendar right behind BEGIN:VCALENDAR."),
        _late,
        Example(
            Frame.BODY,
            fails=f"{VEVENT}X-WR-CALDESC:All talks\n",
            holds=f"X-WR-CALDESC:All talks\n{VEVENT}",
        ),
    ),
    Rule(
        "calendar-property-in-component",
        Severity.WARNING,
        N_("{value} belongs to the calendar, and stands in one of its components."),
        N_("It has no meaning there."),
        (),
        "RFC 5545, 3.7; RFC 7986, 5",
        N_("Write it right behind BEGIN:VCALENDAR, or not at all."),
        _calendar_property,
        Example(Frame.ENTRY, fails="METHOD:PUBLISH", holds=""),
    ),
    Rule(
        "entry-property-in-calendar",
        Severity.WARNING,
        N_("{value} belongs to an entry or a zone, and stands in the calendar itself."),
        N_("It has no meaning there; perhaps a BEGIN is missing before it."),
        (),
        "RFC 5545, 3.6 and 3.8; RFC 7986, 4",
        N_("Put it between the BEGIN and the END of what it is about."),
        _entry_property,
        Example(Frame.CALENDAR, fails="LOCATION:Riverside", holds="DESCRIPTION:Riverside"),
    ),
)
