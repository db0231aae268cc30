"""Versions as rows of a table: what stands in their columns, and how it is read again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from calsvc import timezones
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

# Old versions were stored with one sentence for each change.
_changes = TypeAdapter(tuple[Annotated[Change, named(Change, "title")], ...])


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
        "schedule": schedule.model_dump_json(by_alias=True, exclude_defaults=True),
        "tz_database": timezones.TZ_DATABASE,
    }


def schedule_of(row: Mapping[Any, Any]) -> Schedule:
    """Return the schedule of a row.  Raises ``StorageError``."""
    try:
        # A newer calsvc may have stored fields that this one does not know.
        return Schedule.model_validate_json(row["schedule"], extra="ignore", context=STORED)
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
        published=datetime.fromisoformat(row["published"]),
        source=row["source"],
        digest=row["digest"],
        message=row["message"],
        changes=changes,
        is_withdrawn=bool(row["is_withdrawn"]),
        altered=datetime.fromisoformat(altered) if (altered := row.get("altered")) else None,
    )
