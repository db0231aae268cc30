"""Clock times for versions that were stored with instants alone.

Until a zone's rules change, both say the same, so this is done as soon as a database is
opened: also for what an older copy stores while both run, which an upgrade may take hours.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from calsvc import timezones
from calsvc.errors import UnreadableVersionError
from calsvc.schedule.differences import Change, Former
from calsvc.schedule.entries import Schedule
from calsvc.storage.database import Database
from calsvc.storage.patience import WORK
from calsvc.storage.retries import retried
from calsvc.storage.versions import contents, schedule_of, version_of, versions

BATCH = 50  # versions that are read at once


def keep_clock_times(database: Database) -> None:
    """Store the clock times of all versions that have none; safe from many processes at once.

    A version that cannot be read stays as it is, and so does one that others alter meanwhile:
    it is done when a database is opened next.
    """
    last = "", 0
    while rows := _waiting(database, last):
        for row in rows:
            last = row["event_id"], row["number"]
            with suppress(UnreadableVersionError):
                _keep(database, row, _with_clock_times(row))


@retried
def _waiting(database: Database, after: tuple[str, int]) -> Sequence[Mapping[Any, Any]]:
    """Return versions without clock times behind one, in order."""
    event_id, number = versions.c.event_id, versions.c.number
    is_behind = (event_id > after[0]) | ((event_id == after[0]) & (number > after[1]))
    has_none = versions.c.tz_database.is_(None) & is_behind
    waiting = sa.select(versions).where(has_none).order_by(event_id, number).limit(BATCH)
    with database.transaction(limit=WORK) as connection:
        return connection.execute(waiting).mappings().all()


@retried
def _keep(database: Database, row: Mapping[Any, Any], values: dict[str, str]) -> None:
    """Store what was made of a row, which nobody waited for, if the row is still the same."""
    same = versions.c.tz_database.is_(None)
    for name in ("event_id", "number", "changes", "schedule"):
        same &= versions.c[name] == row[name]
    with database.transaction(write=True, limit=WORK) as connection:
        connection.execute(sa.update(versions).where(same), values)


def _with_clock_times(row: Mapping[Any, Any]) -> dict[str, str]:
    schedule = schedule_of(row)
    zones = {entry.uid: slot.timezone for entry in schedule.entries if (slot := entry.content.slot)}
    changes = tuple(_in_zones(each, zones, schedule) for each in version_of(row).changes)
    return contents(schedule, changes)


def _in_zones(change: Change, zones: Mapping[str, str], schedule: Schedule) -> Change:
    """Return a change whose former times are on the clocks of the zones that they were in."""
    former = []
    for each in change.former:
        if each.written_start is None:
            former.append(each)
            continue
        zone = zones.get(each.uid, schedule.event.timezone)
        start = timezones.written(each.written_start, zone)
        former.append(Former(uid=each.uid, written_start=start, timezone=zone, room=each.room))
    return change.model_copy(update={"former": tuple(former)})
