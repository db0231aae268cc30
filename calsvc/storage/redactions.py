"""Takes a text out of all stored versions of an event: the one case in which they are altered.

Versions are only ever appended, so they are read and cleared before the transaction that
writes: it is short, and other publishers and servers do not wait for it.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from calsvc.errors import StandingTextError, StorageError, UnknownNameError
from calsvc.schedule.absences import SALT_OCTETS, Absence
from calsvc.schedule.entries import Schedule
from calsvc.schedule.redaction import Redaction, following, redacted, standing
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.absences import forget, note
from calsvc.storage.patience import WORK
from calsvc.storage.retries import retried
from calsvc.storage.schedules import ATTEMPTS, Storage
from calsvc.storage.summaries import summarize
from calsvc.storage.versions import contents, row_of, schedule_of, version_of, versions

COMPARED = ("message", "changes", "schedule")
"""The columns that are altered; if they are not as they were read, all is read again."""


class Outcome(NamedTuple):
    """What was taken out, or would be."""

    event_id: str
    """The present id of the event."""
    versions: int
    """The number of versions that had the text."""
    places: int
    """The number of texts, people and links in them that had it."""
    record: Version | None = None
    """The new version that tells it; None if there was nothing to tell, or nothing was done."""


class _Altered(NamedTuple):
    """A row, and what its columns are to hold."""

    row: Mapping[Any, Any]
    values: dict[str, str]


def redact(
    storage: Storage, event_id: str, text: str, source: str, now: datetime, *, dry_run: bool = False
) -> Outcome:
    """Take a text out of all versions of an event, under its former ids too.

    A new version records that; ``source`` is where it came from, and ``now`` an aware
    instant.  All of it is committed at once, or nothing.  With ``dry_run`` nothing is written.
    Raises ``UnknownNameError``, ``StorageError``, and ``StandingTextError`` if the agenda
    that is published now has the text; that of a withdrawn event is cleared like all others.
    """
    for _ in range(ATTEMPTS):
        version, schedule = _newest(storage, event_id)
        place = None if version.is_withdrawn else standing(schedule.event, Redaction(text))
        if place:
            raise StandingTextError(version.event_id, version.number, place)
        redaction = Redaction(text)
        altered = list(_altered(storage, (version.event_id, *schedule.continues), redaction))
        outcome = Outcome(version.event_id, len(altered), redaction.places)
        if dry_run or not altered:
            return outcome
        draft = following(version, schedule, Redaction(text), source, now)
        absence = Absence.of(text, secrets.token_bytes(SALT_OCTETS))
        try:
            record = _write(storage, altered, version, draft, absence)
            return outcome._replace(record=record)
        except (IntegrityError, _OthersWrote):
            continue
    raise StorageError(f"{event_id} could not be changed: too many others write it too.")


def allow(storage: Storage, event_id: str, text: str) -> tuple[str, int]:
    """Let event files have a text again; return the event's present id, and how often it was out.

    Raises ``UnknownNameError`` and ``StorageError``.
    """
    version, schedule = _newest(storage, event_id)
    event_ids = (version.event_id, *schedule.continues)
    return version.event_id, _forget(storage, event_ids, text)


@retried
def _forget(storage: Storage, event_ids: tuple[str, ...], text: str) -> int:
    with storage.database.transaction(write=True, limit=WORK) as connection:
        return forget(connection, event_ids, text)


class _OthersWrote(Exception):
    """A row is no longer as it was read."""


def _newest(storage: Storage, event_id: str) -> tuple[Version, Schedule]:
    """Return the newest version of an event, given its id or a former one."""
    newest = storage.newest(event_id)
    if newest is None:
        raise UnknownNameError("event", event_id, sorted(storage.numbers()))
    successor = newest[1].successor
    return _newest(storage, successor) if successor else newest


def _altered(
    storage: Storage, event_ids: tuple[str, ...], redaction: Redaction
) -> Iterator[_Altered]:
    for event_id in dict.fromkeys(event_ids):
        number: int | None = 0
        while row := _next_row(storage, event_id, number):
            number = row["number"]
            if draft := redacted(version_of(row), schedule_of(row), redaction):
                values = contents(draft.schedule, draft.changes)
                yield _Altered(row, {**values, "message": draft.message})


@retried
def _next_row(storage: Storage, event_id: str, number: int | None) -> Mapping[Any, Any] | None:
    is_behind = (versions.c.event_id == event_id) & (versions.c.number > number)
    found = sa.select(versions).where(is_behind).order_by(versions.c.number).limit(1)
    with storage.database.transaction() as connection:
        return connection.execute(found).mappings().first()


@retried
def _write(
    storage: Storage, altered: list[_Altered], newest: Version, draft: Draft, absence: Absence
) -> Version:
    """Write all rows, the version that records it, and what no file is to bring back.

    Raises ``IntegrityError`` if another publisher was faster, ``_OthersWrote`` if a row was
    changed meanwhile.
    """
    record = row_of(newest.event_id, newest.number + 1, draft)
    with storage.database.transaction(write=True, limit=WORK) as connection:
        connection.execute(sa.insert(versions), record)
        summary = draft.schedule.model_copy(update={"version": record["number"]})
        summarize(connection, summary, is_withdrawn=draft.is_withdrawn)
        note(connection, newest.event_id, absence)
        for row, values in altered:
            same = (versions.c.event_id == row["event_id"]) & (versions.c.number == row["number"])
            for name in COMPARED:
                same &= versions.c[name] == row[name]
            values = {**values, "altered": record["published"]}
            if connection.execute(sa.update(versions).where(same), values).rowcount != 1:
                raise _OthersWrote
    return version_of(record)
