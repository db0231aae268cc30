"""What each calendar program would show of a calendar: worked out from what is wrong with it.

An entry is shown by the worst that befalls it.  What is wrong with a zone befalls the entries
that use it, and what is wrong with the file all of them.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import pytz
from pytz.tzinfo import BaseTzInfo

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, time_of
from calsvc.doctor.findings import Finding, Found, shortened
from calsvc.doctor.rules import FILES

MOST_ENTRIES = 12  # that are shown one by one
WORST_FIRST = {each: rank for rank, each in enumerate(Shows)}
OF_THE_CALENDAR = frozenset({Shows.STALE, Shows.ODD})
"""What is said once of a calendar, and not of each entry, where it befalls all of them."""
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


AS_MEANT = Showing()
CALENDAR = "VCALENDAR"


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
    showings: tuple[Showing, ...] = ()
    """Of the first entries, one by one."""
    counts: Mapping[Shows, int] = field(default_factory=dict)
    """How many of all entries something befalls, the worst first."""
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
    told = _Told(document)
    for finding in findings:
        told.add(finding)
    entries = tuple(
        Entry(shortened(each.title), _iso(time_of(each.one("DTSTART"))))
        for each in document.entries[:MOST_ENTRIES]
    )
    programs = tuple(told.program(client) for client in Client)
    return Picture(entries, len(document.entries), programs)


class _Befallen(NamedTuple):
    """What a rule's finding is about."""

    entries: Iterable[int]
    """Places in the document's list."""
    is_whole: bool
    """Whether it is about the calendar as a whole."""


class _Told:
    """What befalls each entry in each program, as findings are added."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._nothing: dict[Client, str] = {}
        self._whole: dict[Client, tuple[str, Effect]] = {}
        self._single: dict[Client, dict[int, tuple[str, Effect]]] = {}
        self._remarks: dict[Client, dict[str, None]] = {}

    def add(self, finding: Finding) -> None:
        """Add what a finding does: at all its places, also at those that no report has."""
        rule = finding.rule
        if not rule.effects:
            return
        is_of_file = any(each is rule for each in FILES)
        befallen = self._befallen(rule.find(self._document) if is_of_file else finding.places)
        for effect in rule.effects:
            if effect.shows == Shows.NOTHING:
                self._nothing.setdefault(effect.client, effect.does)
            elif befallen.is_whole and effect.shows in OF_THE_CALENDAR:
                self._remarks.setdefault(effect.client, {})[effect.does] = None
            elif befallen.is_whole:
                one = self._whole.get(effect.client)
                self._whole[effect.client] = _worse(one, (rule.name, effect))
            else:
                single = self._single.setdefault(effect.client, {})
                for place in befallen.entries:
                    single[place] = _worse(single.get(place), (rule.name, effect))

    def program(self, client: Client) -> Program:
        """Return what a program shows."""
        remarks = tuple(self._remarks.get(client, ()))
        if client in self._nothing:
            return Program(client, self._nothing[client], remarks=remarks)
        single, whole = self._single.get(client, {}), self._whole.get(client)
        worst: Sequence[tuple[str, Effect] | None] = [
            _worse(whole, found) if (found := single.get(place)) else whole
            for place in range(len(self._document.entries))
        ]
        showings = [self._showing(place, each) for place, each in enumerate(worst) if each]
        counts = Counter(each.shows for each in showings if each.shows)
        first = tuple(
            self._showing(place, each) if each else AS_MEANT
            for place, each in enumerate(worst[:MOST_ENTRIES])
        )
        in_order = {each: counts[each] for each in Shows if each in counts}
        return Program(client, "", first, in_order, remarks)

    def _showing(self, place: int, told: tuple[str, Effect]) -> Showing:
        name, effect = told
        if effect.shows != Shows.TIME or (name, effect.client) not in TAKEN_FOR_UTC:
            return Showing(effect.shows, effect.does)
        start = time_of(self._document.entries[place].one("DTSTART"))
        if not isinstance(start, datetime) or start.tzinfo:  # it is the end that has no zone
            return Showing(effect.shows, effect.does)
        if effect.client == Client.GOOGLE and self._declared:
            return AS_MEANT  # it takes this zone for all such times
        return Showing(effect.shows, effect.does, _iso(pytz.utc.localize(start), self._zone))

    @cached_property
    def _declared(self) -> BaseTzInfo | None:
        """Return the zone that the calendar gives as its own, by X-WR-TIMEZONE."""
        names = (each.text("X-WR-TIMEZONE") for each in self._document.calendars)
        return next((zone for each in names if (zone := _zone(each))), None)

    @cached_property
    def _zone(self) -> BaseTzInfo | None:
        """Return the zone of who reads the calendar where it is about; None if it tells none."""
        found = {zone for name in self._document.zones if (zone := _zone(name))}
        return self._declared or (found.pop() if len(found) == 1 else None)

    # --- what a finding is about ----------------------------------------------------------

    def _befallen(self, places: Iterable[Found]) -> _Befallen:
        entries: dict[int, None] = {}
        zones: dict[str, None] = {}
        is_whole = False
        for found in places:
            component = found.component or self._at(found.line)
            owner = self._owners.get(id(component)) if component else None
            if owner is None:
                is_whole = is_whole or component is None or component.name == CALENDAR
            elif owner.name == "VTIMEZONE":
                zones[owner.text("TZID")] = None
            else:
                entries[self._places[id(owner)]] = None
        for zone in zones:
            entries.update(dict.fromkeys(self._users.get(zone, ())))
        return _Befallen(entries, is_whole)

    def _at(self, line: int) -> Component | None:
        """Return the component in which a line stands; None if it stands before all of them."""
        place = bisect_right(self._begins, line) if line else 0
        return self._document.components[place - 1] if place else None

    @cached_property
    def _begins(self) -> list[int]:
        return [each.line for each in self._document.components]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(each): place for place, each in enumerate(self._document.entries)}

    @cached_property
    def _owners(self) -> dict[int, Component]:
        """Return the entry or zone that each component is, or is in, by its identity."""
        found: dict[int, Component] = {}
        for top in self._document.components:
            if top.name in {"VEVENT", "VTIMEZONE"} and id(top) not in found:
                found.update((id(each), top) for each in _all(top))
        return found

    @cached_property
    def _users(self) -> dict[str, list[int]]:
        """Return the places of the entries that use each TZID."""
        found: dict[str, list[int]] = {}
        for place, entry in enumerate(self._document.entries):
            named = (each.parameters.get("TZID") for each in entry.each("DTSTART", "DTEND"))
            for name in dict.fromkeys(filter(None, named)):
                found.setdefault(name, []).append(place)
        return found


def _all(component: Component) -> Iterator[Component]:
    waiting = [component]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [part for part in each.parts if part.name != "VEVENT"]


def _worse(one: tuple[str, Effect] | None, other: tuple[str, Effect]) -> tuple[str, Effect]:
    """Return the worse of two effects; of equals the first."""
    if one is None or WORST_FIRST[other[1].shows] < WORST_FIRST[one[1].shows]:
        return other
    return one


def _zone(name: str) -> BaseTzInfo | None:
    try:
        return pytz.timezone(name)
    except pytz.UnknownTimeZoneError:
        return None


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
