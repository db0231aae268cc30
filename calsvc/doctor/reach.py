"""Which entries it is about that something is wrong with a calendar.

What is wrong within an entry is about that one, within a zone about those that use it, and
elsewhere about the calendar as a whole.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from calsvc.doctor.documents import Component, Document
from calsvc.doctor.findings import Found


class Befallen(NamedTuple):
    """What a finding is about."""

    entries: Iterable[int]
    """Places in the document's list."""
    is_whole: bool
    """Whether it is about the calendar as a whole."""


class Reach:
    """Where the components of a document stand, and what they belong to."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def of(self, places: Iterable[Found]) -> Befallen:
        """Return what places at which a rule is broken are about."""
        entries: dict[int, None] = {}
        zones: dict[str, None] = {}
        is_whole = False
        for found in places:
            component = found.component or self._at(found.line)
            owner = self._owners.get(id(component)) if component else None
            if owner is None:
                is_whole = is_whole or component is None or component.name == "VCALENDAR"
            elif owner.name == "VTIMEZONE":
                zones[owner.text("TZID")] = None
            else:
                entries[self._places[id(owner)]] = None
        for zone in zones:
            entries.update(dict.fromkeys(self._users.get(zone, ())))
        return Befallen(entries, is_whole)

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
            named = (each.tzid for each in entry.each("DTSTART", "DTEND"))
            for name in dict.fromkeys(filter(None, named)):
                found.setdefault(name, []).append(place)
        return found


def _all(component: Component) -> Iterator[Component]:
    waiting = [component]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [part for part in each.parts if part.name != "VEVENT"]
