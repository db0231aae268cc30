"""Databases: those that are away, their addresses, and what SQLite does."""

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from databases import PostgreSQL
from drafts import FIRST, SECOND, SECOND_RECORD, filled, give
from waiting import PATIENCE

from calsvc.cli import main
from calsvc.errors import SettingsError, StorageError
from calsvc.schedule.entries import Schedule
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

# --- databases that are away --------------------------------------------------------------


CALLS: dict[str, Callable[[Storage], object]] = {
    "migrate": lambda storage: storage.migrate(),
    "numbers": lambda storage: storage.numbers(),
    "newest": lambda storage: storage.newest("conf"),
    "version": lambda storage: storage.version("conf", 1),
    "history": lambda storage: storage.history("conf"),
    "has_published": lambda storage: storage.has_published("conf", ""),
    "append": lambda storage: storage.append("conf", give(Draft(FIRST, ""))),
    "notices": lambda storage: storage.notices(),
    "notice": lambda storage: storage.notice("a", ["words"]),
}


def sentences(storage: Storage, calls: dict[str, Callable[[Storage], object]]) -> set[str]:
    """Return what each call says of the database that is away."""
    said = set()
    for call in calls.values():
        with pytest.raises(StorageError) as raised:
            call(storage)
        said.add(str(raised.value))
    return said


def test_storage_whose_file_was_removed_says_so(
    sqlite_url: str, tmp_path: Path, open_storage: Callable[[str], Storage]
) -> None:
    storage = filled(open_storage(sqlite_url))
    (tmp_path / "calsvc.db").unlink()
    calls = {name: call for name, call in CALLS.items() if name != "migrate"}

    said = sentences(storage, calls)

    assert said == {"The database does not answer: unable to open database file."}
    assert not (tmp_path / "calsvc.db").exists()


@pytest.mark.parametrize("place", ["folder", "missing/calsvc.db"])
def test_storage_that_can_be_no_file_says_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    path = tmp_path / place
    storage = Storage(f"sqlite:///{path}")

    said = sentences(storage, CALLS)

    assert said == {
        "The database does not answer: unable to open database file.",
        f"The database {path} cannot be opened: unable to open database file.",
    }


def test_storage_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database. " * 100)
    storage = Storage(f"sqlite:///{path}")

    said = sentences(storage, CALLS)

    assert said == {
        "The database does not answer: file is not a database.",
        f"The database {path} cannot be opened: file is not a database.",
    }
    assert path.read_text() == "Not a database. " * 100


def test_storage_whose_tables_are_missing_says_so(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "calsvc.db")) as connection:
        connection.execute("CREATE TABLE mine (words TEXT)")
    storage = Storage(sqlite_url)

    with pytest.raises(StorageError, match=r"^The database does not answer: no such table: "):
        storage.numbers()


def test_storage_on_a_port_where_nothing_listens_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        storage = Storage(f"postgresql://calsvc:secret@127.0.0.1:{port}/calsvc")

        said = sentences(storage, CALLS)

    assert len(said) == 1
    (sentence,) = said
    assert sentence.startswith("The database does not answer: connection failed: ")
    assert sentence.endswith("Connection refused.")
    assert "secret" not in sentence


def test_storage_that_comes_back_answers_again(
    sqlite_url: str, tmp_path: Path, open_storage: Callable[[str], Storage]
) -> None:
    storage = filled(open_storage(sqlite_url))
    (tmp_path / "calsvc.db").rename(tmp_path / "away.db")
    sentences(storage, {"numbers": CALLS["numbers"]})

    (tmp_path / "away.db").rename(tmp_path / "calsvc.db")

    assert storage.newest("conf") == (SECOND_RECORD, SECOND)


def test_storage_on_postgresql_outlives_its_connections(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    url = postgresql.fresh_url()
    storage = filled(open_storage(url))

    with psycopg.connect(postgresql.url(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert storage.newest("conf") == (SECOND_RECORD, SECOND)


# --- addresses and files ------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "calsvc.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://calsvc:secret@localhost/calsvc",
        "postgresql://calsvc:secret@localhost:port/calsvc",
        "calsvc:secret@localhost",
    ],
)
def test_address_that_cannot_be_used_is_misuse(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Storage(url)
    result = CliRunner().invoke(main, ["history", "conf", "--database", url])

    assert str(raised.value).startswith("setting database: ")
    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: {raised.value}\n")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_address_of_postgresql_may_be_written_in_three_ways(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage], scheme: str
) -> None:
    url = postgresql.fresh_url().replace("postgresql", scheme, 1)

    assert open_storage(url).numbers() == {}


@pytest.mark.parametrize("name", ["a b.db", "a?b.db", "50%.db", "a#b.db", "é☃.db", "a%20b.db"])
def test_address_of_a_file_may_hold_any_character(
    tmp_path: Path, open_storage: Callable[[str], Storage], name: str
) -> None:
    storage = filled(open_storage(f"sqlite:///{tmp_path}/{quote(name)}"))

    assert storage.numbers() == {"conf": 2, "other": 1}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_sqlite_syncs_a_log_that_readers_do_not_wait_for(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    open_storage(sqlite_url)
    database = Database(sqlite_url)

    with database.transaction(write=True), database.transaction() as reader:
        journal = reader.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = reader.exec_driver_sql("PRAGMA synchronous").scalar()
        count = reader.exec_driver_sql("SELECT count(*) FROM versions").scalar()

    full = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
    assert (journal, synchronous, count) == ("wal", full, 0)


def test_sqlite_reads_with_the_old_file_while_another_writes(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = filled(open_storage(sqlite_url))
    seen: list[dict[str, int]] = []

    def make(version: Version | None, previous: Schedule | None) -> Draft:
        seen.append(storage.numbers())
        return Draft(FIRST, "")

    storage.append("conf", make)

    assert seen == [{"conf": 2, "other": 1}]
    assert storage.numbers() == {"conf": 3, "other": 1}


# --- how long it takes --------------------------------------------------------------------


def test_each_look_up_and_transaction_is_observed_and_so_is_one_that_fails(
    storage: Storage,
) -> None:
    observed: list[tuple[str, bool]] = []
    database = storage.database
    database.observe = lambda act, seconds: observed.append((act, 0 <= seconds < PATIENCE))
    value = sa.select(sa.func.lower(sa.bindparam("key", type_=sa.String)))

    storage.numbers()
    storage.notice("a", ["words"])
    assert database.scalar(value, "A") == "a"
    with pytest.raises(StorageError), database.transaction() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    assert observed == [("read", True), ("write", True), ("lookup", True), ("read", True)]
