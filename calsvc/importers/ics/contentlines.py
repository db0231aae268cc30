"""A calendar file (RFC 5545) → its components.

Lines are unfolded as octets, before they are text and before escapes are read: programs fold
within a letter, and between a backslash and its ``n``.  What is no content line belongs to the
text before it, of programs that do not escape the ends of lines.
"""

import re
from binascii import a2b_qp
from dataclasses import dataclass, field, replace

from icalendar.parser import Contentline

from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics.components import Component, Property

BEGIN = re.compile(rb"\s*BEGIN:(?:VCALENDAR|VEVENT)\b", re.IGNORECASE)
FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
HEAD = re.compile(r"""([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*((?:;(?:"[^"\n]*"|[^":\n])*)?):""", re.ASCII)
"""The name of a property with its parameters."""
LONGEST_HEAD = 4000  # characters
MAX_DEPTH = 8  # of components
TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "COMMENT", "LOCATION", "X-WR-CALDESC", "X-ALT-DESC"})
"""Properties whose lines some programs do not escape."""
LONG_TEXTS = TEXTS - {"SUMMARY", "LOCATION"}
NAMES = frozenset(
    """
    ACTION ATTACH ATTENDEE BEGIN CALSCALE CATEGORIES CLASS COLOR COMMENT COMPLETED CONFERENCE
    CONTACT CREATED DESCRIPTION DTEND DTSTAMP DTSTART DUE DURATION END EXDATE EXRULE FREEBUSY
    GEO IMAGE LAST-MODIFIED LOCATION METHOD NAME ORGANIZER PERCENT-COMPLETE PRIORITY PRODID
    RDATE RECURRENCE-ID REFRESH-INTERVAL RELATED-TO REPEAT REQUEST-STATUS RESOURCES RRULE
    SEQUENCE SOURCE STATUS STRUCTURED-DATA STYLED-DESCRIPTION SUMMARY TRANSP TRIGGER TZID
    TZNAME TZOFFSETFROM TZOFFSETTO TZURL UID URL VERSION
    """.split()
)
"""Of RFC 5545, 7986 and 9073; others begin with ``X-``, or are in capitals."""
WORDS = frozenset(
    """
    ACTION CATEGORIES CLASS COLOR COMMENT COMPLETED CONTACT CREATED DESCRIPTION DUE DURATION
    IMAGE LOCATION NAME ORGANIZER PRIORITY RESOURCES SOURCE STATUS SUMMARY URL VERSION
    """.split()
)
"""Those that people write before a colon."""
COMPONENT = re.compile(
    r"\s*(?:VCALENDAR|VEVENT|VTODO|VJOURNAL|VFREEBUSY|VALARM|VTIMEZONE|STANDARD|DAYLIGHT|VPOLL"
    r"|VCARD|VAVAILABILITY|AVAILABLE|PARTICIPANT|VLOCATION|VRESOURCE|X-[A-Z0-9-]+)\s*",
    re.ASCII | re.IGNORECASE,
)
"""What begins and ends, however it is written."""
ANY_COMPONENT = re.compile(r"\s*[A-Z][A-Z0-9-]*\s*", re.ASCII)


@dataclass
class Reading:
    """The components of a file, and what could not be read of it."""

    calendars: list[Component] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    is_cut_off: bool = False


def is_calendar(source: Source) -> bool:
    """Tell whether a source begins as a calendar file does."""
    octets = source.octets[:1000].removeprefix(b"\xef\xbb\xbf")
    if octets[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        octets = octets.replace(b"\0", b"")[2:]
    return BEGIN.match(octets) is not None


def read(source: Source) -> Reading:
    """Return the calendars in a file.  Raises ``SourceError`` if there is none."""
    octets = source.octets
    if octets[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        if BEGIN.match(octets.removeprefix(b"\xef\xbb\xbf")):
            octets = octets.replace(b"\0", b"")  # which no text has, nor programs show
        octets = FOLD.sub(b"", octets)
    unfolded = replace(source, octets=octets)
    text = re.sub(r"\n[ \t]", "", unfolded.text)
    reading = Reading(guessed=[*filter(None, [unfolded.guessed])])
    open_ones: list[Component] = []
    lost = 0
    for each in _properties(text.split("\n")):
        if each is None:
            lost += 1
        elif each.name == "BEGIN":
            open_ones.append(_begun(each, open_ones, reading))
        elif each.name == "END":
            _end(each, open_ones)
        elif open_ones:
            open_ones[-1].add(each)
        else:
            lost += 1
    if not reading.calendars:
        advice = "give the .ics file itself, not the page that leads to it"
        raise SourceError(source.name, "has no BEGIN:VCALENDAR", advice)
    if lost:
        reading.left_out.append(f"lines that cannot be read: {lost}")
    if open_ones:
        reading.is_cut_off = True
        reading.left_out.append("what comes after the last line: the file is cut off")
    return reading


def _begun(each: Property, open_ones: list[Component], reading: Reading) -> Component:
    """Return the component that begins, in its place."""
    component = Component(each.value.strip().upper())
    if not open_ones and component.name in {"VEVENT", "VTIMEZONE"}:  # calendars without a frame
        open_ones.append(reading.calendars[-1] if reading.calendars else Component("VCALENDAR"))
        reading.calendars = reading.calendars or open_ones[:]
    if component.name == "VCALENDAR":
        open_ones.clear()  # one that another begins in was cut off
        reading.calendars.append(component)
    elif open_ones and len(open_ones) < MAX_DEPTH:
        if component.name == "VEVENT":
            while open_ones and open_ones[-1].name == "VEVENT":  # it has no end
                open_ones.pop()
        if open_ones:
            open_ones[-1].components.append(component)
    return component


def _end(each: Property, open_ones: list[Component]) -> None:
    """End the component of that name, with those in it; one that never began ends nothing."""
    name = each.value.strip().upper()
    if any(component.name == name for component in open_ones[-MAX_DEPTH:]):
        while open_ones and open_ones.pop().name != name:
            pass


def _properties(lines: list[str]) -> list[Property | None]:
    """Return the properties that lines hold, None for each that is none."""
    found: list[Property | None] = []
    more: list[str] = []  # lines of the text before
    text = ""  # its name, as it is written
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        head = HEAD.match(line, 0, LONGEST_HEAD)
        if head and _is_name(head, line[head.end() :], text):
            _joined(found, more)
            each = _property(head, line)
            text = head[1] if each and each.name in TEXTS else ""
            if each and "QUOTED-PRINTABLE" in each.parameters.get("ENCODING", "").upper():
                while each.value.endswith("=") and place < len(lines):  # its own way to fold
                    each = replace(each, value=each.value[:-1] + lines[place])
                    place += 1
                each = _decoded(each)
            found.append(each)
        elif text:
            more.append(line)
        elif line.strip():
            found.append(None)
    _joined(found, more)
    return found


def _joined(found: list[Property | None], more: list[str]) -> None:
    """Add lines that were not escaped to the text that they belong to."""
    while more and not more[-1].strip():
        more.pop()
    if more and (last := found[-1]):
        found[-1] = replace(last, value="\\n".join([last.value, *more]))
    more.clear()


def _is_name(head: re.Match[str], value: str, text: str) -> bool:
    """Tell whether a line is a property, and no line of the text that runs before it.

    ``text`` is the name of that text as it is written; empty if none runs.  Names may be in
    small letters (RFC 5545, 1.3), but behind ``DESCRIPTION:…`` a line ``Location: Hall`` is
    words: a calendar writes its names alike, and no blank behind them.
    """
    name = head[1]
    if name.upper() in {"BEGIN", "END"}:
        pattern = ANY_COMPONENT if name.isupper() else COMPONENT
        return pattern.fullmatch(value) is not None
    is_known = name[:2].upper() == "X-" or name.upper() in NAMES
    looks_like_words = value[:1].isspace() or name.istitle()
    if text.upper() in LONG_TEXTS and looks_like_words and not head[2]:
        is_of_words = name.upper() in WORDS or name.upper() not in NAMES
        return is_known and (name.isupper() or not text.isupper() or not is_of_words)
    return is_known or (name.isupper() and len(name) > 3)


def _property(head: re.Match[str], line: str) -> Property | None:
    """Return a line's property; None if its parameters cannot be read."""
    name, value = head[1].upper(), line[head.end() :]
    if not head[2].strip("; \t"):
        return Property(name, value)
    try:
        start = f"{name}{head[2]}:"
        parameters = Contentline(start).raw_parts()[1]  # type: ignore[no-untyped-call]
    except ValueError:
        return _without_the_broken(name, head[2], value)
    read = {
        key.upper(): str(each[0] if isinstance(each, list) and each else each)
        for key, each in parameters.items()
    }
    if value.startswith("//") and "TZID" in read:  # of tzone://Microsoft/Custom, without quotes
        rest, _, value = value.rpartition(":")
        read["TZID"] += f":{rest}"
    return Property(name, value, read)


def _without_the_broken(name: str, written: str, value: str) -> Property | None:
    """Return a property with those of its parameters that can be read."""
    kept = dict(re.findall(r';[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*"?([^";:,=]*)', written))
    return Property(name, value, {key.upper(): each.strip() for key, each in kept.items()})


def _decoded(each: Property) -> Property:
    """Return a property of vCalendar 1.0, whose text is quoted-printable, as of today's."""
    octets = a2b_qp(each.value.encode("utf-8", "replace"))
    charset = each.parameters.get("CHARSET", "utf-8")
    try:
        text = octets.decode(charset)
    except (UnicodeDecodeError, LookupError):
        text = octets.decode("cp1252", "replace")
    text = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\n", "\\n")
    return replace(each, value=text.replace(",", "\\,").replace(";", "\\;"))
