"""jCal (RFC 7265), calendars as JSON → the same components as content lines give."""

from collections.abc import Iterable
from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics.components import Component, Property
from calsvc.importers.ics.contentlines import MAX_DEPTH, Reading

_TEXTS = frozenset({"text", "unknown"})
_TIMES = frozenset({"date", "date-time", "time", "period", "utc-offset"})


def is_jcal(source: Source) -> bool:
    """Tell whether a source is a jCal calendar, or a list of some."""
    if not source.octets.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return False
    return next(iter(_calendars(source.json)), None) is not None


def read(source: Source) -> Reading:
    """Return the calendars in a source.  Raises ``SourceError`` if there is none."""
    reading = Reading()
    lost: list[object] = []
    for each in _calendars(source.json):
        reading.calendars.append(_component(each, lost, 1))
    if not reading.calendars:
        raise SourceError(source.name, "is no jCal", "give an array that begins with vcalendar")
    if lost:
        reading.left_out.append(f"parts that cannot be read: {len(lost)}")
    return reading


def _calendars(value: Any) -> Iterable[list[Any]]:
    if not isinstance(value, list):
        return
    for each in [value, *value]:
        if _is_component(each) and each[0].lower() == "vcalendar":
            yield each


def _is_component(value: object) -> bool:
    return isinstance(value, list) and len(value) >= 2 and isinstance(value[0], str)


def _component(value: list[Any], lost: list[object], depth: int) -> Component:
    """Return a component; what it has that is none of jCal goes to ``lost``."""
    component = Component(value[0].upper())
    properties = value[1] if isinstance(value[1], list) else []
    for each in properties:
        if found := _property(each):
            component.add(found)
        else:
            lost.append(each)
    for each in value[2] if len(value) > 2 and isinstance(value[2], list) else []:
        if _is_component(each) and depth < MAX_DEPTH:
            component.components.append(_component(each, lost, depth + 1))
        else:
            lost.append(each)
    return component


def _property(value: object) -> Property | None:
    match value:
        case [str(name), parameters, str(kind), *values] if values:
            kept = parameters if isinstance(parameters, dict) else {}
            firsts = {
                key.upper(): each[0] if isinstance(each, list) and each else each
                for key, each in kept.items()
            }
            texts = {key: each for key, each in firsts.items() if isinstance(each, str)}
            if kind.lower() not in _TEXTS:
                texts["VALUE"] = kind.upper()
            # GEO and REQUEST-STATUS are one value in parts, which content lines join by ";".
            written = ",".join(_written(each, kind.lower()) for each in values)
            return Property(name.upper(), written, texts)
    return None


def _written(value: Any, kind: str) -> str:
    """Return a value as a content line has it."""
    if isinstance(value, dict):  # a rule
        return ";".join(f"{key.upper()}={_rule(key, each)}" for key, each in value.items())
    if isinstance(value, list):
        flat = ["" if isinstance(each, list | dict) else each for each in value]
        return (";" if kind != "period" else "/").join(_written(each, kind) for each in flat)
    text = "" if value is None else str(value)
    if kind in _TIMES:
        return _compact(text) if kind != "utc-offset" else text.replace(":", "")
    if kind in _TEXTS:
        for plain, escape in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
            text = text.replace(plain, escape)
    return text


def _rule(key: str, value: Any) -> str:
    texts = [
        str(each)
        for each in (value if isinstance(value, list) else [value])
        if not isinstance(each, list | dict)
    ]
    return ",".join(map(_compact, texts) if key.lower() == "until" else texts)


def _compact(text: str) -> str:
    """Return a time without the signs that jCal has between its parts: a period has two."""
    first, slash, last = text.partition("/")
    if last[:1] != "P":
        last = last.replace("-", "").replace(":", "")
    return first.replace("-", "").replace(":", "") + slash + last
