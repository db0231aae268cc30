"""Databases in trouble: stopped, locked, read-only, full, damaged, or an older one in place."""

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy as sa
from databases import PostgreSQL
from waiting import eventually

from calsvc.storage import database as database_module
from calsvc.storage import readers
from calsvc.storage.database import Database

WRITTEN = ("calendars", "copies", "notices", "renditions", "retired_keys", "taken_out", "versions")


def file_of(url: str) -> Path:
    """Return the file of an SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


def is_sqlite(url: str) -> bool:
    """Tell whether an address is that of a file."""
    return urlsplit(url).scheme == "sqlite"


def run_sql(url: str, *statements: str) -> None:
    """Run statements that calsvc never would."""
    database = Database(url)
    with database.transaction(write=True) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    database.close()


@contextmanager
def hanging(postgresql: PostgreSQL) -> Iterator[None]:
    """Stop all processes of a server where they are: connections stay, and nothing is said."""
    postgresql.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        postgresql.signal(signal.SIGCONT)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Let another program hold the lock of writers."""
    if is_sqlite(url):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url) as holder:
            holder.execute(f"LOCK TABLE {', '.join(WRITTEN)} IN EXCLUSIVE MODE")
            yield
            holder.rollback()


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Let nobody write, as a standby or a file system that was remounted does."""
    if is_sqlite(url):
        with pytest.MonkeyPatch.context() as patch:
            opened = readers.opened

            def opened_to_read(path: Path, mode: str = "rw") -> sqlite3.Connection:
                return opened(path, "ro")

            patch.setattr(database_module, "opened", opened_to_read)
            yield
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        _reload(connection, url, "on")
        try:
            yield
        finally:
            connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
            _reload(connection, url, "off")


def _reload(connection: psycopg.Connection, url: str, setting: str) -> None:
    """Let the server read its settings, which it does after it has said so."""
    connection.execute("SELECT pg_reload_conf()")

    def is_read() -> bool:
        with psycopg.connect(url) as new:
            return new.execute("SHOW default_transaction_read_only").fetchone() == (setting,)

    eventually(is_read)


@contextmanager
def full(url: str) -> Iterator[None]:
    """Leave no room for anything more."""
    if is_sqlite(url):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # of any file of this process
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return
    run_sql(
        url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device'"
        " USING ERRCODE = 'disk_full'; END $$",
        *(
            f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
            for table in WRITTEN
        ),
    )
    yield
    run_sql(url, "DROP FUNCTION refuse CASCADE")


def damage(url: str) -> None:
    """Overwrite all of an SQLite file but its first page, as a failing disk may."""
    path = file_of(url)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x5a" * (path.stat().st_size - 4096))


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open no more files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


Fault = Callable[[str], object]
NO_WRITING = {"locked": locked, "read-only": read_only, "full": full}
"""Faults under which whatever is stored can be read."""
