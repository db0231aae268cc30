"""What a source said at the last import, kept beside the event file: ``conf.source.json``.

With it the next import tells what the source changed from what a person did, and knows each
session by the source's own id.  It is made to be kept with the event file, in its repository
too; without it, sessions are known by title and people, and the source wins.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calsvc.errors import SourceError

SUFFIX = ".source.json"


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


_SNAPSHOT = TypeAdapter(Snapshot)


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
    return (json.dumps(asdict(snapshot), ensure_ascii=False, indent=1) + "\n").encode()


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values of an event file mean the same: ``101`` and ``"101"``, ``[a]``
    and ``a``.
    """
    return bool(_plain(one) == _plain(other))


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
