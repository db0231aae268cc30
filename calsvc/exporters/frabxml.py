"""An event as ``schedule.xml``, which Pentabarf, frab and pretalx write and apps read.

It is valid by c3voc's schema (https://c3voc.de/schedule/schema.xsd).  That has no place for
the roles of persons, which ``schedule.json`` has; their organizations stand behind their names.
"""

from collections.abc import Collection
from xml.etree import ElementTree

from calsvc.agenda.colors import COLORS
from calsvc.answers import Body, Feed, Format
from calsvc.exporters import frab
from calsvc.exporters.context import Context
from calsvc.exporters.frab import Day, Talk
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection

FRAB_XML = Format("xml", "application/xml; charset=utf-8", is_compressed=True)
HOURS = 99  # beyond which a duration has its days in front, as pretalx writes it


def frab_xml(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    """Return an event, or what is selected of it, as ``schedule.xml``."""
    event_id = schedule.event.id
    root = ElementTree.Element("schedule")
    ElementTree.SubElement(root, "generator", name=frab.GENERATOR, system=context.addresses.site)
    _add(root, "url", selection.on(context.addresses.feed(event_id, FRAB_XML.suffix)))
    _add(root, "version", str(schedule.version))
    days = frab.days(schedule, selection, context)
    _conference(root, schedule, selection, context, len(days))
    placed = frab.placed(days)
    for day in days:
        _day(root, day, schedule.first_id, placed)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Feed(Body(body), FRAB_XML, context.blocks.modified, f"{event_id}.{FRAB_XML.suffix}")


def _conference(
    root: ElementTree.Element,
    schedule: Schedule,
    selection: Selection,
    context: Context,
    number_of_days: int,
) -> None:
    event, conference = schedule.event, ElementTree.SubElement(root, "conference")
    _add(conference, "title", selection.titled(event))
    _add(conference, "acronym", frab.acronym(event))
    _add(conference, "start", str(event.first_day))
    _add(conference, "end", str(event.last_day))
    _add(conference, "days", str(number_of_days))
    _add(conference, "timeslot_duration", frab.TIMESLOT)
    _add(conference, "base_url", context.addresses.event(event.id))
    if event.image:
        _add(conference, "logo", event.image)
    _add(conference, "url", event.url or context.addresses.event(event.id))
    _add(conference, "time_zone_name", event.timezone)
    if event.color:
        ElementTree.SubElement(conference, "color", primary=f"#{COLORS[event.color]}")
    for track in event.tracks:
        element = ElementTree.SubElement(conference, "track", name=track.name)
        element.text = track.name
        if track.color:
            element.set("color", f"#{COLORS[track.color]}")


def _day(root: ElementTree.Element, day: Day, event_id: str, placed: Collection[str]) -> None:
    start, end = day.start.isoformat(), day.end.isoformat()
    element = ElementTree.SubElement(
        root, "day", index=str(day.number), date=str(day.date), start=start, end=end
    )
    for name, talks in day.rooms.items():
        room = ElementTree.SubElement(element, "room", name=name)
        if name in placed:
            room.set("guid", str(frab.room_guid(event_id, name)))
        for talk in talks:
            _talk(room, talk, event_id)


def _talk(room: ElementTree.Element, talk: Talk, event_id: str) -> None:
    event = ElementTree.SubElement(room, "event", id=str(talk.number), guid=str(talk.guid))
    for name, text in talk.facts.items():
        _add(event, name, text)
    _add(event, "duration", _duration(talk.minutes))
    persons = ElementTree.SubElement(event, "persons")
    for person in talk.entry.content.people:
        guid = frab.person_guid(event_id, person.full_name)
        number = str(frab.number_of(guid))
        ElementTree.SubElement(persons, "person", id=number, guid=str(guid)).text = person.full_name
    links = ElementTree.SubElement(event, "links")
    for url, title in talk.links:
        ElementTree.SubElement(links, "link", href=url).text = title or url


def _duration(minutes: int) -> str:
    hours, minutes = divmod(minutes, 60)
    days = ""
    if hours > HOURS:
        days, hours = f"{hours // 24}:", hours % 24
    return f"{days}{hours:02}:{minutes:02}"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
