"""Two states of one calendar: what moved between them, with and without a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import pytz

from calsvc.doctor import values
from calsvc.doctor.documents import Component, Document, Property

STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
MARKS = frozenset({*STAMPS, "CREATED"})
"""What says when and how often an entry changed, and not what it is."""
Key = tuple[str, str]
"""The uid of an entry, and which one of a series it is."""
Content = tuple[Any, ...]
"""What is said, in an order that does not depend on that of lines, to be compared."""


@dataclass(frozen=True)
class Pair:
    """An entry, before and after."""

    before: Component
    after: Component

    @cached_property
    def is_same(self) -> bool:
        """Return whether the entry says the same, but for its stamps."""
        return content(self.before) == content(self.after)

    @cached_property
    def moved(self) -> list[str]:
        """Return the names of the stamps that are not what they were."""
        return [name for name in STAMPS if self.was(name) != self.now(name)]

    @property
    def changed(self) -> list[str]:
        """Return the names of what is not as it was, but for stamps: properties, components."""
        names = {name for each in (self.before, self.after) for name in each.properties} - MARKS
        found = sorted(name for name in names if self.differs_in(name))
        before, after = (
            sorted((each.name, content(each)) for each in entry.parts)
            for entry in (self.before, self.after)
        )
        return found if before == after else [*found, *sorted({each[0] for each in before + after})]

    def was(self, name: str) -> str:
        """Return the former value of a property; a SEQUENCE that is not there is 0."""
        return self.before.text(name) or ("0" if name == "SEQUENCE" else "")

    def now(self, name: str) -> str:
        """Return the later value of a property."""
        return self.after.text(name) or ("0" if name == "SEQUENCE" else "")

    def differs_in(self, *names: str) -> bool:
        """Tell whether properties of some name are not what they were."""
        return any(written(self.before, name) != written(self.after, name) for name in names)


@dataclass(frozen=True)
class Change:
    """A calendar, and what the same address gave later."""

    before: Document
    after: Document

    @cached_property
    def former(self) -> dict[Key, Component]:
        """Return the entries that were there, by their keys; of several, the first."""
        return _keyed(self.before)

    @cached_property
    def later(self) -> dict[Key, Component]:
        """Return the entries that are there now."""
        return _keyed(self.after)

    @cached_property
    def pairs(self) -> list[Pair]:
        """Return the entries that are there before and after."""
        return [
            Pair(each, self.later[key]) for key, each in self.former.items() if key in self.later
        ]

    @cached_property
    def renewed(self) -> list[Pair]:
        """Return the entries that have another uid now.

        They are of the same title and time; of the same time alone, if hardly any uid is left.
        """
        gone = [each for key, each in self.former.items() if key not in self.later]
        new = [each for key, each in self.later.items() if key not in self.former]
        found = _matched(gone, new, likeness)
        if len(gone) * 2 <= len(self.former):
            return found
        known = {id(each) for pair in found for each in (pair.before, pair.after)}
        gone = [each for each in gone if id(each) not in known]
        new = [each for each in new if id(each) not in known]
        return [*found, *_matched(gone, new, lambda each: tuple(written(each, "DTSTART")))]

    @cached_property
    def vanished(self) -> list[Component]:
        """Return the entries that are not there any more, and would have been something yet.

        What is over is no loss, nor what was cancelled before, nor one time of a series.
        """
        renewed = {id(pair.before) for pair in self.renewed}
        return [
            each
            for key, each in self.former.items()
            if key not in self.later and id(each) not in renewed and self.is_ahead(each)
        ]

    @cached_property
    def clock(self) -> datetime | None:
        """Return the newest stamp of both states, by which what is over is over."""
        entries = [*self.before.entries, *self.after.entries, *self.after.calendars]
        found = (stamp(each, name) for each in entries for name in ("DTSTAMP", "LAST-MODIFIED"))
        return max((each for each in found if each), default=None)

    def is_ahead(self, entry: Component) -> bool:
        """Tell whether an entry is to come yet, and on."""
        if entry.one("RECURRENCE-ID") or entry.text("STATUS").upper() == "CANCELLED":
            return False
        end = _end(entry)
        return self.clock is None or end is None or end > self.clock

    @cached_property
    def are_entries_same(self) -> bool:
        """Return whether the entries are the same, with their stamps, in any order."""
        if self.former.keys() != self.later.keys():
            return False
        if any(_whole(pair.before) != _whole(pair.after) for pair in self.pairs):
            return False  # which is soon known
        return _all(self.before.entries) == _all(self.after.entries)

    @cached_property
    def is_same(self) -> bool:
        """Return whether all that is said is the same, in any order."""
        return self.are_entries_same and _all(self.before.calendars) == _all(self.after.calendars)

    @cached_property
    def is_ordered(self) -> bool:
        """Return whether all that is said is the same, in the same order."""
        before, after = self.before.calendars, self.after.calendars
        return self.is_same and [*map(_ordered, before)] == [*map(_ordered, after)]


def _matched(
    gone: list[Component], new: list[Component], by: Callable[[Component], Content]
) -> list[Pair]:
    """Return the entries of two lists that are alike, each one once."""
    found: dict[Content, list[Component]] = {}
    for each in reversed(new):
        found.setdefault(by(each), []).append(each)
    return [Pair(each, same.pop()) for each in gone if (same := found.get(by(each)))]


def content(component: Component, ignored: frozenset[str] = MARKS) -> Content:
    """Return what a component says, but for some of its properties and those of its parts."""
    own = (_said(each) for each in component.own if each.name not in ignored)
    parts = (content(each, ignored) for each in component.parts)
    return component.name, tuple(sorted(own)), tuple(sorted(parts))


def likeness(entry: Component) -> Content:
    """Return by what people know an entry again: its title and its time."""
    return " ".join(entry.text("SUMMARY").split()), *written(entry, "DTSTART")


def stamp(component: Component, name: str) -> datetime | None:
    """Return an instant, as stamps are; None for what is none."""
    found = values.moment_of(component, name)
    return found if isinstance(found, datetime) and found.tzinfo else None


def number(text: str) -> int | None:
    """Return a SEQUENCE; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _said(each: Property) -> Content:
    return each.name, tuple(sorted(each.parameters.items())), each.value


def written(entry: Component, name: str) -> list[Content]:
    """Return what properties of a name say."""
    return sorted(_said(each) for each in entry.all(name) if isinstance(each, Property))


def _whole(component: Component) -> Content:
    return content(component, frozenset())


def _all(components: list[Component]) -> list[Content]:
    return sorted(map(_whole, components))


def _ordered(component: Component) -> Content:
    """Return what a component says, in its order."""
    parts = (
        _said(each) if isinstance(each, Property) else _ordered(each)
        for each in component.order
        if isinstance(each, Property | Component)
    )
    return component.name, *parts


def _keyed(document: Document) -> dict[Key, Component]:
    found: dict[Key, Component] = {}
    for each in document.entries:
        if uid := each.text("UID"):
            found.setdefault((uid, each.text("RECURRENCE-ID")), each)
    return found


def _end(entry: Component) -> datetime | None:
    """Return when an entry is over; None if it goes on, or nothing tells."""
    last = entry.one("DTEND") or entry.one("DTSTART")
    if last is None or entry.one("RRULE") or entry.one("RDATE"):
        return None
    found = values.moment(last.value)
    if found is None:
        return None
    if not isinstance(found, datetime):  # a day, somewhere
        end = datetime(found.year, found.month, found.day, tzinfo=pytz.utc)
        days = 1 if last.name == "DTSTART" else 0
    else:
        end, days = values.instant(last) or found.replace(tzinfo=pytz.utc), 0
    length = values.length(entry.text("DURATION")) if last.name == "DTSTART" else None
    try:
        return end + max(length or timedelta(0), timedelta(days=days))
    except OverflowError:
        return None
