"""A later state of a source → what changes in the event file that was made of it.

Three states are compared, field by field: what the source said last, what it says now, and
what the file has.  What the source changed is taken; what a person changed stays, and is
told where the source says something else.  Nothing is written here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from calsvc.agenda.fields import shown
from calsvc.agenda.names import spelling_key
from calsvc.importers.drawing import Drawing, fresh_id
from calsvc.importers.snapshots import Snapshot, is_same

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Added:
    """A session that is new in the source."""

    fields: Fields
    guesses: tuple[str, ...]
    after: str | None
    """The id of the session behind which the source has it; None at the start."""


@dataclass
class Merge:
    """What changes in an event file."""

    event: dict[str, Any] = field(default_factory=dict)
    """New values of the event's own fields; None takes one out."""
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """New values of fields of sessions, by id; None takes one out."""
    guesses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What was guessed of changed sessions, by id."""
    added: list[Added] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """What a person wrote that stays although the source says something else."""
    snapshot: Snapshot | None = None
    """What to remember of the source."""

    def __bool__(self) -> bool:
        return bool(self.event or self.changed or self.added or self.gone)


def merge(
    current: Fields, before: Snapshot | None, drawing: Drawing, source: str, form: str
) -> Merge:
    """Return what changes in an event file, whose mapping is ``current``, by a new drawing.

    ``before`` is what the source said last.  ``source`` and ``form`` are remembered.
    """
    there = {each["id"]: each for each in _sessions(current) if isinstance(each.get("id"), str)}
    then = before.sessions if before else {}
    names = _names(drawing, there, before)
    merged = Merge()
    merged.event = _merged_fields(
        {key: value for key, value in current.items() if key != "sessions"},
        before.event if before else None,
        own_fields(drawing.mapping),
        lambda what: merged.kept.append(what),
    )
    last: str | None = None
    now: dict[str, dict[str, Any]] = {}
    for each in drawing.sessions:
        name = names[each["id"]]
        fields = {**each, "id": name, **_renamed_wholes(each, names)}
        now[name] = fields
        if name in there:
            _take(merged, name, there[name], then.get(name), fields, drawing, each["id"])
            last = name
        elif name in then:
            merged.kept.append(f"session {name} is left out, as you took it out of the file")
        else:
            guesses = tuple(drawing.guesses.get(each["id"], ()))
            merged.added.append(Added(fields, guesses, last))
            last = name
    merged.gone = [name for name in there if name in then and name not in now]
    keys = {names[name]: key for name, key in drawing.keys.items()}
    merged.snapshot = Snapshot(source, form, own_fields(drawing.mapping), now, keys)
    return merged


def _sessions(mapping: Fields) -> list[dict[str, Any]]:
    listed = mapping.get("sessions")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def own_fields(mapping: Fields) -> dict[str, Any]:
    """Return the fields of the event itself."""
    return {key: value for key, value in mapping.items() if key != "sessions"}


def _take(
    merged: Merge,
    name: str,
    fields: Fields,
    base: Fields | None,
    new: Fields,
    drawing: Drawing,
    drawn: str,
) -> None:
    def keep(what: str) -> None:
        merged.kept.append(f"session {name}: {what}")

    if changes := _merged_fields(fields, base, new, keep):
        merged.changed[name] = changes
        merged.guesses[name] = tuple(drawing.guesses.get(drawn, ()))


def _merged_fields(
    current: Fields, base: Fields | None, new: Fields, keep: Callable[[str], None]
) -> dict[str, Any]:
    """Return the fields of ``current`` that get another value; pass what stays to ``keep``."""
    changes: dict[str, Any] = {}
    for key in dict.fromkeys((*new, *(base or {}))):
        mine, theirs = current.get(key), new.get(key)
        said = mine if base is None else base.get(key)
        if is_same(mine, theirs) or (base is None and theirs is None):
            continue
        if is_same(mine, said):
            changes[key] = theirs
        elif is_same(theirs, said):
            keep(f"{key} stays {_shown(mine)}, as you wrote it; the source has {_shown(theirs)}")
        else:
            keep(
                f"{key} stays {_shown(mine)}, as you wrote it;"
                f" the source now has {_shown(theirs)} instead of {_shown(said)}"
            )
    return changes


def _shown(value: Any) -> str:
    return "nothing" if value is None else shown(value)


# --- which session is which ---------------------------------------------------------------


def _names(
    drawing: Drawing, there: Mapping[str, Fields], before: Snapshot | None
) -> dict[str, str]:
    """Return the id in the event file of each drawn session: a known one, or a fresh one.

    A session is known by the source's id, else by title and people, by its title alone, or
    by its time and room.
    """
    known = {**there, **(before.sessions if before else {})}
    found = _of_keys(drawing, known, before)
    # Where most ids of the source lasted, a session with another one is another session.
    lasting = before is not None and 2 * len(found) >= min(len(before.keys), len(drawing.keys)) > 0
    marks = (_title_and_people,) if lasting else (_title_and_people, _title, _time_and_room)
    for mark in marks:
        found.update(_alike(drawing, known, found, before, mark))
    taken = {*known}
    for each in drawing.sessions:
        if each["id"] not in found:
            found[each["id"]] = fresh_id(each["id"], taken)
            taken.add(found[each["id"]])
    return found


def _of_keys(
    drawing: Drawing, known: Mapping[str, Fields], before: Snapshot | None
) -> dict[str, str]:
    """Return the known ids of drawn sessions by the source's ids, each at most once."""
    by_key = {key: name for name, key in (before.keys if before else {}).items() if name in known}
    found: dict[str, str] = {}
    for drawn, key in drawing.keys.items():
        if name := by_key.pop(key, None):
            found[drawn] = name
    return found


def _alike(
    drawing: Drawing,
    known: Mapping[str, Fields],
    found: Mapping[str, str],
    before: Snapshot | None,
    alike: Callable[[Fields], object],
) -> Iterator[tuple[str, str]]:
    """Yield the ids of drawn sessions, each with that of the only known one that is alike."""
    taken = set(found.values())
    old, new = defaultdict[object, list[str]](list), defaultdict[object, list[str]](list)
    keys = {*drawing.keys.values()}
    for name, fields in known.items():
        is_elsewhere = before is not None and before.keys.get(name) in keys
        if name not in taken and not is_elsewhere and (mark := alike(fields)):
            old[mark].append(name)
    for each in drawing.sessions:
        if each["id"] not in found and (mark := alike(each)):
            new[mark].append(each["id"])
    for mark, drawn in new.items():
        if len(drawn) == len(old[mark]):
            yield from zip(drawn, old[mark], strict=True)


def _title(fields: Fields) -> object:
    title = fields.get("title")
    return spelling_key(str(title)) if title is not None else None


def _title_and_people(fields: Fields) -> object:
    people = fields.get("people") or ()
    return (_title(fields), str(people)) if people and _title(fields) else None


def _time_and_room(fields: Fields) -> object:
    return (str(fields["when"]), fields.get("room")) if fields.get("when") else None


def _renamed_wholes(fields: Fields, names: Mapping[str, str]) -> dict[str, Any]:
    wholes = fields.get("part_of")
    if wholes is None:
        return {}
    listed = [names[each] for each in ([wholes] if isinstance(wholes, str) else wholes)]
    return {"part_of": listed if len(listed) > 1 else listed[0]}
