"""A database in trouble: whoever asks is told within limits, nothing is lost, and it heals."""

from collections.abc import Callable, Generator
from threading import Event, Thread

import psycopg
import pytest
from conftest import NOW
from databases import PostgreSQL
from drafts import FIRST, SECOND, SECOND_RECORD, filled, give
from faults import NO_WRITING, damage, hanging, is_sqlite, locked, no_more_files, read_only
from itineraries import DAYS, EMPTY, FULL, adding, made
from waiting import PATIENCE

from calsvc.errors import StorageError
from calsvc.schedule.copies import Copy
from calsvc.schedule.itineraries import Itinerary, hashed, keys, new_edit_key
from calsvc.schedule.renditions import Rendition
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import MIGRATION_LOCK, Database
from calsvc.storage.gate import FULL as GATE_FULL
from calsvc.storage.patience import SESSION, within
from calsvc.storage.renditions import Renditions
from calsvc.storage.schedules import Storage

READS: dict[str, Callable[[Storage, str], object]] = {
    "numbers": lambda storage, key: storage.numbers(),
    "newest": lambda storage, key: storage.newest("conf"),
    "of_editor": lambda storage, key: Calendars(storage.database).of_editor(key),
    "stored_of_feed": lambda storage, key: Calendars(storage.database).stored_of_feed(
        hashed(keys(key, FULL).feed)
    ),
}
WRITES: dict[str, Callable[[Storage, str], object]] = {
    "append": lambda storage, key: storage.append("conf", give(Draft(FIRST, "again"))),
    "notice": lambda storage, key: storage.notice("a", ["words"]),
    "make": lambda storage, key: Calendars(storage.database).make(new_edit_key(), EMPTY),
    "change": lambda storage, key: Calendars(storage.database).change(key, adding("late")),
    "delete": lambda storage, key: Calendars(storage.database).delete(key),
}
CALLS = {**READS, **WRITES}


@pytest.fixture
def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for locks a tenth of a second where that can be set."""
    monkeypatch.setitem(SESSION, "lock_timeout", 0.1)
    if is_sqlite(database_url):  # of PostgreSQL, these bound each answer of a busy machine
        monkeypatch.setattr("calsvc.storage.readers.ANSWER", 0.1)
        monkeypatch.setattr("calsvc.storage.calendars.BRIEFLY", 0.1)
        monkeypatch.setattr("calsvc.storage.schedules.WORK", 0.1)


# --- a server that hangs ------------------------------------------------------------------


@pytest.mark.slow
def test_each_call_of_a_server_that_hangs_comes_back_and_says_so(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = filled(open_storage(postgresql.fresh_url()))
    key = made(Calendars(storage.database), FULL)
    monkeypatch.setattr("calsvc.storage.schedules.WORK", 0.5)
    READS["stored_of_feed"](storage, key)  # by a connection that is kept
    said: dict[str, str] = {}

    def run(name: str) -> None:
        try:
            CALLS[name](storage, key)
        except StorageError as error:
            said[name] = str(error)

    with hanging(postgresql):
        run("stored_of_feed")
        threads = [Thread(target=run, args=(name,)) for name in CALLS if name != "stored_of_feed"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

    assert said.keys() == CALLS.keys()
    assert set(said.values()) <= {
        "The database does not answer: no answer within 3 seconds.",
        "The database does not answer: no answer within 0.5 seconds.",
        "The database does not answer: connection timeout expired.",
        GATE_FULL,
    }
    assert storage.newest("conf") == (SECOND_RECORD, SECOND)
    assert Calendars(storage.database).of_editor(key) == FULL
    assert READS["stored_of_feed"](storage, key)


def test_answer_that_keeps_coming_is_taken_however_long_it_is() -> None:
    """What counts is the time without an octet, not the time of all of them."""

    def answer() -> Generator[str, int, list[int]]:
        heard = []
        while len(heard) < 5:
            heard.append((yield "more"))
        return heard

    patient, impatient = within(answer(), None), within(answer(), 0)

    assert [next(patient), *(patient.send(0) for _ in range(4))] == ["more"] * 5
    assert [next(impatient), *(impatient.send(1) for _ in range(4))] == ["more"] * 5
    with pytest.raises(StopIteration) as ended:
        patient.send(0)
    with pytest.raises(TimeoutError):
        impatient.send(0)
    assert ended.value.value == [0] * 5


def test_limit_of_one_transaction_is_not_that_of_the_next(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(postgresql.fresh_url())

    with pytest.raises(StorageError, match=r"no answer within 0\.1 seconds"):
        with storage.database.transaction(limit=0.1) as connection:
            connection.exec_driver_sql("SELECT pg_sleep(1)")
    with storage.database.transaction() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(0.5)")
        limits = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        ]

    assert limits == ["30s", "3s", "30s"]


def test_migration_waits_for_another_one_as_long_as_that_takes(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SESSION, "lock_timeout", 0.1)
    storage = Storage(postgresql.fresh_url())
    done = Event()

    def migrate() -> None:
        storage.migrate()
        done.set()

    with psycopg.connect(postgresql.url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        thread = Thread(target=migrate)
        thread.start()
        is_done_meanwhile = done.wait(0.5)
    thread.join(PATIENCE)

    assert (is_done_meanwhile, done.is_set()) == (False, True)
    assert storage.numbers() == {}
    storage.close()


# --- nothing can be written ---------------------------------------------------------------


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", NO_WRITING.values(), ids=NO_WRITING)
def test_what_is_stored_can_be_read_while_nothing_can_be_written(
    storage: Storage, database_url: str, fault: Callable[[str], object]
) -> None:
    filled(storage)
    calendars = Calendars(storage.database)
    key = made(calendars, FULL)
    calendars.used(keys(key, FULL).feed)
    READS["stored_of_feed"](storage, key)  # each server keeps a connection

    with fault(database_url):  # type: ignore[attr-defined]
        for name in ("append", "change"):  # of a publisher, and of a request
            with pytest.raises(StorageError, match=r"^The database does not answer: "):
                WRITES[name](storage, key)
        with pytest.raises(StorageError, match=r"^The database does not answer: "):
            calendars.flush(DAYS[1])
        with pytest.raises(StorageError, match=r"^The database does not answer: "):
            Calendars(storage.database).flush(DAYS[1])  # no feed was fetched; it is tried again
        unwritten = storage.database.unwritten
        read = [call(storage, key) for call in READS.values()]

    assert unwritten
    assert read[:3] == [{"conf": 2, "other": 1}, (SECOND_RECORD, SECOND), FULL]
    assert storage.newest("conf") == (SECOND_RECORD, SECOND)
    assert calendars.change(key, adding("late")).choices[:2] == FULL.choices
    assert storage.database.unwritten is None
    calendars.flush(DAYS[1])
    assert calendars.count() == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", [locked, read_only])
def test_database_of_the_present_shape_can_be_opened_while_nothing_can_be_written(
    storage: Storage, database_url: str, fault: Callable[[str], object]
) -> None:
    filled(storage)

    with fault(database_url):  # type: ignore[attr-defined]
        other = Storage(database_url)
        other.migrate()
        numbers = other.numbers()
        other.close()

    assert numbers == {"conf": 2, "other": 1}


# --- damage, and no more files ------------------------------------------------------------


def test_file_that_is_damaged_is_told_of(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    storage.migrate()
    key = made(Calendars(filled(storage).database), FULL)
    storage.close()
    damage(sqlite_url)

    for name in ("newest", "of_editor", "stored_of_feed"):
        with pytest.raises(StorageError, match=r"malformed|not a database"):
            READS[name](storage, key)
    storage.close()


def test_process_that_can_open_no_more_files_says_so_and_heals(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = filled(open_storage(sqlite_url))

    with no_more_files(), pytest.raises(StorageError) as raised:
        storage.numbers()

    assert str(raised.value) == "The database does not answer: unable to open database file."
    assert storage.numbers() == {"conf": 2, "other": 1}


# --- nobody waits for what is computed ----------------------------------------------------


def test_people_change_their_calendars_while_a_version_is_made(
    storage: Storage, database_url: str
) -> None:
    database = Database(database_url)
    others = Calendars(database)
    key = made(others)
    seen: list[Itinerary] = []

    def make(version: object, previous: object) -> Draft:
        seen.append(others.change(key, adding("meanwhile")))
        return Draft(FIRST, "here")

    storage.append("conf", make)
    database.close()

    assert [choice.session for choice in seen[0].choices] == ["meanwhile"]
    assert storage.numbers() == {"conf": 1}


def test_people_change_their_calendars_while_a_rendition_is_made(
    storage: Storage, database_url: str
) -> None:
    database = Database(database_url)
    others, renditions = Calendars(database), Renditions(storage.database)
    key = made(others)
    seen: list[object] = []

    def renew(past: Rendition | None, is_new: bool) -> Rendition:
        seen.append(past)
        others.change(key, adding(f"meanwhile-{len(seen)}"))
        if len(seen) == 1:
            Renditions(database).renew("conf", lambda past, is_new: rendition(1))
        return rendition(2)

    stored = renditions.renew("conf", renew)
    database.close()

    assert stored == renditions.of("conf") == rendition(2)
    assert seen == [None, rendition(1)]  # made again of what another copy stored


def rendition(version: int) -> Rendition:
    """Return what was written of a version."""
    return Rendition(
        version=version, renderer="r", adopted=NOW, digest="d", modified=NOW, stamps={}
    )


def test_version_is_made_again_of_what_another_publisher_stored_meanwhile(
    storage: Storage, database_url: str
) -> None:
    others = Storage(database_url)
    saw: list[int] = []

    def make(version: object, previous: object) -> Draft:
        number = getattr(version, "number", 0)
        saw.append(number)
        if number < 3:
            others.append("conf", give(Draft(FIRST, f"there {number}")))
        return Draft(SECOND, "here")

    mine = storage.append("conf", make)
    others.close()

    assert mine
    assert (saw, mine.number) == ([0, 1, 2, 3], 4)
    assert [each.source for each in storage.history("conf")] == [
        "here",
        "there 2",
        "there 1",
        "there 0",
    ]


def test_unchanged_agenda_is_looked_at_again_where_another_publisher_was_faster(
    storage: Storage, database_url: str
) -> None:
    """Else what its folder says would be remembered beside a version that nobody compared."""
    others = Storage(database_url)
    saw: list[int] = []

    def make(version: object, previous: object) -> None:
        saw.append(getattr(version, "number", 0))
        if len(saw) == 1:
            others.append("conf", give(Draft(FIRST, "there")))

    storage.append("conf", make, Copy("here", "conf", "d", FIRST.published))
    others.close()

    assert saw == [0, 1]
    assert [copy.digest for copy in storage.copies("conf")] == ["d"]
