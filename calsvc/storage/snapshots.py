"""SQLite files as a whole: copied while they are written, examined, and put in place.

SQLite's online backup reads and writes a database through its own locks, so it sees and leaves
whole transactions alone, whatever others do meanwhile.  That is why a database that is open is
overwritten through it, and not replaced by another file: whoever has the old file open would
go on to write to it, or take the new file's log for its own.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from calsvc.errors import BackupError, DamagedDatabaseError, StorageError
from calsvc.storage.database import known_shapes
from calsvc.storage.readers import opened

OTHERS_ARE_AT_IT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM}
PRIMARY = 0xFF
"""The part of SQLite's codes that is not about the details."""
MAGIC = b"SQLite format 3\0"
LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database that is open."""


class Contents(NamedTuple):
    """What is in a database."""

    events: int
    versions: int
    calendars: int

    def told(self) -> str:
        """Return it in words."""
        counts = zip(self, ("event", "version", "personal calendar"), strict=True)
        words = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts]
        return f"{words[0]} in {words[1]}, {words[2]}"


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give the path of a temporary file in the same folder, which is gone when the block ends.

    Raises ``BackupError`` if the folder cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        advice = "name a file in a folder that can be written to"
        raise BackupError(path, f"cannot be written ({error.strerror})", advice) from error
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *LOGS):
            Path(name + suffix).unlink(missing_ok=True)


def copied(source: Path, target: Path) -> None:
    """Copy a database, which may be in use, into a file that stands alone.

    Raises ``sqlite3.Error`` and ``OSError``.
    """
    with closing(opened(source)) as database, closing(opened(target, "rwc")) as copy:
        database.backup(copy)
    stand_alone(target)


def stand_alone(path: Path) -> None:
    """Bring all that is in a database into its one file, and that onto the disk."""
    with closing(opened(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    synchronize(path)


def synchronize(path: Path) -> None:
    """Return when a file, or the names in a folder, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def examined(path: Path, name: Path) -> Contents:
    """Return what is in a database.

    ``name`` is what messages call it.  Raises ``DamagedDatabaseError`` if it is none of calsvc's,
    or damaged, ``BackupError`` if it is of a newer calsvc, and ``StorageError`` where others keep
    it from being read.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise _foreign(name)
    try:
        with closing(opened(path)) as database:
            (found, *_) = database.execute("PRAGMA integrity_check").fetchone()
            if found != "ok":
                raise _damaged(name, found)
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "versions", "calendars"} <= tables:
                raise _foreign(name)
            (shape,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
            if shape not in known_shapes():
                advice = "update calsvc, then try again"
                raise BackupError(name, f"is of a newer calsvc (step {shape})", advice)
            counted = (
                "SELECT count(DISTINCT event_id), count(*),"
                " (SELECT count(*) FROM calendars) FROM versions"
            )
            return Contents(*database.execute(counted).fetchone())
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY in OTHERS_ARE_AT_IT:
            raise StorageError(f"The database {name} cannot be read now: {error}.") from error
        raise _damaged(name, str(error)) from error


def _foreign(name: Path) -> BackupError:
    return DamagedDatabaseError(
        name, "is no database of calsvc", "name a file that calsvc backup wrote"
    )


def _damaged(name: Path, found: str) -> BackupError:
    reason = " ".join(found.split())
    return DamagedDatabaseError(name, f"is damaged ({reason})", "take an older backup")


# --- in place -----------------------------------------------------------------------------


def set_aside(path: Path, now: datetime) -> Path:
    """Keep a copy of a database beside it, under a name with the date; return its path.

    What is damaged is copied octet by octet.  Raises ``BackupError``.
    """
    aside = path.with_name(f"{path.name}.{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}")
    try:
        try:
            copied(path, aside)
        except sqlite3.DatabaseError:
            for suffix in ("", *LOGS[:1]):
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{path}{suffix}", f"{aside}{suffix}")
        shutil.copymode(path, aside)
    except OSError as error:
        what = f"cannot be kept as {aside.name} ({error.strerror})"
        raise BackupError(path, what, "make room for it; nothing was changed") from error
    return aside


def put_in_place(prepared: Path, path: Path) -> None:
    """Let a database be what is in another file; whoever has it open sees that as one change.

    A database that SQLite cannot write through, because it is none any more, is replaced.
    Raises ``StorageError``.
    """
    try:
        with closing(opened(prepared)) as source, closing(opened(path)) as database:
            source.backup(database)
    except sqlite3.OperationalError as error:
        if path.exists():
            raise StorageError(f"The database {path} cannot be written: {error}.") from error
        _replace(prepared, path)
    except sqlite3.DatabaseError:
        _replace(prepared, path)


def _replace(prepared: Path, path: Path) -> None:
    for suffix in LOGS:
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    if path.exists():
        shutil.copymode(path, prepared)
    else:
        prepared.chmod(0o666 & ~_umask())
    if os.geteuid() == 0:  # the service, which is not, has to write it
        owner = (path if path.exists() else path.parent).stat()
        os.chown(prepared, owner.st_uid, owner.st_gid)
    os.replace(prepared, path)
    synchronize(path.parent)


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def back_up(path: Path, target: Path, now: datetime, *, force: bool) -> Contents:
    """Copy a database into a file, whole or not at all; return what is in it.

    Raises ``BackupError`` and ``StorageError``.
    """
    if target.exists() and not force:
        raise BackupError(target, "is there already", "name another file, or add --force")
    if target.exists() and target.samefile(path):
        raise BackupError(target, "is the database itself", "name another file")
    with beside(target) as copy:
        try:
            copied(path, copy)
            contents = examined(copy, path)
            _note(copy, now)
            shutil.copymode(path, copy)
            synchronize(copy)
            os.replace(copy, target)
            synchronize(target.absolute().parent)
        except sqlite3.Error as error:
            raise StorageError(f"The database {path} cannot be copied: {error}.") from error
        except OSError as error:
            what = f"cannot be written ({error.strerror})"
            raise BackupError(target, what, "make room for it, or name another file") from error
    return contents


def _note(copy: Path, taken: datetime) -> None:
    """Note in a copy of which instant it is, where its calsvc has a place for that."""
    row = "INSERT INTO backups (taken, floor, words) VALUES (?, 0, '')"
    with closing(opened(copy)) as database, suppress(sqlite3.OperationalError):
        database.execute(row, (taken.isoformat(),))
