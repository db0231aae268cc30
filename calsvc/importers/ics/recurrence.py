"""When what repeats is on: RRULE, RDATE and EXDATE (RFC 5545, 3.8.5).

dateutil reads the rules.  A rule that nothing ends, or that no day fits, must not be followed
for ever: rules of hours and less are not followed, and filters on days are applied here.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone, tzinfo
from itertools import islice
from typing import NamedTuple

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, rrulestr

from calsvc.importers.ics.components import Component
from calsvc.importers.ics.moments import any_moment, moment, offset

MOST = 1000  # showings, of all entries together
MORE_LOOKED_AT = 100  # times of one rule, which may be on no day that fits
_FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_DAY_LIMITS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "WKST"})
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


def parts(rule: str) -> dict[str, str]:
    """Return the parts of a rule, by their names in capitals."""
    found = (each.partition("=") for each in rule.strip().split(";") if "=" in each)
    return {name.strip().upper(): value.strip().upper() for name, _, value in found}


def has_an_end(rule: str) -> bool:
    """Tell whether a rule says itself when it ends."""
    return not {"COUNT", "UNTIL"}.isdisjoint(parts(rule))


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
        if until := said.pop("UNTIL", None):
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
    until = moment(written)
    if isinstance(until, datetime):
        return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    if until is None:
        raise ValueError(written)
    return datetime.combine(until, time.max)


def _times(said: dict[str, str], first: datetime, looked_at: int) -> Iterator[datetime]:
    """Return the times of a rule without an end.  Raises ``ValueError`` for one not followed.

    Each step of a daily or weekly rule is a time, so that it goes on even if no day fits its
    limits; what is left of yearly and monthly ones fits some day of each few years.
    """
    frequency = _FREQUENCIES[said.get("FREQ", "")]
    interval = int(said.get("INTERVAL", 1))
    if frequency in {MONTHLY, YEARLY}:
        if not 1 <= interval <= 12 or not _fits_some_day(said, interval):
            raise ValueError(said)
        rule = ";".join(f"{key}={each}" for key, each in said.items())
        return iter(rrulestr(rule, dtstart=first))
    if said.keys() - _DAY_LIMITS or interval < 1:
        raise ValueError(said)
    weekdays = [_WEEKDAYS[each.strip()[-2:]] for each in said.get("BYDAY", "").split(",") if each]
    months = {int(each) for each in said.get("BYMONTH", "").split(",") if each}
    if frequency == WEEKLY:
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


def _fits_some_day(said: dict[str, str], interval: int) -> bool:
    """Tell whether a monthly or yearly rule is one of those that surely fit some days."""
    if said.keys() - {*_DAY_LIMITS, "BYMONTHDAY", "BYSETPOS"}:
        return False
    days = said.get("BYMONTHDAY", "1")
    has_place = re.search(r"\d", said.get("BYDAY", "")) is not None
    return (
        re.fullmatch(r"-?\d\d?(,-?\d\d?)*", days) is not None
        and all(1 <= abs(int(day)) <= 28 for day in days.split(","))
        and re.fullmatch(r"([+-]?[1-4])?[A-Z]{2}(,([+-]?[1-4])?[A-Z]{2})*", said.get("BYDAY", "MO"))
        is not None
        and said.get("BYSETPOS", "1") in {"1", "-1"}
        and not (has_place and "BYMONTHDAY" in said)
        and not (interval > 1 and said["FREQ"] == "MONTHLY" and "BYMONTH" in said)
    )


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
