"""Exact conversion of local times to UTC instants, and VTIMEZONEs on which clients agree.

icalendar can write a VTIMEZONE too, but it writes onsets in the offset *after* the change
(RFC 5545, 3.6.5 requires the one before) and lists every change as an RDATE, which
Outlook cannot read (iCalcreator/iCalcreator#86, #106).  So VTIMEZONEs are made here, from
pytz's transitions: two observances with a yearly rule each, or one without a rule.
A zone that no yearly rule describes gets no VTIMEZONE; its times are written in UTC.
"""

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

import pytz
from pytz.tzinfo import BaseTzInfo

from calsvc import zone_names
from calsvc.errors import LocalTimeError, UnknownZoneError

TZ_DATABASE = str(pytz.OLSON_VERSION)  # type: ignore[attr-defined]
"""The version of the tz database that all instants are made by: ``2026f``."""
FIRST_YEAR = 1973  # offsets have been whole minutes since 1972, as clients expect
LAST_YEAR = 2036  # pytz has no transitions after 2037, and a rule needs the following year

FIXED_ABBREVIATIONS = {  # real names in the tz database, but traps: they have no summer time
    "EST": "America/New_York",
    "MST": "America/Denver",
    "HST": "Pacific/Honolulu",
}
OFFSET_ADVICE = (
    "an offset does not tell when clocks change: write an Area/City name such as Europe/Berlin"
)
UTC_NAMES = frozenset(
    ["UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Universal", "Zulu", "Greenwich"]
)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Transition(NamedTuple):
    """One change of a zone's offset from UTC."""

    instant: datetime
    """When it happens, as a naive UTC time."""
    before: timedelta
    after: timedelta
    name: str
    """The abbreviation in use after the change: ``PDT``."""

    @property
    def onset(self) -> datetime:
        """Return the naive local time of the change, in the offset before it (RFC 5545, 3.6.5)."""
        return self.instant + self.before


def zone(name: str) -> BaseTzInfo:
    """Return the pytz zone of that name, whatever its case.

    Raises ``UnknownZoneError`` with the names that may be meant.
    """
    try:
        return pytz.timezone(name)
    except (pytz.UnknownTimeZoneError, ValueError, OSError):
        advice = OFFSET_ADVICE if zone_names.is_offset(name) else None
        raise UnknownZoneError(name, zone_names.suggested(name), advice) from None


def of_city(name: str) -> str | None:
    """Return the zone of a city, whatever its case; None if there is none, or several.

    The city that a zone is named by goes before others of its name.
    """
    ending = f"/{name.strip().replace(' ', '_').casefold()}"
    for each in pytz.common_timezones:
        if each.casefold().endswith(ending):
            return each
    zones = zone_names.of_city(name)
    return zones[0] if len(zones) == 1 else None


def is_utc(name: str) -> bool:
    """Return whether the zone is UTC itself, which calendars write as ``Z``."""
    return name.removeprefix("Etc/") in UTC_NAMES


def instant(local: datetime, name: str) -> datetime:
    """Return the UTC instant of a naive local time in the zone ``name``.

    Raises ``LocalTimeError`` if clocks skip or repeat that time on that day, or if the year
    is outside ``FIRST_YEAR`` to ``LAST_YEAR``; ``UnknownZoneError`` for an unknown zone.
    """
    refuse_unknown_year(local)
    tz = zone(name)
    try:
        return tz.localize(local, is_dst=None).astimezone(pytz.utc)
    except pytz.NonExistentTimeError:
        later = tz.normalize(tz.localize(local, is_dst=False))
        raise LocalTimeError(
            f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {name}:"
            " clocks go forward over it",
            f"did you mean {later:%H:%M}?",
        ) from None
    except pytz.AmbiguousTimeError:
        # is_dst does not say which comes first: Morocco's winter time is its "DST".
        first, second = sorted(tz.localize(local, is_dst=is_dst) for is_dst in (True, False))
        raise LocalTimeError(
            f"{local:%H:%M} happens twice on {local:%Y-%m-%d} in {name}: clocks go back over it",
            f"give start and end, and write {first:%Y-%m-%dT%H:%M}{offset_text(first.utcoffset())}"
            f" for the first or {second:%Y-%m-%dT%H:%M}{offset_text(second.utcoffset())}"
            " for the second",
        ) from None


@lru_cache(maxsize=65536)
def resolved(written: datetime, name: str) -> datetime:
    """Return the UTC instant of a time as it was written: what was right once never fails.

    A naive time is one of the clocks in the zone ``name``, by the rules of today; an aware one
    is an instant.  Where the rules changed meanwhile, a time that clocks repeat is the first of
    the two, and one that they skip is as late as if they did not (RFC 5545, 3.3.5).
    """
    if written.tzinfo:
        return written.astimezone(pytz.utc)
    tz = zone(name)
    try:
        return tz.localize(written, is_dst=None).astimezone(pytz.utc)
    except pytz.InvalidTimeError as error:
        instants = [
            tz.localize(written, is_dst=is_dst).astimezone(pytz.utc) for is_dst in (True, False)
        ]
        return min(instants) if isinstance(error, pytz.AmbiguousTimeError) else max(instants)


@lru_cache(maxsize=65536)
def local(instant: datetime, name: str) -> datetime:
    """Return an instant as local time in the zone ``name``."""
    return instant.astimezone(zone(name))


def written(instant: datetime, name: str) -> datetime:
    """Return an instant as its zone's clocks show it: naive; aware where that tells too little.

    Clocks tell too little of the hours that they repeat.
    """
    local = instant.astimezone(zone(name))
    naive = local.replace(tzinfo=None)
    if is_repeated(instant, name):
        return naive.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)))
    return naive


def refuse_unknown_year(moment: datetime) -> None:
    """Raise ``LocalTimeError`` if the year is outside ``FIRST_YEAR`` to ``LAST_YEAR``."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise LocalTimeError(
            f"{moment:%Y-%m-%d} is not between {FIRST_YEAR} and {LAST_YEAR}", "check the year"
        )


@lru_cache(maxsize=65536)
def is_repeated(moment: datetime, name: str) -> bool:
    """Return whether the zone's clocks show this instant's local time twice on that day."""
    tz = zone(name)
    try:
        tz.localize(moment.astimezone(tz).replace(tzinfo=None), is_dst=None)
    except pytz.AmbiguousTimeError:
        return True
    return False


def offset_text(offset: timedelta | None, colon: str = ":") -> str:
    """Return a UTC offset as ``-07:00``; iCalendar leaves out the colon."""
    minutes = round((offset or timedelta(0)).total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


@lru_cache(maxsize=2048)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes | None:
    """Return a zone's VTIMEZONE, exact for all local times of those years.

    Its rules also hold for one more year on either side, because clients reuse a zone's
    definition for other calendars.  Returns None for UTC, and if those years do not follow
    one yearly rule: write such times in UTC.
    """
    if is_utc(name):
        return None
    tz = zone(name)
    years = range(first_year - 1, last_year + 2)
    transitions = [transition for transition in _transitions(tz) if transition.onset.year in years]
    if not transitions:
        january = datetime(first_year - 1, 1, 1)  # noqa: DTZ001 -- local time in tz
        offset = tz.utcoffset(january) or timedelta(0)
        title = tz.tzname(january) or name
        observances = [_observance("STANDARD", january, offset, offset, title, rule=None)]
    else:
        observances = _yearly(transitions, years)
    if not observances:
        return None
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tz.zone}", *chain(*observances), "END:VTIMEZONE"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def transitions(name: str) -> list[Transition]:
    """Return the changes of a zone's offset, in order of time.

    Raises ``UnknownZoneError`` with the names that may be meant.
    """
    return _transitions(zone(name))


def _transitions(tz: BaseTzInfo) -> list[Transition]:
    # pytz has no public API for its transitions; these two lists are as old as pytz
    # itself, and every DstTzInfo has them.
    instants: list[datetime] = getattr(tz, "_utc_transition_times", [])
    states: list[tuple[timedelta, timedelta, str]] = getattr(tz, "_transition_info", [])
    return [
        Transition(moment, before[0], after[0], after[2])
        for moment, before, after in zip(instants[1:], states, states[1:], strict=False)
        if before[0] != after[0]
    ]


def _yearly(transitions: list[Transition], years: range) -> list[list[str]]:
    """Return two observances with one rule each, or none if the years differ."""

    def kind(transition: Transition) -> tuple[timedelta, timedelta]:
        return transition.before, transition.after

    observances = []
    for (before, after), group in groupby(sorted(transitions, key=kind), key=kind):
        same = list(group)
        rule = _rule([transition.onset for transition in same], years)
        if rule is None or len({transition.name for transition in same}) > 1:
            return []
        title = "DAYLIGHT" if after > before else "STANDARD"
        observances.append(_observance(title, same[0].onset, before, after, same[0].name, rule))
    # Outlook keeps only one STANDARD and one DAYLIGHT (MS-OXCICAL, 2.1.3.1.1.19).
    titles = {observance[0] for observance in observances}
    return observances if len(observances) == len(titles) == 2 else []


def _rule(onsets: list[datetime], years: range) -> str | None:
    if [onset.year for onset in onsets] != list(years):
        return None
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    onset = onsets[0]
    if all((each + timedelta(weeks=1)).month != each.month for each in onsets):
        place = "-1"
    elif len({(each.day - 1) // 7 for each in onsets}) == 1:
        place = str((onset.day - 1) // 7 + 1)
    else:
        return None
    return f"FREQ=YEARLY;BYMONTH={onset.month};BYDAY={place}{WEEKDAYS[onset.weekday()]}"


def _observance(
    title: str, onset: datetime, before: timedelta, after: timedelta, name: str, rule: str | None
) -> list[str]:
    return [
        f"BEGIN:{title}",
        f"DTSTART:{onset:%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZNAME:{name}",
        f"TZOFFSETFROM:{offset_text(before, '')}",
        f"TZOFFSETTO:{offset_text(after, '')}",
        f"END:{title}",
    ]
