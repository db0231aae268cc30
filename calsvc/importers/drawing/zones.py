"""In which zone a foreign agenda is: as asked, as it says, or as its times and places show.

Instants always win: a zone that contradicts the offsets of the times is not believed.  Local
times without any zone are not guessed at, unless the agenda names its city.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import pytz

from calsvc import timezones
from calsvc.agenda.slots import known_zone
from calsvc.errors import SourceError, UnknownZoneError
from calsvc.importers.drafts import Draft, Wishes

BETTER = "; --timezone names a better one"
ASK = "give --timezone, such as --timezone Europe/Berlin"
HOUR = timedelta(hours=1)


class FoundZone(NamedTuple):
    """The zone of an agenda, and what had to be guessed for it, if anything."""

    name: str
    guessed: str = ""


def zone_of(draft: Draft, wishes: Wishes, source: str) -> FoundZone:
    """Return the zone of a draft.  Raises ``SourceError`` where nothing tells it."""
    if wishes.timezone:
        return FoundZone(_asked(wishes.timezone, source))
    instants = [time for time in _times(draft) if time.tzinfo]
    has_local = any(
        each.start and not each.start.tzinfo and not known_zone(each.timezone)
        for each in draft.sessions
    )
    named = _named(draft.timezone, source, has_local=has_local)
    if named and (wrong := _contradiction(named.name, instants)):
        told = f"the agenda names {draft.timezone}, but its times have {wrong}"
        if has_local:
            raise SourceError(source, told, ASK)
        return _of_offsets(instants, f"{told}, so they are shown in ", source)
    if named:
        return named
    if not has_local and (zones := _of_sessions(draft)):
        return zones
    if (city := _of_place(draft)) and not _contradiction(city.name, instants):
        return city
    if draft.sessions and all(each.day and not each.start for each in draft.sessions):
        return FoundZone("Etc/UTC")  # days are the same on all clocks
    if has_local or not instants:
        raise SourceError(source, "does not say in which time zone its times are", ASK)
    because = "no zone is named, so times are shown in "
    if wishes.entry_for_entry and not _fitting(instants):
        return FoundZone("Etc/UTC", f"{because}Etc/UTC{BETTER}")
    return _of_offsets(instants, because, source)


def _times(draft: Draft) -> Iterable[datetime]:
    """Yield when sessions start, but for years in which nothing can be."""
    for each in draft.sessions:
        if each.start and timezones.FIRST_YEAR <= each.start.year <= timezones.LAST_YEAR:
            yield each.start


def _of_sessions(draft: Draft) -> FoundZone | None:
    """Return the zone of most sessions that name one of their own; None if none does."""
    zones = Counter(filter(None, (known_zone(each.timezone) for each in draft.sessions)))
    if not zones:
        return None
    ((most, _),) = zones.most_common(1)
    return FoundZone(most, f"it has several zones; most sessions are in {most}" * (len(zones) > 1))


def _asked(name: str, source: str) -> str:
    try:
        return timezones.zone(name).zone or name
    except UnknownZoneError as error:
        raise SourceError(source, f"--timezone: {error.what}", error.advice) from error


def _named(name: str | None, source: str, *, has_local: bool) -> FoundZone | None:
    """Return the zone that an agenda names, whatever it calls it; None if it names none."""
    if not name or not name.strip():
        return None
    if meant := timezones.FIXED_ABBREVIATIONS.get(name.strip().upper()):
        return FoundZone(meant, f"{name.strip()} is taken for {meant}")
    try:
        return FoundZone(timezones.zone(name.strip()).zone or name)
    except UnknownZoneError as error:
        zones = error.suggestions
        if len(zones) == 1 or (zones and not has_local):
            return FoundZone(zones[0], f"{name} is taken for {zones[0]}")
        if has_local:
            many = f"names the zone {name}, which may be {' or '.join(zones)}"
            none = f"names the zone {name}, which is none that the tz database knows"
            raise SourceError(source, many if zones else none, ASK) from error
        return None


def _contradiction(name: str, instants: Iterable[datetime]) -> str:
    """Return the first offset that clocks of a zone do not have then; nothing if all do.

    Offsets of zero contradict nothing: they are how instants are written in UTC.
    """
    zone = timezones.zone(name)
    for instant in instants:
        offset = instant.utcoffset()
        if offset and instant.astimezone(zone).utcoffset() != offset:
            return timezones.offset_text(offset)
    return ""


def _of_place(draft: Draft) -> FoundZone | None:
    """Return the zone of the city that an agenda names as its place, if that is one."""
    for place in filter(None, (draft.address, draft.venue)):
        for part in reversed(re.split(r"[,;|\n/]|\s[-–—]\s", place)):
            city = re.sub(r"\d+", "", part).strip()
            zone = timezones.of_city(city) if city else None
            if zone:
                return FoundZone(zone, f"no zone is named; {city} is in {zone}")
    return None


def _of_offsets(instants: list[datetime], because: str, source: str) -> FoundZone:
    """Return a zone whose clocks show the times as they are written, for want of a better one."""
    offsets = {instant.utcoffset() or timedelta(0) for instant in instants}
    if len(offsets) == 1 and not (offset := offsets.copy().pop()) % HOUR:
        hours = offset // HOUR
        name = f"Etc/GMT{-hours:+}" if hours else "Etc/UTC"
        if name in pytz.all_timezones_set:
            return FoundZone(name, f"{because}{name}{BETTER}")
    if name := _fitting(instants):
        return FoundZone(name, f"{because}{name}{BETTER}")
    raise SourceError(source, "has times of several zones", ASK)


def _fitting(instants: list[datetime]) -> str:
    """Return the first zone whose clocks show all times as they are written; empty for none."""
    for name in pytz.common_timezones:
        zone = timezones.zone(name)
        if all(each.astimezone(zone).utcoffset() == each.utcoffset() for each in instants):
            return name
    return ""
