"""What each calendar program would show of a calendar: worked out from what is wrong with it.

An entry is shown by the worst that befalls it; what is sure goes before what may be.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import pytz
from pytz.tzinfo import BaseTzInfo

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document, time_of
from calsvc.doctor.findings import Finding, Rule, Severity, shortened
from calsvc.doctor.reach import Reach
from calsvc.doctor.rules import FILES
from calsvc.doctor.values import zone_named

MOST_ENTRIES = 12  # that are shown one by one
WORST_FIRST = {each: rank for rank, each in enumerate(Shows)}
OF_THE_CALENDAR = frozenset({Shows.STALE, Shows.TEXT, Shows.ODD})
"""What is said once of a calendar, and not of each entry, where it befalls all of it."""
OF_SOME = frozenset({Shows.MISSING, Shows.TIME, Shows.TWICE})
"""What befalls some alone of those that a mere warning or note is about."""
TAKEN_FOR_UTC = frozenset(
    {("time-without-zone", Client.GOOGLE), ("time-without-zone", Client.EVOLUTION)}
)
"""Rules and programs that show a local time as if it were UTC."""


class Showing(NamedTuple):
    """How one program shows one entry."""

    shows: Shows | None = None
    """None if it is as it was meant."""
    does: str = ""
    """In words of an ``Effect``."""
    at: str = ""
    """When it is shown, where that can be told: a local time as in ISO 8601, or one in UTC."""
    is_sure: bool = True


AS_MEANT = Showing()


class Entry(NamedTuple):
    """An entry, as it was meant."""

    title: str
    start: str
    """A day or a local time as in ISO 8601, or one in UTC; empty if there is none."""


@dataclass(frozen=True)
class Program:
    """What one program shows of a calendar."""

    client: Client
    nothing: str = ""
    """What it does in place of showing anything, in words of an ``Effect``."""
    is_nothing_sure: bool = True
    showings: tuple[Showing, ...] = ()
    """Of the first entries, one by one."""
    counts: Mapping[Shows, int] = field(default_factory=dict)
    """How many of all entries something surely befalls, the worst first."""
    perhaps: Mapping[Shows, int] = field(default_factory=dict)
    """How many something may befall."""
    remarks: tuple[str, ...] = ()
    """What else it does with the calendar as a whole, in words of an ``Effect``."""


@dataclass(frozen=True)
class Picture:
    """What programs show of a calendar."""

    entries: tuple[Entry, ...] = ()
    """The first ones."""
    total: int = 0
    """How many there are."""
    programs: tuple[Program, ...] = ()
    """All that there are."""


def pictured(document: Document, findings: Iterable[Finding]) -> Picture:
    """Return what programs show of a calendar in which these are the findings."""
    fates = _Fates(document)
    for finding in findings:
        fates.add(finding)
    entries = tuple(
        Entry(shortened(each.title), _iso(time_of(each.one("DTSTART"))))
        for each in document.entries[:MOST_ENTRIES]
    )
    programs = tuple(fates.program(client) for client in Client)
    return Picture(entries, len(document.entries), programs)


class _Fate(NamedTuple):
    """What befalls an entry in a program."""

    rule: Rule[Any]
    effect: Effect
    is_sure: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """Return a number that is the less, the worse it is; what is sure comes first."""
        return not self.is_sure, WORST_FIRST[self.effect.shows]


class _Fates:
    """What befalls each entry in each program, as findings are added."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reach = Reach(document)
        self._nothing: dict[Client, _Fate] = {}
        self._whole: dict[Client, _Fate] = {}
        self._single: dict[Client, dict[int, _Fate]] = {}
        self._remarks: dict[Client, dict[str, None]] = {}

    def add(self, finding: Finding) -> None:
        """Add what a finding does: at all its places, also at those that no report has.

        What a rule finds in files is found again: a finding has its first places alone, and they
        may be in an earlier state of the calendar.
        """
        rule = finding.rule
        if not rule.effects:
            return
        is_of_file = any(each is rule for each in FILES)
        befallen = self._reach.of(rule.find(self._document) if is_of_file else finding.places)
        for effect in rule.effects:
            client, shows = effect.client, effect.shows
            fate = _Fate(rule, effect, _is_sure(rule, effect, is_whole=befallen.is_whole))
            if shows == Shows.NOTHING:
                self._nothing[client] = _worse(self._nothing.get(client), fate)
            elif befallen.is_whole and shows in OF_THE_CALENDAR:
                self._remarks.setdefault(client, {})[effect.does] = None
            elif befallen.is_whole:
                self._whole[client] = _worse(self._whole.get(client), fate)
            else:
                single = self._single.setdefault(client, {})
                for place in befallen.entries:
                    single[place] = _worse(single.get(place), fate)

    def program(self, client: Client) -> Program:
        """Return what a program shows."""
        nothing, remarks = self._nothing.get(client), tuple(self._remarks.get(client, ()))
        words = nothing.effect.does if nothing else ""
        if nothing and nothing.is_sure:
            return Program(client, words, remarks=remarks)
        single, whole = self._single.get(client, {}), self._whole.get(client)
        fates = [
            _worse(whole, fate) if (fate := single.get(place)) else whole
            for place in range(len(self._document.entries))
        ]
        showings = [self._showing(place, each) for place, each in enumerate(fates) if each]
        return Program(
            client,
            words,
            not nothing,
            tuple(
                self._showing(place, each) if each else AS_MEANT
                for place, each in enumerate(fates[:MOST_ENTRIES])
            ),
            _counted(each.shows for each in showings if each.is_sure),
            _counted(each.shows for each in showings if not each.is_sure),
            remarks,
        )

    def _showing(self, place: int, fate: _Fate) -> Showing:
        shows, does, client = fate.effect.shows, fate.effect.does, fate.effect.client
        if shows != Shows.TIME or (fate.rule.name, client) not in TAKEN_FOR_UTC:
            return Showing(shows, does, is_sure=fate.is_sure)
        start = time_of(self._document.entries[place].one("DTSTART"))
        if not isinstance(start, datetime) or start.tzinfo:  # it is the end that has no zone
            return Showing(shows, does)
        if client == Client.GOOGLE and self._declared:
            return AS_MEANT  # it takes this zone for all such times
        return Showing(shows, does, _iso(pytz.utc.localize(start), self._zone))

    @cached_property
    def _declared(self) -> BaseTzInfo | None:
        """Return the zone that the calendar gives as its own, by X-WR-TIMEZONE."""
        names = (each.text("X-WR-TIMEZONE") for each in self._document.calendars)
        return next((zone for each in names if (zone := zone_named(each))), None)

    @cached_property
    def _zone(self) -> BaseTzInfo | None:
        """Return the zone of who reads the calendar where it is about; None if it tells none."""
        starts = (each.one("DTSTART") for each in self._document.entries)
        named = {each.tzid for each in starts if each}
        found = {zone for name in named | self._document.zones.keys() if (zone := zone_named(name))}
        return self._declared or (found.pop() if len(found) == 1 else None)


def _worse(one: _Fate | None, other: _Fate) -> _Fate:
    """Return the worse of two; of equals the first."""
    return other if one is None or other.rank < one.rank else one


def _is_sure(rule: Rule[Any], effect: Effect, *, is_whole: bool) -> bool:
    """Tell whether an effect is there at each entry, and not at some, or under conditions."""
    if effect.does.startswith("may ") or (is_whole and effect.shows == Shows.MISSING):
        return False
    return rule.severity == Severity.ERROR or effect.shows not in OF_SOME


def _counted(befallen: Iterable[Shows | None]) -> dict[Shows, int]:
    """Return how often each is there, the worst first."""
    counts = Counter(befallen)
    return {each: counts[each] for each in Shows if each in counts}


def _iso(moment: object, zone: BaseTzInfo | None = None) -> str:
    """Return a day or a time as in ISO 8601: an instant as local time of a zone, else in UTC.

    Empty for none, and for what no calendar has days for.
    """
    if not isinstance(moment, datetime):
        return str(moment or "")
    with suppress(OverflowError):
        if moment.tzinfo:
            moment = moment.astimezone(zone or pytz.utc)
        return (moment.replace(tzinfo=None) if zone else moment).isoformat(timespec="minutes")
    return ""
