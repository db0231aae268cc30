"""A backup in the place of a database: an older state, whose numbers go on.

What was published after a backup was taken is in calendars, but not in the backup.  There are
two cases:

- The database that is there is sound, and goes on from the backup: then all is known that came
  since.  Nothing of it is replaced: each agenda of the backup is published again, as by
  ``calsvc rollback``, and personal calendars that are gone come back, unless they were deleted.
- It is gone, damaged, or began anew: nobody knows what came since.  The backup takes its place,
  with a floor above all that may have been given out; see ``schedule/returns.py``.  What a new
  beginning holds of personal calendars is taken along.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from calsvc.errors import BackupError, DamagedDatabaseError, StorageError
from calsvc.schedule.entries import Schedule
from calsvc.schedule.returns import MARGIN, floor_above, returned
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.copies import forget_all
from calsvc.storage.patience import WORK
from calsvc.storage.readers import opened
from calsvc.storage.restored import floor_of, note_restored, taken_of
from calsvc.storage.retries import retried
from calsvc.storage.schedules import Make, Storage
from calsvc.storage.snapshots import (
    LOGS,
    Contents,
    beside,
    examined,
    put_in_place,
    set_aside,
    stand_alone,
)

ATTEMPTS = 20  # while people change their calendars in the database that is to be replaced

UNKNOWN = """
    SELECT count(*) FROM other.versions AS theirs LEFT JOIN versions AS own
    ON own.event_id = theirs.event_id AND own.number = theirs.number
    WHERE own.published IS NOT theirs.published
"""
"""How many versions of another database are not in this one."""
MISSING = """
    INSERT INTO calendars (edit_hash, feed_hash, share_hash, itinerary, used)
    SELECT edit_hash, feed_hash, share_hash, itinerary, used FROM other.calendars
    WHERE edit_hash NOT IN (SELECT edit_hash FROM calendars)
    AND edit_hash NOT IN (SELECT hash FROM retired_keys)
    AND feed_hash NOT IN (SELECT hash FROM retired_keys)
"""
"""Personal calendars of another database that are not in this one, and were not deleted here."""
NEWER = (
    "INSERT OR IGNORE INTO taken_out SELECT * FROM other.taken_out",
    "INSERT OR IGNORE INTO retired_keys SELECT hash FROM other.retired_keys",
    "DELETE FROM calendars WHERE edit_hash IN (SELECT hash FROM retired_keys)",
    """INSERT OR REPLACE INTO calendars (edit_hash, feed_hash, share_hash, itinerary, used)
    SELECT edit_hash, feed_hash, share_hash, itinerary, used FROM other.calendars""",
)
"""What people did in another database since."""


class Backup(NamedTuple):
    """A copy of a backup, of the present shape."""

    path: Path
    contents: Contents
    taken: datetime
    """UTC instant of which it is."""

    @property
    def moment(self) -> str:
        """Return in words of when it is."""
        return f"{self.taken:%Y-%m-%d %H:%M} UTC"


class Replaced(NamedTuple):
    """What became of a database in whose place a backup is now."""

    aside: Path | None
    """Where it is kept; None if there was none."""
    floor: int
    """Versions go on above it."""
    lost: dict[str, int]
    """The newest versions of a database that began anew, by event."""


@contextmanager
def prepared(file: Path, database: Path) -> Iterator[Backup]:
    """Give a copy of a backup, beside the database whose place it is for.

    Raises ``BackupError`` if it cannot be used, and ``StorageError``.
    """
    if not file.is_file():
        raise BackupError(file, "is no file", "name one that calsvc backup wrote")
    with beside(database) as path:
        try:
            shutil.copyfile(file, path)
            if (log := Path(f"{file}{LOGS[0]}")).exists():  # a database that was copied by hand
                shutil.copyfile(log, f"{path}{LOGS[0]}")
            modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            raise BackupError(file, what, "let this user read it") from error
        contents = examined(path, file)
        with closing(Storage(f"sqlite:///{path}")) as storage:
            storage.migrate()
            taken = _taken(storage) or modified
        yield Backup(path, contents, taken)


@retried
def _taken(storage: Storage) -> datetime | None:
    with storage.database.transaction() as connection:
        return taken_of(connection)


def goes_on_from(database: Path, backup: Backup) -> bool:
    """Return whether a database is sound, and has all versions of a backup."""
    try:
        if not database.exists() or not examined(database, database).versions:
            return False
    except DamagedDatabaseError:
        return False
    with _beside_each_other(database, backup.path) as connection:
        (unknown,) = connection.execute(UNKNOWN).fetchone()
    return bool(unknown == 0)


def bring_calendars(backup: Backup, database: Path) -> int:
    """Bring back the personal calendars of a backup that are gone; return how many."""
    with _beside_each_other(database, backup.path) as connection:
        return connection.execute(MISSING).rowcount


def replace(backup: Backup, database: Path, now: datetime) -> Replaced:
    """Put a backup in the place of a database, which is kept beside it.

    Raises ``BackupError`` and ``StorageError``; then nothing was changed.
    """
    aside, lost, floor, state = None, dict[str, int](), 0, None
    for _ in range(ATTEMPTS):
        if not database.exists() or state == _state(database):
            break
        state = _state(database)
        aside = set_aside(database, now)
        lost = _take_along(aside, backup.path)
        floor = floor or _went_on(backup, now, lost)
    else:
        what = "is changed all the time"
        raise BackupError(database, what, "stop what writes to it; nothing was changed")
    floor = floor or _went_on(backup, now, lost)
    stand_alone(backup.path)
    put_in_place(backup.path, database)
    with closing(Storage(f"sqlite:///{database}")) as storage:
        storage.migrate()  # readers and a writer at once, again
    return Replaced(aside, floor, lost)


def _went_on(backup: Backup, now: datetime, lost: Mapping[str, int]) -> int:
    """Let a backup go on above versions that were lost; return above which number."""
    with closing(Storage(f"sqlite:///{backup.path}")) as storage:
        return go_on(storage, backup.taken, now, max(lost.values(), default=0))


def go_on(storage: Storage, taken: datetime | None, now: datetime, least: int = 0) -> int:
    """Let an older state go on, above a floor; return that.

    ``taken`` is the UTC instant of which it is, None if another tool has brought it back;
    ``least`` is a number that was given out since.  Each event is published again as it is, so
    that all calendars take it.
    """
    there: set[str] = set()

    def schedules() -> Iterator[Schedule]:  # one at a time: there may be a thousand
        for event_id in storage.numbers():
            if newest := storage.newest(event_id):
                _, schedule = newest
                if schedule.successor is None:
                    there.add(event_id)
                yield schedule

    floor = _raised(storage, taken, now, floor_above(schedules(), least, now))
    for event_id in sorted(there):
        storage.append(event_id, _again(now))
    return floor


@retried
def _raised(storage: Storage, taken: datetime | None, now: datetime, highest: int) -> int:
    """Note above which number all goes on, with the words for operators; return that."""
    with storage.database.transaction(write=True, limit=WORK) as connection:
        floor = max(highest, floor_of(connection) + MARGIN)
        state = f"The state of {taken:%Y-%m-%d %H:%M} UTC" if taken else "An earlier state"
        words = (
            f"{state} was brought back at {now:%Y-%m-%d %H:%M} UTC: what was published in between"
            f" is lost, but for what event files bring again; versions go on from {floor + 1}."
        )
        note_restored(connection, taken or now, now, floor, words)
        forget_all(connection)
    return floor


@retried
def note(storage: Storage, taken: datetime, now: datetime, words: str) -> None:
    """Let operators know of a state that was brought back while all newer ones stayed."""
    with storage.database.transaction(write=True, limit=WORK) as connection:
        note_restored(connection, taken, now, 0, words)


def _again(now: datetime) -> Make:
    def make(version: Version | None, schedule: Schedule | None) -> Draft:
        assert version and schedule  # versions are never removed
        return returned(version, schedule, now)

    return make


def _take_along(other: Path, path: Path) -> dict[str, int]:
    """Bring what people did in another database into this one; return its newest versions.

    Nothing is brought of one that is damaged.  Raises ``BackupError`` for one of a newer calsvc,
    and ``StorageError`` where others keep it from being read.
    """
    try:
        examined(other, other)
    except DamagedDatabaseError:
        return {}
    try:
        with closing(Storage(f"sqlite:///{other}")) as storage:
            storage.migrate()
            numbers = storage.numbers()
        stand_alone(other)
        with _beside_each_other(path, other) as connection:
            connection.execute("BEGIN")
            for statement in NEWER:
                connection.execute(statement)
            connection.execute("COMMIT")
    except (StorageError, sqlite3.Error):  # examined, and damaged in a place that is not looked at
        return {}
    return numbers


@contextmanager
def _beside_each_other(path: Path, other: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a database, which has another one as ``other``."""
    try:
        with closing(opened(path)) as connection:
            connection.execute("ATTACH ? AS other", [str(other)])
            yield connection
    except sqlite3.Error as error:
        raise StorageError(f"The database {path} does not answer: {error}.") from error


def _state(path: Path) -> tuple[int, ...]:
    """Return what is another one as soon as a database is written."""
    found = []
    for each in (path, Path(f"{path}{LOGS[0]}")):
        if each.exists():
            status = each.stat()
            found += [status.st_mtime_ns, status.st_size]
    return tuple(found)
