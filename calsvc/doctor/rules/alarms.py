"""Reminders: VALARMs of entries."""

from collections.abc import Callable, Iterator
from datetime import datetime

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Find, Found, Rule, Severity, at
from calsvc.doctor.values import length, moment
from calsvc.translations import N_

NEEDED = ("ACTION", "TRIGGER")
OF_MAIL = ("SUMMARY", "DESCRIPTION")
AGAIN = ("REPEAT", "DURATION")
ONCE = ("ACTION", "TRIGGER", "DESCRIPTION", "SUMMARY", "REPEAT", "DURATION")


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


def _does(alarm: Component, action: str) -> bool:
    each = alarm.one("ACTION")
    return each is not None and each.value.strip().upper() == action


def _is_mute(alarm: Component) -> bool:
    return _does(alarm, "DISPLAY") and not alarm.all("DESCRIPTION")


def _is_empty_mail(alarm: Component) -> bool:
    return _does(alarm, "EMAIL") and not all(alarm.all(name) for name in OF_MAIL)


def _repeats_by_half(alarm: Component) -> bool:
    return len([name for name in AGAIN if alarm.all(name)]) == 1


def _repeated(document: Document) -> Iterator[Found]:
    for entry, alarm in _alarms(document):
        for name in ONCE:
            yield from (at(each, entry) for each in [*alarm.each(name)][1:2])


def _is_never(alarm: Component) -> bool:
    each = alarm.one("TRIGGER")
    is_time = each is not None and isinstance(moment(each.value), datetime)
    return each is not None and not is_time and length(each.value) is None


def _is_local(alarm: Component) -> bool:
    each = alarm.one("TRIGGER")
    found = moment(each.value) if each else None
    return isinstance(found, datetime) and found.tzinfo is None


ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Bridges\nTRIGGER:-PT10M\nEND:VALARM\n"
MAIL = (
    "SUMMARY:Bridges that bend\nBEGIN:VALARM\nACTION:EMAIL\nSUMMARY:Bridges\n"
    "DESCRIPTION:Bridges\nATTENDEE:mailto:desk@river.example\nTRIGGER:-PT10M\nEND:VALARM\n"
)

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
        "mail-without-words",
        Severity.ERROR,
        N_("The reminder by e-mail has no SUMMARY, or no DESCRIPTION."),
        N_("They are the subject and the text of the message, and must be there."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.6; allenporter/ical 14.3.1",
        N_("Write both, or ACTION:DISPLAY with a DESCRIPTION."),
        _alarms_where(_is_empty_mail),
        Example(Frame.ENTRY, fails=MAIL.replace("DESCRIPTION:Bridges\n", ""), holds=MAIL),
    ),
    Rule(
        "alarm-repeats-by-half",
        Severity.ERROR,
        N_("The reminder has a REPEAT or a DURATION without the other."),
        N_("One says how often it comes again, the other after how long."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.6; allenporter/ical 14.3.1",
        N_("Write both, or leave both out."),
        _alarms_where(_repeats_by_half),
        Example(
            Frame.ENTRY,
            fails=ALARM.replace("TRIGGER", "REPEAT:2\nTRIGGER"),
            holds=ALARM.replace("TRIGGER", "REPEAT:2\nDURATION:PT5M\nTRIGGER"),
        ),
    ),
    Rule(
        "alarm-property-twice",
        Severity.ERROR,
        N_("{value} is the second of its kind in the reminder."),
        N_("A reminder may have one: some programs take the first, some the last."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.6; allenporter/ical 14.3.1",
        N_("Keep one of them; write a VALARM for each reminder."),
        _repeated,
        Example(
            Frame.ENTRY,
            fails=ALARM.replace("TRIGGER", "TRIGGER:-PT1H\nTRIGGER"),
            holds=f"{ALARM}{ALARM.replace('PT10M', 'PT1H')}",
        ),
    ),
    Rule(
        "alarm-at-local-time",
        Severity.WARNING,
        N_("{value} is no time in UTC."),
        N_("A reminder at a certain time is told in UTC, with a Z."),
        (),
        "RFC 5545, 3.8.6.3",
        N_("Write TRIGGER:-PT10M for ten minutes before."),
        _alarms_where(_is_local, "TRIGGER"),
        Example(
            Frame.ENTRY,
            fails=ALARM.replace("TRIGGER:-PT10M", "TRIGGER;VALUE=DATE-TIME:20270615T060000"),
            holds=ALARM.replace("TRIGGER:-PT10M", "TRIGGER;VALUE=DATE-TIME:20270615T060000Z"),
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
