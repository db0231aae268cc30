"""How the times of entries are written."""

import re
from datetime import datetime

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, entries_where, where
from calsvc.doctor.values import is_day, moment, moment_of
from calsvc.translations import N_

TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID")
PARAMETERS = frozenset({"VALUE", "TZID", "RANGE", "DERIVED", "ORDER", "JSID"})
"""Of times, in RFC 5545, 7529 and 9073, and in the draft on JSCalendar; others begin with X-."""
ENDS = ("DTSTART", "DTEND")
STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
LEAP = re.compile(r"\d{8}T\d{4}60Z?", re.ASCII | re.IGNORECASE)
KNOWN_YEARS = range(1900, 2101)


def _says_day(each: Property) -> bool:
    return each.parameters.get("VALUE", "").strip().upper() == "DATE"


def _has_unknown_parameter(each: Property) -> bool:
    return any(name not in PARAMETERS and not name.startswith("X-") for name in each.parameters)


def _has_odd_year(entry: Component) -> bool:
    start = moment_of(entry, "DTSTART")
    return bool(start and start.year not in KNOWN_YEARS and not entry.all("RRULE"))


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "start-missing",
        Severity.ERROR,
        N_("The entry has no DTSTART."),
        N_("Without one, it is at no time, and in no calendar."),
        (Effect(Client.HOME_ASSISTANT, N_("shows no entries"), Shows.NOTHING),),
        "RFC 5545, 3.6.1; ietf-tools/datatracker#11394, allenporter/ical 14.3.1",
        N_("Write when it begins, or leave the entry out until that is known."),
        entries_where(lambda entry: not entry.all("DTSTART")),
        Example(
            Frame.ENTRY,
            fails="-DTSTART\n-DTEND",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "time-unreadable",
        Severity.ERROR,
        N_("{value} is no day or time that there is."),
        N_("A day is written 20270615, a time 20270615T090000, and in UTC with a Z behind it."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.4, 3.3.5; allenporter/ical 14.3.1",
        N_("Write a day that the month has, and hours from 00 to 23, without other signs."),
        where(lambda each: moment(each.value) is None, *ENDS),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270230T070000Z\nDTEND:20270301T074500Z",
            holds="DTSTART:20270228T070000Z\nDTEND:20270228T074500Z",
        ),
    ),
    Rule(
        "day-without-value-date",
        Severity.ERROR,
        N_("{value} is a day, and does not say so."),
        N_("Without VALUE=DATE, programs look for a time there."),
        (
            Effect(
                Client.OUTLOOK, N_("takes the entry for one that ends before it begins"), Shows.TIME
            ),
        ),
        "RFC 5545, 3.8.2.4; spatie/calendar-links#53",
        N_("Write VALUE=DATE: DTSTART;VALUE=DATE:20270615."),
        where(lambda each: is_day(moment(each.value)) and not _says_day(each), *TIMES),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:TRANSPARENT",
            holds="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "time-with-value-date",
        Severity.ERROR,
        N_("{value} says that it is a day, and has a time."),
        N_("Programs take the whole day for it, or refuse it."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.4; allenporter/ical 14.3.1",
        N_("Write the day alone, or take VALUE=DATE away."),
        where(lambda each: isinstance(moment(each.value), datetime) and _says_day(each), *ENDS),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615T070000Z\nDTEND:20270615T074500Z",
            holds="DTSTART;VALUE=DATE-TIME:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "zone-of-a-day",
        Severity.WARNING,
        N_("{value} names a zone for a day."),
        N_("A day is the same day in each zone; programs may make a time of it."),
        (),
        "RFC 5545, 3.2.19",
        N_("Take the TZID away."),
        where(lambda each: is_day(moment(each.value)) and each.tzid, *TIMES),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE;TZID=Europe/Berlin:20270615\nDTEND;VALUE=DATE:20270616\n"
            "TRANSP:TRANSPARENT",
            holds="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "time-parameter-unknown",
        Severity.ERROR,
        N_("{value} has a parameter that times do not have."),
        N_("Times may have VALUE and TZID; some programs refuse what they do not know."),
        (Effect(Client.APPLE, N_("imports nothing"), Shows.NOTHING),),
        "RFC 5545, 3.8.2.4; markuspoerschke/iCal#390",
        N_("Take the parameter away; UTC is told by a Z behind the time."),
        where(_has_unknown_parameter, *TIMES),
        Example(
            Frame.ENTRY,
            fails="DTSTART;UTC=TRUE:20270615T070000Z\nDTEND:20270615T074500Z",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "year-far-away",
        Severity.WARNING,
        N_("{value} is in a year that is hardly meant."),
        N_("Nobody looks for the entry there, and some programs know fewer years."),
        (),
        "RFC 5545, 3.3.4; mangstadt/biweekly#85",
        N_("Write the year with four digits."),
        entries_where(_has_odd_year, "DTSTART"),
        Example(
            Frame.ENTRY,
            fails="DTSTART:00270615T070000Z\nDTEND:00270615T074500Z",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "second-of-60",
        Severity.ERROR,
        N_("{value} is in a leap second."),
        N_("There is none but on a few days in UTC, and programs take it for the second 59."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.3.12; allenporter/ical 14.3.1",
        N_("Write seconds from 00 to 59."),
        where(lambda each: len(each.value) < 20 and LEAP.fullmatch(each.value), *ENDS, *STAMPS),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270615T070060Z\nDTEND:20270615T074500Z",
            holds="DTSTART:20270615T070059Z\nDTEND:20270615T074500Z",
        ),
    ),
)
