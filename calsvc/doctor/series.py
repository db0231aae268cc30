"""Entries that repeat: which days their rule can mean, told without following it.

A rule may go on for ever, or mean no day at all; its parts say at once what it cannot mean.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytz

from calsvc.doctor.documents import Component, Property
from calsvc.doctor.values import instant, is_day, moment, zone
from calsvc.importers.ics.recurrence import parts
from calsvc.timezones import WEEKDAYS

_FREQUENCY = "SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY"
_WEEKDAY = "|".join(WEEKDAYS)
_SIXTIETH = r"[0-5]?\d"
PARTS = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "FREQ": _FREQUENCY,
        "INTERVAL": r"0{0,9}[1-9]\d{0,8}",
        "COUNT": r"0{0,9}[1-9]\d{0,8}",
        "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
        "BYSECOND": rf"{_SIXTIETH}|60",
        "BYMINUTE": _SIXTIETH,
        "BYHOUR": r"[01]?\d|2[0-3]",
        "BYDAY": rf"(?:[+-]?(?:0?[1-9]|[1-4]\d|5[0-3]))?(?:{_WEEKDAY})",
        "BYMONTHDAY": r"[+-]?(?:0?[1-9]|[12]\d|3[01])",
        "BYYEARDAY": r"[+-]?0{0,2}[1-9]\d{0,2}",
        "BYWEEKNO": r"[+-]?(?:0?[1-9]|[1-4]\d|5[0-3])",
        "BYMONTH": r"(?:0?[1-9]|1[0-3])L?",
        "BYSETPOS": r"[+-]?0{0,2}[1-9]\d{0,2}",
        "WKST": _WEEKDAY,
        "RSCALE": r"[A-Z-]{1,40}",
        "SKIP": "OMIT|BACKWARD|FORWARD",
    }.items()
}
"""What stands behind each part of a rule; a list has several (RFC 5545, 3.3.10; RFC 7529)."""
LISTS = frozenset(name for name in PARTS if name.startswith("BY"))


def has_known_parts(rule: str) -> bool:
    """Tell whether a rule has parts of the standard alone, or of X-, and each of them once."""
    names = [each.partition("=")[0].strip().upper() for each in rule.split(";") if "=" in each]
    is_known = all(name in PARTS or name.startswith("X-") for name in names)
    return is_known and len({*names}) == len(names)


def is_readable(rule: str) -> bool:
    """Tell whether a rule is one of the standard, but for a missing FREQ."""
    said = parts(rule)
    if len(said) != sum(bool(each.strip()) for each in rule.split(";")):
        return False
    return all(_is_readable(name, value) for name, value in said.items())


def _is_readable(name: str, value: str) -> bool:
    pattern = PARTS.get(name)
    if pattern is None:
        return name.startswith("X-")
    values = value.split(",") if name in LISTS else [value]
    return all(pattern.fullmatch(each) for each in values)


@dataclass(frozen=True)
class Series:
    """What a rule says of the days and times of an entry, as the clocks of its start show them."""

    start: Property
    first: date | datetime
    """Naive: what the clocks of the start show."""
    frequency: str
    until: date | None
    """The last day, in any zone."""
    months: frozenset[int]
    days: frozenset[int]
    """Of the month; from its end if negative."""
    places: frozenset[tuple[int, int]]
    """Weekdays from 0 for Monday, each with its place in the month, 0 for any."""
    has_own_times: bool
    """Whether the rule tells hours and minutes."""

    @classmethod
    def of(cls, entry: Component) -> "Series | None":
        """Return the series that an entry is; None where its days cannot be told by one rule."""
        start, rules = entry.one("DTSTART"), [*entry.each("RRULE")]
        if start is None or len(rules) != 1 or entry.all("RDATE") or entry.all("EXRULE"):
            return None
        first, rule = moment(start.value), rules[0].value
        said = parts(rule)
        if first is None or "FREQ" not in said or "RSCALE" in said or not is_readable(rule):
            return None
        frequency, ordered = said["FREQ"], _list(said, "BYDAY")
        in_month = frequency == "MONTHLY" or (frequency == "YEARLY" and "BYMONTH" in said)
        until = moment(said.get("UNTIL", ""))
        return cls(
            start,
            first.replace(tzinfo=None) if isinstance(first, datetime) else first,
            frequency,
            until.date() if isinstance(until, datetime) else until,
            frozenset(int(each.rstrip("L")) for each in _list(said, "BYMONTH")),
            frozenset(map(int, _list(said, "BYMONTHDAY"))),
            frozenset(
                (WEEKDAYS.index(each[-2:]), int(each[:-2] or 0) if in_month else 0)
                for each in ordered
            ),
            not {"BYHOUR", "BYMINUTE", "BYSECOND"}.isdisjoint(said)
            or frequency in {"HOURLY", "MINUTELY", "SECONDLY"},
        )

    @property
    def has_its_start(self) -> bool:
        """Tell whether the rule may mean the day on which the entry begins."""
        return self._fits(self.first)

    def covers(self, when: date | datetime) -> bool:
        """Tell whether a day is one from the first to the last of the series."""
        first, day = _day(self.first), timedelta(days=1)
        is_over = self.until and self.until < date.max - day and _day(when) > self.until + day
        return first <= _day(when) and not is_over

    def may_have(self, when: date | datetime) -> bool:
        """Tell whether the series may have a showing then: a day, or a naive local time."""
        if not self.covers(when):
            return False
        if isinstance(when, datetime) and isinstance(self.first, datetime):
            if when < self.first or not (self.has_own_times or when.time() == self.first.time()):
                return False
        return when == self.first or (self._fits(when) and self._follows(when))

    def _fits(self, when: date | datetime) -> bool:
        """Tell whether the lists of the rule have a day."""
        if self.months and when.month not in self.months:
            return False
        left = when.day - monthrange(when.year, when.month)[1] - 1
        if self.days and when.day not in self.days and left not in self.days:
            return False
        ways = {0, (when.day - 1) // 7 + 1, -((-left - 1) // 7 + 1)}
        return not self.places or any((when.weekday(), way) in self.places for way in ways)

    def _follows(self, when: date | datetime) -> bool:
        """Tell whether a day may come of the start, where the rule has no list that says it."""
        if self.places or self.days:
            return True
        if self.frequency == "WEEKLY":
            return when.weekday() == self.first.weekday()
        return self.frequency != "MONTHLY" or when.day == self.first.day

    def on_its_clocks(self, each: Property) -> date | datetime | None:
        """Return a day or a time as the clocks of the start show it: naive.

        None where it cannot be told, or is of another kind than the start.
        """
        found = moment(each.value)
        if found is None or is_day(found) != is_day(self.first):
            return None
        if not isinstance(found, datetime):
            return found
        if is_alike(each, self.start):
            return found.replace(tzinfo=None)
        exact, name = instant(each), zone(self.start)
        start = moment(self.start.value)
        is_utc = isinstance(start, datetime) and start.tzinfo is not None
        if exact is None or not (is_utc or name):
            return None
        try:
            clocks = pytz.utc if is_utc or name is None else pytz.timezone(name)
            return exact.astimezone(clocks).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return None


def is_alike(each: Property, start: Property) -> bool:
    """Tell whether two times are of the same zone, as they are written."""
    found, begin = moment(each.value), moment(start.value)
    if not isinstance(found, datetime) or not isinstance(begin, datetime):
        return False
    if found.tzinfo or begin.tzinfo:
        return found.tzinfo is not None and begin.tzinfo is not None
    return each.tzid == start.tzid


def listed(each: Property) -> list[Property]:
    """Return the times of a list, RDATE or EXDATE, a property each; of a period, its start."""
    return [replace(each, value=value.partition("/")[0]) for value in each.value.split(",")]


def _list(said: dict[str, str], name: str) -> list[str]:
    return said[name].split(",") if name in said else []


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when
