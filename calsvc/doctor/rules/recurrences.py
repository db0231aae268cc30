"""Entries that repeat: their rules."""

from datetime import date, datetime, timedelta

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, entries_where, where
from calsvc.doctor.series import Series, has_known_parts, is_readable
from calsvc.doctor.values import is_day, moment, moment_of
from calsvc.importers.ics.recurrence import parts
from calsvc.translations import N_

ZONES_APART = timedelta(days=1)
"""By which the last day of a rule may seem to be before its first, in another zone."""


def _until(entry: Component) -> date | datetime | None:
    each = entry.one("RRULE")
    return moment(parts(each.value).get("UNTIL", "")) if each else None


def _ends_otherwise(entry: Component) -> bool:
    """Tell whether UNTIL is a day for a time, or not in UTC for a time that has a zone."""
    until, start, each = _until(entry), moment_of(entry, "DTSTART"), entry.one("DTSTART")
    if until is None or each is None or not isinstance(start, datetime):
        return False
    if not isinstance(until, datetime):
        return True
    is_fixed = start.tzinfo is not None or bool(each.tzid)
    return is_fixed and until.tzinfo is None


def _ends_at_a_time(entry: Component) -> bool:
    return isinstance(_until(entry), datetime) and is_day(moment_of(entry, "DTSTART"))


def _ends_before_it_begins(entry: Component) -> bool:
    until, start = _until(entry), moment_of(entry, "DTSTART")
    if until is None or start is None:
        return False
    last, first = date(*until.timetuple()[:3]), date(*start.timetuple()[:3])
    return first - last > ZONES_APART


def _misses_its_start(entry: Component) -> bool:
    series = Series.of(entry)
    return series is not None and not series.has_its_start


def _is_unreadable(each: Property) -> bool:
    is_unreadable = "FREQ" in parts(each.value) and not is_readable(each.value)
    return is_unreadable and has_known_parts(each.value)


def _has_unknown_part(each: Property) -> bool:
    return "FREQ" in parts(each.value) and not has_known_parts(each.value)


def _has_empty_part(each: Property) -> bool:
    return "FREQ" in parts(each.value) and not all(part.strip() for part in each.value.split(";"))


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "rule-without-frequency",
        Severity.ERROR,
        N_("{value} does not tell how often."),
        N_("A rule has a FREQ, such as WEEKLY, and means nothing without it."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.10; allenporter/ical 14.3.1",
        N_("Begin the rule with FREQ=, such as FREQ=WEEKLY."),
        where(lambda each: "FREQ" not in parts(each.value), "RRULE"),
        Example(Frame.ENTRY, fails="RRULE:COUNT=4", holds="RRULE:FREQ=WEEKLY;COUNT=4"),
    ),
    Rule(
        "rule-unreadable",
        Severity.ERROR,
        N_("{value} has a value that no rule has."),
        N_("Nobody can tell when the entry is on."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.10; allenporter/ical 14.3.1",
        N_("Write parts as FREQ=WEEKLY;BYDAY=TU,TH, with values that there are."),
        where(_is_unreadable, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;BYDAY=TUE;COUNT=4",
            holds="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",
        ),
    ),
    Rule(
        "rule-part-unknown",
        Severity.ERROR,
        N_("{value} has a part that no rule has, or one of them twice."),
        N_("Programs pass over it, and show the entry on days that are not meant."),
        (),
        "RFC 5545, 3.3.10",
        N_("Write parts of the standard alone, each once: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH."),
        where(_has_unknown_part, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;EVERY=2;COUNT=4",
            holds="RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4",
        ),
    ),
    Rule(
        "rule-with-empty-part",
        Severity.ERROR,
        N_("{value} has a semicolon with nothing before or behind it."),
        N_("Semicolons stand between the parts of a rule, and nowhere else."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.10; allenporter/ical 14.3.1",
        N_("Take the semicolon away."),
        where(_has_empty_part, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4;",
            holds="RRULE:FREQ=WEEKLY;COUNT=4",
        ),
    ),
    Rule(
        "count-and-until",
        Severity.ERROR,
        N_("{value} ends with a COUNT, and with an UNTIL."),
        N_("A rule has one end: programs take either, or refuse both."),
        (),
        "RFC 5545, 3.3.10",
        N_("Keep one of them."),
        where(lambda each: {"COUNT", "UNTIL"} <= parts(each.value).keys(), "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4;UNTIL=20270706T070000Z",
            holds="RRULE:FREQ=WEEKLY;UNTIL=20270706T070000Z",
        ),
    ),
    Rule(
        "until-of-another-kind",
        Severity.ERROR,
        N_("{value} ends in another kind of time than the one in which the entry begins."),
        N_("UNTIL is in UTC for times with a zone, and a time for each time."),
        (Effect(Client.HOME_ASSISTANT, N_("shows no entries"), Shows.NOTHING),),
        "RFC 5545, 3.3.10; allenporter/ical 14.3.1",
        N_("End the rule with a time in UTC, with a Z: UNTIL=20270706T070000Z."),
        entries_where(_ends_otherwise, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;UNTIL=20270706",
            holds="RRULE:FREQ=WEEKLY;UNTIL=20270706T070000Z",
        ),
    ),
    Rule(
        "until-with-a-time",
        Severity.WARNING,
        N_("{value} ends at a time, and the entry is all-day."),
        N_("UNTIL must be a day for all-day entries."),
        (),
        "RFC 5545, 3.3.10",
        N_("End the rule with a day: UNTIL=20270706."),
        entries_where(_ends_at_a_time, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615\n-DTEND\nTRANSP:TRANSPARENT\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20270706T000000Z",
            holds="DTSTART;VALUE=DATE:20270615\n-DTEND\nTRANSP:TRANSPARENT\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20270706",
        ),
    ),
    Rule(
        "until-before-start",
        Severity.WARNING,
        N_("{value} ends before the entry begins."),
        N_("The entry is on once, if at all."),
        (),
        "RFC 5545, 3.3.10",
        N_("Write a later end, or take the rule away."),
        entries_where(_ends_before_it_begins, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;UNTIL=20270606T070000Z",
            holds="RRULE:FREQ=WEEKLY;UNTIL=20270706T070000Z",
        ),
    ),
    Rule(
        "rule-that-misses-the-start",
        Severity.WARNING,
        N_("{value} does not have the day on which the entry begins."),
        N_("What that means is not defined: some programs show the first day, others do not."),
        (),
        "RFC 5545, 3.8.5.3",
        N_("Let the entry begin on a day that the rule has."),
        entries_where(_misses_its_start, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=4",
            holds="RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",
        ),
    ),
    Rule(
        "rule-twice",
        Severity.ERROR,
        N_("The entry has several rules by which it repeats."),
        N_("It should have one: what several mean together is not defined."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.5.3; allenporter/ical 14.3.1",
        N_("Write an entry for each rule, with a UID of its own."),
        entries_where(lambda entry: len(entry.all("RRULE")) > 1, "RRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4\nRRULE:FREQ=MONTHLY;COUNT=4",
            holds="RRULE:FREQ=WEEKLY;COUNT=4",
        ),
    ),
    Rule(
        "rule-of-exceptions",
        Severity.WARNING,
        N_("{value} is of an older standard."),
        N_("EXRULE was taken out of the standard: who follows this one shows what it leaves out."),
        (),
        "RFC 5545, 8.3.2",
        N_("List the days that are left out, in an EXDATE."),
        where(lambda each: True, "EXRULE"),
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4\nEXRULE:FREQ=MONTHLY;COUNT=4",
            holds="RRULE:FREQ=WEEKLY;COUNT=4",
        ),
    ),
)
