"""What a series leaves out, adds or changes: EXDATE, RDATE and RECURRENCE-ID."""

from collections.abc import Iterator
from datetime import datetime

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, where
from calsvc.doctor.series import Series, is_alike, listed
from calsvc.doctor.values import instant, is_day, moment
from calsvc.translations import N_


def _unreadable(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        for each in entry.each("EXDATE", "RDATE"):
            if wrong := next((one for one in listed(each) if moment(one.value) is None), None):
                yield at(each, entry, f"{each.name}:{wrong.value}")


def _left_out(entry: Component) -> Iterator[tuple[Property, Property]]:
    """Yield the times that an entry leaves out, each with the property that lists it."""
    for each in entry.each("EXDATE"):
        for one in listed(each):
            yield each, one


def _is_of_another_kind(each: Property, start: Property) -> bool:
    """Tell whether a time of a series cannot be compared with its start."""
    found, begin = moment(each.value), moment(start.value)
    if found is None or begin is None:
        return False
    if is_day(found) or is_day(begin):
        return is_day(found) != is_day(begin)
    return _floats(each) and not _floats(start)


def _tells_no_showing(each: Property) -> bool:
    found = moment(each.value)
    is_said = each.parameters.get("VALUE", "").strip().upper() == "DATE"
    return found is None or (isinstance(found, datetime) and is_said)


def _floats(each: Property) -> bool:
    found = moment(each.value)
    return isinstance(found, datetime) and not found.tzinfo and not each.tzid


def _left_out_otherwise(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        if start := entry.one("DTSTART"):
            for each, one in _left_out(entry):
                if _is_of_another_kind(one, start):
                    yield at(each, entry, str(one))


def _left_out_in_vain(document: Document) -> Iterator[Found]:
    """Find what is left out and is not there, but for what a series had before it was divided."""
    for entry in document.entries:
        series = Series.of(entry) if entry.all("EXDATE") else None
        for each, one in _left_out(entry) if series else ():
            when = series.on_its_clocks(one) if series else None
            if series and when and series.covers(when) and not series.may_have(when):
                yield at(each, entry, str(one))


def _wholes(document: Document) -> dict[str, Component]:
    """Return the entries that are no changed showings, by uid."""
    found: dict[str, Component] = {}
    for entry in document.entries:
        if not entry.all("RECURRENCE-ID"):
            found.setdefault(entry.text("UID"), entry)
    return found


def _changed(document: Document) -> Iterator[tuple[Component, Property, Component | None]]:
    """Yield the changed showings, each with what tells it and the entry that it is of."""
    changed = [entry for entry in document.entries if entry.all("RECURRENCE-ID")]
    wholes = _wholes(document) if changed else {}
    for entry in changed:
        each, uid = entry.one("RECURRENCE-ID"), entry.text("UID")
        if each and uid:
            yield entry, each, wholes.get(uid)


def _without_series(document: Document) -> Iterator[Found]:
    for entry, each, whole in _changed(document):
        if whole is None:
            yield at(each, entry)


def _of_another_kind(document: Document) -> Iterator[Found]:
    for entry, each, whole in _changed(document):
        start = whole.one("DTSTART") if whole else None
        if start and _is_of_another_kind(each, start):
            yield at(each, entry)


def _of_no_showing(document: Document) -> Iterator[Found]:
    known: dict[int, Series | None] = {}
    for entry, each, whole in _changed(document):
        if whole is None:
            continue
        if not (whole.all("RRULE") or whole.all("RDATE")):
            start = whole.one("DTSTART")
            if start and _is_another_time(each, start):
                yield at(each, entry)
            continue
        if id(whole) not in known:
            known[id(whole)] = Series.of(whole)
        series = known[id(whole)]
        when = series.on_its_clocks(each) if series else None
        if series and when and not series.may_have(when):
            yield at(each, entry)


def _is_another_time(each: Property, start: Property) -> bool:
    if _is_of_another_kind(each, start):
        return False
    if is_alike(each, start) or is_day(moment(each.value)):
        return moment(each.value) != moment(start.value)
    found, begin = instant(each), instant(start)
    return bool(found and begin and found != begin)


SERIES = (
    "BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
    "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nRRULE:FREQ=WEEKLY;COUNT=4\n"
    "SUMMARY:Bridges\nEND:VEVENT\n"
)
CHANGED = (
    "BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
    "DTSTART:20270623T070000Z\nDTEND:20270623T080000Z\nSUMMARY:Bridges\n"
)
SOUND = f"{SERIES}{CHANGED}RECURRENCE-ID:20270622T070000Z\nEND:VEVENT"

RULES: tuple[Rule[Document], ...] = (
    Rule(
        "listed-time-unreadable",
        Severity.ERROR,
        N_("{value} is no day or time that there is."),
        N_("What is left out stays in the calendar, and what is added is missing."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.5.1, 3.8.5.2; allenporter/ical 14.3.1",
        N_("Write the days and times as in DTSTART, with commas between them."),
        _unreadable,
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270632T090000",
            holds="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270622T090000",
        ),
    ),
    Rule(
        "left-out-of-another-kind",
        Severity.ERROR,
        N_("{value} is of another kind than the start of the entry."),
        N_("A day leaves out no time, and a time no day: what should be off is shown."),
        (),
        "RFC 5545, 3.8.5.1",
        N_("Write EXDATE as DTSTART is written: with the same VALUE and TZID."),
        _left_out_otherwise,
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20270622",
            holds="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270622T090000",
        ),
    ),
    Rule(
        "left-out-in-vain",
        Severity.WARNING,
        N_("{value} leaves out what the series does not have."),
        N_("No showing begins then, so that what should be off is shown."),
        (),
        "RFC 5545, 3.8.5.1",
        N_("Write the time at which the showing begins, as DTSTART is written."),
        _left_out_in_vain,
        Example(
            Frame.ENTRY,
            fails="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20270622T070000",
            holds="RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20270622T070000Z",
        ),
    ),
    Rule(
        "showing-without-series",
        Severity.NOTE,
        N_("{value} is of a series that is not in the calendar."),
        N_("A changed showing belongs to an entry of its UID that repeats."),
        (),
        "RFC 5545, 3.8.4.4",
        N_("Write the entry that repeats, too; or give this one a UID of its own."),
        _without_series,
        Example(
            Frame.BODY, fails=f"{CHANGED}RECURRENCE-ID:20270622T070000Z\nEND:VEVENT", holds=SOUND
        ),
    ),
    Rule(
        "showing-unreadable",
        Severity.ERROR,
        N_("{value} does not tell which showing it is."),
        N_("It replaces no showing, so that programs show both, or neither."),
        (),
        "RFC 5545, 3.8.4.4",
        N_("Write the time at which the showing would have begun."),
        where(_tells_no_showing, "RECURRENCE-ID"),
        Example(
            Frame.BODY,
            fails=f"{SERIES}{CHANGED}RECURRENCE-ID:2027-06-22T07:00:00Z\nEND:VEVENT",
            holds=SOUND,
        ),
    ),
    Rule(
        "showing-of-another-kind",
        Severity.ERROR,
        N_("{value} is of another kind than the start of its series."),
        N_("It replaces no showing, so that programs show both, or neither."),
        (),
        "RFC 5545, 3.8.4.4",
        N_("Write RECURRENCE-ID as the DTSTART of the series is written."),
        _of_another_kind,
        Example(
            Frame.BODY,
            fails=f"{SERIES}{CHANGED}RECURRENCE-ID;VALUE=DATE:20270622\nEND:VEVENT",
            holds=SOUND,
        ),
    ),
    Rule(
        "showing-that-is-none",
        Severity.WARNING,
        N_("{value} changes what the series does not have."),
        N_("It replaces no showing, so that programs show both, or neither."),
        (),
        "RFC 5545, 3.8.4.4",
        N_("Write the time at which the showing would have begun."),
        _of_no_showing,
        Example(
            Frame.BODY,
            fails=f"{SERIES}{CHANGED}RECURRENCE-ID:20270623T070000Z\nEND:VEVENT",
            holds=SOUND,
        ),
    ),
    Rule(
        "change-of-all-before",
        Severity.WARNING,
        N_("{value} changes all showings up to this one."),
        N_("It is of an older standard, and must not be written any more."),
        (),
        "RFC 5545, 3.2.13",
        N_("Write an entry for what was before, and one for what follows."),
        where(
            lambda each: each.parameters.get("RANGE", "").upper() == "THISANDPRIOR", "RECURRENCE-ID"
        ),
        Example(
            Frame.BODY,
            fails=f"{SERIES}{CHANGED}RECURRENCE-ID;RANGE=THISANDPRIOR:20270622T070000Z\nEND:VEVENT",
            holds=SOUND,
        ),
    ),
)
