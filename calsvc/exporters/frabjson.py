"""An event as frab's ``schedule.json``, which pretalx writes too and c3voc's tools read.

It is valid by c3voc's schema (https://c3voc.de/schedule/schema.json) for zones whose names are
of its form.  Persons have their role and organization beside what others write.
"""

import json
from typing import Any

from calsvc.agenda.colors import COLORS
from calsvc.agenda.people import Person
from calsvc.answers import Body, Feed, Format
from calsvc.exporters import frab
from calsvc.exporters.context import Context
from calsvc.exporters.frab import Day, Talk
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection

FRAB_JSON = Format("json", "application/json", is_compressed=True)
SCHEMA = "https://c3voc.de/schedule/schema.json"
NULL = ("subtitle", "track", "language", "abstract", "description")
"""What is null where nothing is known of it."""


def frab_json(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    """Return an event, or what is selected of it, as ``schedule.json``."""
    event_id = schedule.event.id
    found = {
        "$schema": SCHEMA,
        "generator": {"name": frab.GENERATOR, "url": context.addresses.site},
        "schedule": {
            "url": selection.on(context.addresses.feed(event_id, FRAB_JSON.suffix)),
            "version": str(schedule.version),
            "base_url": context.addresses.event(event_id),
            "conference": _conference(schedule, selection, context),
        },
    }
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Feed(Body(body), FRAB_JSON, context.blocks.modified, f"{event_id}.{FRAB_JSON.suffix}")


def _conference(schedule: Schedule, selection: Selection, context: Context) -> dict[str, Any]:
    event, days = schedule.event, frab.days(schedule, selection, context)
    placed = frab.placed(days)
    used = (name for day in days for name in day.rooms if name in placed)
    rooms = dict.fromkeys([*(room.name for room in event.rooms), *used])
    found = {
        "acronym": frab.acronym(event),
        "title": selection.titled(event),
        "description": event.description or None,  # a text of nothing is none by the schema
        "start": str(event.first_day),
        "end": str(event.last_day),
        "daysCount": len(days),
        "timeslot_duration": frab.TIMESLOT,
        "time_zone_name": event.timezone,
        "logo": event.image,
        "colors": {"primary": f"#{COLORS[event.color]}"} if event.color else None,
        "url": event.url or context.addresses.event(event.id),
        "tracks": [_track(track.name, track.color) for track in event.tracks],
        "rooms": [
            {"name": name, "guid": str(frab.room_guid(schedule.first_id, name))} for name in rooms
        ],
        "days": [_day(day, schedule.first_id) for day in days],
    }
    return {name: value for name, value in found.items() if value is not None}


def _track(name: str, color: str | None) -> dict[str, str]:
    return {"name": name, "color": f"#{COLORS[color]}"} if color else {"name": name}


def _day(day: Day, event_id: str) -> dict[str, Any]:
    return {
        "index": day.number,
        "date": str(day.date),
        "day_start": day.start.isoformat(),
        "day_end": day.end.isoformat(),
        "rooms": {
            name: [_talk(talk, event_id) for talk in talks] for name, talks in day.rooms.items()
        },
    }


def _talk(talk: Talk, event_id: str) -> dict[str, Any]:
    facts = talk.facts
    return {
        "guid": str(talk.guid),
        "id": talk.number,
        **{name: facts[name] or None if name in NULL else facts[name] for name in facts},
        "end": talk.end.isoformat(),
        "duration": f"{talk.minutes // 60:02}:{talk.minutes % 60:02}",
        "persons": [_person(person, event_id) for person in talk.entry.content.people],
        "links": [
            {"url": url, "title": title} if title else {"url": url} for url, title in talk.links
        ],
    }


def _person(person: Person, event_id: str) -> dict[str, Any]:
    guid = frab.person_guid(event_id, person.full_name)
    found = {
        "guid": str(guid),
        "id": frab.number_of(guid),
        "name": person.name,
        "organization": person.organization,
        "role": person.role,
        "url": person.url,
    }
    return {name: value for name, value in found.items() if value is not None}
