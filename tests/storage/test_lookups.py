"""Look-ups of single values by connections that stay open: they heal."""

import gc
from collections.abc import Callable
from threading import Thread

import pytest
import sqlalchemy as sa
from databases import PostgreSQL
from itineraries import EMPTY
from waiting import eventually

from calsvc.errors import StorageError
from calsvc.schedule.itineraries import derived, hashed, new_edit_key
from calsvc.storage import readers
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage


@pytest.mark.parametrize("is_abrupt", [False, True])
def test_look_up_goes_on_once_its_server_is_back(
    is_abrupt: bool, postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    calendars = Calendars(open_storage(postgresql.fresh_url()).database)
    key_hash = _made(calendars)
    stored = calendars.stored_of_feed(key_hash)

    postgresql.stop(abruptly=is_abrupt)
    with pytest.raises(StorageError, match=r"^The database does not answer: .*refused"):
        calendars.stored_of_feed(key_hash)
    postgresql.start()

    assert calendars.stored_of_feed(key_hash) == stored


def test_look_up_goes_on_after_a_restart_that_nobody_noticed(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    calendars = Calendars(open_storage(postgresql.fresh_url()).database)
    key_hash = _made(calendars)
    stored = calendars.stored_of_feed(key_hash)

    postgresql.stop()
    postgresql.start()

    assert calendars.stored_of_feed(key_hash) == stored


def test_thread_that_ends_leaves_no_connection_open(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    database = open_storage(postgresql.fresh_url()).database
    calendars = Calendars(database)
    key_hash = _made(calendars)
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def connections() -> int:
        with database.transaction() as connection:
            return int(connection.execute(others).scalar_one())

    before = connections()
    gc.disable()  # nothing else may close them
    try:
        for _ in range(5):
            thread = Thread(target=calendars.stored_of_feed, args=(key_hash,))
            thread.start()
            thread.join()
        eventually(lambda: connections() <= before)
    finally:
        gc.enable()


def test_look_up_sees_what_was_stored_since(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    one, other = (Calendars(open_storage(database_url).database) for _ in range(2))
    edit_key = new_edit_key()
    one.make(edit_key, EMPTY)
    key_hash = hashed(derived(edit_key, "feed", 1))
    before = one.stored_of_feed(key_hash)

    shared = other.change(edit_key, lambda found: found.sharing(is_on=True))

    assert before != one.stored_of_feed(key_hash)
    assert one.of_editor(edit_key) == shared


def test_connection_that_is_old_is_opened_anew(
    postgresql: PostgreSQL,
    open_storage: Callable[[str], Storage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = open_storage(postgresql.fresh_url())
    calendars = Calendars(storage.database)
    key_hash = _made(calendars)

    def lives_on() -> bool:
        first = storage.database._reader()
        calendars.stored_of_feed(key_hash)
        return storage.database._reader() is first

    assert lives_on()
    monkeypatch.setattr(readers, "LIFETIME", 0)
    assert not lives_on()


def _made(calendars: Calendars) -> str:
    """Store a calendar, and return the hash of its feed key."""
    edit_key = new_edit_key()
    calendars.make(edit_key, EMPTY)
    return hashed(derived(edit_key, "feed", 1))
