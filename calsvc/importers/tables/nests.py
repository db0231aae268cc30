"""Days in rooms in tracks in slots → rows: what data files nest, each session with all of it.

A mapping with a title and a time is a session.  One that holds others says for all of them
where or when they are: ``{date: 2027-06-15, rooms: [{name: Hall A, talks: [...]}]}``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from calsvc.importers.habits import trees
from calsvc.importers.tables import cells
from calsvc.importers.tables.columns import EMPTY
from calsvc.importers.tables.headings import meanings, normal
from calsvc.importers.tables.references import References, Row, title
from calsvc.importers.tables.rows import Table

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
WHEN_AND_WHERE = frozenset({*INHERITED, "end_date", "zone", "key"})
OWN_TITLES = ("title", "name")
LISTS = frozenset("sessions talks events program programme schedule agenda".split())
"""What lists of sessions are called, also without times."""


@dataclass
class _Found:
    """The rows of the lists of one place in a file: ``days / talks``."""

    rows: list[Row] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    """The identities of the mappings that the rows are of."""
    timed: int = 0
    bare: list[tuple[int, Row, Row]] = field(default_factory=list)
    """What has a time beside them, but no title, each with its context and where it stands."""


class Nest:
    """What is found in the value of a data file; ``wished`` are fields with their keys."""

    def __init__(self, value: Any, wished: Iterable[tuple[str, str]] = ()) -> None:
        pairs = list(wished)
        self._titles = {key for name, key in pairs if name == "title"}
        self._starts = {key for name, key in pairs if name in {"start", "time"}}
        self._found: dict[tuple[str, ...], _Found] = defaultdict(_Found)
        self.known = References(value)
        self._count = 0
        self._visit(value, (), {}, "")

    @property
    def tables(self) -> list[Table]:
        """Return the lists that have times; where none has, those with a title each."""
        timed = [each for each in self._found.values() if each.timed]
        if not timed:
            return []
        return [self._whole(each) for each in timed if each.rows]

    def _whole(self, found: _Found) -> Table:
        """Return a list with what has no title in it, so that this is told."""
        rows = list(found.rows)
        for place, own, context in reversed(found.bare):
            rows.insert(place, self.known.people_of(_row(own, context)))
        return _table(rows)

    @property
    def untimed(self) -> dict[str, Table]:
        """Return the lists of sessions that have no times at all, by what they are called."""
        used = self.known.used
        found = {}
        for path, each in self._found.items():
            if not each.timed and (not path or path[-1] in LISTS):
                pairs = zip(each.rows, each.origins, strict=True)
                if rows := [row for row, origin in pairs if origin not in used]:
                    found["/".join(path)] = _table(rows)
        return found

    def _visit(self, value: Any, path: tuple[str, ...], context: Row, holder: str) -> None:
        if len(path) > MOST_DEPTH or self._count > MOST_ROWS:
            return
        if isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    self._visit_mapping(each, path, context, holder)
                elif isinstance(each, list):
                    self._visit(each, path, context, holder)
        elif isinstance(value, dict):
            is_event = not path or path[-1] in EVENTS
            self._visit_mapping(value, path, context, holder, may_be_event=is_event)

    def _visit_mapping(
        self,
        value: Row,
        path: tuple[str, ...],
        context: Row,
        holder: str,
        *,
        may_be_event: bool = False,
    ) -> None:
        inner = {key: each for key, each in value.items() if _may_hold(key, each)}
        own = {str(key): each for key, each in value.items() if key not in inner}
        if slot := self.known.slot_of(own):
            context = {**context, **_inherited(slot)}
        has_start = any(each in self._starts or _is_start(each, own[each]) for each in own)
        is_timed = has_start or bool(context.get("start"))
        is_event = may_be_event and bool(inner)
        named = next((cells.text(own[each]) for each in self._titles if each in own), "")
        named = named or title(own, is_held=bool(inner and holder))
        if is_timed and not inner and (referred := self.known.sessions_of(own)):
            self._add_referred(referred, context, path)
            return
        if has_start and not inner and not named and _tells(own):
            self._found[path].bare.append((len(self._found[path].rows), own, context))
            return
        is_session = bool(named) and (has_start or not inner) and not is_event
        if is_session:
            row = self._add(own, path, context, is_timed=is_timed or "part of" in context)
            self._found[path].origins.append(id(value))
        if not inner:
            return
        below = {**context, **(_only_day(own) if is_event else self._said(value, own, holder))}
        if is_session and not _are_elsewhere(inner):
            below = {name: cell for name, cell in below.items() if name not in {"start", "end"}}
            below["part of"] = _key(row, named)
        for key, each in inner.items():
            name = normal(key)
            self._visit_inner(each, (*path, name), {**below, **_of_key(key)}, name)

    def _visit_inner(self, each: Any, path: tuple[str, ...], context: Row, name: str) -> None:
        """Go into a list, or a mapping that is used as one: by days, times or ids."""
        is_map = isinstance(each, dict) and all(isinstance(one, dict) for one in each.values())
        if not is_map or len(each) < 2:
            self._visit(each, path, context, _HOLDS.get(name, ""))
            return
        for key, one in each.items():
            said = _of_key(key) or ({} if {"id", "key"} & one.keys() else {"id": key})
            self._visit(one, path, {**context, **said}, _HOLDS.get(name, ""))

    def _add(self, own: Row, path: tuple[str, ...], context: Row, *, is_timed: bool) -> Row:
        row = _row(own, context)
        if "part of" in context and any(_is_start(key, row[key]) for key in own if key in row):
            del row["part of"]  # it has a time of its own
        found = self._found[path]
        found.rows.append(self.known.people_of(row))
        found.timed += is_timed
        self._count += 1
        return row

    def _add_referred(self, referred: list[Row], context: Row, path: tuple[str, ...]) -> None:
        """Add the sessions that a slot names by their ids, with the slot's time."""
        tracks = context.get("tracks", ())
        for place, each in enumerate(referred):
            held = {name: cell for name, cell in context.items() if name not in {"tracks", "track"}}
            if len(tracks) == len(referred) and len(tracks) > 1:
                held["track"] = tracks[place]
            self._add(each, path, held, is_timed=True)
            self._found[path].origins.append(0)

    def _said(self, value: Row, own: Row, holder: str) -> Row:
        """Return what a mapping says of all that it holds."""
        said = _inherited(own)
        if "day" in said or "date" in said:
            # A day that begins at eight says nothing of when its talks are
            said = {name: cell for name, cell in said.items() if name not in {"start", "end"}}
        titles = (own[key] for key in own if normal(key) in OWN_TITLES)
        named = next((each for each in titles if isinstance(each, str | int)), None)
        if named is not None:
            if cells.moment(named).said:
                said.setdefault("day", named)
            elif holder in {"room", "track"}:
                said.setdefault(holder, named)
        if tracks := trees.lines(value.get("tracks")):
            said["tracks"] = tracks
        return said


def _row(own: Row, context: Row) -> Row:
    """Return the cells of a session, and those that what holds it says for all in it."""
    row = dict(_flat(own))
    for name, cell in context.items():
        if name != "tracks" and not _says(row, name):
            row[name] = cell
    return row


def _tells(own: Row) -> bool:
    """Tell whether a mapping says more than when and where something is."""
    return any(
        cell not in EMPTY
        and not isinstance(cell, bool)
        and not WHEN_AND_WHERE & meanings(key).keys()
        for key, cell in own.items()
    )


def _table(rows: list[Row]) -> Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return Table(list(names), list(rows))


def _key(row: Row, named: str) -> str:
    """Return the id of a session that others are parts of; where it has none, one of its time."""
    for key in row:
        if "key" in meanings(key) and (name := cells.text(row[key])):
            return name
    day, start = cells.text(row.get("day") or row.get("date")), ""
    for key in row:
        if "start" in meanings(key):
            start = start or cells.text(row[key])
    row["id"] = " ".join(filter(None, (day, start, cells.text(row.get("room")), named)))
    return str(row["id"])


def _says(row: Row, name: str) -> bool:
    """Tell whether a row has a field of its own; the id of a slot is no time."""
    if name == "start":
        return any(_is_start(key, cell) for key, cell in row.items())
    return any(name in meanings(key) and cell not in EMPTY for key, cell in row.items())


def _are_elsewhere(inner: Row) -> bool:
    """Tell whether sessions in a session have rooms of their own: they are beside each other."""
    return any(
        any("room" in meanings(str(key)) for key in each)
        for held in inner.values()
        for each in trees.objects(held)
    )


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
    if isinstance(value, list) or _has_lists(value) or _of_key(key):
        return True
    return bool(title(value)) and any(_is_start(str(each), value[each]) for each in value)


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
