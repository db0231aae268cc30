"""A later state of a source → what changes in the event file that was made of it.

Three states are compared, field by field: what the source said last, what it says now, and
what the file has.  What the source changed is taken; what a person changed stays, and is
told where the source says something else.  Nothing is written here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from calsvc.agenda.quoting import shown
from calsvc.agenda.when import SlotDefaults
from calsvc.errors import SourceError
from calsvc.importers.drawing.drawing import Drawing
from calsvc.importers.updating.recognizing import (
    Fields,
    as_named_now,
    known_sessions,
    names,
    renamed_fields,
)
from calsvc.importers.updating.snapshots import Snapshot, do_ids_last, instants, is_same

DAYS = ("date", "dates")
_Tell = Callable[[str], None]


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
    lost: list[str] = field(default_factory=list)
    """What a person wrote into sessions that have left the source."""
    snapshot: Snapshot | None = None
    """What to remember of the source."""
    names: dict[str, str] = field(default_factory=dict)
    """The ids in the event file of the sessions that were drawn, by those in the drawing."""

    def __bool__(self) -> bool:
        return bool(self.event or self.changed or self.added or self.gone)


def merge(
    current: Fields, before: Snapshot | None, drawing: Drawing, source: str, form: str
) -> Merge:
    """Return what changes in an event file, whose mapping is ``current``, by a new drawing.

    ``before`` is what the source said last.  ``source`` and ``form`` are remembered.  Raises
    ``SourceError`` where times would mean something else, because the zone is another one.
    """
    there = {each["id"]: each for each in _sessions(current) if isinstance(each.get("id"), str)}
    before = as_named_now(before, there) if before else None
    then = before.sessions if before else {}
    named = names(drawing, known_sessions(there, before))
    now = _now(drawing, named, {*there} | {name for name in named.values() if name not in then})
    merged = Merge(names=named)
    merged.event = _merged_event(current, before, own_fields(drawing.mapping), merged.kept.append)
    events = (current, before.event if before else current, drawing.mapping)
    defaults = [*map(SlotDefaults.of, events)]
    _add_sessions(merged, drawing, named, now, there, then, defaults)
    merged.gone = [name for name in there if name in then and name not in now]
    merged.lost = [told for name in merged.gone if (told := _lost(there[name], then[name]))]
    _refuse_another_zone(merged, current, there, drawing, now, source)
    keys = {named[name]: key for name, key in drawing.keys.items()}
    is_lasting = before is None or do_ids_last(current_keys(before), keys)
    own = own_fields(drawing.mapping)
    merged.snapshot = Snapshot(source, form, own, now, keys, is_lasting=is_lasting)
    if before:
        gone = {**before.gone, **before.sessions}
        merged.snapshot.gone.update((name, gone[name]) for name in gone if name not in now)
        merged.snapshot.keys.update((n, key) for n, key in before.keys.items() if n not in now)
    return merged


def current_keys(snapshot: Snapshot) -> dict[str, str]:
    """Return the source's ids of what it had last, without those of what had left it."""
    return {name: key for name, key in snapshot.keys.items() if name in snapshot.sessions}


def _sessions(mapping: Fields) -> list[dict[str, Any]]:
    listed = mapping.get("sessions")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def own_fields(mapping: Fields) -> dict[str, Any]:
    """Return the fields of the event itself."""
    return {key: value for key, value in mapping.items() if key != "sessions"}


# --- sessions -----------------------------------------------------------------------------


def _now(
    drawing: Drawing, named: Mapping[str, str], present: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Return the drawn sessions by their ids in the event file, as parts of what is there."""
    there, now = {*present}, {}
    for each in drawing.sessions:
        fields = {**renamed_fields(each, named), "id": named[each["id"]]}
        if wholes := fields.get("part_of"):
            listed = [wholes] if isinstance(wholes, str) else wholes
            left = [name for name in listed if name in there]
            fields["part_of"] = left if len(left) > 1 else next(iter(left), None)
        now[fields["id"]] = {key: value for key, value in fields.items() if value is not None}
    return now


def _add_sessions(
    merged: Merge,
    drawing: Drawing,
    named: Mapping[str, str],
    now: Mapping[str, dict[str, Any]],
    there: Mapping[str, Fields],
    then: Mapping[str, Fields],
    defaults: Sequence[SlotDefaults],
) -> None:
    """Note which sessions are new, and what changes in those that are there."""
    last: str | None = None
    for each in drawing.sessions:
        name = named[each["id"]]
        guesses = tuple(drawing.guesses.get(each["id"], ()))
        if name in there:
            changes = _merged_fields(
                there[name], then.get(name), now[name], _told_of(name, merged.kept), defaults
            )
            if changes:
                merged.changed[name] = changes
                merged.guesses[name] = guesses
        elif name in then:
            merged.kept.append(f"session {name} is left out, as you took it out of the file")
            continue
        else:
            merged.added.append(Added(now[name], guesses, last))
        last = name


def _lost(mine: Fields, said: Fields) -> str | None:
    """Return what a person wrote into a session that has left its source; None if nothing."""
    own = {
        key: value
        for key, value in mine.items()
        if key != "when" and not is_same(value, said.get(key))
    }
    parts = ", ".join(f"{key} {_shown(value)}" for key, value in own.items())
    return f"session {mine['id']}, in which you wrote {parts}" if own else None


def _told_of(name: str, kept: list[str]) -> _Tell:
    return lambda what: kept.append(f"session {name}: {what}")


def _merged_fields(
    current: Fields,
    base: Fields | None,
    new: Fields,
    keep: _Tell,
    defaults: Sequence[SlotDefaults] = (),
) -> dict[str, Any]:
    """Return the fields of ``current`` that get another value; pass what stays to ``keep``.

    ``base`` is what the source said before; without it, what it says now wins.  ``defaults``
    are those by which times are read in each of the three states.
    """
    changes: dict[str, Any] = {}
    for key in dict.fromkeys((*new, *(base or {}))):
        mine, theirs = current.get(key), new.get(key)
        said = mine if base is None else base.get(key)
        meant = [mine, said, theirs]
        if key == "when" and not (mine == said == theirs and len({*defaults}) == 1):
            meant = [instants(when, of) for when, of in zip(meant, defaults, strict=True)]
        if is_same(meant[0], meant[2]) or (base is None and theirs is None):
            continue
        if is_same(meant[0], meant[1]):
            changes[key] = theirs
            continue
        stays = f"{key} stays {_shown(mine)}, as you wrote it; the source"
        if is_same(meant[2], meant[1]):
            keep(f"{stays} has {_shown(theirs)}")
        else:
            keep(f"{stays} now has {_shown(theirs)} instead of {_shown(said)}")
    return changes


def _shown(value: Any) -> str:
    return "nothing" if value is None else shown(value)


# --- the event ----------------------------------------------------------------------------


def _merged_event(
    current: Fields, before: Snapshot | None, new: Fields, keep: _Tell
) -> dict[str, Any]:
    """Return the event's own fields that change; its days are those that either side wants."""

    def rest(fields: Fields) -> dict[str, Any]:
        return {key: value for key, value in own_fields(fields).items() if key not in DAYS}

    base = before.event if before else None
    changes = _merged_fields(rest(current), base and rest(base), rest(new), keep)
    mine, theirs = _days(current), _days(new)
    said = _days(base) if base else mine
    if mine is None:  # of a file whose source was never read
        return changes | {key: new[key] for key in DAYS if key in new}
    if not (theirs and said):
        return changes
    first = _day(mine[0], said[0], theirs[0], min)
    last = _day(mine[1], said[1], theirs[1], max)
    if (first, last) != mine:
        is_one = first == last
        values = (first, None) if is_one else (None, {"from": first, "to": last})
        changes |= {
            key: value for key, value in zip(DAYS, values, strict=True) if value or key in current
        }
    return changes


def _days(fields: Fields) -> tuple[str, str] | None:
    """Return the first and the last day of an event."""
    days = fields.get("dates")
    first, last = (
        (days.get("from"), days.get("to")) if isinstance(days, dict) else [fields.get("date")] * 2
    )
    return (str(first), str(last)) if first and last else None


def _day(mine: str, said: str, theirs: str, widest: Callable[[str, str], str]) -> str:
    if mine == said:
        return theirs
    return mine if theirs == said else widest(mine, theirs)


def _refuse_another_zone(
    merged: Merge,
    current: Fields,
    there: Mapping[str, Fields],
    drawing: Drawing,
    now: Mapping[str, Fields],
    source: str,
) -> None:
    """Raise ``SourceError`` if times in the file would be read in a zone that is not theirs."""
    mine, theirs = current.get("timezone"), drawing.mapping["timezone"]
    if mine is None or is_same(mine, theirs):
        return
    if "timezone" not in merged.event:
        what = f"has its times in {theirs}, and the event file is in {mine}, as you wrote it"
        advice = f"if its times are those of {mine}, give --timezone {mine}; else correct the file"
        raise SourceError(source, what, advice)
    kept = [
        name
        for name, fields in there.items()
        if name not in merged.gone
        and fields.get("when")
        and "when" not in merged.changed.get(name, {})
        and not is_same(
            instants(fields["when"], SlotDefaults.of(current)),
            instants(now.get(name, {}).get("when"), SlotDefaults.of(drawing.mapping)),
        )
    ]
    if kept:
        what = f"has its times in {theirs} now, and you wrote some in {mine}: {', '.join(kept)}"
        advice = "write timezone and those times anew in the event file, then import again"
        raise SourceError(source, what, advice)
