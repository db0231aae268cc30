"""Open Event, the format of FOSSASIA and eventyay: a folder or archive of JSON files.

``event``, ``sessions``, ``speakers``, ``microlocations`` (rooms), ``tracks`` and
``session_types``; keys are written ``start_time``, ``starts-at`` or ``starts_at`` by its
versions, and names of files with ``.json`` or without
(https://github.com/fossasia/open-event).  The API of its server gives the same as JSON:API,
with ``attributes`` and ``relationships``.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import markdown, paragraphs
from calsvc.importers.habits.remarks import Remarks

PARTS = ("event", "sessions", "speakers", "microlocations", "tracks", "session_types")
STARTS = ("starts_at", "start_time", "start")
ENDS = ("ends_at", "end_time", "end")
ON_AGENDA = frozenset({"", "accepted", "confirmed", "published"})
CANCELLED = frozenset({"canceled", "cancelled"})
"""States of sessions in small letters; what is in any other one is not on the agenda."""


def recognises(source: Source) -> bool:
    """Tell whether it is a folder with ``event`` and ``sessions``, or JSON:API of sessions."""
    if source.members:
        parts = _members(source)
        return "sessions" in parts and bool({"event", "microlocations"} & parts.keys())
    return any(
        trees.line(each.get("type")) == "session" and "attributes" in each
        for each in _resources(source.json)
    )


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of an event with its sessions.

    Raises ``SourceError`` for what is none.
    """
    remarks = Remarks()
    parts = _folder(source, remarks) if source.members else _json_api(source.json)
    if parts.get("sessions") is None:
        what = "has no sessions in the format Open Event"
        raise SourceError(source.name, what, "give the folder or archive with sessions.json")
    draft = _event(trees.mapping(parts.get("event")))
    rooms = _by_id(parts.get("microlocations"))
    for room in rooms.values():
        if name := trees.line(room.get("name")):
            draft.rooms.append(DraftRoom(name, _geo(room)))
    for track in trees.objects(parts.get("tracks")):
        if name := trees.line(track):
            draft.tracks.append((name, trees.line(track.get("color"))))
    lists = {name: _by_id(parts.get(name)) for name in PARTS[2:]}
    for each in map(_normal, trees.objects(parts["sessions"])):
        if session := _session(each, lists, remarks):
            draft.sessions.append(session)
    draft.left_out = remarks.lines()
    return draft


# --- where the parts are ------------------------------------------------------------------


def _members(source: Source) -> dict[str, Source]:
    """Return the files of a folder by their parts; of several folders, those at its top."""
    found: dict[str, Source] = {}
    for path in sorted(source.members, key=lambda path: path.count("/")):
        stem, _, ending = path.rpartition("/")[2].lower().partition(".")
        name = stem.replace("-", "_")
        if name in PARTS and ending in {"", "json"}:
            found.setdefault(name, source.members[path])
    return found


def _folder(source: Source, remarks: Remarks) -> dict[str, Any]:
    """Return the parts of a folder; of those that are broken, just the sessions are needed."""
    parts: dict[str, Any] = {}
    for name, member in _members(source).items():
        try:
            tree = member.json
        except SourceError as error:
            if name == "sessions":
                raise
            remarks.add(f"what is in {name}, which {error.what}")
            continue
        inner = trees.mapping(tree).get(name) if name != "event" else None
        parts[name] = inner if inner is not None else tree
        if resources := _resources(tree):
            flat = [_flat(each) for each in resources]
            parts[name] = flat[0] if name == "event" else flat
    return parts


def _resources(tree: Any) -> list[dict[str, Any]]:
    """Return the resources of a JSON:API document; none if it is no such document."""
    document = trees.mapping(tree)
    given = document.get("data")
    listed = [given] if isinstance(given, dict) else trees.objects(given)
    listed += trees.objects(document.get("included"))
    return [each for each in listed if isinstance(each.get("attributes"), dict)]


def _json_api(tree: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for each in _resources(tree):
        kind = (trees.line(each.get("type")) or "").replace("-", "_")
        if kind == "event":
            parts.setdefault("event", _flat(each))
        elif f"{kind}s" in PARTS:
            parts.setdefault(f"{kind}s", []).append(_flat(each))
    return parts


def _flat(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as an object with its references: ``{"track": {"id": "3"}}``."""
    flat = dict(trees.mapping(resource.get("attributes")))
    flat["id"] = resource.get("id")
    for name, relation in trees.mapping(resource.get("relationships")).items():
        if (given := trees.mapping(relation).get("data")) is not None:
            flat.setdefault(name, given)
    return flat


def _normal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with keys in one way to write them: ``starts-at`` is ``starts_at``."""
    return {name.replace("-", "_"): value for name, value in fields.items()}


def _by_id(rows: Any) -> dict[str, dict[str, Any]]:
    return {known: _normal(each) for known, each in trees.keyed(trees.values(rows), "id").items()}


# --- what they say ------------------------------------------------------------------------


def _event(written: dict[str, Any]) -> Draft:
    event = _normal(written)
    links = trees.objects(event.get("social_links"))
    own = [each.get("link") for each in links if trees.line(each) == "External Event URL"]
    address = trees.first(event, "location_name", "searchable_location_name")
    return Draft(
        name=trees.line(event.get("name")),
        timezone=re.sub(r"\s*/\s*", "/", trees.line(event.get("timezone")) or "") or None,
        first_day=instants.day(trees.first(event, *STARTS)),
        last_day=instants.day(trees.first(event, *ENDS)),
        venue=trees.line(address),
        geo=_geo(event),
        url=trees.link(trees.first(event, "external_event_url", "event_url", "url"))
        or next(filter(None, map(trees.link, own)), None),
        description=markdown(event.get("description")),
        organizer=trees.line(trees.first(event, "organizer_name", "owner_name")),
        registration=trees.link(event.get("ticket_url")),
    )


def _session(
    each: dict[str, Any], lists: dict[str, dict[str, dict[str, Any]]], remarks: Remarks
) -> DraftSession | None:
    title = trees.line(each.get("title"))
    state = (trees.line(each.get("state")) or "").lower()
    if state not in ON_AGENDA | CANCELLED or each.get("deleted_at"):
        remarks.add(f"sessions that are {state or 'deleted'}", title or "")
        return None
    if not title:
        remarks.add("sessions without a title", f"that of {trees.first(each, *STARTS)!r}")
    session = DraftSession(
        title=title or "Untitled",
        key=trees.key(each.get("id")),
        start=_time(each, STARTS, title, remarks),
        end=_time(each, ENDS, title, remarks),
        people=_people(each, lists["speakers"], remarks),
        description=paragraphs(
            trees.line(each.get("subtitle")),
            each.get("short_abstract"),
            each.get("long_abstract"),
            each.get("description"),
        ),
        language=trees.line(each.get("language")),
        level=trees.line(each.get("level")),
        url=trees.link(trees.first(each, "url", "signup_url")),
        is_cancelled=state in CANCELLED,
        room=_referred(trees.first(each, "microlocation", "room"), lists["microlocations"]),
        track=_referred(each.get("track"), lists["tracks"]),
        kind=_referred(trees.first(each, "session_type", "type"), lists["session_types"]),
    )
    for names, words in (
        (("slides_url", "slides"), "Slides"),
        (("video_url", "video"), "Video"),
        (("audio_url", "audio"), "Audio"),
    ):
        if address := trees.link(trees.first(each, *names)):
            session.links.append((address, words))
    return session


def _time(
    each: dict[str, Any], names: tuple[str, ...], title: str | None, remarks: Remarks
) -> datetime | None:
    written = trees.first(each, *names)
    moment = instants.instant(written)
    if moment is None and written is not None:
        remarks.add("times that cannot be read", f"{written!r} of {title}")
    return moment


def _referred(value: Any, known: dict[str, dict[str, Any]]) -> str | None:
    """Return the name of what a session refers to, which it may say itself."""
    reference = trees.mapping(value)
    if name := trees.line(trees.first(reference, "name")):
        return name
    found = known.get(trees.key(reference.get("id") if reference else value) or "", {})
    if name := trees.line(found.get("name")):
        return name
    return trees.line(value) if isinstance(value, str) and not value.strip().isdecimal() else None


def _people(
    each: dict[str, Any], known: dict[str, dict[str, Any]], remarks: Remarks
) -> list[DraftPerson]:
    people = []
    for speaker in trees.values(trees.first(each, "speakers", "speaker")):
        given = trees.mapping(speaker)
        listed = known.get(trees.key(given.get("id") if given else speaker) or "", {})
        organization = trees.first(given, "organisation", "organization") or trees.first(
            listed, "organisation", "organization"
        )
        if name := trees.line(given.get("name") or listed.get("name")):
            people.append(DraftPerson(name, organization=_said(organization)))
        elif not given or given.get("id") is not None:
            remarks.add("speakers who are not listed", f"{speaker!r}")
    return people


def _said(value: Any) -> str | None:
    line = trees.line(value)
    return None if line in {"Not available", "N/A", "-"} else line


def _geo(place: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return coordinates that are on Earth; the point zero is one that nobody filled in."""
    latitude, longitude = (_number(place.get(name)) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    is_there = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return (latitude, longitude) if is_there else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
