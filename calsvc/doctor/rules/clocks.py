"""Which moment a local time is: times without a zone, and those that clocks do not show once."""

from datetime import datetime
from functools import lru_cache

import pytz

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, where
from calsvc.doctor.values import moment, zone
from calsvc.translations import N_

LISTS = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")


def _is_floating(each: Property) -> bool:
    found = moment(each.value)
    return isinstance(found, datetime) and found.tzinfo is None and not each.tzid


def _is_utc_of_a_zone(each: Property) -> bool:
    return bool(each.tzid) and each.value[-2:].strip().upper().endswith("Z")


@lru_cache(maxsize=65536)
def _refusal(local: datetime, name: str) -> type[pytz.InvalidTimeError] | None:
    """Return how the clocks of a zone refuse a time: they skip it, or show it twice."""
    try:
        pytz.timezone(name).localize(local, is_dst=None)
    except pytz.InvalidTimeError as error:
        return type(error)
    except OverflowError:
        return None
    return None


def _is_refused(each: Property, refusal: type[pytz.InvalidTimeError]) -> bool:
    found, name = moment(each.value), zone(each)
    if not isinstance(found, datetime) or found.tzinfo or name is None:
        return False
    return _refusal(found, name) is refusal


def _is_skipped(each: Property) -> bool:
    return _is_refused(each, pytz.NonExistentTimeError)


def _is_repeated(each: Property) -> bool:
    return _is_refused(each, pytz.AmbiguousTimeError)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "time-without-zone",
        Severity.ERROR,
        N_("{value} is a time without a zone."),
        N_("It is another moment in each place, and programs disagree about which."),
        (
            Effect(Client.GOOGLE, N_("takes it for UTC, or the zone of the calendar"), Shows.TIME),
            Effect(Client.EVOLUTION, N_("takes it for UTC"), Shows.TIME),
            Effect(Client.OUTLOOK, N_("refuses such entries"), Shows.MISSING),
        ),
        "RFC 5545, 3.3.5; PyconUK/2015.pyconuk.org#174, ulsklyc/yuvomi#818, webuildsg/webuild#26,"
        " neokoenig/RoomBooking#18, SergeyMosin/Appointments#11",
        N_("Write a TZID with its VTIMEZONE, or the time in UTC with a Z."),
        where(_is_floating, "DTSTART", "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART:20270615T090000\nDTEND;TZID=Europe/Berlin:20270615T094500",
            holds="DTSTART:20270615T070000Z\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "zone-and-utc",
        Severity.ERROR,
        N_("{value} names a zone, and says UTC by its Z."),
        N_("Both at once mean two different moments."),
        (Effect(Client.OUTLOOK, N_("shows a wrong time"), Shows.TIME),),
        "RFC 5545, 3.2.19; longzhenren/buaa-gsmis-ical#1",
        N_("Take the TZID away, or the Z."),
        where(_is_utc_of_a_zone, *LISTS),
        Example(
            Frame.ENTRY,
            fails="DTSTART;TZID=Europe/Berlin:20270615T070000Z\nDTEND:20270615T074500Z",
            holds="DTSTART;TZID=Europe/Berlin:20270615T090000\nDTEND:20270615T074500Z",
        ),
    ),
    Rule(
        "time-that-clocks-skip",
        Severity.WARNING,
        N_("{value} is a time that the clocks of its zone skip."),
        N_("Clocks go forward over it, and programs put the entry before or after the gap."),
        (),
        "RFC 5545, 3.3.5",
        N_("Write the time that clocks show, or the time in UTC with a Z."),
        where(_is_skipped, "DTSTART", "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;TZID=Europe/Berlin:20270328T023000\n"
            "DTEND;TZID=Europe/Berlin:20270328T050000",
            holds="DTSTART;TZID=Europe/Berlin:20270328T033000\n"
            "DTEND;TZID=Europe/Berlin:20270328T050000",
        ),
    ),
    Rule(
        "time-that-clocks-repeat",
        Severity.WARNING,
        N_("{value} is a time that the clocks of its zone show twice."),
        N_("Clocks go back over it, and programs disagree about which of the two is meant."),
        (),
        "RFC 5545, 3.3.5",
        N_("Write the time in UTC with a Z."),
        where(_is_repeated, "DTSTART", "DTEND"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;TZID=Europe/Berlin:20271031T023000\n"
            "DTEND;TZID=Europe/Berlin:20271031T050000",
            holds="DTSTART:20271031T013000Z\nDTEND;TZID=Europe/Berlin:20271031T050000",
        ),
    ),
)
