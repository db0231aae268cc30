"""A frab schedule, from XML or JSON, as a draft.

Both forms have the same fields, so each reader makes the same tree of its own: the
conference, its days with their rooms, and events whose fields are texts.  frab, pretalx,
Pentabarf, wafer and the programs that imitate them differ in which fields they fill; the
form is described at https://c3voc.de/wiki/schedule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import paragraphs
from calsvc.importers.habits.remarks import Remarks
from calsvc.importers.tools import own_frab
from calsvc.importers.tools.frab_times import Clocks, Day

CANCELLED = frozenset({"canceled", "cancelled"})
UNPUBLISHED = frozenset({"draft", "submitted", "rejected", "withdrawn", "deleted"})
"""States of events that are not on the agenda, in small letters (c3voc schema 2)."""


@dataclass
class Shown:
    """An event with the day and the room that show it."""

    event: Mapping[str, Any]
    day: Mapping[str, Any] = field(default_factory=dict)
    room: str | None = None


def read(conference: Mapping[str, Any], shown: list[Shown], wishes: Wishes) -> Draft:
    """Return the draft of a conference and its events, whatever of them is missing."""
    draft = _conference(conference)
    if is_own := own_frab.is_own(conference):
        own_frab.read_conference(draft, conference)
    clocks = Clocks(wishes.timezone, draft.timezone)
    draft.first_day, draft.last_day = (clocks.date(conference.get(at)) for at in ("start", "end"))
    if told := clocks.compare(each.event for each in shown):
        draft.guessed.append(told)
    remarks, first_day = Remarks(), draft.first_day or wishes.date
    change = instants.clock(conference.get("day_change"))
    days: dict[int, Day] = {}
    for each in shown:
        if id(each.day) not in days:
            days[id(each.day)] = _day(each.day, clocks, change, first_day)
        state = (trees.line(trees.first(each.event, "state", "status")) or "").lower()
        if state in UNPUBLISHED:
            remarks.add(f"events that are {state}", trees.line(each.event.get("title")) or "")
            continue
        session = _session(each, days[id(each.day)], clocks, remarks)
        session.is_cancelled = state in CANCELLED
        if is_own:
            own_frab.read_session(session, each.event, conference, draft)
            each.room = session.room
        draft.sessions.append(session)
    _list_rooms(draft, conference, shown)
    if is_own:
        own_frab.read_rooms(draft, conference)
    draft.left_out += remarks.lines() + clocks.remarks.lines()
    return draft


def _conference(conference: Mapping[str, Any]) -> Draft:
    line = trees.line
    return Draft(
        name=line(trees.first(conference, "title", "name", "acronym")),
        timezone=line(trees.first(conference, "time_zone_name", "timezone", "time_zone")),
        venue=line(conference.get("venue")),
        address=line(conference.get("city")),
        url=trees.link(trees.first(conference, "url", "base_url")),
        description=paragraphs(
            line(conference.get("subtitle")), trees.translated(conference.get("description"))
        ),
        tracks=[
            (name, line(trees.first(track, "color")) or _light(track))
            for track in trees.objects(conference.get("tracks"))
            if (name := line(track))
        ],
    )


def _light(track: Mapping[str, Any]) -> str | None:
    return trees.line(trees.first(trees.mapping(track.get("colors")), "light", "dark"))


def _day(
    shown: Mapping[str, Any], clocks: Clocks, change: timedelta | None, first_day: date | None
) -> Day:
    day = clocks.day(shown, change)
    index = trees.key(shown.get("index"))
    if day.date is None and first_day and index and index.isdecimal() and int(index[:4]) < 367:
        day = Day(first_day + timedelta(days=max(int(index[:4]) - 1, 0)), day.change)
    return day


def _session(shown: Shown, day: Day, clocks: Clocks, remarks: Remarks) -> DraftSession:
    event, line = shown.event, trees.line
    title = line(event.get("title"))
    start, guessed = clocks.start(event, day)
    if not title:
        remarks.add("events without a title", f"that of {event.get('start')!r}")
    if start is None and (written := trees.first(event, "date", "start")) is not None:
        remarks.add("times that cannot be read", f"{written!r} of {title}")
    remarks.add("attachments", count=len(trees.values(event.get("attachments"))))
    return DraftSession(
        title=title or line(event.get("slug")) or "Untitled",
        key=trees.key(trees.first(event, "guid", "id", "code", "slug")),
        start=start,
        end=_end(event, start, title, remarks),
        room=line(event.get("room")) or shown.room,
        kind=line(event.get("type")),
        track=line(event.get("track")),
        people=_people(event),
        description=paragraphs(
            line(event.get("subtitle")),
            trees.translated(event.get("abstract")),
            trees.translated(event.get("description")),
        ),
        tags=trees.lines(event.get("tags")),
        language=line(event.get("language")),
        level=line(event.get("level")),
        url=trees.link(trees.first(event, "url", "origin_url")),
        links=_links(event),
        guessed=guessed,
    )


def _end(
    event: Mapping[str, Any], start: datetime | None, title: str | None, remarks: Remarks
) -> datetime | None:
    """Return the end, which is written itself or told by a duration."""
    if start is None:
        return None
    end = instants.instant(event.get("end"))
    if end and (end.tzinfo is None) == (start.tzinfo is None):
        return end
    length = instants.duration(event.get("duration"))
    if length is not None:
        return start + length
    if (written := trees.first(event, "duration", "end")) is not None:
        remarks.add("ends that cannot be read", f"{written!r} of {title}")
    return None


def _people(event: Mapping[str, Any]) -> list[DraftPerson]:
    people = []
    for each in trees.values(trees.first(event, "persons", "participants", "speakers")):
        person = trees.mapping(each)
        names = trees.first(person, "public_name", "full_public_name", "name", "display_name")
        if name := trees.line(names if person else each):
            people.append(
                DraftPerson(
                    name=name,
                    organization=trees.line(trees.first(person, "organization", "affiliation")),
                    role=trees.line(trees.first(person, "role", "event_role")),
                    url=trees.link(person.get("url")),
                )
            )
    return people


def _links(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    links = []
    for each in trees.values(event.get("links")):
        link = trees.mapping(each)
        words = trees.line(trees.first(link, "title", "name")) or ""
        if address := trees.link(trees.first(link, "url", "href") if link else each):
            links.append((address, "" if words == address else words))
    if video := trees.link(event.get("video_download_url")):
        links.append((video, "Video"))
    return links


def _list_rooms(draft: Draft, conference: Mapping[str, Any], shown: list[Shown]) -> None:
    """List rooms as the conference does, or else as they come up."""
    named = [trees.line(room) for room in trees.objects(conference.get("rooms"))]
    held = [session.room for session in draft.sessions]
    names = dict.fromkeys(filter(None, [*named, *(each.room for each in shown), *held]))
    draft.rooms = [DraftRoom(name) for name in names]
