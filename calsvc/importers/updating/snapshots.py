"""What a source said at the last import, kept beside the event file: ``conf.source.json``.

With it the next import tells what the source changed from what a person did, and knows each
session by the source's own id.  It is made to be kept with the event file, in its repository
too; without it, sessions are known by title and people, and the source wins.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calsvc.agenda.slots import Slot
from calsvc.agenda.when import SlotDefaults, Slots
from calsvc.errors import SourceError
from calsvc.importers.drafts import Wishes

SUFFIX = ".source.json"


@dataclass(frozen=True)
class Asked:
    """What was said beside the source, which is said again at the next import."""

    wishes: Wishes = field(default_factory=Wishes)
    format: str | None = None

    def and_now(self, wishes: Wishes, form: str | None) -> "Asked":
        """Return this with what is said now, which wins."""
        said = {key: value for key, value in vars(wishes).items() if value}
        said |= {key: getattr(wishes, key) for key in ("entry_for_entry", "until")}
        return Asked(replace(self.wishes, **said), form or self.format)


@dataclass(frozen=True)
class Snapshot:
    """A source as it was, in the terms of the event file."""

    source: str
    """The path or address that it came from."""
    format: str
    """The reader's name."""
    event: dict[str, Any]
    """The event's own fields."""
    sessions: dict[str, dict[str, Any]]
    """The fields of each session, by its id in the event file."""
    keys: dict[str, str] = field(default_factory=dict)
    """The source's ids, by those in the event file."""
    gone: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What has left the source, by its id, which nothing else gets."""
    asked: Asked = field(default_factory=Asked)
    is_lasting: bool = True
    """Whether most of the source's ids were those of the time before."""


_SNAPSHOT = TypeAdapter(Snapshot)


def do_ids_last(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Tell whether most of a source's ids are as before, where it has any."""
    lasting = {*before.values()} & {*now.values()}
    return 2 * len(lasting) >= min(len(before), len(now)) and (bool(now) or not before)


def snapshot_path(path: Path) -> Path:
    """Return where the snapshot of an event file's source is kept."""
    return path.with_name(path.stem + SUFFIX)


def known_snapshot(path: Path) -> Snapshot | None:
    """Return what the source of an event file said last; None if that is not known.

    Raises ``SourceError`` if what is kept cannot be read.
    """
    kept = snapshot_path(path)
    try:
        return _SNAPSHOT.validate_json(kept.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is damaged"
        advice = "restore it, or remove it: then the source wins over changes made by hand"
        raise SourceError(str(kept), f"cannot be read: {reason}", advice) from error


def encoded(snapshot: Snapshot) -> bytes:
    """Return a snapshot as the octets of its file; equal ones have equal octets."""
    text = json.dumps(asdict(snapshot), ensure_ascii=False, indent=1, default=str)
    return f"{text}\n".encode("utf-8", "replace")  # the source's name may be any octets


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values of an event file mean the same: ``101`` and ``"101"``, ``[a]``
    and ``a``.
    """
    return bool(_plain(one) == _plain(other))


def times(when: Any) -> Any:
    """Return when something is without the uids of its slots, in one form."""
    slots = []
    for slot in when if isinstance(when, list) else [when]:
        if isinstance(slot, Mapping):
            slot = {key: value for key, value in slot.items() if key != "uid"}
            if slot.keys() == {"start", "end"}:
                slot = f"{slot['start']}-{slot['end']}"
        slots.append(slot)
    return slots


_SLOTS: TypeAdapter[tuple[Slot, ...]] = TypeAdapter(Slots)


def instants(when: Any, defaults: SlotDefaults) -> Any:
    """Return the instants and rooms of a session, however they are written.

    ``defaults`` are those of its event.  What cannot be read is returned as it is.
    """
    if when is None:
        return None
    try:
        slots = _SLOTS.validate_python(when, context=defaults)
    except ValidationError:
        return when
    return [[*map(str, slot.days or (slot.start, slot.end)), slot.room] for slot in slots]


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _plain(each) for key, each in value.items() if each not in (None, [])}
        case [only]:
            return _plain(only)
        case list() | tuple():
            return [_plain(each) for each in value] or None
        case bool() | None:
            return value
    return " ".join(str(value).split()) or None
