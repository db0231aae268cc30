"""Schedules in SQLite or PostgreSQL: versions are appended; only ``redactions`` alters them.

The statements use only what PostgreSQL-compatible distributed engines also understand.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from calsvc.agenda.model import Event
from calsvc.errors import OvertakenError, StorageError, UnknownNameError
from calsvc.schedule.absences import Absence
from calsvc.schedule.copies import Copy
from calsvc.schedule.entries import Schedule
from calsvc.schedule.renaming import followed, forwarded
from calsvc.schedule.returns import raised
from calsvc.schedule.versions import Draft, Summary, Version
from calsvc.storage.absences import absences_of
from calsvc.storage.clocktimes import keep_clock_times
from calsvc.storage.copies import LONGEST_NAME, copies_of, mark, remember, seen_of
from calsvc.storage.database import Database
from calsvc.storage.notices import notices_of_all, replace_notices
from calsvc.storage.patience import WORK
from calsvc.storage.restored import floor_of, told_of
from calsvc.storage.retries import retried
from calsvc.storage.stored import StoredEvent
from calsvc.storage.summaries import keep_summaries, summaries_of, summarize
from calsvc.storage.versions import newest_row, row_of, schedule_of, version_of, versions

ATTEMPTS = 50  # concurrent publishers, each of which may be faster once
KEPT_RECORDS = 100  # versions that a page of changes can show

Make = Callable[[Version | None, Schedule | None], Draft | None]
"""Takes the newest version and its schedule; returns the draft of the next, None for no change."""
_Newest = dict[str, tuple[Version, Schedule]]
_Result = TypeVar("_Result")


class _Following(NamedTuple):
    """A version to be, made of a draft."""

    row: dict[str, Any]
    schedule: Schedule
    is_withdrawn: bool

    @classmethod
    def of(cls, event_id: str, last: int, floor: int, draft: Draft) -> "_Following":
        """Return what is stored of a draft that follows a number, above a floor."""
        number = max(last, floor) + 1
        schedule = raised(draft.schedule, floor).model_copy(update={"version": number})
        row = row_of(event_id, number, draft._replace(schedule=schedule))
        return cls(row, schedule, draft.is_withdrawn)


class _OthersWrote(Exception):
    """Versions are stored that were not there when a draft was made."""


class Storage:
    """A database of schedules.

    Each method raises ``StorageError`` while the database is unavailable.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)

    def migrate(self) -> None:
        """Bring the database to its present schema; many processes may do so at once."""
        self.database.migrate()
        keep_clock_times(self.database)
        keep_summaries(self.database)

    @retried
    def numbers(self) -> dict[str, int]:
        """Return the number of the newest version of each event."""
        with self.database.transaction() as connection:
            return _numbers(connection, sa.true())

    @retried
    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        """Return the newest version of an event and its schedule; None if never published."""
        with self.database.transaction() as connection:
            return _newest(connection, event_id)

    @retried
    def summaries(self, event_ids: Iterable[str]) -> dict[str, Summary]:
        """Return the summaries of events, as far as there are any."""
        with self.database.transaction() as connection:
            return summaries_of(connection, event_ids)

    @retried
    def stored(self, wanted: Iterable[Summary]) -> list[StoredEvent]:
        """Return the versions of some summaries, as they stand in storage."""
        with self.database.transaction() as connection:
            return [_stored(connection, summary.schedule) for summary in wanted]

    @retried
    def version(self, event_id: str, number: int) -> tuple[Version, Schedule]:
        """Return one version and its schedule.  Raises ``UnknownNameError``."""
        chosen = (versions.c.event_id == event_id) & (versions.c.number == number)
        with self.database.transaction() as connection:
            row = connection.execute(sa.select(versions).where(chosen)).mappings().first()
            if row is None:
                known = [str(each.number) for each in _history(connection, event_id)]
                raise UnknownNameError("version", str(number), reversed(known))
            return version_of(row), schedule_of(row)

    @retried
    def history(self, event_id: str, limit: int = KEPT_RECORDS) -> list[Version]:
        """Return the records of an event's last versions, the newest first."""
        with self.database.transaction() as connection:
            return _history(connection, event_id, limit)

    @retried
    def has_published(self, event_id: str, digest: str) -> bool:
        """Return whether any version of the event was made from the agenda with this digest."""
        same = (versions.c.event_id == event_id) & (versions.c.digest == digest)
        with self.database.transaction() as connection:
            return connection.execute(sa.select(versions.c.number).where(same)).first() is not None

    def append(
        self,
        event_id: str,
        make: Make,
        copy: Copy | None = None,
        formerly: Sequence[str] = (),
    ) -> Version | None:
        """Append and return the version that ``make`` drafts from the newest; None for no draft.

        ``formerly`` are former ids of the event: its first version follows the newest of
        theirs, and they get a last version that names their successor.  ``make`` is called
        while nobody waits for it, and again if another publisher was faster, so it must have no
        side effects.  All is committed when this returns, and what ``make`` got was the newest
        until then.  Raises ``RenamingError`` as ``renaming.followed`` does.
        """
        for _ in range(ATTEMPTS):
            known, floor = self._known((event_id, *formerly))
            found = _following(event_id, make, formerly, known, floor)
            if not found and copy is None:
                return None
            with suppress(IntegrityError, _OthersWrote):
                self._insert(found, (event_id, *formerly), known, copy)
                return version_of(found[0].row) if found else None
        raise StorageError(f"{event_id} could not be published: too many others write it too.")

    @retried
    def _known(self, event_ids: Sequence[str]) -> tuple[_Newest, int]:
        """Return the newest version of each of some ids, and above which number versions go on."""
        with self.database.transaction() as connection:
            found = {event_id: _newest(connection, event_id) for event_id in event_ids}
            floor = floor_of(connection)
        return {event_id: newest for event_id, newest in found.items() if newest}, floor

    @retried
    def _insert(
        self,
        found: Sequence[_Following],
        event_ids: Sequence[str],
        known: _Newest,
        copy: Copy | None,
    ) -> None:
        """Store what follows the newest versions ``known``, and what a folder's file says.

        Raises ``_OthersWrote`` if others are the newest by now, or ``IntegrityError``.
        """
        with self.database.transaction(write=True, limit=WORK) as connection:
            newest = _numbers(connection, versions.c.event_id.in_(event_ids))
            if newest != {each: version.number for each, (version, _) in known.items()}:
                raise _OthersWrote
            for row, schedule, is_withdrawn in found:
                connection.execute(sa.insert(versions), row)
                summarize(connection, schedule, is_withdrawn=is_withdrawn)
            if copy:
                remember(connection, copy)

    @retried
    def seen(self, publisher: str) -> dict[str, datetime]:
        """Return the UTC instants at which a folder's files were there last, by their events."""
        with self.database.transaction() as connection:
            return seen_of(connection, publisher)

    @retried
    def copies(self, event_id: str) -> list[Copy]:
        """Return the copies of an event's file, one for each folder that ever held one."""
        with self.database.transaction() as connection:
            return copies_of(connection, event_id)

    @retried
    def absences(self, event: Event, previous: Schedule | None) -> list[Absence]:
        """Return what was taken out for good of an event that follows ``previous``, if any."""
        event_ids = {event.id, *event.formerly, *(previous.continues if previous else ())}
        with self.database.transaction() as connection:
            return absences_of(connection, event_ids)

    def remember(self, copy: Copy) -> None:
        """Remember what a folder's file says now."""
        failure = f"The copy of {copy.event_id} could not be stored"
        self._write(failure, lambda connection: remember(connection, copy))

    def followed(
        self, event_id: str, formerly: Sequence[str] = ()
    ) -> tuple[Version, Schedule] | None:
        """Return the version and schedule that ``append`` would hand over; None for none."""
        known, _ = self._known((event_id, *formerly))
        return known.get(_followed(event_id, formerly, known) or "")

    @retried
    def notices(self) -> list[str]:
        """Return the current notices to operators: of publishers, and of what was restored."""
        with self.database.transaction() as connection:
            return [*told_of(connection), *notices_of_all(connection)]

    @retried
    def floor(self) -> int:
        """Return the number above which all goes on; another one since an older state came back."""
        with self.database.transaction() as connection:
            return floor_of(connection)

    def notice(self, publisher: str, words: Sequence[str]) -> None:
        """Replace the notices of one publisher.

        They must be repeated from time to time: after ten minutes they are dropped.
        """
        failure = f"The notices of {publisher} could not be stored"
        self._note(failure, publisher, words, is_watched=True)

    def leave(self, publisher: str) -> None:
        """Forget what a publisher had to tell, as it stops: its copies are watched no more."""
        failure = f"The notices of {publisher} could not be taken back"
        self._note(failure, publisher, (), is_watched=False)

    def _note(
        self, failure: str, publisher: str, words: Sequence[str], *, is_watched: bool
    ) -> None:
        name = publisher[-LONGEST_NAME:]

        def note(connection: sa.Connection) -> None:
            replace_notices(connection, name, words)
            mark(connection, name, is_watched=is_watched)

        self._write(failure, note)

    def close(self) -> None:
        """Close all connections, for example before a fork."""
        self.database.close()

    @retried
    def _write(self, failure: str, act: Callable[[sa.Connection], _Result]) -> _Result:
        """Call ``act`` within a transaction; again if another writer took the same key."""
        try:
            with self.database.transaction(write=True, limit=WORK) as connection:
                return act(connection)
        except IntegrityError as error:
            raise OvertakenError(f"{failure}: too many others write it too.") from error


def _following(
    event_id: str, make: Make, formerly: Sequence[str], known: _Newest, floor: int
) -> list[_Following]:
    """Return the version that is drafted, and those that end its former ids; none for none."""
    version, previous = known.get(_followed(event_id, formerly, known) or "", (None, None))
    draft = make(version, previous)
    if draft is None:
        return []
    own = known.get(event_id)
    found = [_Following.of(event_id, own[0].number if own else 0, floor, draft)]
    for former_id, (last, former) in known.items():
        if former_id != event_id and former.successor is None:
            forward = forwarded(last, former, draft)
            found.append(_Following.of(former_id, last.number, floor, forward))
    return found


def _numbers(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> dict[str, int]:
    newest = sa.select(versions.c.event_id, sa.func.max(versions.c.number)).where(chosen)
    rows = connection.execute(newest.group_by(versions.c.event_id))
    return {event_id: number for event_id, number in rows}


def _followed(event_id: str, formerly: Sequence[str], known: _Newest) -> str | None:
    schedules = {each: schedule for each, (_, schedule) in known.items()}
    return followed(event_id, formerly, schedules)


def _newest(connection: sa.Connection, event_id: str) -> tuple[Version, Schedule] | None:
    row = newest_row(connection, event_id)
    return (version_of(row), schedule_of(row)) if row else None


def _stored(connection: sa.Connection, summary: Schedule) -> StoredEvent:
    event_id, number = summary.event.id, summary.version
    own = (versions.c.event_id == event_id) & (versions.c.number == number)
    row = connection.execute(sa.select(versions).where(own)).mappings().one()
    until = [each for each in _records(connection, event_id) if each["number"] <= number]
    former_ids = [each for each in summary.continues if each != event_id]
    former = [record for each in former_ids for record in _records(connection, each)]
    return StoredEvent(row, until, former)


def _history(connection: sa.Connection, event_id: str, limit: int = KEPT_RECORDS) -> list[Version]:
    return [version_of(row) for row in _records(connection, event_id, limit)]


def _records(
    connection: sa.Connection, event_id: str, limit: int = KEPT_RECORDS
) -> Sequence[sa.RowMapping]:
    columns = [column for column in versions.c if column.name != "schedule"]
    own = sa.select(*columns).where(versions.c.event_id == event_id)
    records = own.order_by(versions.c.number.desc()).limit(limit)
    return connection.execute(records).mappings().all()
