"""Copies of event files in storage, and a database from before they were remembered."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from conftest import event_of

from calsvc.releases import publish_files
from calsvc.schedule.copies import Copy
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage import copies as copies_module
from calsvc.storage.database import MIGRATIONS
from calsvc.storage.schedules import Storage
from calsvc.storage.versions import row_of, versions
from calsvc.watcher import Watcher

HEAD = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"
THEN = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)


def known(storage: Storage, event_id: str = "conf") -> dict[str, tuple[str, bool]]:
    """Return what each publisher's copy said, and whether it is watched."""
    return {copy.publisher: (copy.digest, copy.is_watched) for copy in storage.copies(event_id)}


def test_copy_is_remembered_as_it_was_said_last(storage: Storage) -> None:
    for publisher, digest in (("a:/events", "1"), ("b:/events", "1"), ("a:/events", "2")):
        storage.remember(Copy(publisher, "conf", digest, THEN))

    assert known(storage) == {"a:/events": ("2", False), "b:/events": ("1", False)}
    assert known(storage, "other") == {}


def test_copy_is_watched_from_a_notice_until_its_publisher_leaves(storage: Storage) -> None:
    now = datetime.now(UTC)
    for publisher in ("a:/events", "b:/events"):
        storage.remember(Copy(publisher, "conf", "1", now))

    storage.notice("a:/events", ["conf.yaml: is broken"])
    during, told = known(storage), storage.notices()
    storage.leave("a:/events")

    assert during == {"a:/events": ("1", True), "b:/events": ("1", False)}
    assert told == ["conf.yaml: is broken"]
    assert known(storage) == {"a:/events": ("1", False), "b:/events": ("1", False)}
    assert storage.notices() == []


def test_copy_that_nobody_looked_at_for_months_is_forgotten(storage: Storage) -> None:
    long_ago = datetime.now(UTC) - copies_module.KEPT - timedelta(days=1)
    storage.remember(Copy("gone:/events", "conf", "1", long_ago))
    storage.remember(Copy("here:/events", "conf", "1", datetime.now(UTC)))

    storage.notice("here:/events", [])

    assert known(storage) == {"here:/events": ("1", True)}


def test_copy_is_stored_with_its_version(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(HEAD)

    (version,) = publish_files(storage, [path]).published

    ((digest, is_watched),) = known(storage).values()
    assert (digest, is_watched) == (version.digest, False)


def test_database_from_before_copies_keeps_its_versions_and_takes_edits(
    database_url: str, open_storage: Callable[[str], Storage], tmp_path: Path
) -> None:
    storage = open_storage(database_url)
    with storage.database.transaction(write=True) as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {table}"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with storage.database.transaction(write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    folder = tmp_path / "events"
    folder.mkdir()
    path = folder / "conf.yaml"
    source = f"events/conf.yaml on {socket.gethostname()}"
    schedule = None
    for number, name in enumerate(("Conf", "Conference"), 1):
        path.write_text(HEAD.replace("Conf", name))
        schedule = publish(event_of(path.read_text()), schedule, THEN)
        with storage.database.transaction(write=True) as connection:
            row = row_of("conf", number, Draft(schedule, source))
            connection.execute(sa.insert(versions), row)

    storage.migrate()
    path.write_text(HEAD)
    outcome = Watcher(storage, folder).look()

    assert [version.number for version in outcome.published] == [3]
    newest = storage.newest("conf")
    assert newest
    assert newest[1].event.name == "Conf"
