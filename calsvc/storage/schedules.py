"""Schedules in SQLite or PostgreSQL: versions are appended, never altered.

The statements keep to what PostgreSQL-compatible distributed engines understand too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from calsvc.agenda.fields import named
from calsvc.errors import StorageError, UnknownNameError, UnreadableVersionError
from calsvc.schedule.copies import Copy
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.copies import LONGEST_NAME, copies_of, mark, remember
from calsvc.storage.database import Database

ATTEMPTS = 50  # publishers at once, each of which may be first once
KEPT_RECORDS = 100  # versions that a page of changes can show
NOTICES_LAST = timedelta(minutes=10)  # unless told again: their publisher may have been killed

_Result = TypeVar("_Result")

# Versions were stored with a sentence for each change once.
_changes = TypeAdapter(tuple[Annotated[Change, named(Change, "title")], ...])

_metadata = sa.MetaData()
_versions = sa.Table(
    "versions",
    _metadata,
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("published", sa.String(32)),
    sa.Column("source", sa.Text),
    sa.Column("digest", sa.String(64)),
    sa.Column("message", sa.Text),
    sa.Column("changes", sa.Text),
    sa.Column("is_withdrawn", sa.Boolean),
    sa.Column("schedule", sa.Text),
)
_notices = sa.Table(
    "notices",
    _metadata,
    sa.Column("publisher", sa.String(LONGEST_NAME), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("words", sa.Text),
    sa.Column("told", sa.String(32)),
)


class Storage:
    """A database of schedules.

    Each method raises ``StorageError`` when the database cannot be used now.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def migrate(self) -> None:
        """Bring the database to its present shape; safe from many processes at once."""
        self.database.migrate()

    def numbers(self) -> dict[str, int]:
        """Return the number of the newest version of each event."""
        newest = sa.select(_versions.c.event_id, sa.func.max(_versions.c.number))
        with self.database.transaction() as connection:
            rows = connection.execute(newest.group_by(_versions.c.event_id))
            return {event_id: number for event_id, number in rows}

    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        """Return the newest version of an event, if it was ever published."""
        with self.database.transaction() as connection:
            return _newest(connection, event_id)

    def version(self, event_id: str, number: int) -> tuple[Version, Schedule]:
        """Return one version.  Raises ``UnknownNameError``."""
        chosen = (_versions.c.event_id == event_id) & (_versions.c.number == number)
        with self.database.transaction() as connection:
            row = connection.execute(sa.select(_versions).where(chosen)).mappings().first()
            if row is None:
                known = [str(each.number) for each in _history(connection, event_id)]
                raise UnknownNameError("version", str(number), reversed(known))
            return _version(row), _schedule(row)

    def history(self, event_id: str, limit: int = KEPT_RECORDS) -> list[Version]:
        """Return the records of an event's last versions, the newest first."""
        with self.database.transaction() as connection:
            return _history(connection, event_id, limit)

    def has_published(self, event_id: str, digest: str) -> bool:
        """Tell whether any version of the event was made from this agenda."""
        same = (_versions.c.event_id == event_id) & (_versions.c.digest == digest)
        with self.database.transaction() as connection:
            return connection.execute(sa.select(_versions.c.number).where(same)).first() is not None

    def append(
        self,
        event_id: str,
        make: Callable[[Version | None, Schedule | None], Draft | None],
        copy: Copy | None = None,
    ) -> Version | None:
        """Append the version that ``make`` returns for the newest one; None appends nothing.

        ``make`` is called again when another publisher was faster, so it must have no
        effects.  The version is stored for good when this returns, and with it ``copy``,
        the copy of the event's file that it was made from.
        """

        def append(connection: sa.Connection) -> Version | None:
            version = _append(connection, event_id, make)
            if copy:
                remember(connection, copy)
            return version

        return self._write(f"{event_id} could not be published", append)

    def copies(self, event_id: str) -> list[Copy]:
        """Return the copies of an event's file, one for each folder that ever held one."""
        with self.database.transaction() as connection:
            return copies_of(connection, event_id)

    def remember(self, copy: Copy) -> None:
        """Remember what a folder's file says now."""
        failure = f"The copy of {copy.event_id} could not be stored"
        self._write(failure, lambda connection: remember(connection, copy))

    def notices(self) -> list[str]:
        """Return what publishers have to tell operators."""
        is_fresh = sa.or_(_notices.c.told.is_(None), _notices.c.told >= _oldest_notice())
        ordered = sa.select(_notices.c.words).order_by(_notices.c.publisher, _notices.c.place)
        with self.database.transaction() as connection:
            return list(connection.execute(ordered.where(is_fresh)).scalars())

    def notice(self, publisher: str, words: Sequence[str]) -> None:
        """Replace what one publisher has to tell; its copies are watched from now on.

        It must be told again from time to time: what is not is forgotten.
        """
        name = publisher[-LONGEST_NAME:]
        told = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [
            {"publisher": name, "place": place, "words": each, "told": told}
            for place, each in enumerate(words)
        ]

        def replace(connection: sa.Connection) -> None:
            _forget_notices(connection, name)
            if rows:
                connection.execute(sa.insert(_notices), rows)
            mark(connection, name, is_watched=True)

        self._write(f"The notices of {publisher} could not be stored", replace)

    def leave(self, publisher: str) -> None:
        """Forget what a publisher had to tell, as it stops: its copies are watched no more."""
        name = publisher[-LONGEST_NAME:]

        def leave(connection: sa.Connection) -> None:
            _forget_notices(connection, name)
            mark(connection, name, is_watched=False)

        self._write(f"The notices of {publisher} could not be taken back", leave)

    def close(self) -> None:
        """Let go of all connections, as before a fork."""
        self.database.close()

    def _write(self, failure: str, act: Callable[[sa.Connection], _Result]) -> _Result:
        """Act within a transaction; again when another one took the same key meanwhile."""
        for _ in range(ATTEMPTS):
            try:
                with self.database.transaction(write=True) as connection:
                    return act(connection)
            except IntegrityError:
                continue
        raise StorageError(f"{failure}: too many others write it too.")


def _oldest_notice() -> str:
    return (datetime.now(UTC) - NOTICES_LAST).isoformat(timespec="seconds")


def _forget_notices(connection: sa.Connection, publisher: str) -> None:
    """Forget the notices of one publisher, and those that were not told again."""
    is_over = (_notices.c.publisher == publisher) | (_notices.c.told < _oldest_notice())
    connection.execute(sa.delete(_notices).where(is_over))


def _append(
    connection: sa.Connection,
    event_id: str,
    make: Callable[[Version | None, Schedule | None], Draft | None],
) -> Version | None:
    version, previous = _newest(connection, event_id) or (None, None)
    draft = make(version, previous)
    if draft is None:
        return None
    schedule = draft.schedule
    row = {
        "event_id": event_id,
        "number": version.number + 1 if version else 1,
        "published": schedule.published.isoformat(),
        "source": draft.source,
        "digest": digest(schedule.event),
        "message": draft.message,
        "changes": _changes.dump_json(draft.changes, exclude_defaults=True).decode(),
        "is_withdrawn": draft.is_withdrawn,
        "schedule": schedule.model_dump_json(by_alias=True, exclude_defaults=True),
    }
    connection.execute(sa.insert(_versions), row)
    return _version(row)


def _newest(connection: sa.Connection, event_id: str) -> tuple[Version, Schedule] | None:
    newest = (
        sa.select(_versions)
        .where(_versions.c.event_id == event_id)
        .order_by(_versions.c.number.desc())
        .limit(1)
    )
    row = connection.execute(newest).mappings().first()
    return (_version(row), _schedule(row)) if row else None


def _history(connection: sa.Connection, event_id: str, limit: int = KEPT_RECORDS) -> list[Version]:
    records = (
        sa.select(*(column for column in _versions.c if column.name != "schedule"))
        .where(_versions.c.event_id == event_id)
        .order_by(_versions.c.number.desc())
        .limit(limit)
    )
    return [_version(row) for row in connection.execute(records).mappings()]


def _schedule(row: Mapping[Any, Any]) -> Schedule:
    try:
        # A newer calsvc may have written more than this one knows of.
        return Schedule.model_validate_json(row["schedule"], extra="ignore")
    except ValidationError as error:
        raise UnreadableVersionError(row["event_id"], row["number"]) from error


def _version(row: Mapping[Any, Any]) -> Version:
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
    )
