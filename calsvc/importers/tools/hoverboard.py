"""Hoverboard, the site of many Google developer groups: sessions, speakers and a schedule.

The schedule has days, rooms (``tracks``) and timeslots, in which each cell holds the ids of
sessions; several in one cell share its time, and ``extend`` lets a cell last for more
timeslots (https://github.com/gdg-x/hoverboard, docs).  All may be one file, or a file each.
Zeppelin, the site before it, has the ids of a timeslot in one list (``sessionIds``).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import markdown
from calsvc.importers.habits.remarks import Remarks

PARTS = ("schedule", "sessions", "speakers")


def recognises(source: Source) -> bool:
    """Tell whether it is JSON, or a folder of JSON, with a schedule of timeslots."""
    parts = _parts(source)
    return any("timeslots" in day for _, day in _days(parts["schedule"]))


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of a schedule with its sessions.

    Raises ``SourceError`` for what is none.
    """
    if not recognises(source):
        what = "has no schedule of days with timeslots"
        raise SourceError(source.name, what, "give schedule, sessions and speakers together")
    parts = _parts(source)
    programme = _Programme(parts)
    draft = Draft()
    for date, day in _days(parts["schedule"]):
        draft.sessions += programme.day(date, day)
    draft.sessions += programme.unscheduled()
    names = [name for _, day in _days(parts["schedule"]) for name in _rooms(day) if name]
    draft.rooms = [DraftRoom(name) for name in dict.fromkeys(names)]
    draft.left_out = programme.remarks.lines()
    return draft


def _parts(source: Source) -> dict[str, Any]:
    """Return schedule, sessions and speakers, of one file or of a file each."""
    if not source.members:
        tree = trees.mapping(source.json)
        inner = trees.mapping(tree.get("__collections__")) or tree
        return {name: inner.get(name) for name in PARTS}
    parts: dict[str, Any] = dict.fromkeys(PARTS)
    for path, member in source.members.items():
        name = path.rpartition("/")[2].lower().partition(".")[0]
        if name in parts and parts[name] is None:
            tree = member.json
            parts[name] = trees.mapping(tree).get(name, tree)
    return parts


def _days(schedule: Any) -> list[tuple[Any, dict[str, Any]]]:
    if isinstance(schedule, dict):
        return [(name, day) for name, day in schedule.items() if isinstance(day, dict)]
    return [(None, day) for day in trees.objects(schedule)]


def _rooms(day: dict[str, Any]) -> list[str | None]:
    return [trees.line(each) for each in trees.values(day.get("tracks"))]


def _cell(cell: Any) -> tuple[list[Any], int]:
    """Return the ids in a cell of a timeslot, and how many timeslots it lasts."""
    if not isinstance(cell, dict):
        return (cell if isinstance(cell, list) else [cell]), 1
    extend = trees.key(cell.get("extend")) or ""
    lasts = int(extend) if re.fullmatch(r"[1-9]\d{0,2}", extend) else 1
    return trees.values(cell.get("items")), lasts


class _Programme:
    """Sessions and speakers by their ids, and which of the sessions have a time."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self.remarks = Remarks()
        self._sessions = trees.keyed(parts["sessions"], "id")
        self._speakers = trees.keyed(parts["speakers"], "id")
        self._shown: set[str] = set()

    def day(self, date: Any, day: dict[str, Any]) -> list[DraftSession]:
        """Return the sessions of a day, in the order of its timeslots."""
        on = instants.day(trees.first(day, "date")) or instants.day(date)
        if on is None:
            self.remarks.add("days without a date", f"{trees.first(day, 'dateReadable') or date!r}")
        midnight = datetime.combine(on, datetime.min.time()) if on else None
        slots, rooms = trees.objects(day.get("timeslots")), _rooms(day)
        times = [(self._clock(slot, "startTime"), self._clock(slot, "endTime")) for slot in slots]
        found: list[DraftSession] = []
        for number, slot in enumerate(slots):
            cells = trees.values(trees.first(slot, "sessions", "sessionIds"))
            for place, cell in enumerate(cells):
                ids, extend = _cell(cell)
                last = min(number + extend, len(slots)) - 1
                # A cell alone in its timeslot is for all rooms, as breaks are.
                is_for_all = len(cells) == 1 < len(rooms)
                room = None if is_for_all or place >= len(rooms) else rooms[place]
                start, end = times[number][0], times[last][1]
                found += self._cell(ids, midnight, start, end, room)
        return found

    def unscheduled(self) -> list[DraftSession]:
        """Return the sessions that stand in no timeslot."""
        rest = [known for known in self._sessions if known not in self._shown]
        return [self._session(known, None, None, None) for known in rest]

    def _clock(self, slot: dict[str, Any], name: str) -> timedelta | None:
        clock = instants.clock(slot.get(name))
        if clock is None and slot.get(name) not in (None, ""):
            self.remarks.add("times that cannot be read", f"{slot[name]!r}")
        return clock

    def _cell(
        self,
        ids: list[Any],
        midnight: datetime | None,
        start: timedelta | None,
        end: timedelta | None,
        room: str | None,
    ) -> list[DraftSession]:
        known = [name for each in ids if (name := trees.key(each)) is not None]
        if start is not None and end is not None and end < start:
            end += timedelta(days=1)  # a party goes on after midnight
        share = (end - start) / len(known) if known and start is not None and end else None
        found = []
        for number, name in enumerate(known):
            first = start + share * number if start is not None and share else start
            last = start + share * (number + 1) if start is not None and share else end
            session = self._session(
                name,
                midnight + _whole(first) if midnight and first is not None else None,
                midnight + _whole(last) if midnight and last is not None else None,
                room,
            )
            if len(known) > 1:
                session.guessed.append(f"one of {len(known)} that share a time in equal parts")
            found.append(session)
        return found

    def _session(
        self, known: str, start: datetime | None, end: datetime | None, room: str | None
    ) -> DraftSession:
        self._shown.add(known)
        each = self._sessions.get(known, {})
        if not each:
            self.remarks.add("sessions that are in the schedule alone", repr(known))
        session = DraftSession(
            title=trees.line(each.get("title")) or known,
            key=known,
            start=start,
            end=end,
            room=trees.line(trees.first(each, "room", "place")) or room,
            kind=trees.line(trees.first(each, "type", "format", "service")),
            description=markdown(each.get("description")),
            tags=trees.lines(each.get("tags")),
            language=trees.line(each.get("language")),
            level=trees.line(trees.first(each, "complexity", "level")),
            people=[
                person
                for speaker in trees.values(each.get("speakers"))
                if (person := self._person(speaker))
            ],
        )
        for name, words in (("presentation", "Slides"), ("videoId", "Video")):
            if address := _address(name, each.get(name)):
                session.links.append((address, words))
        return session

    def _person(self, speaker: Any) -> DraftPerson | None:
        known = self._speakers.get(trees.key(speaker) or "", trees.mapping(speaker))
        if name := trees.line(trees.first(known, "name", "title")):
            return DraftPerson(name, organization=trees.line(known.get("company")))
        self.remarks.add("speakers who are not listed", f"{speaker!r}")
        return None


def _whole(clock: timedelta) -> timedelta:
    return timedelta(minutes=int(clock.total_seconds()) // 60)


def _address(name: str, value: Any) -> str | None:
    if name == "videoId" and (known := trees.key(value)) and known.isascii() and "/" not in known:
        return f"https://www.youtube.com/watch?v={known}" if " " not in known else None
    return trees.link(value)
