"""Examples of rules: what fails and what holds, each put into a sound calendar.

An example says only what matters; ``document`` puts it where it belongs, so that whoever
reads the catalogue sees the fault, and tests have the whole file.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import pytz

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
UTC_ENTRY = re.sub(
    r"(DTSTART|DTEND);TZID=Europe/Berlin:(........T)09(....)", r"\1:\g<2>07\3Z", ENTRY
)
VEVENT = f"BEGIN:VEVENT\n{UTC_ENTRY}END:VEVENT\n"
OTHER_VEVENT = VEVENT.replace("2e01", "2e02").replace("T07", "T09").replace("bend", "sing")
FIRST_START = datetime(2027, 6, 15, 7, tzinfo=pytz.utc)
LENGTH = timedelta(minutes=10)
FOLD = 75  # octets of a line
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
    ENTRIES = "entries"
    """A number: the calendar has so many entries, ten minutes each, one after the other."""
    ANSWER = "answer"
    """Requests, each with its answer, as ``accounts`` tells; ``-Name`` takes a header away."""
    CHANGE = "change"
    """Two states of a calendar, one after the other, divided by a line ``---``: its body, and
    before that, properties of the calendar, as above."""


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
            return _octets(_folded(whole(CALENDAR, _ended(lines))))
        case Frame.ENTRIES:
            return _octets(whole(CALENDAR, "".join(_numbered(n) for n in range(int(lines)))))
        case Frame.ENTRY:
            entry = with_lines(entry, lines)
        case Frame.CALENDAR:
            calendar = with_lines(calendar, lines)
        case Frame.ZONE:
            zone = _ended(lines)
    vevent = f"BEGIN:VEVENT\n{entry}END:VEVENT\n"
    return _octets(_folded(whole(calendar, f"{zone}{vevent}")))


def states(lines: str) -> tuple[bytes, bytes]:
    """Return the two files that lines of an example of the frame CHANGE stand for."""
    before, after = (_state(part) for part in lines.split("---\n"))
    return before, after


def _state(lines: str) -> bytes:
    properties, begin, body = lines.partition("BEGIN:")
    calendar = with_lines(CALENDAR, properties) if properties else CALENDAR
    return _octets(f"BEGIN:VCALENDAR\n{calendar}{begin}{_ended(body)}END:VCALENDAR\n")


def whole(calendar: str = CALENDAR, body: str = VEVENT) -> str:
    """Return the lines of a whole sound file without zones, for the frame FILE."""
    return f"BEGIN:VCALENDAR\n{calendar}{body}END:VCALENDAR\n"


def with_vevent(lines: str) -> str:
    """Return the VEVENT of a file without zones, with other lines."""
    return f"BEGIN:VEVENT\n{with_lines(UTC_ENTRY, lines)}END:VEVENT\n"


def _numbered(number: int) -> str:
    """Return one of many entries, each of its own time, uid and title."""
    start = FIRST_START + number * LENGTH
    stamps = (f"{each:%Y%m%dT%H%M%SZ}" for each in (start, start + LENGTH))
    uid = f"0b6a1f2e-6e0c-5c58-9d9e-{number:012x}"
    own = "UID:{}\nDTSTART:{}\nDTEND:{}\nSUMMARY:Bridges that bend: {}".format(uid, *stamps, number)
    return f"BEGIN:VEVENT\n{with_lines(ENTRY, own)}END:VEVENT\n"


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


def _folded(text: str) -> str:
    """Return lines of at most 75 octets (RFC 5545, 3.1), so that no example need fold its own."""
    return "\n".join(_fold(line) for line in text.split("\n"))


def _fold(line: str) -> str:
    if len(line.encode()) <= FOLD:
        return line
    signs, octets = [], 0
    for sign in line:
        octets += len(sign.encode())
        if octets > FOLD:
            signs.append("\n ")
            octets = 1 + len(sign.encode())
        signs.append(sign)
    return "".join(signs)
