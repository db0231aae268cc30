"""Reminders: VALARMs of entries."""

from collections.abc import Callable, Iterator
from datetime import datetime

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Find, Found, Rule, Severity, at
from calsvc.doctor.values import length, moment
from calsvc.translations import N_

NEEDED = ("ACTION", "TRIGGER")


def _alarms(document: Document) -> Iterator[tuple[Component, Component]]:
    """Yield the reminders, each with its entry."""
    for entry in document.entries:
        for each in entry.parts if entry.components else ():
            if each.name == "VALARM":
                yield entry, each


def _alarms_where(is_wrong: Callable[[Component], object], name: str = "") -> Find:
    """Return what finds the reminders that are wrong; ``name`` is the property it names."""

    def find(document: Document) -> Iterator[Found]:
        for entry, alarm in _alarms(document):
            if is_wrong(alarm):
                each = alarm.one(name)
                yield at(each, entry) if each else Found(alarm.line, entry.title, entry)

    return find


def _is_mute(alarm: Component) -> bool:
    each = alarm.one("ACTION")
    is_shown = each is not None and each.value.strip().upper() == "DISPLAY"
    return is_shown and not alarm.all("DESCRIPTION")


def _is_never(alarm: Component) -> bool:
    each = alarm.one("TRIGGER")
    return each is not None and not _is_trigger(each)


def _is_trigger(each: Property) -> bool:
    found = moment(each.value)
    if isinstance(found, datetime):
        return found.tzinfo is not None
    return length(each.value) is not None


ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Bridges\nTRIGGER:-PT10M\nEND:VALARM\n"

RULES: tuple[Rule[Document], ...] = (
    Rule(
        "alarm-incomplete",
        Severity.ERROR,
        N_("The reminder has no ACTION, or no TRIGGER."),
        N_("It does not tell what happens, or when."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.6; allenporter/ical 14.3.1",
        N_("Write ACTION:DISPLAY, DESCRIPTION and TRIGGER, or leave the reminder out."),
        _alarms_where(lambda alarm: not all(alarm.all(name) for name in NEEDED)),
        Example(
            Frame.ENTRY,
            fails="BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Bridges\nEND:VALARM",
            holds=ALARM,
        ),
    ),
    Rule(
        "alarm-without-words",
        Severity.ERROR,
        N_("The reminder has nothing to show: it has no DESCRIPTION."),
        N_("A reminder that is shown must have one."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.6; home-assistant/core#163830",
        N_("Write the title of the entry as DESCRIPTION of the reminder."),
        _alarms_where(_is_mute),
        Example(
            Frame.ENTRY,
            fails="BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nEND:VALARM",
            holds=ALARM,
        ),
    ),
    Rule(
        "alarm-at-no-time",
        Severity.ERROR,
        N_("{value} does not tell when the reminder is."),
        N_("It is a length of time such as -PT10M, or a time in UTC."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.6.3; allenporter/ical 14.3.1",
        N_("Write TRIGGER:-PT10M for ten minutes before."),
        _alarms_where(_is_never, "TRIGGER"),
        Example(
            Frame.ENTRY,
            fails="BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Bridges\nTRIGGER:-P10M\nEND:VALARM",
            holds=ALARM,
        ),
    ),
)
