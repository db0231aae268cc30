"""Judges of the frab formats: the rules of c3voc's schemas, written down anew.

https://c3voc.de/schedule/schema.xsd and https://c3voc.de/schedule/schema.json, of June 2026.
Their licence, the EUPL, does not let them stand in this project.  These are as strict, and
more so in some: each text that must be an address, a day or a time is held against that.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

Element = ElementTree.Element

ANY = r"[\s\S]*"
SOME = r"[\s\S]+"
URL = r"https?://\S+"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBER = r"[1-9]\d*"
COLOR = r"#[0-9a-f]{6}"
DAY = r"\d{4}-\d\d-\d\d"
MOMENT = rf"{DAY}T\d\d:\d\d:\d\d[+-]\d\d:\d\d"
ACRONYM = r"[a-z0-9_]{4,}"
SLUG = r"[a-z0-9_]{4,}-[a-z0-9\-_]{3,}[a-z0-9]"
START = r"([01]\d|2[0-3]):[0-5]\d"

# Element → its attributes, and its children with how often each may be there.
XML: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "schedule": (
        {},
        {"generator": "?", "url": "?", "version": "1", "conference": "1", "day": "+"},
    ),
    "generator": ({"name?": ANY, "system?": ANY, "version?": ANY}, {}),
    "conference": (
        {},
        {
            **{"title": "1", "acronym": "1", "start": "?", "end": "?", "days": "?"},
            **{"timeslot_duration": "?", "base_url": "?", "logo": "?", "url": "?"},
            **{"time_zone_name": "?", "color": "?", "track": "*"},
        },
    ),
    "color": ({"primary": COLOR, "background?": COLOR}, {}),
    "day": ({"date": DAY, "start": MOMENT, "end": MOMENT, "index": NUMBER}, {"room": "*"}),
    "day/room": ({"name": SOME, "guid?": UUID}, {"event": "*"}),
    "event": (
        {"id": NUMBER, "guid": UUID},
        {
            **{"room": "1", "title": "1", "subtitle": "?", "type": "1", "date": "1", "start": "1"},
            **{"duration": "1", "abstract": "1", "slug": "?", "track": "1", "logo": "?"},
            **{"persons": "?", "language": "?", "description": "?", "links": "?", "url": "?"},
        },
    ),
    "persons": ({}, {"person": "*"}),
    "person": ({"id?": NUMBER, "guid?": UUID}, {}),
    "links": ({}, {"link": "*"}),
    "link": ({"href?": URL, "type?": ANY, "service?": ANY}, {}),
    "conference/track": ({"name": SOME, "color?": COLOR, "slug?": r"[a-z][a-z0-9-]+"}, {}),
}
TEXTS = {
    **dict.fromkeys(("url", "base_url", "logo"), URL),
    **dict.fromkeys(("title", "type", "person", "link", "version"), SOME),
    "acronym": ACRONYM,
    "days": NUMBER,
    "duration": r"\d\d?:[0-5]\d|\d\d?:[01]\d:[0-5]\d|\d\d?:2[0-3]:[0-5]\d",
    "timeslot_duration": r"\d\d:\d\d",
    "date": MOMENT,
    "slug": SLUG,
    "event/start": START,
    "conference/start": DAY,
    "conference/end": DAY,
}
"""By the name of an element, with its parent's where that tells two of one name apart."""
MANY = {"1": range(1, 2), "?": range(2), "*": range(10**6), "+": range(1, 10**6)}
LARGEST = 2**31 - 1


def faults_of_xml(octets: bytes) -> list[str]:
    """Return what is wrong with a ``schedule.xml``; nothing if it is right."""
    root = ElementTree.fromstring(octets)  # noqa: S314
    found = list(_faults(root, root.tag))
    order = [each.tag for each in root]
    if order != sorted(order, key=list(XML["schedule"][1]).index):
        found.append(f"schedule has {order}")
    for kind, values in {
        "guid": [each.get("guid") for each in root.iter("event")],
        "id": [each.get("id") for each in root.iter("event")],
        "slug": [each.text for each in root.iter("slug")],
        "index": [each.get("index") for each in root.iter("day")],
    }.items():
        found += [f"{kind} {value} {n} times" for value, n in Counter(values).items() if n > 1]
    return found


def _rules(element: Element, path: str) -> tuple[dict[str, str], dict[str, str]]:
    return XML.get("/".join(path.split("/")[-2:])) or XML.get(element.tag) or ({}, {})


def _faults(element: Element, path: str) -> Iterator[str]:
    attributes, children = _rules(element, path)
    given = dict(element.attrib)
    for name, pattern in attributes.items():
        value = given.pop(name.rstrip("?"), None)
        if value is None and not name.endswith("?"):
            yield f"{path} has no {name}"
        if value is not None and not _fits(pattern, value):
            yield f"{path} has {name}={value!r}"
    yield from (f"{path} has an attribute {name}" for name in given)
    counts = Counter(child.tag for child in element)
    for name, often in children.items():
        if counts.pop(name, 0) not in MANY[often]:
            yield f"{path} has {name} as often as it may not"
    yield from (f"{path} has an element {name}" for name in counts)
    text = element.text or ""
    own = "/".join(path.split("/")[-2:])
    pattern = SOME if own == "event/room" else TEXTS.get(own) or TEXTS.get(element.tag, ANY)
    if not _fits("" if children else pattern, text.strip() if children else text):
        yield f"{path} says {text!r}"
    for child in element:
        yield from _faults(child, f"{path}/{child.tag}")


def _fits(pattern: str, value: str) -> bool:
    if not re.fullmatch(pattern, value):
        return False
    try:
        if pattern == DAY:
            date.fromisoformat(value)
        if pattern == MOMENT:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return pattern != NUMBER or int(value) <= LARGEST


# --- JSON ---------------------------------------------------------------------------------

Null = (str, type(None))
REFERENCE = {"url": URL, "title?": SOME, "type?": ANY}
JSON: dict[str, dict[str, Any]] = {
    "": {"$schema?": URL, "generator?": dict, "schedule": dict},
    "generator": {"name?": SOME, "url?": URL, "version?": SOME},
    "schedule": {"url?": URL, "version": SOME, "base_url?": URL, "conference": dict},
    "conference": {
        **{"acronym": ACRONYM, "title": SOME, "description?": SOME, "start": DAY, "end": DAY},
        **{"daysCount": int, "timeslot_duration": r"\d\d:\d\d", "time_zone_name?": SOME},
        **{"logo?": URL, "colors?": dict, "keywords?": list, "url?": URL, "tracks?": list},
        **{"rooms?": list, "days": list},
    },
    "colors": {"primary": COLOR},
    "tracks": {"name": SOME, "color?": COLOR, "slug?": r"[a-z0-9_-]+[a-z0-9]"},
    "conference/rooms": {"name": SOME, "guid": UUID},
    "days": {"index": int, "date": DAY, "day_start": MOMENT, "day_end": MOMENT, "rooms": dict},
    "talk": {
        **{"guid": UUID, "id": int, "date": MOMENT, "start": START, "end?": MOMENT},
        **{"duration": r"\d+:[0-5]\d", "room": SOME, "slug": SLUG, "url": URL, "title": SOME},
        **{"subtitle": Null, "track": Null, "type": SOME, "language": Null, "abstract": Null},
        **{"description": Null, "persons": list, "links": list, "attachments?": list},
    },
    "persons": {
        **{"guid?": UUID, "id?": int, "name": SOME, "organization?": SOME, "role?": SOME},
        "url?": URL,
    },
    "links": REFERENCE,
    "attachments": REFERENCE,
}


def faults_of_json(octets: bytes) -> list[str]:
    """Return what is wrong with a ``schedule.json``; nothing if it is right."""
    document = json.loads(octets)
    found = list(_of_mapping(document, "", ""))
    if found:
        return found
    talks: list[dict[str, Any]] = []
    conference = document["schedule"]["conference"]
    for day in conference["days"]:
        for room, listed in day["rooms"].items():
            talks += listed
            found += [f"{room} has {each['room']}" for each in listed if each["room"] != room]
            for each in listed:
                found += _of_mapping(each, "talk", room)
    for kind in ("guid", "id", "slug"):
        counts = Counter(each.get(kind) for each in talks)
        found += [f"{kind} {value} {n} times" for value, n in counts.items() if n > 1]
    days = [day["index"] for day in conference["days"]]
    if days != list(range(1, conference["daysCount"] + 1)):
        found.append(f"daysCount is {conference['daysCount']}, and days are {days}")
    return found


def _of_mapping(value: Any, kind: str, parent: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{kind} is {value!r}"
        return
    given = dict(value)
    for key, rule in (JSON.get(f"{parent}/{kind}") or JSON[kind]).items():
        name = key.rstrip("?")
        if name not in given:
            if name == key:
                yield f"{kind} has no {name}"
            continue
        each = given.pop(name)
        if isinstance(rule, str):
            is_right = isinstance(each, str) and _fits(rule, each)
        else:
            is_right = isinstance(each, rule) and not isinstance(each, bool)
        if not is_right or (rule is int and not 0 < each <= LARGEST):
            yield f"{kind} has {name}: {each!r}"
        elif rule is dict and (name in JSON or f"{kind}/{name}" in JSON):
            yield from _of_mapping(each, name, kind)
        elif rule is list and (name in JSON or f"{kind}/{name}" in JSON):
            for one in each:
                yield from _of_mapping(one, name, kind)
    yield from (f"{kind} has a key {name}" for name in given)
