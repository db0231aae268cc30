"""Which zone of the tz database a calendar means by a TZID.

The name tells it, as programs write names: bare, behind a path, or as Windows calls zones.
Else the zone is one whose clocks follow the rules of the VTIMEZONE.  Where there is none, the
rules themselves make instants of the local times, and times stay right.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from operator import itemgetter

import pytz
from babel.core import get_global

from calsvc import timezones, zone_names
from calsvc.agenda.slots import known_zone
from calsvc.importers.ics.components import Component
from calsvc.importers.ics.moments import DAY, any_moment, offset
from calsvc.importers.ics.recurrence import onsets, parts

MOST_RULES = 10  # of one VTIMEZONE
MOST_ZONES = 50  # of one file


@dataclass
class Rules(tzinfo):
    """What a VTIMEZONE says: from each local onset on, the offset from UTC."""

    steps: list[tuple[datetime, timedelta]]
    """In order of time."""
    years: range
    """Those that the file is about."""

    @classmethod
    def of(cls, component: Component, years: range) -> "Rules | None":
        """Return the rules of a VTIMEZONE for some years; None if it has none that can be read."""
        steps: set[tuple[datetime, timedelta]] = set()
        wider = range(years[0] - 1, timezones.LAST_YEAR + 2)  # those of what repeats, too
        latest = sorted(component.components, key=_lasts, reverse=True)
        ruled = [each for each in latest if each.all("RRULE")][:MOST_RULES]
        for each in (*ruled, *(each for each in latest if not each.all("RRULE"))):
            shift, begin = offset(each.text("TZOFFSETTO")), any_moment(each.text("DTSTART"))
            if shift is None or not isinstance(begin, datetime):
                continue
            found = onsets(each, begin.replace(tzinfo=None), wider)
            if found is None:
                return None
            steps |= {(onset, shift) for onset in found}
        return cls(sorted(steps), years) if steps else None

    def offset(self, local: datetime) -> timedelta:
        """Return the offset of a naive local time."""
        return self.steps[max(bisect_right(self.steps, local, key=itemgetter(0)) - 1, 0)][1]

    def utcoffset(self, local: datetime | None) -> timedelta | None:
        """Return the offset of a local time, as ``tzinfo`` has it."""
        return self.offset(local.replace(tzinfo=None)) if local else None

    def fromutc(self, instant: datetime) -> datetime:
        """Return the local time of an instant, which has these rules as its ``tzinfo``."""
        utc = instant.replace(tzinfo=None)
        place = max(bisect_right(self.steps, utc - DAY, key=itemgetter(0)) - 1, 0)
        shift = self.steps[place][1]
        for onset, after in self.steps[place + 1 : place + 3]:  # of two days
            shift = after if utc + shift >= onset else shift
        return instant + shift

    def holds(self, name: str) -> bool:
        """Tell whether the clocks of a zone follow these rules in the years of the file."""
        zone = timezones.zone(name)
        days = (
            datetime(year, month, day, 12)  # noqa: DTZ001 -- local time
            for year in self.years
            for month in range(1, 13)
            for day in (1, 8, 15, 22, 28)
        )
        return all(zone.utcoffset(each) == self.offset(each) for each in days)


def _lasts(observance: Component) -> tuple[str, str]:
    """Return until when an observance goes on, and since when, for sorting."""
    until = parts(observance.text("RRULE")).get("UNTIL", "9999")
    return until, observance.text("DTSTART")


@dataclass
class Zones:
    """The zones of a file, by its TZIDs; what had to be guessed is told in ``guessed``."""

    components: Mapping[str, Component]
    """VTIMEZONEs, by TZID."""
    years: range
    """Those that the file is about."""
    likely: tuple[str, ...] = ()
    """Zones that are tried before others: as asked for, or as the calendar names."""
    guessed: list[str] = field(default_factory=list)
    _known: dict[str, str | None] = field(default_factory=dict)
    _rules: dict[str, Rules | None] = field(default_factory=dict)

    def rules(self, tzid: str) -> Rules | None:
        """Return the rules of a TZID's VTIMEZONE; None without one that can be read."""
        if tzid not in self._rules:
            component = self.components.get(tzid) if len(self._rules) < MOST_ZONES else None
            self._rules[tzid] = Rules.of(component, self.years) if component else None
        return self._rules[tzid]

    def name(self, tzid: str) -> str | None:
        """Return the zone of the tz database that a TZID means; None if none is known to be."""
        if tzid not in self._known:
            self._known[tzid] = self._found(tzid)
        return self._known[tzid]

    def clock(self, tzid: str) -> tzinfo | None:
        """Return the clocks of a TZID; None if nothing tells them."""
        name = self.name(tzid)
        return timezones.zone(name) if name else self.rules(tzid)

    def _found(self, tzid: str) -> str | None:
        rules, component = self.rules(tzid), self.components.get(tzid)
        location = component.text("X-LIC-LOCATION") if component else ""
        sure = _bare(tzid) or windows_zone(tzid) or _bare(location)
        if sure:
            if rules and not rules.holds(sure):
                told = f"the rules of {tzid!r} in the file are not those of {sure}, which are taken"
                self.guessed.append(told)
            elif _bare(tzid) is None:
                self.guessed.append(f"the zone {tzid!r} is taken for {sure}")
            return sure
        for name in _named(tzid):
            if rules is None or rules.holds(name):
                self.guessed.append(f"the zone {tzid!r} is taken for {name}")
                return name
        return self._by_rules(tzid, rules) if rules else None

    def _by_rules(self, tzid: str, rules: Rules) -> str | None:
        """Return the likeliest zone whose clocks follow the rules; None if none does."""
        for name in _by_likelihood(self.likely):
            if rules.holds(name):
                self.guessed.append(f"the zone {tzid!r} is taken for {name}, by its rules")
                return name
        self.guessed.append(f"the zone {tzid!r} is none known: its own rules are taken")
        return None

    def placed(self, local: datetime, tzid: str) -> tuple[datetime, str | None]:
        """Return a naive local time as it is kept, with its zone of the tz database.

        It is an instant where clocks show it twice, or never, or where the zone has no name;
        it stays naive without a zone where nothing tells the zone.
        """
        name, rules = self.name(tzid), self.rules(tzid)
        if name and timezones.is_utc(name):
            return local.replace(tzinfo=pytz.utc), None
        if name is None and rules:
            return local.replace(tzinfo=timezone(rules.offset(local))), None
        if name is None:
            shift = _of_offset_name(tzid)
            told = f"the zone {tzid!r} is none known: its times are taken for those of the event"
            if shift is None and told not in self.guessed:
                self.guessed.append(told)
            return (local if shift is None else local.replace(tzinfo=timezone(shift))), None
        return settled(local, name), name


def settled(local: datetime, name: str) -> datetime:
    """Return a local time; an instant where clocks repeat it (the first) or skip it."""
    tz = timezones.zone(name)
    try:
        tz.localize(local, is_dst=None)
    except pytz.InvalidTimeError:  # RFC 5545, 3.3.5 says which instant each of them is
        return timezones.resolved(local, name)
    return local


def _bare(tzid: str) -> str | None:
    """Return the zone that a TZID is the name of, or ends in behind a path."""
    parts = [part for part in tzid.strip().strip("\"'").split("/") if part]
    for count in range(min(3, len(parts)), 0, -1):
        name = "/".join(parts[-count:])
        if count == 1 and len(parts) > 1:
            return None  # "/somewhere/EST" is too short to be sure of
        if (known := known_zone(name)) and name.upper() not in timezones.FIXED_ABBREVIATIONS:
            return known
    return None


def windows_zone(name: str) -> str | None:
    """Return the zone that Windows calls by this name (CLDR's windowsZones); None if it is none."""
    last = name.rpartition("/")[2].strip()  # of an address: tzone://Microsoft/Utc
    if last.upper() == "UTC":
        return "UTC"
    mapping = get_global("windows_zone_mapping")
    return known_zone(mapping.get(name.strip()) or mapping.get(last))


def _named(tzid: str) -> Iterator[str]:
    """Yield the zones that a TZID may mean, the likeliest first.

    Outlook also writes ``(UTC+01:00) Amsterdam, Berlin, Rome``, and people write ``CEST``.
    """
    if (fixed := tzid.strip().upper()) in timezones.FIXED_ABBREVIATIONS:
        yield timezones.FIXED_ABBREVIATIONS[fixed]
        return
    if cities := re.fullmatch(r"\s*\((?:UTC|GMT)[^)]*\)\s*(.+)", tzid):
        for city in cities[1].split(","):
            yield from zone_names.suggested(city.strip())
        return
    suggested = zone_names.suggested(tzid)
    if len(suggested) == 1:
        yield from suggested


def _by_likelihood(likely: Iterable[str]) -> Iterable[str]:
    """Return zones in the order in which they are tried: those of large countries before others."""
    windows = (known_zone(name) for name in get_global("windows_zone_mapping").values())
    return dict.fromkeys([*likely, *filter(None, windows), *pytz.common_timezones])


def _of_offset_name(tzid: str) -> timedelta | None:
    """Return the offset that a name such as ``GMT+0100`` says; None for any other."""
    found = re.fullmatch(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d\d))?", tzid.strip(), re.ASCII)
    if not found:
        return None
    return offset(f"{found[1]}{int(found[2]):02}{found[3] or '00'}")
