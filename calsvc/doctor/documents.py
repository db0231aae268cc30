"""A calendar file as its octets, its lines and its components, each with its place.

Readers of calendars forgive; this one notes what there is to forgive.  Nothing that a file
holds makes it fail, and it takes time and memory in proportion to the file alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from calsvc.importers.ics import components, moments

LINE_END = re.compile(rb"\r\n|\n|\r")
NAME = re.compile(r"[A-Za-z0-9_-]+")
PARAMETER = re.compile(r""";([A-Za-z0-9_-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)""")
BOM = b"\xef\xbb\xbf"
MAX_DEPTH = 20  # of components; what lies deeper is read as if it lay there
LONGEST_TITLE = 60  # characters of an entry's title in a report
MOST_TIMES = 10  # of one talk in a download


@dataclass(frozen=True)
class Line:
    """A content line, unfolded."""

    number: int
    """Of the first line in the file that it takes, counted from 1."""
    octets: bytes
    """Without folds and line end."""

    @property
    def text(self) -> str:
        """Return the line as text; what is no UTF-8 becomes signs of replacement."""
        return self.octets.decode("utf-8", "replace")


@dataclass(frozen=True)
class Property(components.Property):
    """A property, with where it stands."""

    line: int = 0

    @property
    def tzid(self) -> str:
        """Return the name of the zone of a time; empty if it names none."""
        return self.parameters.get("TZID", "").strip()

    def __str__(self) -> str:
        written = "".join(f";{name}={value}" for name, value in self.parameters.items())
        return f"{self.name}{written}:{self.value}"


@dataclass
class Component(components.Component):
    """A calendar, or something in it, with where it begins."""

    line: int = 0
    order: list[Property | components.Component] = field(default_factory=list)
    """Properties and components, in the order in which they stand."""
    is_closed: bool = False
    end: int = 0
    """The line of its END; 0 if it has none of its own."""

    @property
    def own(self) -> Iterator[Property]:
        """Yield the properties, in the order in which they stand."""
        return (each for each in self.order if isinstance(each, Property))

    @property
    def parts(self) -> Iterator["Component"]:
        """Yield the components that are in this one."""
        return (each for each in self.order if isinstance(each, Component))

    def one(self, name: str) -> Property | None:
        """Return the first property of a name, even an empty one; None if there is none."""
        found = self.all(name)
        return found[0] if found and isinstance(found[0], Property) else None

    def each(self, *names: str) -> Iterator[Property]:
        """Yield the properties of these names, each name's in the order in which they stand."""
        return (each for name in names for each in self.all(name) if isinstance(each, Property))

    @property
    def title(self) -> str:
        """Return what a report calls the component: its title, else its uid or TZID."""
        text = self.text("SUMMARY", "UID", "TZID", "NAME", "X-WR-CALNAME")
        return printable(text, LONGEST_TITLE)


class Document:
    """A calendar file as it is."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.unreadable: list[Line] = []
        """Lines in components that are no properties."""
        self.outside: list[Line] = []
        """Lines outside of any component, but for BEGIN and END."""
        self.unopened: list[Line] = []
        """An END where nothing of that name is open."""
        self.unclosed: list[Component] = []
        """Components that have no END of their own."""
        self.stray: list[Property] = []
        """Properties outside of any component."""
        self.calendars: list[Component] = []
        """What stands in no other component: VCALENDARs, if all is well."""
        self.torso: Line | None = None
        """The line within which the file is cut off; it counts as nothing else."""
        self._read()

    @cached_property
    def physical(self) -> list[bytes]:
        """Return the lines as the file has them, without their ends."""
        lines = LINE_END.split(self.octets.removeprefix(BOM))
        return lines[:-1] if lines and not lines[-1] else lines

    @cached_property
    def lines(self) -> list[Line]:
        """Return the content lines, unfolded as octets (RFC 5545, 3.1); empty ones are none."""
        found: list[tuple[int, list[bytes]]] = []
        for number, octets in enumerate(self.physical, 1):
            if found and octets[:1] in {b" ", b"\t"}:
                found[-1][1].append(octets[1:])
            else:
                found.append((number, [octets]))
        return [Line(number, b"".join(parts)) for number, parts in found if any(parts)]

    @cached_property
    def is_utf8(self) -> bool:
        """Return whether all lines, unfolded, are UTF-8."""
        try:
            b"\n".join(each.octets for each in self.lines).decode()
        except UnicodeDecodeError:
            return False
        return True

    @cached_property
    def vcalendars(self) -> list[Component]:
        """Return the calendars, without what else stands outside of any component."""
        return [each for each in self.calendars if each.name == "VCALENDAR"]

    @cached_property
    def cut_off(self) -> list[Component]:
        """Return the components in which the file ends, the innermost last."""
        found: list[Component] = []
        inside = self.calendars[-1:]
        while inside and not inside[-1].end:
            found.append(inside[-1])
            inside = [each for each in inside[-1].order[-1:] if isinstance(each, Component)]
        return found

    @cached_property
    def entries(self) -> list[Component]:
        """Return the VEVENTs of all calendars."""
        return [each for each in self.components if each.name == "VEVENT"]

    @cached_property
    def vtimezones(self) -> list[Component]:
        """Return the VTIMEZONEs, even those of one TZID."""
        return [each for each in self.components if each.name == "VTIMEZONE"]

    @cached_property
    def is_feed(self) -> bool:
        """Return whether there are entries of several titles, or more than one talk has times.

        What people download, one appointment or one talk with all its times, has no name and
        no interval (MS-OXCICAL).
        """
        titles = {each.text("SUMMARY") for each in self.entries}
        return len(titles) > 1 or len(self.entries) > MOST_TIMES

    @cached_property
    def zones(self) -> dict[str, Component]:
        """Return the VTIMEZONEs, by TZID; the first of each."""
        found: dict[str, Component] = {}
        for each in self.components:
            if each.name == "VTIMEZONE":
                found.setdefault(each.text("TZID"), each)
        return found

    @cached_property
    def components(self) -> list[Component]:
        """Return all components but calendars, in the order in which they begin.

        One in which the file is cut off is not among them: nobody knows what it was to be.
        """
        found: list[Component] = []
        cut_off = {id(each) for each in self.cut_off}
        waiting = [part for each in reversed(self.calendars) for part in reversed([*each.parts])]
        while waiting:
            each = waiting.pop()
            if id(each) not in cut_off:
                found.append(each)
            waiting += reversed([*each.parts])
        return found

    @cached_property
    def years(self) -> range:
        """Return the years in which entries begin and end; empty if none has a time."""
        found = {
            moment.year
            for entry in self.entries
            for each in entry.each("DTSTART", "DTEND", "RECURRENCE-ID")
            if (moment := time_of(each))
        }
        return range(min(found), max(found) + 1) if found else range(0)

    def _read(self) -> None:
        open_ones: list[Component] = []
        for line in self.lines:
            each = _property(line)
            if open_ones and line is self.lines[-1] and self._is_torso(each, open_ones[0]):
                self.torso = line
            elif each is None:
                (self.unreadable if open_ones else self.outside).append(line)
            elif each.name == "BEGIN":
                self._begin(each, open_ones)
            elif each.name == "END":
                self._end(each, line, open_ones)
            elif open_ones:
                open_ones[-1].add(each)
                open_ones[-1].order.append(each)
            else:
                self.stray.append(each)
                self.outside.append(line)
        self.unclosed += open_ones

    def _is_torso(self, last: Property | None, outermost: Component) -> bool:
        """Return whether the last line is cut off: it has no end, and does not end the calendar."""
        is_end = last and last.name == "END" and last.value.strip().upper() == outermost.name
        return not is_end and not self.octets.endswith((b"\n", b"\r"))

    def _begin(self, each: Property, open_ones: list[Component]) -> None:
        component = Component(each.value.strip().upper(), line=each.line)
        if component.name == "VCALENDAR":
            self.unclosed += open_ones
            open_ones.clear()
        elif component.name == "VEVENT":
            while open_ones and open_ones[-1].name == "VEVENT":  # it has no end
                self.unclosed.append(open_ones.pop())
        if open_ones:
            open_ones[-1].components.append(component)
            open_ones[-1].order.append(component)
        else:
            self.calendars.append(component)
        if len(open_ones) < MAX_DEPTH:
            open_ones.append(component)

    def _end(self, each: Property, line: Line, open_ones: list[Component]) -> None:
        name = each.value.strip().upper()
        if all(component.name != name for component in open_ones):
            self.unopened.append(line)
            return
        while open_ones[-1].name != name:
            self.unclosed.append(open_ones.pop())
        ended = open_ones.pop()
        ended.is_closed, ended.end = True, each.line


def printable(text: str, longest: int) -> str:
    """Return a text in one line, shortened, with a sign for each that cannot be printed."""
    shown = (c if c.isprintable() or c.isspace() else "\ufffd" for c in text[: 2 * longest])
    text = " ".join("".join(shown).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def time_of(each: Property | None) -> date | datetime | None:
    """Return the day, local time (naive) or instant (aware) of a property; None without one.

    Read as programs do that forgive; ``values.moment`` is for what the standard allows.
    """
    return moments.any_moment(each.value) if each else None


def _property(line: Line) -> Property | None:
    """Return the property that a line is; None if it is none (RFC 5545, 3.1)."""
    text = line.text.removeprefix("\ufeff")  # of a file that was put behind another one
    name = NAME.match(text)
    if name is None:
        return None
    parameters: dict[str, str] = {}
    place = name.end()
    while found := PARAMETER.match(text, place):
        key, value = found[1].upper(), found[2].replace('"', "")
        parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
        place = found.end()
    if text[place : place + 1] != ":":
        return None
    return Property(name[0].upper(), text[place + 1 :], parameters, line.number)
