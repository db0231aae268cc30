"""The filters of an agenda page: those that it offers, and those that its address has.

The address holds the state of the filters, so a page, its feed and a link to it agree.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from calsvc.agenda.names import in_address, natural_key, plain
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import KIND_NAMES
from calsvc.schedule.selection import ASK_FOR_PARTS, Selection, names_of, used_names
from calsvc.translations import N_
from calsvc.web.dates import short_day
from calsvc.web.locale import gettext, language_name, query_pairs

SHOWN = {
    "day": N_("Day"),
    "track": N_("Track"),
    "room": N_("Room"),
    "kind": N_("Kind"),
    "level": N_("Level"),
    "language": N_("Language"),
    "tag": N_("Tag"),
}
"""Filters that a page offers; people and words are found by its search."""
NAMES = {**SHOWN, "speaker": N_("Person"), "session": N_("Session"), "q": N_("Search")}
MOST_AT_ONCE = 8
"""Values of a filter that are seen before the reader asks for all of them."""


class Option(NamedTuple):
    """A value that a filter can have."""

    value: str
    """As it is written in the address."""
    words: str
    number: int
    """How many sessions have it."""
    is_asked: bool


class Filter(NamedTuple):
    """A filter, with the values that it can have on an agenda."""

    name: str
    words: str
    first: list[Option]
    """Those that are seen at once: what is asked for is among them."""
    others: list[Option]

    @property
    def options(self) -> list[Option]:
        """Return all values."""
        return [*self.first, *self.others]


class Chip(NamedTuple):
    """One value of a filter in the address, which a click removes."""

    words: str
    rest: Selection
    """The selection without it."""


def offered(schedule: Schedule, selection: Selection) -> list[Filter]:
    """Return the filters among whose values an agenda leaves a choice.

    What is asked for has no value of a former address (``Selection.meant``).
    """
    found = []
    for name, words in SHOWN.items():
        wanted = selection.wanted.get(name, ())
        numbers = _numbers(schedule, name)
        options = [
            Option(value, text, numbers[value], value in wanted)
            for value, text in _values(schedule, name).items()
        ]
        if len(options) > 1:
            found.append(Filter(name, gettext(words), *_split(name, options)))
    return found


def _split(name: str, options: list[Option]) -> tuple[list[Option], list[Option]]:
    """Return what is seen at once, and the rest, of a long list in the order of names."""
    if len(options) <= MOST_AT_ONCE:
        return options, []
    if name != "day":
        options = sorted(options, key=lambda option: natural_key(option.words))
    first = [each for place, each in enumerate(options) if place < MOST_AT_ONCE or each.is_asked]
    return first, [each for each in options if each not in first]


def _numbers(schedule: Schedule, name: str) -> Mapping[str, int]:
    """Return how many sessions a page shows for each value of a filter."""
    sessions: dict[str, set[str | None]] = defaultdict(set)
    for each, places in used_names(schedule, name).items():
        entries = [schedule.entries[place] for place in places]
        sessions[in_address(each)].update(
            entry.session
            for entry in entries
            if not entry.is_cancelled and (not entry.is_part or name in ASK_FOR_PARTS)
        )
    return {value: len(found) for value, found in sessions.items()}


def _values(schedule: Schedule, name: str) -> dict[str, str]:
    """Return the values of a filter, as addresses and as people have them, in order."""
    values: dict[str, str] = {}
    used = {in_address(each) for each in used_names(schedule, name)}
    for each in names_of(schedule, name):
        if (value := in_address(each)) in used:
            values.setdefault(value, _words(name, each))
    return dict(sorted(values.items())) if name == "day" else values


def _words(name: str, value: str) -> str:
    match name:
        case "day":
            return short_day(date.fromisoformat(value))
        case "kind":
            return gettext(KIND_NAMES[value])
        case "language":
            return language_name(value)
    return value


def typed_words() -> dict[str, str]:
    """Return the words of each search as they were typed, by what a selection has of them."""
    return {
        plain(value).lstrip("! "): " ".join(value.split()).lstrip("! ")
        for name, value in query_pairs()
        if name == "q" and plain(value).lstrip("! ")
    }


def unseen(selection: Selection, filters: list[Filter]) -> list[tuple[str, str]]:
    """Return the parameters of an address that no box of the page shows."""
    seen = {(field.name, option.value) for field in filters for option in field.options}
    return [pair for pair in pairs_of(selection) if pair not in seen]


def pairs_of(selection: Selection) -> list[tuple[str, str]]:
    """Return the parameters of an address, each value with its name."""
    return [(name, value) for name, values in selection.parameters.items() for value in values]


def searched(selection: Selection) -> str:
    """Return what the page's search field shows, as it was typed."""
    words = next(iter(selection.wanted.get("q", ())), "")
    return typed_words().get(words, words)


def chips(schedule: Schedule, selection: Selection) -> Iterator[Chip]:
    """Yield each value of a filter in an address, with the selection without it.

    Values have the names that people write, and searches the words that were typed.
    """
    typed = typed_words()
    known = {name: _known(schedule, name) for name in {*selection.wanted, *selection.unwanted}}

    def label(name: str, value: str) -> str:
        words = typed if name == "q" else known[name]
        return f"{gettext(NAMES[name])}: {words.get(value, value)}"

    for name, value in _pairs(selection.wanted):
        rest = replace(selection, wanted=_without(selection.wanted, name, value))
        yield Chip(label(name, value), rest)
    for name, value in _pairs(selection.unwanted):
        rest = replace(selection, unwanted=_without(selection.unwanted, name, value))
        yield Chip(gettext("not %(what)s") % {"what": label(name, value)}, rest)


def _known(schedule: Schedule, name: str) -> dict[str, str]:
    """Return the values of a filter as addresses and as people have them."""
    if name == "kind":
        return {kind: gettext(words) for kind, words in KIND_NAMES.items()}
    if name == "session":
        return {session.id: session.title for session in schedule.event.sessions}
    return {} if name == "q" else _values(schedule, name)


_ByFilter = Mapping[str, tuple[str, ...]]


def _pairs(by_filter: _ByFilter) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in by_filter.items() for value in values)


def _without(by_filter: _ByFilter, name: str, value: str) -> _ByFilter:
    left = {**by_filter, name: tuple(each for each in by_filter[name] if each != value)}
    return {name: values for name, values in left.items() if values}
