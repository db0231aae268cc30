"""The record of each publication: a schedule's number, and how it came about."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from calsvc import timezones
from calsvc.agenda.fields import Value
from calsvc.agenda.model import Event
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.schedule.numbers import Numbers, numbers_of


class Version(NamedTuple):
    """The record of one publication, without the schedule itself."""

    event_id: str
    number: int
    published: datetime
    """UTC instant."""
    source: str
    """Where it came from: for a file, its name, its folder's and the machine's."""
    digest: str
    """Equal for equal agendas, whatever the comments and the order of keys in their files."""
    message: str
    changes: tuple[Change, ...]
    is_withdrawn: bool
    altered: datetime | None = None
    """UTC instant at which a text was taken out of it last; None while it is as it was made."""

    @property
    def updated(self) -> datetime:
        """Return the UTC instant since which it says what it says."""
        return max(self.published, self.altered or self.published)

    def place(self, event_id: str) -> str:
        """Return where the version is on an event's page of changes; it may be of a former id."""
        former = "" if event_id == self.event_id else f"{self.event_id}-"
        return f"{former}version-{self.number}"

    def told(self) -> str:
        """Return the version in a few lines, for a log or a terminal."""
        message = f" ({self.message})" if self.message else ""
        lines = [f"{self.event_id} version {self.number}{message}"]
        return "\n  ".join([*lines, *(change.told() for change in self.changes)])


class Summary(Value):
    """A version of an event without its sessions: what a site tells of it among others."""

    schedule: Schedule
    """Of its entries, the event's own alone."""
    is_withdrawn: bool = False
    numbers: Numbers | None = None
    """How many sessions it has; None where a calsvc of before stored it."""

    @classmethod
    def of(cls, schedule: Schedule, *, is_withdrawn: bool) -> "Summary":
        """Return the summary of a version."""
        event = schedule.event.model_copy(update={"sessions": (), "tracks": (), "rooms": ()})
        short = schedule.model_copy(update={"event": event, "entries": schedule.banners})
        numbers = numbers_of(schedule.entries)
        return cls.model_construct(schedule=short, is_withdrawn=is_withdrawn, numbers=numbers)


class Draft(NamedTuple):
    """A version that is not stored yet, made from the previous one."""

    schedule: Schedule
    source: str
    message: str = ""
    changes: tuple[Change, ...] = ()
    is_withdrawn: bool = False


def told_on_the_site(versions: Iterable[Version], event: Event) -> tuple[Version, ...]:
    """Return the versions of which an event's pages and Atom feed tell, in the given order.

    Those of before ``changes_since``, by the calendar of the event's zone, are left out.
    """
    since, zone = event.changes_since, timezones.zone(event.timezone)
    if since is None:
        return tuple(versions)
    return tuple(each for each in versions if each.published.astimezone(zone).date() >= since)


def digest(event: Event) -> str:
    """Return the SHA-256 of an agenda, in hexadecimal; equal for equal agendas."""
    written = event.model_dump_json(exclude_defaults=True, exclude_computed_fields=True)
    return sha256(written.encode()).hexdigest()
