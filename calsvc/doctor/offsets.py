"""What VTIMEZONEs make of local times, and what the tz database makes of them.

Both are compared as they are, change by change, and not by samples.  Only years of which the tz
database is sure count: those that calsvc knows.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pytz

from calsvc import timezones
from calsvc.doctor.documents import Component, Property
from calsvc.importers.ics import components, recurrence, tzids
from calsvc.importers.ics.moments import any_moment

OFFSET = re.compile(r"([+-]?)(\d\d)(\d\d)(\d\d)?", re.ASCII)
LARGEST_OFFSET = timedelta(hours=15)  # that any zone has had, rounded up
OBSERVANCES = frozenset({"STANDARD", "DAYLIGHT"})
EARLIEST = datetime(1600, 1, 1)  # noqa: DTZ001 -- a local time; what is older begins here
NAMES = {name.casefold(): name for name in pytz.all_timezones}
ZERO = timedelta(0)

Reading = Callable[[timedelta, timedelta], timedelta]
"""In which of the offsets before and after a change its local time is written."""


class Stretch(NamedTuple):
    """A time in which two clocks differ."""

    begin: datetime
    """Naive UTC."""
    end: datetime
    by: timedelta
    """How much later the first of them shows entries."""


@dataclass(frozen=True)
class Clocks:
    """The offset from UTC at each instant; all instants are naive UTC times."""

    first: timedelta
    """The offset before the first change."""
    changes: tuple[tuple[datetime, timedelta], ...]
    """Each instant from which on another offset holds, in order of time."""
    switches: list[datetime] = field(init=False, repr=False)
    """The local time from which on the offset of each change holds (RFC 5545, 3.3.5)."""

    def __post_init__(self) -> None:
        befores = (self.first, *(offset for _, offset in self.changes))
        pairs = zip(befores, self.changes, strict=False)
        switches = [instant + max(before, after) for before, (instant, after) in pairs]
        object.__setattr__(self, "switches", switches)

    def at(self, instant: datetime) -> timedelta:
        """Return the offset at an instant."""
        return self._offset(bisect_right(self.changes, (instant, timedelta.max)))

    def of(self, local: datetime) -> timedelta:
        """Return the offset of a local time: the first, if clocks show it twice."""
        return self._offset(bisect_right(self.switches, local))

    def _offset(self, passed: int) -> timedelta:
        return self.changes[passed - 1][1] if passed else self.first

    def differences(self, true: "Clocks", years: range) -> list[Stretch]:
        """Return when these clocks differ from the true ones, in some years of those."""
        if not years:
            return []
        begin, end = (_new_year(year, true) for year in (years[0], years[-1] + 1))
        instants = {each for each, _ in (*self.changes, *true.changes) if begin < each < end}
        found: list[Stretch] = []
        for start, stop in pairwise([begin, *sorted(instants), end]):
            by = true.at(start) - self.at(start)
            if by and found and found[-1].end == start and found[-1].by == by:
                found[-1] = found[-1]._replace(end=stop)
            elif by:
                found.append(Stretch(start, stop, by))
        return found


def _new_year(year: int, clocks: Clocks) -> datetime:
    local = datetime(year, 1, 1)  # noqa: DTZ001 -- local time
    return local - clocks.of(local)


@cache
def of_zone(name: str) -> Clocks:
    """Return the clocks of a zone of the tz database.  Raises ``UnknownZoneError``."""
    found = timezones.transitions(name)
    winter = datetime(timezones.FIRST_YEAR, 1, 1)  # noqa: DTZ001 -- local time
    first = found[0].before if found else timezones.zone(name).utcoffset(winter)
    return Clocks(first or ZERO, tuple((each.instant, each.after) for each in found))


def of_component(
    component: Component,
    years: range,
    reading: Reading = lambda before, _: before,
    *,
    is_outlook: bool = False,
) -> Clocks | None:
    """Return the clocks of a VTIMEZONE in some years; None if it cannot be read.

    Outlook reads one STANDARD and one DAYLIGHT, and takes their rules for those of all years.
    """
    found: list[tuple[datetime, timedelta]] = []
    firsts: list[tuple[datetime, timedelta]] = []
    observances = newest_of(component) if is_outlook else observances_of(component)
    for each in observances:
        before, after = offset_of(each.one("TZOFFSETFROM")), offset_of(each.one("TZOFFSETTO"))
        begin = _local(each.one("DTSTART"))
        if before is None or after is None or begin is None:
            return None
        if is_outlook and each.one("RRULE"):
            begin = begin.replace(year=min(begin.year, years[0] - 2), day=min(begin.day, 28))
        onsets = _onsets(each, begin, before, years)
        if onsets is None:
            return None
        written = reading(before, after)
        near = (max(onset, EARLIEST) for onset in onsets if onset.year <= years[-1] + 1)
        found += [(onset - written, after) for onset in near]
        firsts.append((begin, before))
    return Clocks(min(firsts)[1], tuple(sorted(set(found)))) if firsts else None


def observances_of(component: Component) -> list[Component]:
    """Return the STANDARDs and DAYLIGHTs of a VTIMEZONE."""
    return [each for each in component.parts if each.name in OBSERVANCES]


def newest_of(component: Component) -> list[Component]:
    """Return the STANDARD and the DAYLIGHT that begin last: those that Outlook reads."""
    newest: dict[str, Component] = {}
    for each in observances_of(component):
        former = newest.get(each.name)
        if former is None or each.text("DTSTART") > former.text("DTSTART"):
            newest[each.name] = each
    return [*newest.values()]


def offset_of(each: Property | None) -> timedelta | None:
    """Return the offset from UTC that a property says, even without a sign; else None."""
    found = OFFSET.fullmatch(each.value.strip()) if each else None
    if not found or int(found[3]) > 59 or int(found[4] or 0) > 59:
        return None
    hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return None if length > LARGEST_OFFSET else -length if found[1] == "-" else length


def _local(each: Property | None) -> datetime | None:
    found = any_moment(each.value) if each else None
    return found if isinstance(found, datetime) and found.tzinfo is None else None


def _onsets(
    each: Component, begin: datetime, before: timedelta, years: range
) -> list[datetime] | None:
    """Return when an observance begins: in some years, and also earlier."""
    found = [begin]
    for rule in [*each.each("RRULE")][:1]:
        times = _ruled(recurrence.parts(rule.value), begin, before, years)
        if times is None:
            return None
        found += times
    for dates in each.each("RDATE"):
        moments = (any_moment(value.partition("/")[0]) for value in dates.value.split(","))
        found += [moment.replace(tzinfo=None) for moment in moments if isinstance(moment, datetime)]
    return found


def _ruled(
    said: dict[str, str], begin: datetime, before: timedelta, years: range
) -> list[datetime] | None:
    """Return the onsets of a yearly rule, from two years before on; None for another rule."""
    if said.get("FREQ") != "YEARLY" or said.get("INTERVAL", "1") != "1":
        return None
    last = datetime(min(years[-1] + 2, date.max.year), 1, 1)  # noqa: DTZ001 -- local time
    if "UNTIL" in said:
        until = _until(said.pop("UNTIL"), before)
        if until is None:
            return None
        last = min(last, until)
    if "COUNT" in said:  # one onset each year
        count = said.pop("COUNT")
        if not (count.isascii() and count.isdigit() and len(count) < 5):
            return None
        last = min(last, datetime(min(begin.year + int(count), date.max.year), 1, 1))  # noqa: DTZ001
    near = max(begin.year, min(years[0], last.year) - 2)
    start = begin if near == begin.year else begin.replace(year=near, day=min(begin.day, 28))
    rule = ";".join(f"{key}={value}" for key, value in said.items())
    listed = recurrence.starts(rule, start, last, timezone(before))
    return listed.times if listed else None


def _until(written: str, before: timedelta) -> datetime | None:
    until = any_moment(written)
    if isinstance(until, datetime):
        try:
            return (until + before).replace(tzinfo=None) if until.tzinfo else until
        except OverflowError:
            return None
    return datetime.combine(until, time.max) if until else None


def known(name: str) -> str | None:
    """Return the tz database's spelling of a zone's name; None if it has none of that name."""
    return NAMES.get(name.strip().casefold())


def meant(component: components.Component) -> str | None:
    """Return the zone of the tz database that a VTIMEZONE says it is; None if it says none."""
    tzid = component.text("TZID")
    parts = [part for part in tzid.split("/") if part] if tzid.startswith("/") else []
    endings = ("/".join(parts[-count:]) for count in (3, 2) if len(parts) >= count)
    found = known(tzid) or tzids.windows_zone(tzid) or known(component.text("X-LIC-LOCATION"))
    return found or next((name for ending in endings if (name := known(ending))), None)
