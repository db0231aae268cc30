"""What the ids in data files stand for: sessions, people, slots of time and rooms.

Site generators keep a timetable of ids in one file, and what they name in others.
"""

from collections.abc import Iterator
from typing import Any

from calsvc.importers.habits import trees
from calsvc.importers.tables import cells
from calsvc.importers.tables.headings import meanings, normal

MOST_DEPTH = 24
MOST_VALUES = 1_000_000
SESSIONS = frozenset(
    "session ids|sessions|session|talks|talk|session id|talk id|talk ids|ids|presentation".split(
        "|"
    )
)
"""Under what a slot has the ids of its sessions."""
SLOTS = frozenset("slot|time slot|timeslot|slot id|slot key|timeslot id".split("|"))
"""Under what a session has the id of its slot of time."""
Row = dict[str, Any]


class References:
    """The mappings of a data file that have ids, by what they are."""

    def __init__(self, value: Any) -> None:
        self.people: dict[str, Row] = {}
        self.sessions: dict[str, Row] = {}
        self.slots: dict[str, Row] = {}
        self.rooms: dict[str, str] = {}
        self.used: set[int] = set()
        """The identities of the sessions that slots have named."""
        self.unknown: list[str] = []
        """Ids of sessions that slots have named, and that are not in the file."""
        for name, holder, each in _identified(value):
            if any(normal(str(key)) == "start" for key in each) and not title(each):
                self.slots.setdefault(name, each)
            elif holder in {"rooms", "room", "stages", "tracks", "locations"}:
                self.rooms.setdefault(name, trees.line(each) or name)
            elif _has_name(each):
                self.people.setdefault(name, each)
            elif title(each):
                self.sessions.setdefault(name, each)

    def sessions_of(self, own: Row) -> list[Row]:
        """Return the sessions whose ids a slot has, each with what else the slot says.

        Of a session in a list that is elsewhere, the id is the title.  ``talk: Opening`` has
        no id.
        """
        named = {key: names for key, cell in own.items() if (names := self._names(key, cell))}
        rest = {key: cell for key, cell in own.items() if key not in named}
        found = []
        for name in [name for names in named.values() for name in names]:
            known = self.sessions.get(name)
            if known is not None:
                self.used.add(id(known))
                found.append({**rest, **known})
            elif name.isdecimal() or not cells.is_flag(name):
                self.unknown.append(name)
                found.append({**rest, "title": name})
        return found

    def _names(self, key: str, cell: Any) -> list[str]:
        """Return the ids of sessions that a slot has under a key.

        What a list is called does not matter, if sessions have all its ids: ``singles: [7]``.
        """
        if isinstance(cell, list):
            names = list(map(identity, cell))
            is_ours = normal(key) in SESSIONS or normal(key).endswith("s ids")
            are_known = bool(names) and all(name in self.sessions for name in names)
            is_of_people = "people" in meanings(normal(key).removesuffix(" ids"))
            return names if (is_ours or are_known) and not is_of_people else []
        name = identity(cell)
        return [name] if normal(key) in SESSIONS and name in self.sessions else []

    def slot_of(self, value: Row) -> Row:
        """Return the slot of time whose id a mapping has; empty without one."""
        for key, each in value.items():
            if normal(str(key)) in SLOTS and (slot := self.slots.get(identity(each))):
                return slot
        return {}

    def people_of(self, row: Row) -> Row:
        """Return a row with people, and the name of a room, in place of their ids."""
        for key, cell in row.items():
            named = meanings(key)
            if "people" in named and (isinstance(cell, list) or identity(cell) in self.people):
                several = cell if isinstance(cell, list) else [cell]
                row[key] = [self.people.get(identity(each), each) for each in several]
            elif "room" in named and identity(cell) in self.rooms:
                row[key] = self.rooms[identity(cell)]
        return row


def title(own: Row, *, is_held: bool = False) -> str:
    """Return the title of a mapping; of one that holds others, a name is none."""
    named = sorted(
        (rank, place, key)
        for place, key in enumerate(own)
        if (rank := meanings(str(key)).get("title", 9)) < (2 if is_held else 3)
    )
    for _, _, key in named:
        cell = trees.translated(own[key])
        if not isinstance(cell, dict | list | bool) and (
            not cells.is_flag(cell) or cells.text(cell).lower() in cells.UNDECIDED
        ):
            return cells.text(cell)
    return ""


def identity(value: Any) -> str:
    """Return an id as text; empty for what can be none."""
    return "" if isinstance(value, list | dict) else trees.key(value) or ""


def _has_name(value: Row) -> bool:
    keys = {normal(str(key)) for key in value}
    return bool(keys & {"name", "first name", "full name", "fullname", "firstname"})


def _identified(value: Any) -> Iterator[tuple[str, str, Row]]:
    """Yield each mapping that has an id, with that and the key of its list."""
    waiting, count = [(value, "", 0)], 0
    while waiting and count < MOST_VALUES:
        each, holder, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH:
            continue
        if isinstance(each, dict):
            if name := identity(trees.first(each, "id", "key", "slug", "code", "uid")):
                yield name, holder, each
            for key, inner in each.items():
                if isinstance(inner, list | dict):
                    waiting.append((inner, normal(str(key)), depth + 1))
                    if isinstance(inner, dict) and "id" not in inner and key == str(key):
                        yield str(key), holder or normal(str(key)), inner
        elif isinstance(each, list):
            waiting.extend((inner, holder, depth + 1) for inner in each)
