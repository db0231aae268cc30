"""What VTIMEZONEs say, beside what the tz database says of the same zones."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from calsvc import timezones
from calsvc.doctor import offsets
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import ENTRY, ZONE, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.importers.ics import recurrence
from calsvc.importers.ics.moments import any_moment
from calsvc.translations import N_

TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
KNOWN = range(timezones.FIRST_YEAR, timezones.LAST_YEAR + 1)
MOST_RULES = 200  # of the zones of one file that are followed
MOST_FOLLOWED = 200  # entries that repeat, of one file


@dataclass(frozen=True)
class Time:
    """A local time of an entry."""

    local: datetime
    each: Property
    entry: Component


@dataclass(frozen=True)
class Judgement:
    """How a VTIMEZONE that entries use differs from the tz database."""

    zone: Component
    name: str
    """Of the zone in the tz database."""
    stretches: list[offsets.Stretch]
    """All that is wrong in the years of the entries."""
    shifted: list[tuple[Time, timedelta]]
    """Times of entries, each with how much later it is shown."""
    ended: list[tuple[Time, timedelta]]
    """Those of them that come after all that the VTIMEZONE lists."""
    in_outlook: list[tuple[Time, timedelta]]
    """Times of entries that are right but in Outlook, which does not read all of it."""
    is_late: bool
    """Whether each change would be right if it were written in the offset after it."""

    @property
    def is_other(self) -> bool:
        """Tell whether the name is one that says the offset: ``GMT``, ``EST``."""
        return "/" not in self.name and bool(self.stretches)


@lru_cache(maxsize=1)  # the rules ask one after the other
def _judgements(document: Document) -> list[Judgement]:
    times = _times(document)
    used = [*_compared(document, times)]
    most = MOST_FOLLOWED // max(len(used), 1)
    judged = (_judged(document.zones[tzid], times[tzid], most) for tzid in used)
    return [each for each in judged if each]


def _compared(document: Document, times: Iterable[str]) -> Iterator[str]:
    """Yield the TZIDs that are defined, until there are too many rules."""
    rules = 0
    for tzid in times:
        if zone := document.zones.get(tzid):
            rules += sum(bool(each.one("RRULE")) for each in offsets.observances_of(zone))
            if rules > MOST_RULES:
                return
            yield tzid


def _times(document: Document) -> dict[str, list[Time]]:
    """Return the local times of entries, by TZID, in the years that calsvc knows."""
    found: dict[str, list[Time]] = {}
    for entry in document.entries:
        for name in TIMES:
            for each in entry.all(name):
                tzid = each.parameters.get("TZID", "").strip()
                if tzid and isinstance(each, Property):
                    known = found.setdefault(tzid, [])
                    known += (Time(local, each, entry) for local in _locals(each))
    return {tzid: times for tzid, times in found.items() if times}


def _locals(each: Property) -> Iterator[datetime]:
    for value in each.value.split(","):
        local = any_moment(value.partition("/")[0])
        if isinstance(local, datetime) and local.tzinfo is None and local.year in KNOWN:
            yield local


def _judged(zone: Component, times: list[Time], most: int) -> Judgement | None:
    """Return how a VTIMEZONE differs; None if it does not, or nothing tells what it should say.

    ``most`` is how many entries that repeat are followed.
    """
    repeated = [time for time in times if time.each.name == "DTSTART" and time.entry.one("RRULE")]
    years = _years(times, repeated)
    name, own = offsets.meant(zone), offsets.of_component(zone, years)
    if name is None or own is None:
        return None
    true = offsets.of_zone(name)
    stretches = own.differences(true, years)
    shifted = []
    if stretches:
        times = [*times, *(more for time in repeated[:most] for more in _followed(time))]
        shifted = _shifted(times, own, true)
    ended = [each for each in shifted if each[0].local >= own.switches[-1] and _is_finite(zone)]
    outlook = offsets.of_component(zone, years, is_outlook=True) if is_repeating(zone) else None
    in_outlook = _shifted(times, outlook, true) if outlook and not shifted else []
    late = bool(stretches) and any(
        _is_exact(offsets.of_component(zone, years, reading), true, years) for reading in LATE
    )
    judgement = Judgement(zone, name, stretches, shifted, ended, in_outlook, late)
    return judgement if stretches or in_outlook else None


def _later(before: timedelta, after: timedelta) -> timedelta:
    return max(before, after)


def _after(_: timedelta, after: timedelta) -> timedelta:
    return after


LATE = (_later, _after)
"""How icalendar writes changes, by zoneinfo and by pytz."""


def _is_exact(clocks: offsets.Clocks | None, true: offsets.Clocks, years: range) -> bool:
    return clocks is not None and not clocks.differences(true, years)


def _years(times: list[Time], repeated: list[Time]) -> range:
    """Return the years of entries; those that repeat go on until they end, or for one year."""
    found = {time.local.year for time in times}
    for time in repeated:
        found.add(min(_last(time).year, KNOWN[-1]))
    return range(min(found), max(found) + 1)


def _last(time: Time) -> datetime:
    rule = time.entry.one("RRULE")
    until = any_moment(recurrence.parts(rule.value).get("UNTIL", "")) if rule else None
    if until is None:
        return time.local + timedelta(days=366)
    return max(time.local, datetime(until.year, until.month, until.day))  # noqa: DTZ001


def _followed(time: Time) -> Iterator[Time]:
    """Yield the times at which an entry is on again."""
    rule = time.entry.one("RRULE")
    if rule:
        last = min(_last(time), datetime(KNOWN[-1], 12, 31))  # noqa: DTZ001 -- local time
        starts = recurrence.starts(rule.value, time.local, last, timezones.zone("UTC"))
        yield from (Time(local, time.each, time.entry) for local in (starts or ())[1:])


def _shifted(
    times: list[Time], own: offsets.Clocks, true: offsets.Clocks
) -> list[tuple[Time, timedelta]]:
    found = ((time, true.of(time.local) - own.of(time.local)) for time in times)
    return [(time, by) for time, by in found if by]


def _is_finite(zone: Component) -> bool:
    """Tell whether a VTIMEZONE lists changes up to some day."""
    observances = offsets.observances_of(zone)
    rules = [each.text("RRULE") for each in observances]
    is_listed = any(rules) or any(each.one("RDATE") for each in observances)
    return is_listed and all(recurrence.has_an_end(rule) for rule in rules if rule)


def is_repeating(zone: Component) -> bool:
    """Tell whether a VTIMEZONE has several STANDARDs, or several DAYLIGHTs."""
    counts = Counter(each.name for each in offsets.observances_of(zone))
    return max(counts.values(), default=0) > 1


def _told(time: Time, by: timedelta) -> Found:
    written = f"{time.each.name} {time.local:%Y-%m-%d %H:%M}"
    return at(time.each, time.entry, f"{by.total_seconds() / 60:+.0f} min, {written}")


def _entries(
    select: Callable[[Judgement], list[tuple[Time, timedelta]]],
) -> Callable[[Document], Iterator[Found]]:
    """Return what finds the times of entries that are shown at another time."""

    def find(document: Document) -> Iterator[Found]:
        for judgement in _judgements(document):
            if not judgement.is_other:
                yield from (_told(time, by) for time, by in select(judgement))

    return find


def _before_end(judgement: Judgement) -> list[tuple[Time, timedelta]]:
    ended = {id(time) for time, _ in judgement.ended}
    return [each for each in judgement.shifted if id(each[0]) not in ended]


def _elsewhere(document: Document) -> Iterator[Found]:
    for each in _judgements(document):
        has_cause = each.shifted or each.is_late or each.is_other
        is_half = all(part.name == "DAYLIGHT" for part in offsets.observances_of(each.zone))
        if each.stretches and not has_cause and not is_half:
            yield _stretch(each)


def _stretch(each: Judgement) -> Found:
    first = each.stretches[0]
    when = f"{first.begin:%Y-%m-%d}/{first.end:%Y-%m-%d}"
    minutes = f"{first.by.total_seconds() / 60:+.0f} min"
    return within(each.zone, f"{each.zone.title}, {when}, {minutes}")


def _late(document: Document) -> Iterator[Found]:
    return (_stretch(each) for each in _judgements(document) if each.is_late and not each.is_other)


def _other(document: Document) -> Iterator[Found]:
    return (within(each.zone) for each in _judgements(document) if each.is_other)


def _repeating(document: Document) -> Iterator[Found]:
    told = {id(each.zone) for each in _judgements(document) if each.in_outlook}
    for zone in document.vtimezones:
        if is_repeating(zone) and id(zone) not in told:
            yield within(zone)


_MARCH = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"
_TO_2034 = f"{_MARCH};UNTIL=20340326T010000Z"
_OLD = (
    "BEGIN:STANDARD\nDTSTART:19960929T030000\nTZNAME:CET\n"
    "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT"
)
_FROM_2035 = (
    "BEGIN:DAYLIGHT\nDTSTART:20350701T020000\nRRULE:FREQ=YEARLY;BYMONTH=7;BYDAY=1SU\n"
    "TZNAME:CEST\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE"
)
_UNTIL_2026 = ZONE.replace("BYDAY=-1SU", "BYDAY=-1SU;UNTIL=20261231T000000Z")
_ENTRY = f"BEGIN:VEVENT\n{ENTRY}END:VEVENT\n"
_GMT = f"{ZONE}{_ENTRY}".replace("Europe/Berlin", "GMT")


def _zone(fails: str) -> Example:
    return Example(Frame.ZONE, fails=fails, holds=ZONE)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "zone-shifts-entries",
        Severity.ERROR,
        N_("The VTIMEZONE makes a time of this entry wrong by {value}."),
        N_("Programs that follow the VTIMEZONE show another time than those that know the zone."),
        (Effect(Client.OUTLOOK, N_("shows the time that the VTIMEZONE says"), Shows.TIME),),
        "RFC 5545, 3.6.5; pretalx/pretalx#2081, euroscipy/www.euroscipy.org#97",
        N_("Write the VTIMEZONE by a tz database of today, or the times in UTC with a Z."),
        _entries(_before_end),
        _zone(ZONE.replace("BYMONTH=3", "BYMONTH=7")),
    ),
    Rule(
        "zone-ends-before-entries",
        Severity.ERROR,
        N_("The VTIMEZONE has ended before this entry, whose time is wrong by {value}."),
        N_("What it lists of changes does not reach that far."),
        (Effect(Client.OUTLOOK, N_("shows the time that the VTIMEZONE says"), Shows.TIME),),
        "RFC 5545, 3.6.5; iCalcreator/iCalcreator#86",
        N_("Write rules without an end."),
        _entries(lambda judgement: judgement.ended),
        _zone(_UNTIL_2026),
    ),
    Rule(
        "zone-shifts-entries-in-outlook",
        Severity.ERROR,
        N_("Outlook does not read all of the VTIMEZONE; a time of this entry is wrong by {value}."),
        N_("Of several STANDARDs or DAYLIGHTs it keeps the one that begins last, for all years."),
        (Effect(Client.OUTLOOK, N_("shows the time an hour off"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#106",
        N_("Keep the ones of the years of the entries; if no yearly rule fits, write UTC."),
        _entries(lambda judgement: judgement.in_outlook),
        _zone(ZONE.replace(_MARCH, _TO_2034).replace("END:VTIMEZONE", _FROM_2035)),
    ),
    Rule(
        "zone-observances-repeated",
        Severity.WARNING,
        N_("The VTIMEZONE {value} has more than one STANDARD or more than one DAYLIGHT."),
        N_("Outlook keeps the one that begins last, for all years, or refuses all of them."),
        (Effect(Client.OUTLOOK, N_("may show times of other years an hour off"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#106",
        N_("Keep one STANDARD and one DAYLIGHT, those of the years of the entries."),
        _repeating,
        _zone(ZONE.replace("BEGIN:DAYLIGHT", _OLD)),
    ),
    Rule(
        "zone-name-of-other-rules",
        Severity.ERROR,
        N_("The VTIMEZONE {value} has not the clocks of what it is called."),
        N_("The name says an offset, and programs that know it do not look any further."),
        (Effect(Client.OUTLOOK_MAC, N_("shows the time an hour off"), Shows.TIME),),
        "RFC 5545, 3.2.19; pretalx/pretalx#2588",
        N_("Call the zone by its name in the tz database, as Europe/London."),
        _other,
        Example(Frame.BODY, fails=_GMT, holds=f"{ZONE}{_ENTRY}"),
    ),
    Rule(
        "zone-changes-in-new-offset",
        Severity.WARNING,
        N_("Changes are written in the offset after them in the VTIMEZONE: {value}."),
        N_("A change is written in the offset before it; so clocks change an hour off."),
        (),
        "RFC 5545, 3.6.5",
        N_("Write the time that clocks show when they change: 02:00, if they go on to 03:00."),
        _late,
        _zone(ZONE.replace("20260329T020000", "20260329T030000")),
    ),
    Rule(
        "zone-differs",
        Severity.WARNING,
        N_("The VTIMEZONE differs from the tz database in the years of the entries: {value}."),
        N_("No time of an entry is wrong so far, and the next one may be."),
        (),
        "RFC 5545, 3.6.5; pretalx/pretalx#2081",
        N_("Write the VTIMEZONE by a tz database of today."),
        _elsewhere,
        _zone(ZONE.replace("BYMONTH=10", "BYMONTH=11")),
    ),
)
