"""Storage keeps what it promises, on SQLite and on PostgreSQL alike."""

import json
import multiprocessing
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from click.testing import CliRunner
from conftest import BASE_URL, event_of, schedule_of
from databases import PATIENCE, PostgreSQL

from calsvc.addresses import Addresses
from calsvc.cli import main
from calsvc.errors import SettingsError, StorageError, UnknownNameError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.database import MIGRATIONS, Database
from calsvc.storage.schedules import NOTICES_LAST, Storage
from calsvc.storage.versions import row_of

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    organizer: {name: Org, email: org@example.org}
    color: navy
    tracks: [{name: Data, color: red}]
    rooms: [{name: Hall A, place: Old Hall, geo: [48.1, 11.5]}]
    venue: {name: "Zentrum Grün", address: "Straße 1, 12345 Stadt", geo: [48.2, 11.6]}
    sessions:
      - {id: start, title: "Start 🎉", kind: opening, when: 2027-06-15 09:00-09:30, room: Hall A}
      - id: posters
        title: Posters
        kind: poster-session
        when: [{start: 2027-06-15 12:00, duration: 60, id: noon}, 2027-06-16 12:00-13:00]
      - {id: one, title: One, kind: poster, part_of: posters, people: ["Ada Example, Engines"]}
      - {id: party, title: Party, kind: social, when: 2027-06-15 22:00-01:00+1, track: Data}
      - id: abroad
        title: Abroad
        status: tentative
        description: |
          Two *lines*,
          and \\N of them.
        when: {start: 2027-06-16 10:00, end: 2027-06-16 11:00, timezone: America/New_York}
        links: [{url: "https://example.org/?a=1&b=2", title: Slides}]
      - {id: gone, title: Gone, status: cancelled, when: 2027-06-16 14:00-15:00}
      - {id: later, title: To be announced}
"""
FIRST = schedule_of(AGENDA)
SECOND = publish(event_of(AGENDA.replace("Party", "Feast")), FIRST, FIRST.published)
OTHER = schedule_of(AGENDA, "other")
RENAMED = changes(FIRST, SECOND)


def give(*drafts: Draft) -> Callable[[Version | None, Schedule | None], Draft | None]:
    """Return a maker of drafts that hands out these, one after the other."""
    left = iter(drafts)
    return lambda version, previous: next(left, None)


def filled(storage: Storage) -> Storage:
    """Return a storage with two versions of one event, and one of another."""
    storage.append("conf", give(Draft(FIRST, "conf.yaml on a")))
    storage.append("conf", give(Draft(SECOND, "conf.yaml on b", "A feast", RENAMED)))
    storage.append("other", give(Draft(OTHER, "other.yaml on a", is_withdrawn=True)))
    return storage


def feed_of(schedule: Schedule) -> bytes:
    """Return the feed of a whole event."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body


FIRST_RECORD = Version(
    "conf", 1, FIRST.published, "conf.yaml on a", digest(FIRST.event), "", (), False
)
SECOND_RECORD = Version(
    "conf",
    2,
    SECOND.published,
    "conf.yaml on b",
    digest(SECOND.event),
    "A feast",
    RENAMED,
    False,
)


class TestStorage:
    """What holds on every database."""

    def test_append_returns_the_record(self, storage: Storage) -> None:
        first = storage.append("conf", give(Draft(FIRST, "conf.yaml on a")))
        second = storage.append("conf", give(Draft(SECOND, "conf.yaml on b", "A feast", RENAMED)))

        assert (first, second) == (FIRST_RECORD, SECOND_RECORD)

    def test_append_hands_over_the_newest(self, storage: Storage) -> None:
        seen: list[tuple[Version | None, Schedule | None]] = []

        def look(version: Version | None, previous: Schedule | None) -> None:
            seen.append((version, previous))

        storage.append("conf", look)
        filled(storage).append("conf", look)

        assert seen == [(None, None), (SECOND_RECORD, SECOND)]

    def test_append_of_nothing_appends_nothing(self, storage: Storage) -> None:
        filled(storage)

        assert storage.append("conf", give()) is None
        assert storage.append("new", give()) is None
        assert storage.numbers() == {"conf": 2, "other": 1}

    def test_append_passes_on_what_a_maker_raises(self, storage: Storage) -> None:
        def refuse(version: Version | None, previous: Schedule | None) -> Draft:
            raise UnknownNameError("event", "conf", ())

        with pytest.raises(UnknownNameError):
            storage.append("conf", refuse)

        assert storage.numbers() == {}

    def test_append_by_two_at_once_keeps_both(self, storage: Storage) -> None:
        both_have_read = threading.Barrier(2)
        saw: dict[str, list[int]] = {"one": [], "two": []}
        got: dict[str, Version | None] = {}

        def run(name: str) -> None:
            def make(version: Version | None, previous: Schedule | None) -> Draft:
                saw[name].append(version.number if version else 0)
                try:
                    both_have_read.wait(0.5)  # in vain where the database lets one in at a time
                except threading.BrokenBarrierError:
                    pass
                return Draft(FIRST, name)

            got[name] = storage.append("conf", make)

        threads = [threading.Thread(target=run, args=(name,)) for name in saw]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

        numbers = {name: version.number for name, version in got.items() if version}
        assert sorted(numbers.values()) == [1, 2]
        assert {name: seen[-1] + 1 for name, seen in saw.items()} == numbers
        assert [version.number for version in storage.history("conf")] == [2, 1]

    def test_newest_is_the_last_version(self, storage: Storage) -> None:
        filled(storage)

        assert storage.newest("conf") == (SECOND_RECORD, SECOND)
        assert storage.newest("nothing") is None

    def test_newest_of_a_withdrawn_event_says_so(self, storage: Storage) -> None:
        filled(storage)

        newest = storage.newest("other")

        assert newest
        assert (newest[0].is_withdrawn, newest[1]) == (True, OTHER)

    def test_version_is_the_one_of_that_number(self, storage: Storage) -> None:
        filled(storage)

        assert storage.version("conf", 1) == (FIRST_RECORD, FIRST)

    def test_version_unknown_names_the_known_ones(self, storage: Storage) -> None:
        filled(storage)

        with pytest.raises(UnknownNameError) as raised:
            storage.version("conf", 7)

        assert (raised.value.noun, raised.value.name) == ("version", "7")
        assert raised.value.known == ("1", "2")

    def test_history_is_the_newest_first(self, storage: Storage) -> None:
        filled(storage)

        assert storage.history("conf") == [SECOND_RECORD, FIRST_RECORD]
        assert storage.history("conf", limit=1) == [SECOND_RECORD]
        assert storage.history("nothing") == []

    def test_numbers_are_those_of_the_newest(self, storage: Storage) -> None:
        assert storage.numbers() == {}
        assert filled(storage).numbers() == {"conf": 2, "other": 1}

    def test_has_published_knows_every_version(self, storage: Storage) -> None:
        filled(storage)

        found = {
            (event_id, name): storage.has_published(event_id, digest(schedule.event))
            for event_id in ("conf", "other")
            for name, schedule in (("first", FIRST), ("second", SECOND), ("other", OTHER))
        }

        assert [key for key, is_known in found.items() if is_known] == [
            ("conf", "first"),
            ("conf", "second"),
            ("other", "other"),
        ]

    def test_notices_are_replaced_by_their_publisher_alone(self, storage: Storage) -> None:
        storage.notice("b", ["second", "third"])
        storage.notice("a", ["never", "first"])
        storage.notice("a", ["first"])
        before = storage.notices()
        storage.notice("b", [])

        assert before == ["first", "second", "third"]
        assert storage.notices() == ["first"]

    def test_notices_of_one_publisher_twice_at_once_are_those_of_one(
        self, storage: Storage
    ) -> None:
        words = {name: [f"{name} {number}" for number in range(5)] for name in ("one", "two")}
        failures: list[Exception] = []

        def run(name: str) -> None:
            try:
                for _ in range(20):
                    storage.notice("same", words[name])
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=run, args=(name,)) for name in words]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

        assert failures == []
        assert storage.notices() in words.values()

    def test_notices_of_a_publisher_with_a_long_name_are_kept(self, storage: Storage) -> None:
        storage.notice("machine:" + "/folder" * 200, ["words"])

        assert storage.notices() == ["words"]

    def test_notices_of_a_publisher_that_says_no_more_are_forgotten(
        self, storage: Storage, database_url: str
    ) -> None:
        storage.notice("killed", ["old"])
        storage.notice("alive", ["new"])
        database = Database(database_url)
        with database.transaction(write=True) as connection:
            old = (datetime.now(UTC) - NOTICES_LAST - timedelta(minutes=1)).isoformat()
            update = "UPDATE notices SET told = :old WHERE publisher = 'killed'"
            connection.execute(sa.text(update), {"old": old})
        told = storage.notices()
        storage.notice("alive", [])

        with database.transaction() as connection:
            left = connection.execute(sa.text("SELECT count(*) FROM notices")).scalar()
        database.close()
        assert told == ["new"]
        assert left == 0

    def test_schedules_come_back_as_they_were(
        self, storage: Storage, real_schedules: list[Schedule]
    ) -> None:
        schedules = [*real_schedules, FIRST]

        for schedule in schedules:
            storage.append(schedule.event.id, give(Draft(schedule, "")))
        stored = [storage.newest(schedule.event.id) for schedule in schedules]

        assert [newest and newest[1] for newest in stored] == schedules
        assert [newest and digest(newest[1].event) for newest in stored] == [
            digest(schedule.event) for schedule in schedules
        ]

    def test_changes_come_back_as_they_were(self, storage: Storage) -> None:
        edited = AGENDA.replace("22:00-01:00+1", "23:00-01:00+1").replace(
            "room: Hall A", "level: 1"
        )
        third = publish(
            event_of(edited.replace("to: 2027-06-16", "to: 2027-06-17")), FIRST, FIRST.published
        )
        made = changes(FIRST, third)

        stored = storage.append("conf", give(Draft(third, "", changes=made)))

        assert [each.told() for each in made] == [
            "Conf: moved 2027-06-15 to 2027-06-16 → 2027-06-15 to 2027-06-17",
            "Start 🎉: room Hall A → to be announced, place Old Hall → Zentrum Grün, level changed",
            "Party: moved 22:00–01:00 → 23:00–01:00",
        ]
        assert stored and stored.changes == made
        assert storage.history("conf")[0].changes == made

    def test_changes_stored_as_sentences_stay_those(
        self, storage: Storage, database_url: str
    ) -> None:
        filled(storage)
        old = ["Feast: renamed, was {Party}", "First published, with 7 sessions"]

        alter(database_url, lambda _: json.dumps(old), column="changes")
        records = [*storage.history("conf"), storage.version("conf", 1)[0]]

        def loud(words: str) -> str:
            return words.upper()

        assert [[each.told(loud) for each in record.changes] for record in records] == [old] * 3

    def test_changes_with_a_key_of_a_newer_calsvc_are_read(
        self, storage: Storage, database_url: str
    ) -> None:
        filled(storage)

        def add(text: str) -> str:
            found = json.loads(text)
            for each in found:
                for part in (each, *each["facts"], *each["former"]):
                    part["mood"] = {"is": "new"}
            return json.dumps(found)

        alter(database_url, add, column="changes")

        assert storage.history("conf") == [SECOND_RECORD, FIRST_RECORD]

    def test_changes_that_cannot_be_read_ask_for_an_update(
        self, storage: Storage, database_url: str
    ) -> None:
        filled(storage)

        alter(database_url, lambda _: '[{"facts": "many"}]', column="changes")

        with pytest.raises(StorageError, match=r"^conf version 2 cannot be read; update calsvc\.$"):
            storage.history("conf")

    def test_schedule_with_a_key_of_a_newer_calsvc_is_read(
        self, storage: Storage, database_url: str
    ) -> None:
        filled(storage)

        def add(text: str) -> str:
            schedule = json.loads(text)
            sessions = schedule["event"]["sessions"]
            entry = schedule["entries"][1]
            entries = (entry, entry["content"], entry["content"]["slot"])
            for each in (schedule, schedule["event"], sessions[0], *entries):
                each["mood"] = {"is": "new"}
            return json.dumps(schedule)

        alter(database_url, add)

        assert storage.newest("conf") == (SECOND_RECORD, SECOND)

    def test_schedule_that_cannot_be_read_asks_for_an_update(
        self, storage: Storage, database_url: str
    ) -> None:
        filled(storage)

        alter(database_url, lambda text: text.replace('"version"', '"edition"'))

        with pytest.raises(StorageError, match=r"^conf version 2 cannot be read; update calsvc\.$"):
            storage.newest("conf")


def alter(url: str, change: Callable[[str], str], column: str = "schedule") -> None:
    """Change the text that a column holds of each stored version."""
    versions = sa.table("versions", *map(sa.column, ("event_id", "number", column)))
    database = Database(url)
    with database.transaction(write=True) as connection:
        for event_id, number, text in connection.execute(sa.select(versions)).all():
            chosen = (versions.c.event_id == event_id) & (versions.c.number == number)
            update = sa.update(versions).where(chosen)
            connection.execute(update.values({column: change(text)}))
    database.close()


# --- both databases alike -----------------------------------------------------------------


def test_feeds_are_the_same_bytes_from_both_databases(
    sqlite_url: str,
    postgresql: PostgreSQL,
    open_storage: Callable[[str], Storage],
    real_schedules: list[Schedule],
) -> None:
    schedules = [*real_schedules, SECOND]
    storages = [open_storage(sqlite_url), open_storage(postgresql.fresh_url())]

    for storage in storages:
        for schedule in schedules:
            storage.append(schedule.event.id, give(Draft(schedule, "")))
    stored = [
        [feed_of(storage.version(schedule.event.id, 1)[1]) for schedule in schedules]
        for storage in storages
    ]

    assert stored == [[feed_of(schedule) for schedule in schedules]] * 2


# --- migrations ---------------------------------------------------------------------------


def migrate_when(barrier: threading.Barrier, url: str) -> None:
    """Migrate a database, in a process of its own, together with others."""
    storage = Storage(url)
    barrier.wait()
    storage.migrate()
    storage.numbers()
    storage.close()


def migrate_by_eight(url: str) -> list[int | None]:
    """Migrate a database by eight processes at once; return how they ended."""
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(8)
    processes = [fork.Process(target=migrate_when, args=(barrier, url)) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    return [process.exitcode for process in processes]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_migrate_by_eight_processes_at_once_brings_the_present_shape(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    ends = migrate_by_eight(database_url)

    assert ends == [0] * 8
    assert filled(open_storage(database_url)).numbers() == {"conf": 2, "other": 1}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_migrate_by_eight_processes_at_once_keeps_what_the_first_shape_held(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).touch()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    database = Database(database_url)
    with database.transaction(write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    row = row_of("conf", 1, Draft(FIRST, "conf.yaml on a"))
    del row["tz_database"]  # which the first shape had no column for
    columns = [sa.column(name) for name in row]
    with database.transaction(write=True) as connection:
        connection.execute(sa.insert(sa.table("versions", *columns)), row)
    database.close()

    ends = migrate_by_eight(database_url)

    storage = open_storage(database_url)
    storage.notice("a", ["words"])
    assert ends == [0] * 8
    assert storage.newest("conf") == (FIRST_RECORD, FIRST)
    assert storage.notices() == ["words"]


def test_migrate_again_changes_nothing(storage: Storage) -> None:
    filled(storage)

    storage.migrate()

    assert storage.history("conf") == [SECOND_RECORD, FIRST_RECORD]


def test_migrate_leaves_the_work_of_a_newer_calsvc_alone(
    storage: Storage, database_url: str
) -> None:
    filled(storage)
    database = Database(database_url)
    with database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.text("ALTER TABLE versions ADD COLUMN mood TEXT"))
        connection.execute(sa.text("CREATE TABLE moods (mood TEXT)"))

    storage.migrate()
    storage.append("conf", give(Draft(FIRST, "conf.yaml on a")))

    with database.transaction() as connection:
        number = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    database.close()
    assert number == "9999"
    assert storage.numbers() == {"conf": 3, "other": 1}


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
