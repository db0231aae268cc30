"""One address names several servers: the one that can write is found, also after a change."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from databases import PostgreSQL
from drafts import filled
from itineraries import EMPTY, made
from servers import free_port

from calsvc.errors import SettingsError, StorageError, UnknownKeyError
from calsvc.schedule.itineraries import hashed, keys
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

FORMS = (
    "postgresql://calsvc@127.0.0.1:{0},127.0.0.1:{1}/postgres",
    "postgresql+psycopg://calsvc@127.0.0.1:{0},127.0.0.1:{1}/postgres?application_name=a,b",
    "postgres://calsvc@127.0.0.1:{0},127.0.0.1:{1}/postgres?target_session_attrs=read-write",
    "postgresql://calsvc@/postgres?host=127.0.0.1:{0}&host=127.0.0.1:{1}",
    "postgresql://calsvc@/postgres?host=127.0.0.1,127.0.0.1&port={0},{1}",
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[PostgreSQL]:
    """Another server that runs."""
    folder = tmp_path / "other"
    folder.mkdir()
    server = PostgreSQL(folder)
    server.start()
    yield server
    server.stop(abruptly=True)


@contextmanager
def standing_by(postgresql: PostgreSQL) -> Iterator[None]:
    """Let a server take no writes, with what a standby says to those who try."""
    read_only(postgresql, "on")
    try:
        yield
    finally:
        read_only(postgresql, "off")


def read_only(postgresql: PostgreSQL, value: str) -> None:
    """Let new transactions of all connections, of those that are open too, read alone or not."""
    with psycopg.connect(postgresql.url(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        connection.execute("SELECT pg_reload_conf()")


def port_that_is_used(database: Database) -> int:
    """Return the port of the server that answers."""
    with database.transaction() as connection:
        return int(connection.exec_driver_sql("SHOW port").scalar_one())


@pytest.mark.parametrize("form", FORMS)
def test_host_that_answers_is_found_wherever_it_stands(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage], form: str
) -> None:
    postgresql.fresh_url()
    ports = [postgresql.port, free_port()]

    stored = [filled(open_storage(form.format(*ports))).numbers()]
    stored += [open_storage(form.format(*ports[::-1])).numbers()]

    assert stored == [{"conf": 2, "other": 1}] * 2


@pytest.mark.parametrize("hosts", ["a:port,b", "a,b:99999999", "[::1,b"])
def test_hosts_that_cannot_be_used_are_misuse(hosts: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Storage(f"postgresql://calsvc:secret@{hosts}/calsvc")

    assert str(raised.value).startswith("setting database: that cannot be used; ")


@pytest.mark.slow
def test_server_that_can_write_is_found_and_left_when_it_cannot_any_more(
    postgresql: PostgreSQL, other: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    postgresql.fresh_url()
    url = f"postgresql://calsvc@127.0.0.1:{postgresql.port},127.0.0.1:{other.port}/postgres"
    first = open_storage(url)
    calendars = Calendars(first.database)
    feed_hash = hashed(keys(made(calendars), EMPTY).feed)
    assert calendars.stored_of_feed(feed_hash)
    assert port_that_is_used(first.database) == postgresql.port

    with standing_by(postgresql):
        second = open_storage(url)
        assert port_that_is_used(second.database) == other.port
        with pytest.raises(StorageError, match="read-only"):
            first.notice("host:/events", ["words"])
        first.notice("host:/events", ["words"])

        assert port_that_is_used(first.database) == other.port
        assert second.notices() == ["words"]
        with pytest.raises(UnknownKeyError):  # it is in the other database
            calendars.stored_of_feed(feed_hash)


def test_copy_that_may_read_anywhere_serves_from_a_server_that_cannot_be_written(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    postgresql.fresh_url()
    hosts = f"127.0.0.1:{postgresql.port},127.0.0.1:{free_port()}"
    storage = filled(open_storage(f"postgresql://calsvc@{hosts}/postgres"))

    with standing_by(postgresql):
        anywhere = open_storage(f"postgresql://calsvc@{hosts}/postgres?target_session_attrs=any")
        with pytest.raises(StorageError, match="read-only"):
            anywhere.notice("host:/events", ["words"])
        numbers = anywhere.numbers()
        with pytest.raises(StorageError, match="connection failed"):
            open_storage(f"postgresql://calsvc@{hosts}/postgres")

    assert numbers == storage.numbers() == {"conf": 2, "other": 1}
