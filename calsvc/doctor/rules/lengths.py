"""When entries end, and how long they are."""

from datetime import datetime, timedelta

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, entries_where, where
from calsvc.doctor.values import is_day, length, moment_of, span
from calsvc.translations import N_

NONE = timedelta(0)
DAY = timedelta(days=1)
LONG = timedelta(days=31)


def _length(entry: Component) -> timedelta | None:
    """Return how long an entry is by its DTEND, else its DURATION; None if that is not known."""
    start, end = entry.one("DTSTART"), entry.one("DTEND")
    if start and end:
        return span(start, end)
    lasting = entry.one("DURATION")
    return length(lasting.value) if lasting else None


def _is_all_day(entry: Component) -> bool:
    return is_day(moment_of(entry, "DTSTART"))


def _ends_before_it_begins(entry: Component) -> bool:
    found = _length(entry)
    return found is not None and found < NONE and bool(entry.all("DTEND"))


def _ends_as_the_day_begins(entry: Component) -> bool:
    return _is_all_day(entry) and bool(entry.all("DTEND")) and _length(entry) == NONE


def _has_no_length(entry: Component) -> bool:
    if not isinstance(moment_of(entry, "DTSTART"), datetime):
        return False
    return _length(entry) == NONE or not (entry.all("DTEND") or entry.all("DURATION"))


def _ends_otherwise(entry: Component) -> bool:
    start, end = moment_of(entry, "DTSTART"), moment_of(entry, "DTEND")
    return bool(start and end) and is_day(start) != is_day(end)


def _is_in_parts_of_days(entry: Component) -> bool:
    found = _days(entry)
    return found is not None and found > NONE and bool(found % DAY)


def _is_in_hours(entry: Component) -> bool:
    found = _days(entry)
    each = entry.one("DURATION")
    if each is None or found is None or found % DAY:
        return False
    return not found or "T" in each.value.upper()


def _days(entry: Component) -> timedelta | None:
    """Return the length of an all-day entry without an end; None if it does not say one."""
    each = entry.one("DURATION") if _is_all_day(entry) and not entry.all("DTEND") else None
    return length(each.value) if each else None


def _is_long(entry: Component) -> bool:
    found = _length(entry)
    return found is not None and found > LONG


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "end-and-duration",
        Severity.ERROR,
        N_("The entry has both DTEND and {value}."),
        N_("An entry has one of them, and some programs refuse both at once."),
        (
            Effect(Client.APPLE, N_("imports nothing"), Shows.NOTHING),
            Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),
        ),
        "RFC 5545, 3.6.1; markuspoerschke/iCal#390, allenporter/ical 14.3.1",
        N_("Keep DTEND, which all programs read, and take DURATION away."),
        entries_where(lambda entry: entry.all("DTEND") and entry.all("DURATION"), "DURATION"),
        Example(Frame.ENTRY, fails="DURATION:PT45M", holds="-DTEND\nDURATION:PT45M"),
    ),
    Rule(
        "end-before-start",
        Severity.ERROR,
        N_("{value} is before the entry begins."),
        N_("Nothing can end before it begins, and programs make something up, or refuse it."),
        (),
        "RFC 5545, 3.8.2.2",
        N_("Write an end that is later; after midnight it is on the next day."),
        entries_where(_ends_before_it_begins, "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;TZID=Europe/Berlin:20270615T230000\n"
            "DTEND;TZID=Europe/Berlin:20270615T010000",
            holds="DTSTART;TZID=Europe/Berlin:20270615T230000\n"
            "DTEND;TZID=Europe/Berlin:20270616T010000",
        ),
    ),
    Rule(
        "day-that-ends-as-it-begins",
        Severity.ERROR,
        N_("{value} is the day on which the all-day entry begins."),
        N_("The end is the day after the last one, so that this entry has no day at all."),
        (
            Effect(
                Client.OUTLOOK, N_("takes the entry for one that ends before it begins"), Shows.TIME
            ),
        ),
        "RFC 5545, 3.6.1, 3.8.2.2; szabgab/codeandtalk.com#403, AndroidStudyGroup/conferences#34,"
        " spatie/calendar-links#53",
        N_("Write the day after the last one as DTEND, in all entries of this kind."),
        entries_where(_ends_as_the_day_begins, "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270615\nTRANSP:TRANSPARENT",
            holds="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "end-of-another-kind",
        Severity.ERROR,
        N_("Of {value} and the start, one is a day and the other a time."),
        N_("Both must be of one kind, or nothing tells how long the entry is."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.2.2; allenporter/ical 14.3.1",
        N_("Write two days, or two times."),
        entries_where(_ends_otherwise, "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270615T070000Z\nDTEND;VALUE=DATE:20270616",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "entry-without-length",
        Severity.WARNING,
        N_("The entry ends at the moment at which it begins."),
        N_("It is no time at all, of which each program makes what it likes."),
        (),
        "RFC 5545, 3.6.1",
        N_("Write a DTEND that is later than the start."),
        entries_where(_has_no_length, "DTSTART"),
        Example(Frame.ENTRY, fails="-DTEND", holds="DTEND;TZID=Europe/Berlin:20270615T091500"),
    ),
    Rule(
        "duration-unreadable",
        Severity.ERROR,
        N_("{value} is no length of time."),
        N_("Hours and minutes stand behind a T: P1H is no length, and PT1H is one."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.6; grafana/oncall#1277, allenporter/ical 14.3.1",
        N_("Write PT1H for an hour, PT45M for 45 minutes, P1D for a day; or a DTEND."),
        where(lambda each: length(each.value) is None, "DURATION"),
        Example(Frame.ENTRY, fails="-DTEND\nDURATION:P1H", holds="-DTEND\nDURATION:PT1H"),
    ),
    Rule(
        "duration-negative",
        Severity.ERROR,
        N_("{value} is less than nothing."),
        N_("Nothing can end before it begins, and programs make something up, or refuse it."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.2.5; allenporter/ical 14.3.1",
        N_("Write a DTEND that is later than the start."),
        where(lambda each: (length(each.value) or NONE) < NONE, "DURATION"),
        Example(Frame.ENTRY, fails="-DTEND\nDURATION:-PT1H", holds="-DTEND\nDURATION:PT1H"),
    ),
    Rule(
        "part-of-a-day",
        Severity.ERROR,
        N_("The all-day entry has {value}, which is no number of days."),
        N_("What is all day is as long as whole days, or weeks."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.2.5; allenporter/ical 14.3.1",
        N_("Write the day after the last one as DTEND."),
        entries_where(_is_in_parts_of_days, "DURATION"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:PT8H\nTRANSP:TRANSPARENT",
            holds="DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P1D\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "day-of-hours",
        Severity.WARNING,
        N_("The all-day entry has {value}, which is no number of days."),
        N_("What is all day is as long as whole days, or weeks."),
        (),
        "RFC 5545, 3.8.2.5",
        N_("Write the day after the last one as DTEND."),
        entries_where(_is_in_hours, "DURATION"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:PT24H\nTRANSP:TRANSPARENT",
            holds="DTSTART;VALUE=DATE:20270615\n-DTEND\nDURATION:P1D\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "entry-of-many-weeks",
        Severity.NOTE,
        N_("{value} is more than a month after the entry begins."),
        N_("It covers each day of its time, and hides what else is on."),
        (),
        "RFC 5545, 3.6.1",
        N_("Look at the year and the month of its end; write days on which something is on."),
        entries_where(_is_long, "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270615T070000Z\nDTEND:20280615T074500Z",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
)
