"""A calendar → a right one: the same entries under the same uids, with stamps that can be trusted.

An event file and its versions remember what was made of a calendar that is served.  Where the
right one is a file of its own, ``conf.ics``, all of that is in ``conf.ics.repair.json`` beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from calsvc import timezones
from calsvc.agenda.fields import STORED
from calsvc.errors import SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.guard import doubts
from calsvc.importers.updating.snapshots import Snapshot
from calsvc.importers.updating.updating import Import, Standing, continued, replace_file
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

SUFFIX = ".repair.json"


def repair_wishes(timezone: str | None, today: date, name: str | None = None) -> Wishes:
    """Return how a calendar is read that is repaired; ``timezone`` is that of its local times.

    What repeats without an end goes on for nearly a year, up to a day that moves each month.
    """
    until = today.replace(year=min(today.year + 1, timezones.LAST_YEAR), day=1)
    return Wishes(timezone, name=name, entry_for_entry=True, until=until)


@dataclass(frozen=True)
class Memory:
    """What was made of a calendar last."""

    event_file: str
    source: Snapshot
    schedule: Schedule


_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


class Repaired(NamedTuple):
    """What is made of a calendar now."""

    read: Import
    doubts: Sequence[str]
    """Why it is not to be believed before a person has looked at it; empty if it is."""
    schedule: Schedule

    @property
    def memory(self) -> Memory:
        """Return what the next repair goes on from."""
        return Memory(self.read.text, self.read.snapshot, self.schedule)


def repaired(
    name: str, source: Source, wishes: Wishes, memory: Memory | None, now: datetime
) -> Repaired:
    """Return what is made of a calendar at ``now``, an aware instant.

    ``name`` is the id of its event, of which uids are made where the source has none.  Raises
    ``SourceError`` for what is no whole calendar.
    """
    there = before = None
    if memory:
        before = memory.schedule
        there = Standing(memory.event_file, before.event, memory.source)
    read = continued(Path(f"{name}.yaml"), there, source, wishes)
    doubtful = doubts(read, there.snapshot if there else None, now)
    entries_alone = read.event.model_copy(update={"banner": False})
    return Repaired(read, doubtful, publish(entries_alone, before, now))


# --- beside the file ----------------------------------------------------------------------


def memory_path(path: Path) -> Path:
    """Return where that is kept which the repair of a calendar's file goes on from."""
    return path.with_name(path.name + SUFFIX)


def remembered(path: Path) -> Memory | None:
    """Return what was made of a calendar's file last; None if that is not known.

    Raises ``SourceError`` if what is kept cannot be read.
    """
    kept = memory_path(path)
    try:
        return _MEMORY.validate_json(kept.read_bytes(), extra="ignore", context=STORED)
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is damaged"
        advice = "restore it, or remove it: then new stamps are given, and new uids where the"
        raise SourceError(
            str(kept), f"cannot be read: {reason}", f"{advice} calendar has none that last"
        ) from error


def remember(path: Path, memory: Memory) -> None:
    """Keep what the next repair goes on from.  Raises ``SourceError`` if it cannot be written."""
    kept: dict[str, Any] = {
        "event_file": memory.event_file,
        "source": asdict(memory.source),
        "schedule": memory.schedule.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1, default=str)
    replace_file(memory_path(path), f"{text}\n".encode("utf-8", "replace"))
