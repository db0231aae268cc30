"""What calendars are made of: components with properties, however they were written.

Content lines (RFC 5545, 3.1) become these, and so does jCal (RFC 7265).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = {"n": "\n", "N": "\n", "\\": "\\", ";": ";", ",": ",", ":": ":", '"': '"'}
"""What stands behind a backslash in a TEXT value → what it means (RFC 5545, 3.3.11); the last
two need none, and have one in many files."""


@dataclass(frozen=True)
class Property:
    """One property, with its value as a content line has it: escaped."""

    name: str
    """In capitals."""
    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    """By name, in capitals; the first value of those that have several."""

    @property
    def text(self) -> str:
        """Return the value as the text that it is written for."""
        return unescaped(self.value).strip()

    @property
    def texts(self) -> list[str]:
        """Return the texts of a list: commas separate them, but for escaped ones."""
        listed = re.findall(r"((?:\\.|[^\\,])+|\\$)", self.value, re.DOTALL)
        return [text for each in listed if (text := unescaped(each).strip())]


@dataclass
class Component:
    """A calendar, or something in it: an entry, a time zone."""

    name: str
    """In capitals: ``VEVENT``."""
    properties: dict[str, list[Property]] = field(default_factory=dict)
    """By name, in the order in which they stand."""
    components: list["Component"] = field(default_factory=list)

    def add(self, each: Property) -> None:
        """Add a property behind the others."""
        self.properties.setdefault(each.name, []).append(each)

    def first(self, name: str) -> Property | None:
        """Return the first property of a name that has a value; None if there is none."""
        return next((each for each in self.all(name) if each.value.strip()), None)

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name."""
        return self.properties.get(name, [])

    def text(self, *names: str) -> str:
        """Return the text of the first of several properties that has one; empty if none has."""
        found = (each.text for name in names if (each := self.first(name)))
        return next((text for text in found if text), "")

    def inner(self, name: str) -> Iterator["Component"]:
        """Yield the components of a name that are in this one."""
        return (each for each in self.components if each.name == name)


def unescaped(value: str) -> str:
    """Return a TEXT value without its escapes; a backslash that escapes nothing stays."""
    return ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[0]), value)
