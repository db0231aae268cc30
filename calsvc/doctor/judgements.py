"""How the VTIMEZONEs that entries use differ from the tz database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from calsvc import timezones
from calsvc.doctor import offsets
from calsvc.doctor.documents import Component, Document, Property
from calsvc.importers.ics import recurrence
from calsvc.importers.ics.moments import any_moment

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
    """How a VTIMEZONE that entries use differs from the tz database, if it does."""

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
    """Whether changes are right but for the hour in which they are written."""
    is_right_in_outlook: bool
    """Whether Outlook shows all times of entries right, by what it reads of several parts."""

    @property
    def is_other(self) -> bool:
        """Tell whether the name is one that says the offset: ``GMT``, ``EST``."""
        return "/" not in self.name and bool(self.stretches) and not self.is_late


@lru_cache(maxsize=1)  # the rules ask one after the other
def judgements(document: Document) -> list[Judgement]:
    """Return how the zones that entries use differ, of those that can be judged."""
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
        for each in entry.each(*TIMES):
            if each.tzid:
                known = found.setdefault(each.tzid, [])
                known += (Time(local, each, entry) for local in _locals(each))
    return {tzid: times for tzid, times in found.items() if times}


def _locals(each: Property) -> Iterator[datetime]:
    for value in each.value.split(","):
        local = any_moment(value.partition("/")[0])
        if isinstance(local, datetime) and local.tzinfo is None and local.year in KNOWN:
            yield local


def _judged(zone: Component, times: list[Time], most: int) -> Judgement | None:
    """Return how a VTIMEZONE differs; None if nothing tells what it should say.

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
    is_finite = bool(shifted) and _is_finite(zone)  # once: the zone may be long
    ended = [each for each in shifted if is_finite and each[0].local >= own.switches[-1]]
    outlook = offsets.of_component(zone, years, is_outlook=True) if is_repeating(zone) else None
    in_outlook = _shifted(times, outlook, true) if outlook else []
    is_listed = any(each.one("RDATE") for each in offsets.newest_of(zone))  # it may pass over them
    is_right = outlook is not None and not in_outlook and not is_listed
    late = bool(stretches) and any(
        _is_exact(offsets.of_component(zone, years, reading), true, years) for reading in LATE
    )
    in_outlook = [] if shifted else in_outlook
    return Judgement(zone, name, stretches, shifted, ended, in_outlook, late, is_right)


def _later(before: timedelta, after: timedelta) -> timedelta:
    return max(before, after)


def _after(_: timedelta, after: timedelta) -> timedelta:
    return after


def _twice_later(before: timedelta, after: timedelta) -> timedelta:
    return before + abs(after - before)


LATE = (_later, _after, _twice_later)
"""How libraries write changes: icalendar by zoneinfo and by pytz, and vobject."""


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
    return max(time.local, datetime(until.year, until.month, until.day, 23, 59))  # noqa: DTZ001


def _followed(time: Time) -> Iterator[Time]:
    """Yield the times at which an entry is on again."""
    rule = time.entry.one("RRULE")
    if rule:
        last = min(_last(time), datetime(KNOWN[-1], 12, 31))  # noqa: DTZ001 -- local time
        listed = recurrence.starts(rule.value, time.local, last, timezones.zone("UTC"))
        others = listed.times[1:] if listed else []
        yield from (Time(local, time.each, time.entry) for local in others)


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
