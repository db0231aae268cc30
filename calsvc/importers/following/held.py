"""A change of a followed source that waits for a person, beside its event file.

``conf.held.json`` is there as long as anything waits: ``calsvc follow --take conf`` publishes
it, ``--drop`` keeps the agenda as it is until the source changes once more.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calsvc.importers.drawing.drawing import Drawing
from calsvc.importers.updating.snapshots import times
from calsvc.importers.updating.updating import replace_file

SUFFIX = ".held.json"


@dataclass(frozen=True)
class Held:
    """What a source says, and why that is not believed."""

    since: datetime
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    """What publishing it would tell."""
    source: str
    format: str
    drawing: dict[str, Any]
    is_dropped: bool = False
    """Whether a person said that it is wrong."""

    @property
    def drawn(self) -> Drawing:
        """Return the state of the source."""
        return Drawing(**self.drawing)


_HELD = TypeAdapter(Held)


def is_same_state(one: Drawing, other: Drawing, *, with_ids: bool) -> bool:
    """Tell whether two drawings are of one state of a source, whatever was guessed of it.

    Without ids, those of the source may be others, and so may its order.
    """
    if with_ids:
        return _mark(one.mapping, one.keys) == _mark(other.mapping, other.keys)
    return _said(one) == _said(other)


def _said(drawing: Drawing) -> tuple[str, list[str]]:
    """Return what a source says, without ids and order."""
    unlike = {"id": None, "part_of": None}
    sessions = ({**each, "when": times(each.get("when")), **unlike} for each in drawing.sessions)
    return _mark({**drawing.mapping, "sessions": None}), sorted(map(_mark, sessions))


def _mark(*values: Any) -> str:
    return json.dumps(values, sort_keys=True)


def held_path(path: Path) -> Path:
    """Return where that waits which an event file's source says."""
    return path.with_name(path.stem + SUFFIX)


def held(path: Path) -> Held | None:
    """Return what waits for an event file; None if nothing does, or it cannot be read."""
    return held_at(held_path(path))


def held_at(path: Path) -> Held | None:
    """Return what waits in a file of its own; None if it cannot be read."""
    try:
        return _HELD.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def hold(path: Path, state: Held) -> None:
    """Keep a state of an event file's source until a person takes or drops it.

    Raises ``SourceError`` if it cannot be written.
    """
    kept = {**asdict(state), "since": state.since.isoformat()}
    octets = (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()
    replace_file(held_path(path), octets)


def release(path: Path) -> None:
    """Forget what waits for an event file."""
    held_path(path).unlink(missing_ok=True)


def drop(path: Path, state: Held) -> None:
    """Note that a person said that a state is wrong.  Raises ``SourceError``."""
    hold(path, replace(state, is_dropped=True))
