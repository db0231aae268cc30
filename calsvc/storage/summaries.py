"""Summaries of the newest versions: a start reads them in place of a thousand schedules.

They stand in a table of their own, because a row of ``versions`` is read through its whole
schedule.  An older calsvc, which may publish while both run, writes none, and the newest version
is read instead.  What is missing, or tells less than here, is stored at the next start.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from calsvc.agenda.fields import STORED
from calsvc.errors import StorageError
from calsvc.schedule.entries import Schedule
from calsvc.schedule.versions import Summary
from calsvc.storage.database import Database
from calsvc.storage.patience import WORK
from calsvc.storage.retries import retried
from calsvc.storage.versions import metadata, newest_row, schedule_of, versions

BATCH = 50  # events: others write between two of these
AT_ONCE = 500  # ids in one statement; SQLite takes 999

_summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("number", sa.Integer),
    sa.Column("summary", sa.Text),
)


def summarize(connection: sa.Connection, schedule: Schedule, *, is_withdrawn: bool) -> None:
    """Store the summary of an event's newest version, in place of the one before."""
    event_id, summary = schedule.event.id, Summary.of(schedule, is_withdrawn=is_withdrawn)
    text = summary.model_dump_json(by_alias=True, exclude_defaults=True)
    connection.execute(sa.delete(_summaries).where(_summaries.c.event_id == event_id))
    row = {"event_id": event_id, "number": schedule.version, "summary": text}
    connection.execute(sa.insert(_summaries), row)


def summaries_of(connection: sa.Connection, event_ids: Iterable[str]) -> dict[str, Summary]:
    """Return the summaries of events, as far as there are any that can be read."""
    found = {}
    for some in batches(event_ids):
        chosen = sa.select(_summaries).where(_summaries.c.event_id.in_(some))
        for event_id, _, text in connection.execute(chosen):
            try:
                # A newer calsvc may have stored fields that this one does not know.
                found[event_id] = Summary.model_validate_json(text, extra="ignore", context=STORED)
            except ValidationError:
                continue  # whoever reads the version itself tells why
    return found


def batches(event_ids: Iterable[str], number: int = AT_ONCE) -> Iterator[list[str]]:
    """Yield ids in lists that one statement can take."""
    every = list(event_ids)
    for first in range(0, len(every), number):
        yield every[first : first + number]


def keep_summaries(database: Database) -> None:
    """Store the summary of each event that has none of its newest version.

    It is safe from many processes at once.  A version that cannot be read stays without.
    """
    for some in batches(_waiting(database), BATCH):
        read = {
            row["event_id"]: (schedule, bool(row["is_withdrawn"]))
            for row in _newest_rows(database, some)
            if (schedule := _schedule_of(row))
        }
        for _ in range(1 + len(some)):
            try:
                _store(database, read)
                break
            except IntegrityError:  # another process has stored one of them meanwhile
                continue


@retried
def _waiting(database: Database) -> set[str]:
    with database.transaction(limit=WORK) as connection:
        return _without(connection)


@retried
def _newest_rows(database: Database, event_ids: Iterable[str]) -> list[sa.RowMapping]:
    with database.transaction(limit=WORK) as connection:
        return [row for each in event_ids if (row := newest_row(connection, each))]


@retried
def _store(database: Database, read: Mapping[str, tuple[Schedule, bool]]) -> None:
    with database.transaction(write=True, limit=WORK) as connection:
        for event_id in sorted(_without(connection) & read.keys()):
            schedule, is_withdrawn = read[event_id]
            summarize(connection, schedule, is_withdrawn=is_withdrawn)


def _without(connection: sa.Connection) -> set[str]:
    newest = (
        sa.select(versions.c.event_id, sa.func.max(versions.c.number).label("number"))
        .group_by(versions.c.event_id)
        .subquery()
    )
    own = _summaries.c.event_id == newest.c.event_id
    is_newest = _summaries.c.number == newest.c.number
    known = own & is_newest & _summaries.c.summary.contains('"numbers":')
    missing = sa.select(newest.c.event_id).outerjoin(_summaries, known)
    return set(connection.execute(missing.where(_summaries.c.event_id.is_(None))).scalars())


def _schedule_of(row: Mapping[Any, Any]) -> Schedule | None:
    try:
        return schedule_of(row)
    except StorageError:
        return None
