"""Versions as rows of a table: what stands in their columns, and how it is read again."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from calsvc import timezones
from calsvc.agenda.days import Dates
from calsvc.agenda.fields import STORED, named
from calsvc.errors import UnreadableVersionError
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.schedule.versions import Draft, Version, digest

metadata = sa.MetaData()
versions = sa.Table(
    "versions",
    metadata,
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("published", sa.String(32)),
    sa.Column("source", sa.Text),
    sa.Column("digest", sa.String(64)),
    sa.Column("message", sa.Text),
    sa.Column("changes", sa.Text),
    sa.Column("is_withdrawn", sa.Boolean),
    sa.Column("schedule", sa.Text),
    sa.Column("tz_database", sa.String(16)),
    sa.Column("altered", sa.String(32)),
)
"""``tz_database`` is that by which a row's instants were made; NULL where it has instants alone."""


class _Stored(Schedule):
    """A schedule as it is stored: copies of calsvc from before nights can read it too.

    They refuse an event with a session after its last day, so an event whose last night has
    one is stored with a day more.
    """

    date: datetime.date | None = None
    """The event's own ``date`` and ``dates``, where those that are stored have a day more."""
    dates: Dates | None = None

    @classmethod
    def of(cls, schedule: Schedule) -> Schedule:
        """Return a schedule as it is to be stored."""
        event, zone = schedule.event, timezones.zone(schedule.event.timezone)
        starts = (slot.start for session in event.sessions for slot in session.when)
        last = max((start.astimezone(zone).date() for start in starts), default=event.last_day)
        if last <= event.last_day:
            return schedule
        longer = Dates(first=event.first_day, last=last)
        widened = event.model_copy(update={"date": None, "dates": longer})
        fields = {**dict(schedule), "event": widened, "date": event.date, "dates": event.dates}
        return cls.model_construct(**fields)

    def meant(self) -> Schedule:
        """Return the schedule that was stored."""
        fields = {name: getattr(self, name) for name in Schedule.model_fields}
        if self.date or self.dates:
            days = {"date": self.date, "dates": self.dates}
            fields["event"] = self.event.model_copy(update=days)
        return Schedule.model_construct(self.model_fields_set & fields.keys(), **fields)


# Old versions were stored with one sentence for each change.
_changes = TypeAdapter(tuple[Annotated[Change, named(Change, "title")], ...])


def newest_row(connection: sa.Connection, event_id: str) -> sa.RowMapping | None:
    """Return the row of an event's newest version; None if it was never published."""
    own = versions.c.event_id == event_id
    newest = sa.select(versions).where(own).order_by(versions.c.number.desc()).limit(1)
    return connection.execute(newest).mappings().first()


def row_of(event_id: str, number: int, draft: Draft) -> dict[str, Any]:
    """Return the row of a version to be."""
    return {
        "event_id": event_id,
        "number": number,
        "published": draft.schedule.published.isoformat(),
        "source": draft.source,
        "message": draft.message,
        "is_withdrawn": draft.is_withdrawn,
        **contents(draft.schedule, draft.changes),
    }


def contents(schedule: Schedule, changes: tuple[Change, ...]) -> dict[str, str]:
    """Return the columns that are made of a schedule and its changes."""
    return {
        "digest": digest(schedule.event),
        "changes": _changes.dump_json(changes, exclude_defaults=True).decode(),
        "schedule": _Stored.of(schedule).model_dump_json(by_alias=True, exclude_defaults=True),
        "tz_database": timezones.TZ_DATABASE,
    }


def schedule_of(row: Mapping[Any, Any]) -> Schedule:
    """Return the schedule of a row.  Raises ``StorageError``."""
    try:
        # A newer calsvc may have stored fields that this one does not know.
        stored = _Stored.model_validate_json(row["schedule"], extra="ignore", context=STORED)
        return stored.meant()
    except ValidationError as error:
        raise UnreadableVersionError(row["event_id"], row["number"]) from error


def version_of(row: Mapping[Any, Any]) -> Version:
    """Return the record of a row.  Raises ``StorageError``."""
    try:
        changes = _changes.validate_json(row["changes"], extra="ignore")
    except ValidationError as error:
        raise UnreadableVersionError(row["event_id"], row["number"]) from error
    return Version(
        event_id=row["event_id"],
        number=row["number"],
        published=datetime.datetime.fromisoformat(row["published"]),
        source=row["source"],
        digest=row["digest"],
        message=row["message"],
        changes=changes,
        is_withdrawn=bool(row["is_withdrawn"]),
        altered=datetime.datetime.fromisoformat(altered)
        if (altered := row.get("altered"))
        else None,
    )
