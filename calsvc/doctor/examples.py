"""Examples of rules: what fails and what holds, each put into a sound calendar.

An example says only what matters; ``document`` puts it where it belongs, so that whoever
reads the catalogue sees the fault, and tests have the whole file.
"""

import re
from enum import StrEnum
from typing import NamedTuple

ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:20260329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20261025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
ENTRY = """\
UID:0b6a1f2e-6e0c-5c58-9d9e-5a3c7d1b2e01
DTSTAMP:20270301T120000Z
LAST-MODIFIED:20270301T120000Z
SEQUENCE:1
DTSTART;TZID=Europe/Berlin:20270615T090000
DTEND;TZID=Europe/Berlin:20270615T094500
SUMMARY:Bridges that bend
LOCATION:Hall A
STATUS:CONFIRMED
TRANSP:OPAQUE
"""
CALENDAR = """\
VERSION:2.0
PRODID:-//Example//Agenda//EN
CALSCALE:GREGORIAN
NAME:River Conference
X-WR-CALNAME:River Conference
REFRESH-INTERVAL;VALUE=DURATION:PT15M
X-PUBLISHED-TTL:PT15M
"""
ANSWER = """\
GET https://river.example/agenda.ics
200
Content-Type: text/calendar; charset=utf-8
ETag: "a1"
Last-Modified: Mon, 01 Mar 2027 12:00:00 GMT
Cache-Control: public, max-age=900
"""


class Frame(StrEnum):
    """Where the lines of an example stand; lines replace those of the same name there."""

    ENTRY = "entry"
    """In a VEVENT; ``-NAME`` alone takes a property away."""
    CALENDAR = "calendar"
    """In the VCALENDAR, before its components; ``-NAME`` as above."""
    ZONE = "zone"
    """The VTIMEZONE as a whole."""
    BODY = "body"
    """All that stands between the properties of the calendar and its END."""
    FILE = "file"
    """The whole file, with ``\\r\\n`` for each line end."""
    OCTETS = "octets"
    """The whole file as it is: its line ends, and what is no text, written as escapes."""
    ANSWER = "answer"
    """Requests, each with its answer, as ``accounts`` tells; ``-Name`` takes a header away."""
    CHANGE = "change"
    """Two states of a calendar's body, one after the other, divided by a line ``---``."""


class Example(NamedTuple):
    """Lines in which a rule finds something, and their sound twin."""

    frame: Frame
    fails: str
    holds: str


def document(frame: Frame, lines: str) -> bytes:
    """Return the calendar file that lines of an example stand for.

    Not for answers and changes, which are no files.
    """
    calendar, zone, entry = CALENDAR, ZONE, ENTRY
    match frame:
        case Frame.OCTETS:
            return lines.encode("latin-1")
        case Frame.FILE:
            return _octets(lines)
        case Frame.BODY:
            return _octets(f"BEGIN:VCALENDAR\n{CALENDAR}{_ended(lines)}END:VCALENDAR\n")
        case Frame.ENTRY:
            entry = with_lines(entry, lines)
        case Frame.CALENDAR:
            calendar = with_lines(calendar, lines)
        case Frame.ZONE:
            zone = _ended(lines)
    vevent = f"BEGIN:VEVENT\n{entry}END:VEVENT\n"
    return _octets(f"BEGIN:VCALENDAR\n{calendar}{zone}{vevent}END:VCALENDAR\n")


def with_lines(base: str, lines: str, sign: str = r"[:;]") -> str:
    """Return properties, those of the names that ``lines`` have in place of the former ones."""
    given = _ended(lines)
    names = {re.split(sign, line, maxsplit=1)[0] for line in given.splitlines() if line[:1] != " "}
    gone = {name.removeprefix("-") for name in names}
    kept = [line for line in base.splitlines() if re.split(sign, line, maxsplit=1)[0] not in gone]
    added = [line for line in given.splitlines() if not line.startswith("-")]
    return "".join(f"{line}\n" for line in (*kept, *added))


def _ended(lines: str) -> str:
    return lines if not lines or lines.endswith("\n") else f"{lines}\n"


def _octets(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
