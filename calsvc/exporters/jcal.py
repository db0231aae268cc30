"""The calendar of an event as JSON: jCal (RFC 7265).

It is converted from the content lines of the ``.ics`` feed, so it holds the same entries with
the same properties, and changes when that does.  Values of properties that begin with ``X-``
are of type ``unknown``, as they stand in the feed (RFC 7265, 5.1).
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from calsvc.answers import Body, Feed, Format
from calsvc.exporters.context import Context
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection

JCAL = Format("jcal", "application/calendar+json", is_compressed=True)

_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_PARAMETER = rf";([A-Z0-9-]+)=({_VALUE}(?:,{_VALUE})*)"
LINE = re.compile(rf"([A-Z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
PARAMETER = re.compile(_PARAMETER)
WRITTEN_VALUE = re.compile(_VALUE)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
CIRCUMFLEX = re.compile(r"\^([n^'])")
BETWEEN_COMMAS = re.compile(r"(?:\\.|[^,\\])+", re.DOTALL)
ALTERNATIVES = {"n": "\n", "^": "^", "'": '"'}
"""What stands for characters that a parameter's value cannot have (RFC 6868)."""


def jcal_feed(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    """Return the calendar of an event, or of what is selected of it, as jCal."""
    feed = event_feed(context.blocks, selection)
    found = component(feed.body)
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Feed(Body(body), JCAL, feed.last_modified, f"{schedule.event.id}.{JCAL.suffix}")


def component(octets: bytes) -> list[Any]:
    """Return the jCal component of a calendar's octets, which calsvc wrote."""
    lines = octets.decode("utf-8").replace("\r\n ", "").split("\r\n")
    found: list[list[Any]] = [["", [], []]]
    for line in lines:
        if line.startswith("BEGIN:"):
            found.append([line[6:].lower(), [], []])
        elif line.startswith("END:"):
            inner = found.pop()
            found[-1][2].append(inner)
        elif line:
            found[-1][1].append(_property(line))
    [[_, _, [calendar]]] = found
    return calendar  # type: ignore[no-any-return]


def _property(line: str) -> list[Any]:
    written = LINE.fullmatch(line)
    assert written, line
    name, value = written[1], written[5]
    parameters = dict(_parameters(written[2]))
    kind = parameters.pop("value", None) or _default_type(name)
    kind = kind.lower() if isinstance(kind, str) else "unknown"
    return [name.lower(), parameters, kind, *_values(name, kind, value)]


def _parameters(written: str) -> Iterator[tuple[str, str | list[str]]]:
    for name, values in PARAMETER.findall(written):
        found = [
            CIRCUMFLEX.sub(lambda mark: ALTERNATIVES[mark[1]], each.strip('"'))
            for each in WRITTEN_VALUE.findall(values)
            if each
        ]
        yield name.lower(), found[0] if len(found) == 1 else found


# --- values -------------------------------------------------------------------------------

TYPES = {
    **dict.fromkeys(("CREATED", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED"), "date-time"),
    "GEO": "float",
    "RRULE": "recur",
    "SEQUENCE": "integer",
    "TRIGGER": "duration",
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), "utc-offset"),
    "URL": "uri",
}
"""The types of the properties that calsvc writes, where they are not text (RFC 5545, 3.7, 3.8)."""


def _default_type(name: str) -> str:
    return "unknown" if name.startswith("X-") else TYPES.get(name, "text")


def _values(name: str, kind: str, value: str) -> list[Any]:
    """Return the values of a property; but for CATEGORIES, it is a single one."""
    if name == "CATEGORIES":
        return [_text(each) for each in BETWEEN_COMMAS.findall(value)]
    if name == "GEO":  # one value, of two numbers (RFC 7265, 3.4.1.2)
        return [[float(each) for each in value.split(";")]]
    convert = CONVERSIONS.get(kind)
    return [convert(value) if convert else value]


def _text(value: str) -> str:
    return ESCAPE.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def _date(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"


def _date_time(value: str) -> str:
    day, _, clock = value.partition("T")
    return f"{_date(day)}T{clock[:2]}:{clock[2:4]}:{clock[4:]}"


def _offset(value: str) -> str:
    return ":".join((value[:3], *re.findall("..", value[3:])))


def _rule(value: str) -> dict[str, Any]:
    """Return a recurrence rule as an object (RFC 7265, 3.6.10)."""
    found: dict[str, Any] = {}
    for part in value.split(";"):
        name, _, written = part.partition("=")
        if name == "UNTIL":
            found["until"] = _date_time(written) if "T" in written else _date(written)
            continue
        each = [int(one) if re.fullmatch(r"[+-]?\d+", one) else one for one in written.split(",")]
        found[name.lower()] = each[0] if len(each) == 1 else each
    return found


CONVERSIONS: dict[str, Callable[[str], Any]] = {
    "date": _date,
    "date-time": _date_time,
    "integer": int,
    "recur": _rule,
    "text": _text,
    "utc-offset": _offset,
}
"""By type, what makes the value in JSON; values of other types stay as they are written."""
