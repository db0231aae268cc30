"""Times without a zone, and zones where none may be."""

from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at
from calsvc.importers.ics.moments import MOMENT
from calsvc.translations import N_

TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")


def _floating(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        for each in entry.each("DTSTART", "DTEND"):
            found = MOMENT.fullmatch(each.value.strip())
            is_local = found and found["hour"] and not found["offset"]
            if is_local and "TZID" not in each.parameters:
                yield at(each, entry)


def _zoned_utc(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        for each in entry.each(*TIMES):
            if "TZID" in each.parameters and each.value.strip().upper().endswith("Z"):
                yield at(each, entry)


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
        "RFC 5545, 3.3.5; PyconUK/2015.pyconuk.org#174, ulsklyc/yuvomi#818, webuildsg/webuild#26",
        N_("Write a TZID with its VTIMEZONE, or the time in UTC with a Z."),
        _floating,
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
        _zoned_utc,
        Example(
            Frame.ENTRY,
            fails="DTSTART;TZID=Europe/Berlin:20270615T070000Z\nDTEND:20270615T074500Z",
            holds="DTSTART;TZID=Europe/Berlin:20270615T090000\nDTEND:20270615T074500Z",
        ),
    ),
)
