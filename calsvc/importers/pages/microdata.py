"""schema.org events that a web page has beside its text, as JSON-LD or as microdata.

An event that has others as ``subEvent`` is the conference; they are its sessions.
"""

import html
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from lxml import etree

from calsvc.importers.drafts import Draft, DraftPerson, DraftSession
from calsvc.importers.pages import marks

MOST_NODES = 100_000
MOST_PROPERTIES = 400


def read(root: etree._Element, address: str | None) -> Draft | None:
    """Return the events of a page; None if it has none."""
    events = [*_of_scripts(root)] or [*_of_items(root)]
    if not events:
        return None
    wholes = [each for each in events if _listed(each.get("subEvent"))]
    whole = max(wholes, key=lambda each: len(_listed(each["subEvent"]))) if wholes else None
    parts = [each for each in _listed(whole.get("subEvent")) if _is_event(each)] if whole else []
    others = [
        each for each in events if each is not whole and not any(each is one for one in parts)
    ]
    draft = Draft(url=address)
    draft.sessions = [one for each in (parts or others) if (one := _session(each))]
    head = whole or (events[0] if len(events) == 1 else None)
    if head:
        _head(draft, head)
    if len(events) == 1 and not whole:
        draft.sessions = []
    return draft


def _head(draft: Draft, event: dict[str, Any]) -> None:
    draft.name = _text(event.get("name"))
    draft.description = _text(event.get("description"))
    draft.first_day, draft.last_day = _day(event.get("startDate")), _day(event.get("endDate"))
    place = next(iter(_listed(event.get("location"))), None)
    draft.venue = _name(place)
    if isinstance(place, dict):
        parts = next(iter(_listed(place.get("address"))), None)
        draft.address = _text(parts) or (
            ", ".join(
                text
                for name in ("streetAddress", "postalCode", "addressLocality", "addressCountry")
                if (text := _name(parts.get(name)))
            )
            if isinstance(parts, dict)
            else None
        )
    draft.organizer = _name(next(iter(_listed(event.get("organizer"))), None))


def _session(event: dict[str, Any]) -> DraftSession | None:
    title = _text(event.get("name"))
    if not title:
        return None
    session = DraftSession(title)
    session.start, session.end = _moment(event.get("startDate")), _moment(event.get("endDate"))
    if session.start and session.end and bool(session.start.tzinfo) != bool(session.end.tzinfo):
        session.end = None
    if event.get("startDate") and not session.start:
        session.guessed.append(f"its start, {_text(event['startDate'])}, has no time of day")
    session.key = _text(event.get("@id")) or _text(event.get("identifier"))
    session.description = _text(event.get("description"))
    session.room = _name(next(iter(_listed(event.get("location"))), None))
    session.url = _text(event.get("url"))
    session.language = _name(event.get("inLanguage"))
    status = _text(event.get("eventStatus")) or ""
    session.is_cancelled = status.endswith("EventCancelled")
    for role in ("performer", "performers", "actor", "speaker", "author"):
        for person in _listed(event.get(role)):
            if name := _name(person):
                fields = person if isinstance(person, dict) else {}
                works = fields.get("worksFor") or fields.get("affiliation")
                session.people.append(DraftPerson(name, _name(works)))
    return session


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, (dict, str))]
    return [value] if isinstance(value, (dict, str)) else []


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), None)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return html.unescape(re.sub(r"<[^<>]{1,200}>", "", text)).strip() or None


def _name(value: Any) -> str | None:
    value = next(iter(_listed(value)), None)
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _moment(value: Any) -> datetime | None:
    return marks.moment(_text(value) or "")


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat((_text(value) or "")[:10])
    except ValueError:
        return None


def _is_event(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kinds = value.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith("Event") for kind in kinds)


def _of_scripts(root: etree._Element) -> Iterator[dict[str, Any]]:
    """Yield the events of a page's JSON-LD."""
    count = 0
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            nodes = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while nodes and count < MOST_NODES:
            node = nodes.pop()
            count += 1
            if isinstance(node, dict):
                if _is_event(node):
                    yield node
                nodes += reversed(list(node.values()))
            elif isinstance(node, list):
                nodes += reversed(node)


def _of_items(root: etree._Element) -> Iterator[dict[str, Any]]:
    """Yield the events of a page's microdata, those in another one as its ``subEvent``."""
    known: dict[etree._Element, dict[str, Any]] = {}
    for element in root.iter(etree.Element):
        kind = element.get("itemtype")
        above = next((known[each] for each in element.iterancestors() if each in known), None)
        prop = element.get("itemprop")
        if element.get("itemscope") is not None and kind:
            node: dict[str, Any] = {"@type": kind.strip().rpartition("/")[2]}
            known[element] = node
            if above is not None and prop:
                _put(above, prop, node)
            if _is_event(node):
                yield node
        elif prop and above is not None:
            _put(above, prop, _value(element))


def _put(node: dict[str, Any], names: str, value: Any) -> None:
    for name in names.split()[:5]:
        values = node.setdefault(name, [])
        if len(values) < MOST_PROPERTIES * 25:
            values.append(value)


def _value(element: etree._Element) -> str:
    for name in ("content", "datetime", "href", "src"):
        if value := element.get(name):
            return value
    return " ".join("".join(element.itertext()).split())[:20_000]
