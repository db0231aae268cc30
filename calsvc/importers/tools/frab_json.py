"""frab schedules in JSON: version 1, c3voc's version 2, and frab's own list of events.

Version 1 has days with rooms with events (https://c3voc.de/schedule/schema.json), of which
programs write lists or objects as they like; version 2 has one list of events with start
and end, and tracks and rooms by reference (https://c3voc.de/schema/schedule2); frab itself
also gives ``conference_events``, without rooms.
"""

from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import trees
from calsvc.importers.tools import frab
from calsvc.importers.tools.frab import Shown


def recognises(source: Source) -> bool:
    """Tell whether it is JSON with a schedule that has a conference, or frab's events."""
    tree = trees.mapping(source.json)
    if trees.mapping(tree.get("conference_events")).get("events") is not None:
        return True
    schedule = trees.mapping(tree.get("schedule")) or tree
    conference = trees.mapping(schedule.get("conference"))
    return bool(conference) and ("days" in conference or "events" in schedule or "days" in schedule)


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of a schedule in JSON.

    Raises ``SourceError`` for what is none.
    """
    if not recognises(source):
        what = "is no frab schedule in JSON: it has no conference with days or events"
        raise SourceError(source.name, what, "give a schedule.json, or name its format by --from")
    tree = trees.mapping(source.json)
    if events := trees.mapping(tree.get("conference_events")):
        shown = [Shown(_event(each, {})) for each in trees.objects(events.get("events"))]
        return frab.read({}, shown, wishes)
    schedule = trees.mapping(tree.get("schedule")) or tree
    conference = dict(trees.mapping(schedule.get("conference")))
    for name in ("rooms", "tracks"):
        if name not in conference and name in schedule:
            conference[name] = schedule[name]
    conference["base_url"] = trees.first(conference, "base_url") or schedule.get("base_url")
    conference["generator"] = tree.get("generator")
    tracks = trees.keyed(trees.values(conference.get("tracks")), "slug", "guid", "id")
    shown = [
        Shown(_event(each, tracks), day, room)
        for day in trees.objects(trees.first(conference, "days") or schedule.get("days"))
        for room, events in _rooms(day)
        for each in events
    ]
    listed = schedule.get("events") if "events" in schedule else conference.get("events")
    shown += [Shown(_event(each, tracks)) for each in trees.objects(listed)]
    return frab.read(conference, shown, wishes)


def _rooms(day: dict[str, Any]) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """Return the rooms of a day with their events, in each way to write them."""
    rooms = day.get("rooms")
    found: list[tuple[str | None, list[dict[str, Any]]]] = []
    if isinstance(rooms, dict):
        for name, each in rooms.items():
            events = each if isinstance(each, list) else trees.mapping(each).get("events")
            found.append((trees.line(name), trees.objects(events)))
    else:
        for each in trees.values(rooms):
            if isinstance(each, list):
                found.append((None, trees.objects(each)))
            else:
                room = trees.mapping(each)
                found.append((trees.line(room), trees.objects(room.get("events"))))
    found.append((None, trees.objects(day.get("events"))))
    return found


def _event(event: dict[str, Any], tracks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an event with the names that version 1 has for its fields."""
    renamed = dict(event)
    for old, new in (("start_time", "start"), ("end_time", "end")):
        if old in event:
            renamed.setdefault(new, event[old])
    track = trees.mapping(event.get("track"))
    if track and not track.get("name"):
        reference = trees.key(trees.first(track, "slug", "guid", "id"))
        renamed["track"] = tracks.get(reference or "", track)
    return renamed
