"""What a rule is, and what it finds.

A rule is a row of a table: what is wrong, why, who suffers, who says so, how to cure it, and
how to see it.  Each has an example in which it finds something, and a sound twin.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from calsvc.doctor.clients import Effect
from calsvc.doctor.documents import Component, Document, Property, printable
from calsvc.doctor.examples import Example

Subject = TypeVar("Subject")
LONGEST_VALUE = 80  # characters of what a finding repeats


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Some program shows nothing, too little, or something wrong."""
    WARNING = "warning"
    """Some program shows it worse, or later, than it could."""
    NOTE = "note"
    """Good to know; no fault."""


class Found(NamedTuple):
    """A place at which a rule is broken."""

    line: int = 0
    """Counted from 1; 0 for the whole file, or what is not in it."""
    value: str = ""
    """What stands there, for the words of the rule."""
    component: Component | None = None
    """What it is in: an entry, a zone; None for the file as a whole."""


def once(find: Callable[[Subject], str | None]) -> Callable[[Subject], Iterator[Found]]:
    """Return how a rule finds what can be there but once: ``find`` returns it, or None."""

    def found(subject: Subject) -> Iterator[Found]:
        value = find(subject)
        if value is not None:
            yield Found(value=value)

    return found


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """One rule, about one kind of subject: a file, an answer, or a change between two files."""

    name: str
    """By which it is told, and ignored: ``time-without-zone``."""
    severity: Severity
    what: str
    """What is wrong, in a sentence with ``{value}``."""
    why: str
    """What it does, or what the standard asks, in a sentence."""
    effects: tuple[Effect, ...]
    """Who suffers, and how; empty where it is the standard alone that says so."""
    source: str
    """Documents with sections, and threads of those who suffered."""
    cure: str
    """What to do, in a sentence."""
    find: Callable[[Subject], Iterator[Found]] = field(repr=False)
    example: Example = field(repr=False)


@dataclass(frozen=True)
class Finding:
    """A rule that is broken, with the places at which it is."""

    rule: Rule[Any]
    places: tuple[Found, ...]
    """The first of them, in the order of the file."""
    times: int
    """How many there are in all, as far as they are counted."""
    is_counted: bool = True
    """Whether all are counted; else there are more."""

    @property
    def line(self) -> int:
        """Return the line of the first place; 0 if it is in no file, or all of it."""
        return self.places[0].line


def shortened(value: str) -> str:
    """Return what stands in a file in one line, as a report repeats it."""
    return printable(value, LONGEST_VALUE)


def at(each: Property, component: Component | None = None, value: str | None = None) -> Found:
    """Return the place of a property, with its line, or ``value``, as what stands there."""
    return Found(each.line, str(each) if value is None else value, component)


def within(component: Component, value: str = "") -> Found:
    """Return the place of a component, with its title, or ``value``, as what stands there."""
    return Found(component.line, value or component.title, component)


Find = Callable[[Document], Iterator[Found]]
"""Finds the places in a calendar file at which a rule is broken."""


def where(is_wrong: Callable[[Property], object], *names: str) -> Find:
    """Return what finds the properties of entries, of these names, that are wrong."""

    def find(document: Document) -> Iterator[Found]:
        for entry in document.entries:
            for each in entry.each(*names):
                if is_wrong(each):
                    yield at(each, entry)

    return find


def entries_where(is_wrong: Callable[[Component], object], name: str = "UID") -> Find:
    """Return what finds the entries that are wrong.

    ``name`` is the property that a finding names, where the entry has it.
    """

    def find(document: Document) -> Iterator[Found]:
        for entry in document.entries:
            if is_wrong(entry):
                each = entry.one(name)
                yield at(each, entry) if each else within(entry)

    return find
