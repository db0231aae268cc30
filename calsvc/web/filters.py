"""The filters of an agenda page: those that it offers, and those that its address has.

The address holds the state of the filters, so a page, its feed and a link to it agree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from calsvc.agenda.names import in_address
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import KIND_NAMES
from calsvc.schedule.selection import Selection, names_of, used_names
from calsvc.translations import N_
from calsvc.web.dates import short_day
from calsvc.web.locale import gettext, language_name

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


class Option(NamedTuple):
    """A value that a filter can have."""

    value: str
    """As it is written in the address."""
    words: str
    is_asked: bool


class Filter(NamedTuple):
    """A filter, with the values that it can have on an agenda."""

    name: str
    words: str
    options: list[Option]


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
        options = [
            Option(value, text, value in wanted) for value, text in _values(schedule, name).items()
        ]
        if len(options) > 1:
            found.append(Filter(name, gettext(words), options))
    return found


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


def unseen(selection: Selection, filters: list[Filter]) -> list[tuple[str, str]]:
    """Return the parameters of an address that no field of the page's form shows."""
    seen = {(field.name, option.value) for field in filters for option in field.options}
    return [
        (name, value)
        for name, values in selection.parameters.items()
        for value in values
        if (name, value) not in seen and name != "q"
    ]


def chips(schedule: Schedule, selection: Selection) -> Iterator[Chip]:
    """Yield each value of a filter in an address, with the selection without it."""
    used = {*selection.wanted, *selection.unwanted}
    known = {name: _values(schedule, name) for name in SHOWN if name in used}

    def label(name: str, value: str) -> str:
        return f"{gettext(NAMES[name])}: {known.get(name, {}).get(value, value)}"

    for name, value in _pairs(selection.wanted):
        rest = replace(selection, wanted=_without(selection.wanted, name, value))
        yield Chip(label(name, value), rest)
    for name, value in _pairs(selection.unwanted):
        rest = replace(selection, unwanted=_without(selection.unwanted, name, value))
        yield Chip(gettext("not %(what)s") % {"what": label(name, value)}, rest)


_ByFilter = Mapping[str, tuple[str, ...]]


def _pairs(by_filter: _ByFilter) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in by_filter.items() for value in values)


def _without(by_filter: _ByFilter, name: str, value: str) -> _ByFilter:
    left = {**by_filter, name: tuple(each for each in by_filter[name] if each != value)}
    return {name: values for name, values in left.items() if values}
