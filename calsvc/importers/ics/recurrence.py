"""When what repeats is on: RRULE, RDATE and EXDATE (RFC 5545, 3.8.5).

A rule that nothing ends, or that no day fits, must not be followed for ever: rules of hours and
less are not followed, and filters on days are applied here.  dateutil counts days and weeks.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dateutil.rrule import DAILY, WEEKLY, rrule

from calsvc import timezones
from calsvc.importers.ics.components import Component
from calsvc.importers.ics.moments import any_moment, offset

MOST = 1000  # showings, of all entries together
MORE_LOOKED_AT = 100  # times of one rule, which may be on no day that fits
_DAY_LIMITS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "WKST"})
_MONTH_LIMITS = _DAY_LIMITS | {"BYMONTHDAY", "BYSETPOS"}
_WEEKDAYS = {name: place for place, name in enumerate(timezones.WEEKDAYS)}


def parts(rule: str) -> dict[str, str]:
    """Return the parts of a rule, by their names in capitals."""
    found = (each.partition("=") for each in rule.strip().split(";") if "=" in each)
    return {name.strip().upper(): value.strip().upper() for name, _, value in found}


def has_an_end(rule: str) -> bool:
    """Tell whether a rule says itself when it ends, in years that calsvc knows."""
    said = parts(rule)
    return "COUNT" in said or ("UNTIL" in said and not _is_beyond(said["UNTIL"]))


def _is_beyond(until: str) -> bool:
    end = any_moment(until)
    return end is not None and end.year > timezones.LAST_YEAR


class Starts(NamedTuple):
    """When a rule has something begin, as naive local times."""

    times: list[datetime]
    is_cut: bool = False
    """Whether there are more than are looked at."""


def starts(
    rule: str, first: datetime, last: datetime, zone: tzinfo, most: int = MOST
) -> Starts | None:
    """Return when a rule has something begin, up to ``last``, and ``most`` times of it.

    Times are on the clocks of ``zone``, as ``first`` is.  None for a rule that cannot be read,
    or is not followed.
    """
    said = parts(rule)
    for name, part in (("BYHOUR", first.hour), ("BYMINUTE", first.minute), ("BYSECOND", 0)):
        if said.get(name) in {str(part), f"{part:02}"}:  # as the start says already
            del said[name]
    try:
        count = int(said.pop("COUNT", most + 1))
        if (until := said.pop("UNTIL", None)) and not _is_beyond(until):
            last = min(last, _until(until, zone))
        found: list[datetime] = []
        looked_at = most + MORE_LOOKED_AT
        for start in islice(_times(said, first, looked_at), looked_at):
            if start > last or len(found) >= count:
                return Starts(found)
            if len(found) == most:
                break
            found.append(start)
        return Starts(found, is_cut=len(found) < count)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        return None


def _until(written: str, zone: tzinfo) -> datetime:
    """Return the last local time of a rule that ends at ``written``: of a day, its end."""
    until = any_moment(written)
    if isinstance(until, datetime):
        return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    if until is None:
        raise ValueError(written)
    return datetime.combine(until, time.max)


def _times(said: dict[str, str], first: datetime, looked_at: int) -> Iterator[datetime]:
    """Return the times of a rule without an end.  Raises ``ValueError`` for one not followed.

    Each step of a daily or weekly rule is a time, so that it goes on even if no day fits its
    limits.
    """
    interval = int(said.get("INTERVAL", 1))
    if said["FREQ"] in {"MONTHLY", "YEARLY"}:
        if said.keys() - _MONTH_LIMITS or interval < 1:
            raise ValueError(said)
        return _by_months(said, first, range(0, looked_at * interval, interval))
    if said["FREQ"] not in {"DAILY", "WEEKLY"} or said.keys() - _DAY_LIMITS or interval < 1:
        raise ValueError(said)
    weekdays = [_WEEKDAYS[each.strip()[-2:]] for each in said.get("BYDAY", "").split(",") if each]
    months = {*_numbers(said, "BYMONTH")}
    if said["FREQ"] == "WEEKLY":
        weekdays = weekdays or [first.weekday()]
        start = _WEEKDAYS[said.get("WKST", "MO")]
        steps = rrule(WEEKLY, dtstart=first, interval=interval, wkst=start, byweekday=weekdays)
    else:
        steps = rrule(DAILY, dtstart=first, interval=interval)
    return (
        step
        for step in islice(steps, looked_at)
        if (not months or step.month in months) and (not weekdays or step.weekday() in weekdays)
    )


def _by_months(said: dict[str, str], first: datetime, steps: range) -> Iterator[datetime]:
    """Yield the times of a monthly or yearly rule, after so many months or years each.

    The last is beyond all years that calsvc knows.  Raises ``ValueError`` for a rule that no day
    fits, or that cannot be read.
    """
    days = _Days.of(said, first)
    months, places = _numbers(said, "BYMONTH"), _numbers(said, "BYSETPOS")
    has_times = False
    for step in steps:
        year, month = first.year, first.month
        if said["FREQ"] == "MONTHLY":
            year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
            looked_in = [month] if not months or month in months else []
        else:
            year += step
            looked_in = sorted(months) or days.months(month)
        if year > timezones.LAST_YEAR:
            break
        fit = [day for each in looked_in for day in days.fitting(year, each)]
        if places:
            fit = sorted({fit[n - (n > 0)] for n in places if -len(fit) <= n - (n > 0) < len(fit)})
        for day in fit:
            if (found := datetime.combine(date.fromordinal(day), first.time())) >= first:
                has_times = True
                yield found
    if not has_times:
        raise ValueError(said)
    if year > timezones.LAST_YEAR:
        yield datetime.combine(date.max, time())


class _Days(NamedTuple):
    """Which days of a month, or of a whole year, are those of a rule."""

    in_month: frozenset[int]
    """Counted from its first day, or back from its last one; empty for any."""
    weekdays: frozenset[tuple[int, int]]
    """Each with its place among those of its name, 0 for all of them; empty for any."""
    is_of_year: bool
    """Whether places are those in the year."""
    has_any_month: bool

    @classmethod
    def of(cls, said: dict[str, str], first: datetime) -> "_Days":
        """Return the days that a rule says, or else its first one."""
        named = [each.strip() for each in said.get("BYDAY", "").split(",") if each.strip()]
        if not all(re.fullmatch(r"([+-]?[1-5]?\d)?[A-Z]{2}", each) for each in named):
            raise ValueError(named)
        weekdays = frozenset((int(each[:-2] or 0), _WEEKDAYS[each[-2:]]) for each in named)
        in_month = frozenset(_numbers(said, "BYMONTHDAY"))
        is_of_year = (
            said["FREQ"] == "YEARLY"
            and "BYMONTH" not in said
            and any(place for place, _ in weekdays)
        )
        if is_of_year and in_month:
            raise ValueError(said)
        has_any_month = bool(weekdays or in_month)
        if not has_any_month:
            in_month = frozenset({first.day})
        return cls(in_month, weekdays, is_of_year, has_any_month)

    def months(self, first: int) -> list[int]:
        """Return the months of a year to look in, if the rule names none."""
        return [1] if self.is_of_year else [*range(1, 13)] if self.has_any_month else [first]

    def fitting(self, year: int, month: int) -> list[int]:
        """Return the ordinals of those in a month, or in its year, in order."""
        begin = date(year, month, 1)
        length = 365 + isleap(year) if self.is_of_year else monthrange(year, month)[1]
        zeroth = begin.toordinal()
        return [zeroth + day for day in _fitting(self, begin.weekday(), length)]


@lru_cache(maxsize=256)
def _fitting(days: _Days, weekday: int, length: int) -> list[int]:
    """Return those of a month, or year, that begins on a weekday: counted from 0, in order."""
    fit = {*range(length)}
    if days.in_month:
        fit &= {n - 1 if n > 0 else length + n for n in days.in_month}
    if days.weekdays:
        named: set[int] = set()
        for place, each in days.weekdays:
            of_name = range((each - weekday) % 7, length, 7)
            among = place - (place > 0)
            if not place:
                named.update(of_name)
            elif -len(of_name) <= among < len(of_name):
                named.add(of_name[among])
        fit &= named
    return sorted(fit)


def _numbers(said: dict[str, str], name: str) -> set[int]:
    """Return the numbers of a part of a rule.  Raises ``ValueError`` for other things."""
    found = {int(each) for each in said.get(name, "").split(",") if each}
    if 0 in found:
        raise ValueError(said)
    return found


def onsets(observance: Component, begin: datetime, years: range) -> list[datetime] | None:
    """Return when an observance of a VTIMEZONE begins, in some years; and the last time before.

    None if its rule cannot be read.
    """
    end = datetime(years[-1], 12, 31, 23, 59)  # noqa: DTZ001 -- local time
    before = offset(observance.text("TZOFFSETFROM")) or timedelta(0)
    found = [begin]
    for each in observance.all("RRULE")[:1]:
        listed = starts(each.value, begin, end, timezone(before))
        if listed is None:
            return None
        found += listed.times
    for each in observance.all("RDATE"):
        days = (any_moment(value.partition("/")[0]) for value in each.value.split(",")[:MOST])
        found += [day.replace(tzinfo=None) for day in days if isinstance(day, datetime)]
    early = [onset for onset in found if onset.year < years[0]]
    return [*([max(early)] if early else []), *(each for each in found if each.year in years)]
