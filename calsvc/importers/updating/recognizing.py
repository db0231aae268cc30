"""Which session of a source is which one of the event file that was made of it.

A session is known by the source's id, else by all that it says, by title and people, by
title, time and room, by its title alone, by its time and room, or by its people and how its
title begins.  Sources without ids that
last, and ids that were all replaced, are known so too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from calsvc.agenda.names import spelling_key
from calsvc.importers.drawing.drawing import Drawing, Ids
from calsvc.importers.updating.snapshots import Snapshot, times

Fields = Mapping[str, Any]
_Mark = Callable[[Fields], object]


class _Way(NamedTuple):
    """A way to know a session again."""

    mark: _Mark
    """Returns what is the same then; None for sessions that cannot be known so."""
    is_sure: bool
    """Whether it is enough although the source's ids differ, or the source had left it out."""
    is_of_one: bool = False
    """Whether it tells nothing where several are alike."""


def _title(fields: Fields) -> object:
    title = fields.get("title")
    return spelling_key(str(title)) if title is not None else None


def _title_and_people(fields: Fields) -> object:
    people = fields.get("people")
    return (_title(fields), str(people)) if people and _title(fields) else None


def _title_and_time(fields: Fields) -> object:
    place = _time_and_room(fields)
    return (_title(fields), place) if place and _title(fields) else None


def _time_and_room(fields: Fields) -> object:
    when = fields.get("when")
    return (str(times(when)), str(fields.get("room"))) if when else None


def _people_and_begin(fields: Fields) -> object:
    people, title = fields.get("people"), fields.get("title")
    words = spelling_key(str(title)).split()[:2] if title else []
    return (str(people), *words) if people and len(words) > 1 else None


def _all(fields: Fields) -> object:
    return (_title(fields), str(fields.get("people")), _time_and_room(fields))


_WAYS = (
    _Way(_all, is_sure=True),
    _Way(_title_and_people, is_sure=True),
    _Way(_title_and_time, is_sure=True),
    _Way(_title, is_sure=False),
    _Way(_time_and_room, is_sure=False, is_of_one=True),
    _Way(_people_and_begin, is_sure=False, is_of_one=True),
)
_SURE = [way for way in _WAYS if way.is_sure]
_TRIES = [
    *((way, False) for way in _SURE),
    *((way, True) for way in _SURE),
    *((way, False) for way in _WAYS if not way.is_sure),
]
"""Ways, each with whether it is among others than those that the source had last."""


class Known(NamedTuple):
    """Sessions that are known, by their ids in the event file, with the source's own ids."""

    sessions: Mapping[str, Fields]
    keys: Mapping[str, str]
    others: frozenset[str] = frozenset()
    """Those that have left the source, whose ids stay theirs, and those that a person wrote."""


def known_sessions(there: Mapping[str, Fields], before: Snapshot | None) -> Known:
    """Return all sessions whose ids are taken: of an event file, and of its source before.

    What the source said of them counts: a person may have changed it since.
    """
    if before is None:
        return Known(there, {})
    sessions = {**before.sessions, **there, **before.gone, **before.sessions}
    return Known(sessions, before.keys, frozenset(sessions.keys() - before.sessions.keys()))


def names(drawing: Drawing, known: Known) -> dict[str, str]:
    """Return the id in the event file of each drawn session: a known one, or a fresh one."""
    found = _of_keys(drawing, known)
    current = {name: key for name, key in known.keys.items() if name not in known.others}
    least = min(len(current), len(drawing.keys))
    # Where most ids of the source lasted, a session with another one is another session.
    is_lasting = 0 < least <= 2 * len(found)
    for way, of_others in _TRIES:
        for drawn, name in _alike(drawing, known, found, way, of_others=of_others):
            if way.is_sure or not (is_lasting and drawn in drawing.keys and name in known.keys):
                found[drawn] = name
    ids = Ids(known.sessions)
    return {each["id"]: found.get(each["id"]) or ids.fresh(each["id"]) for each in drawing.sessions}


def _of_keys(drawing: Drawing, known: Known) -> dict[str, str]:
    """Return the known ids of drawn sessions by the source's ids, each at most once.

    Some sources give one id to several sessions: their titles tell those apart.
    """
    titles = {each["id"]: _title(each) for each in drawing.sessions}
    old, new = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for name, key in known.keys.items():
        if name in known.sessions:
            old[key].append(name)
    for drawn, key in drawing.keys.items():
        new[key].append(drawn)
    found: dict[str, str] = {}
    for key, several in new.items():
        left = old.get(key, [])
        for drawn in several:
            same = [name for name in left if _title(known.sessions[name]) == titles[drawn]]
            if same:
                found[drawn] = same[0]
                left.remove(same[0])
        found.update(zip([each for each in several if each not in found], left, strict=False))
    return found


def _alike(
    drawing: Drawing, known: Known, found: Mapping[str, str], way: _Way, *, of_others: bool
) -> Iterator[tuple[str, str]]:
    """Yield drawn sessions, each with a known one that is alike, in order where several are."""
    keys, taken = {*drawing.keys.values()}, {*found.values()}
    old = _by_mark(
        (
            (name, fields)
            for name, fields in known.sessions.items()
            if name not in taken
            and known.keys.get(name) not in keys
            and (name in known.others) == of_others
        ),
        way.mark,
    )
    drawn = ((each["id"], each) for each in drawing.sessions if each["id"] not in found)
    for mark, new in _by_mark(drawn, way.mark).items():
        if not way.is_of_one or len(new) == len(old.get(mark, ())) == 1:
            yield from zip(new, old.get(mark, ()), strict=False)


def _by_mark(sessions: Iterable[tuple[str, Fields]], mark: _Mark) -> dict[object, list[str]]:
    found: dict[object, list[str]] = defaultdict(list)
    for name, fields in sessions:
        if (of := mark(fields)) is not None:
            found[of].append(name)
    return found


# --- ids that a person changed ------------------------------------------------------------


def as_named_now(before: Snapshot, there: Mapping[str, Fields]) -> Snapshot:
    """Return what a source said before, under the ids that a person gave to sessions since."""
    lost = {name: each for name, each in before.sessions.items() if name not in there}
    new = {name: each for name, each in there.items() if name not in before.sessions}
    renamed: dict[str, str] = {}
    for way in _SURE:
        old_marks = _by_mark(
            ((name, each) for name, each in lost.items() if name not in renamed), way.mark
        )
        taken = {*renamed.values()}
        for mark, named in _by_mark(
            ((name, each) for name, each in new.items() if name not in taken), way.mark
        ).items():
            if len(named) == len(old_marks.get(mark, ())) == 1:
                renamed[old_marks[mark][0]] = named[0]
    if not renamed:
        return before
    moved = {
        renamed.get(name, name): renamed_fields(each, renamed)
        for name, each in before.sessions.items()
    }
    return replace(
        before,
        sessions={name: {**each, "id": name} for name, each in moved.items()},
        keys={renamed.get(name, name): key for name, key in before.keys.items()},
        gone={**before.gone, **{name: {"id": name} for name in renamed}},
    )


def renamed_fields(fields: Fields, renamed: Mapping[str, str]) -> dict[str, Any]:
    """Return a session with other ids of what it is a part of; those without one stay."""
    wholes = fields.get("part_of")
    if wholes is None:
        return {**fields}
    if isinstance(wholes, str):
        return {**fields, "part_of": renamed.get(wholes, wholes)}
    return {**fields, "part_of": [renamed.get(each, each) for each in wholes]}
