"""The record of each act of publishing: a schedule's number, and how it came about."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from calsvc.agenda.model import Event
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule


class Version(NamedTuple):
    """The record of one act of publishing, without the schedule itself."""

    event_id: str
    number: int
    published: datetime
    """UTC instant."""
    source: str
    """From what: the names of a file, its folder and the machine."""
    digest: str
    """Tells equal agendas by equal digests, whatever their files' comments and order."""
    message: str
    changes: tuple[Change, ...]
    is_withdrawn: bool

    def told(self) -> str:
        """Return the version in a few lines, for a log or a terminal."""
        message = f" ({self.message})" if self.message else ""
        lines = [f"{self.event_id} version {self.number}{message}"]
        return "\n  ".join([*lines, *(change.told() for change in self.changes)])


class Draft(NamedTuple):
    """A version to be, made from the one before."""

    schedule: Schedule
    source: str
    message: str = ""
    changes: tuple[Change, ...] = ()
    is_withdrawn: bool = False


def digest(event: Event) -> str:
    """Return what tells this agenda from others."""
    written = event.model_dump_json(exclude_defaults=True, exclude_computed_fields=True)
    return sha256(written.encode()).hexdigest()
