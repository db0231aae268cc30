"""Each step brings a database to its next shape, once, and keeps what an older calsvc stored."""

import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from databases import PostgreSQL
from drafts import FIRST, FIRST_RECORD, SECOND_RECORD, filled, give
from waiting import PATIENCE

from calsvc.schedule.versions import Draft
from calsvc.storage.database import MIGRATIONS, Database
from calsvc.storage.schedules import Storage
from calsvc.storage.versions import row_of

REVISIONS = sorted(path.stem[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
NO_LOCK = "CREATE FUNCTION pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS ''"


def migrated_to(database: Database, revision: str) -> None:
    """Bring an empty database to the shape that it had at a step of the past."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.transaction(write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_notice_that_was_stored_without_a_time_is_still_told(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    with storage.database.transaction(write=True) as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {table}"))
    migrated_to(storage.database, "0002")
    with storage.database.transaction(write=True) as connection:
        row = {"publisher": "host:/events", "place": 0, "words": "conf.yaml: is broken"}
        insert = "INSERT INTO notices (publisher, place, words) VALUES (:publisher, :place, :words)"
        connection.execute(sa.text(insert), row)

    storage.migrate()

    assert storage.notices() == ["conf.yaml: is broken"]
    storage.notice("host:/events", ["conf.yaml: is broken still"])
    assert storage.notices() == ["conf.yaml: is broken still"]


def steps_of(url: str) -> list[str]:
    """Return what is noted as the last step; more than one is of no use."""
    database = Database(url)
    with database.transaction() as connection:
        noted = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        steps = list(noted.scalars())
    database.close()
    return steps


# --- many at once -------------------------------------------------------------------------


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
    database = Database(database_url)
    migrated_to(database, "0001")
    row = row_of("conf", 1, Draft(FIRST, "conf.yaml on a"))
    del row["tz_database"]  # for which the first shape had no column
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


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("revision", [None, *REVISIONS[:-1:3]])
def test_migrate_by_eight_processes_at_once_needs_no_lock(
    revision: str | None, postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    for _ in range(3):
        url = f"{postgresql.fresh_url()}?options={quote('-c search_path=public,pg_catalog')}"
        database = Database(url)
        with database.transaction(write=True) as connection:
            connection.execute(sa.text(NO_LOCK))
        if revision:
            migrated_to(database, revision)
        database.close()

        ends = migrate_by_eight(url)

        assert ends == [0] * 8
        assert filled(open_storage(url)).numbers() == {"conf": 2, "other": 1}
        assert steps_of(url) == [REVISIONS[-1]]


@pytest.mark.parametrize("revision", [None, *REVISIONS])
def test_steps_that_were_made_and_not_noted_are_made_again(
    revision: str | None, postgresql: PostgreSQL, open_storage: Callable[[str], Storage]
) -> None:
    """Engines that take no step back are left so by a process that is killed."""
    url = postgresql.fresh_url()
    storage = filled(open_storage(url))
    storage.notice("a", ["words"])
    with storage.database.transaction(write=True) as connection:
        if revision:
            noted = sa.text("UPDATE alembic_version SET version_num = :revision")
            connection.execute(noted, {"revision": revision})
        else:
            connection.execute(sa.text("DELETE FROM alembic_version"))

    storage.migrate()

    assert steps_of(url) == [REVISIONS[-1]]
    assert storage.history("conf") == [SECOND_RECORD, FIRST_RECORD]
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
