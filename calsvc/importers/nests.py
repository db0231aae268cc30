"""Days in rooms in tracks in slots → rows: what data files nest, each session with all of it.

A mapping with a title and a time is a session.  One that holds others says for all of them
where or when they are: ``{date: 2027-06-15, rooms: [{name: Hall A, talks: [...]}]}``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from calsvc.importers import cells, trees
from calsvc.importers.columns import EMPTY
from calsvc.importers.headings import meanings, normal
from calsvc.importers.rows import Table

MOST_DEPTH = 24
MOST_ROWS = 100_000
KEPT = {"people", "moderators", "panelists", "tags", "links", "organization", "language", "level"}
"""What may be a list or a mapping of a session's own, and holds no sessions."""
HOLDERS = {
    "room": "room rooms stage stages hall halls venue venues location locations raum salle",
    "track": "track tracks stream streams theme themes topic topics category categories",
    "day": "day days date dates schedule schedules program programme agenda tag tage jour jours",
    "start": "slot slots timeslot timeslots time times block blocks hour hours",
}
"""What a list is called whose mappings say where or when all in them is."""
_HOLDS = {word: name for name, words in HOLDERS.items() for word in words.split()}
EVENTS = frozenset("conference event schedule data site info meta".split())
"""Under what a file has the event itself, which is no session."""
INHERITED = ("day", "date", "start", "end", "room", "track", "duration")
OWN_TITLES = ("title", "name")
REFERENCES = ("session ids", "sessions", "session", "talks", "talk", "session id", "talk id", "ids")
"""Under what a slot has the ids of its sessions."""
Row = dict[str, Any]


@dataclass
class _Found:
    """The rows of the lists of one place in a file: ``days / talks``."""

    rows: list[Row] = field(default_factory=list)
    timed: int = 0


class Nest:
    """What is found in the value of a data file."""

    def __init__(self, value: Any) -> None:
        self._found: dict[tuple[str, ...], _Found] = defaultdict(_Found)
        self._known = dict(_identified(value))
        self.left_out: list[str] = []
        self._count = 0
        self._visit(value, (), {}, "")

    @property
    def tables(self) -> list[Table]:
        """Return the lists that have times; where none has, those with a title each."""
        timed = [each for each in self._found.values() if each.timed]
        if not timed:
            return []
        return [_table(each.rows) for each in timed if each.rows]

    @property
    def untimed(self) -> list[Table]:
        """Return the lists of sessions that have no times at all."""
        wanted = ("sessions", "talks", "events", "program", "programme", "schedule", "agenda")
        return [
            _table(each.rows)
            for path, each in self._found.items()
            if each.rows and not each.timed and (not path or path[-1] in wanted)
        ]

    def _visit(self, value: Any, path: tuple[str, ...], context: Row, holder: str) -> None:
        if len(path) > MOST_DEPTH or self._count > MOST_ROWS:
            return
        if isinstance(value, list):
            for each in value:
                if isinstance(each, list | dict):
                    self._visit(each, path, context, holder)
        elif isinstance(value, dict):
            self._visit_mapping(value, path, context, holder)

    def _visit_mapping(
        self, value: dict[str, Any], path: tuple[str, ...], context: Row, holder: str
    ) -> None:
        inner = {key: each for key, each in value.items() if _may_hold(key, each)}
        own = {str(key): each for key, each in value.items() if key not in inner}
        start = next((own[each] for each in own if _is_start(each, own[each])), None)
        title = _title(own, is_held=bool(inner and holder))
        referred = list(self._referred(value)) if start or context.get("start") else []
        if referred:
            self._add_referred(referred, {**context, **_inherited(own)}, value, path)
            return
        is_event = bool(inner) and (not path or path[-1] in EVENTS)
        is_session = bool(title) and (bool(start) or not inner) and not is_event
        if is_session:
            self._add(own, path, context, is_timed=bool(start or context.get("start")))
        if not inner:
            return
        below = {**context, **(_only_day(own) if is_event else self._said(own, holder, is_session))}
        for key, each in inner.items():
            name = normal(key)
            deeper = {**below, **_of_key(key)}
            is_map = isinstance(each, dict) and all(isinstance(one, dict) for one in each.values())
            if is_map and len(each) > 1:
                for inner_key, one in each.items():
                    named = {**deeper, **(_of_key(inner_key) or {"id": inner_key})}
                    self._visit(one, (*path, name), named, _HOLDS.get(name, ""))
            else:
                self._visit(each, (*path, name), deeper, _HOLDS.get(name, ""))

    def _add(self, own: Row, path: tuple[str, ...], context: Row, *, is_timed: bool) -> None:
        row = dict(_flat(own))
        for name, cell in context.items():
            if not any(name in meanings(key) and row[key] not in EMPTY for key in row):
                row[name] = cell
        found = self._found[path]
        found.rows.append(self._named(row))
        found.timed += is_timed
        self._count += 1

    def _add_referred(
        self, referred: list[Row], context: Row, value: dict[str, Any], path: tuple[str, ...]
    ) -> None:
        """Add the sessions that a slot names by their ids, with the slot's time."""
        for place, each in enumerate(referred):
            tracks = trees.values(context.get("tracks"))
            held = {name: cell for name, cell in context.items() if name != "tracks"}
            if len(tracks) == len(referred) and len(tracks) > 1:
                held["track"] = tracks[place]
            self._add(each, path, held, is_timed=True)

    def _referred(self, value: dict[str, Any]) -> Iterator[Row]:
        for key, each in value.items():
            if normal(str(key)) in REFERENCES:
                for name in each if isinstance(each, list) else [each]:
                    known = self._known.get(_id(name))
                    if known and _title(known, is_held=False) and known is not value:
                        yield known

    def _said(self, own: Row, holder: str, is_session: bool) -> Row:
        """Return what a mapping says of all that it holds."""
        said = _inherited(own)
        if is_session or "day" in said or "date" in said:
            # A day that begins at eight says nothing of when its talks are
            said = {name: cell for name, cell in said.items() if name not in {"start", "end"}}
        titles = (own[key] for key in own if normal(key) in OWN_TITLES)
        title = next((each for each in titles if isinstance(each, str | int)), None)
        if title is not None and not is_session:
            if cells.moment(title).said:
                said.setdefault("day", title)
            elif holder in {"room", "track"}:
                said.setdefault(holder, title)
        if tracks := trees.lines(own.get("tracks")):
            said["tracks"] = tracks
        return said

    def _named(self, row: Row) -> Row:
        """Give a row people for the ids of people that it has."""
        for key, cell in row.items():
            if "people" in meanings(key) and isinstance(cell, list):
                row[key] = [self._known.get(_id(each), each) for each in cell]
        return row


def _table(rows: list[Row]) -> Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return Table(list(names), list(rows))


def _identified(value: Any) -> Iterator[tuple[str, Row]]:
    """Yield each mapping of a file that has an id, by that id."""
    waiting, count = [(value, 0)], 0
    while waiting and count < 10 * MOST_ROWS:
        each, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH:
            continue
        if isinstance(each, dict):
            if name := _id(trees.first(each, "id", "key", "slug", "code", "uid")):
                yield name, each
            waiting.extend((inner, depth + 1) for inner in each.values())
        elif isinstance(each, list):
            waiting.extend((inner, depth + 1) for inner in each)


def _id(value: Any) -> str:
    return trees.key(value) or "" if not isinstance(value, list | dict) else ""


def _may_hold(key: Any, value: Any) -> bool:
    """Tell whether a value may have sessions in it, and is no list of the mapping's own."""
    if isinstance(value, list):
        if not any(isinstance(each, dict | list) for each in value):
            return False
    elif not isinstance(value, dict):
        return False
    named = meanings(str(key))
    if named.keys() & KEPT and not (named.keys() - KEPT):
        return False
    return isinstance(value, list) or _has_lists(value) or bool(_of_key(key))


def _has_lists(value: dict[str, Any], depth: int = 0) -> bool:
    """Tell whether there are mappings in a mapping, so that it is more than one value."""
    for each in value.values():
        if isinstance(each, list) and any(isinstance(one, dict) for one in each):
            return True
        if isinstance(each, dict) and (
            len(each) > 2 or (depth < 3 and _has_lists(each, depth + 1))
        ):
            return True
    return False


def _of_key(key: Any) -> Row:
    """Return what the key of a mapping says of its value, if it is a day or a time."""
    found = cells.moment(key) if isinstance(key, str) else cells.Moment()
    if found.said:
        return {"day": key}
    return {"start": key} if found.hours else {}


def _is_start(key: str, value: Any) -> bool:
    named = meanings(key)
    if "start" not in named and not {"date"} & named.keys():
        return False
    if isinstance(value, dict):
        return any(_is_start(f"{key} {inner}", each) for inner, each in [*value.items()][:20])
    found = cells.moment(value, is_clock=named.get("start") == 0)
    return bool(found.hours or found.instant)


def _title(own: Row, *, is_held: bool) -> str:
    """Return the title of a mapping; of one that holds others, a name is none."""
    named = sorted(
        (rank, place, key)
        for place, key in enumerate(own)
        if (rank := meanings(str(key)).get("title", 9)) < (2 if is_held else 3)
    )
    for _, _, key in named:
        cell = trees.translated(own[key])
        if not isinstance(cell, dict | list | bool) and not cells.is_flag(cell):
            return cells.text(cell)
    return ""


def _inherited(own: Row) -> Row:
    """Return the day, time, room and track that a mapping has."""
    said: Row = {}
    for key, cell in _flat(own):
        named = meanings(key)
        for name in INHERITED:
            if named.get(name, 9) < 2 and cell not in EMPTY and not isinstance(cell, list):
                said.setdefault(name, cell)
                break
    return said


def _only_day(own: Row) -> Row:
    """Return the day of an event that has just one."""
    days = [cell for key, cell in own.items() if normal(key) in {"date", "day"}]
    return {"day": days[0]} if days else {}


def _flat(own: Row) -> Iterable[tuple[str, Any]]:
    """Yield the cells of a mapping: ``{time: {start: …}}`` has a ``time start``."""
    for key, cell in own.items():
        cell = trees.translated(cell)
        if isinstance(cell, dict) and not meanings(str(key)).keys() & KEPT:
            name = trees.line(cell)
            if name is not None:
                yield str(key), name
                continue
            for inner, each in [*cell.items()][:50]:
                if not isinstance(each, dict):
                    yield f"{key} {inner}", each
        else:
            yield str(key), cell
