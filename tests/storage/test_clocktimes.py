"""What an older calsvc stored is still there after each step.

``before.json`` holds the rows of a database that calsvc 0.1.0 stored with revision 0003, when
versions had instants alone.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from calsvc.schedule.differences import moved
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice
from calsvc.schedule.versions import digest
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import MIGRATIONS, Database
from calsvc.storage.schedules import Storage


def migrated_to(database: Database, revision: str) -> None:
    """Bring an empty database to the shape that it had at a step of the past."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.transaction(write=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


BEFORE: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("before.json").read_text("utf-8")
)


def of_before(storage: Storage, revision: str, *tables: str) -> None:
    """Make a database one of an older calsvc, with what it stored in some tables."""
    with storage.database.transaction(write=True) as connection:
        for table in sa.inspect(connection).get_table_names():
            connection.execute(sa.text(f"DROP TABLE {table}"))
    migrated_to(storage.database, revision)
    with storage.database.transaction(write=True) as connection:
        for table in tables:
            for row in BEFORE[table]:
                columns = [sa.column(name) for name in row]
                insert = sa.insert(sa.table(table, *columns))
                connection.execute(insert, {**row, **as_boolean(row)})


def as_boolean(row: dict[str, Any]) -> dict[str, bool]:
    """Return what SQLite has as a number, and PostgreSQL as a truth."""
    return {name: bool(value) for name, value in row.items() if name.startswith("is_")}


def on_clocks(schedule: Schedule) -> list[tuple[str | None, str, str, int]]:
    """Return each time of a schedule: session, local time, UTC, and sequence."""
    return [
        (
            entry.session,
            f"{slot.local_start:%m-%d %H:%M}–{slot.local_end:%H:%M}",
            f"{slot.start:%m-%d %H:%M}–{slot.end:%H:%M}",
            entry.sequence,
        )
        for entry in schedule.entries
        if (slot := entry.content.slot)
    ]


def test_versions_with_instants_alone_get_the_clock_times_that_they_mean(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    of_before(storage, "0003", "versions")

    storage.migrate()

    version, schedule = storage.newest("conf") or (None, None)
    assert version and schedule
    assert on_clocks(schedule) == [
        ("twice", "11-01 01:30–02:15", "11-01 08:30–09:15", 0),
        ("early", "12-01 09:30–10:30", "12-01 16:30–17:30", 1),
        ("poster", "12-01 12:00–13:00", "12-01 19:00–20:00", 0),
        ("shown", "12-01 12:00–13:00", "12-01 19:00–20:00", 0),
        ("abroad", "12-02 10:00–11:30", "12-02 09:00–10:30", 1),
        ("poster", "12-02 12:00–13:00", "12-02 19:00–20:00", 0),
        ("shown", "12-02 12:00–13:00", "12-02 19:00–20:00", 0),
        ("later", "12-02 16:00–17:00", "12-02 23:00–00:00", 1),
    ]
    slots = [entry.content.slot for entry in schedule.entries]
    assert {slot.written_start.tzinfo for slot in slots if slot} == {None}
    stored = json.loads(BEFORE["versions"][2]["schedule"])
    assert [str(entry.uid) for entry in schedule.entries] == [
        each["uid"] for each in stored["entries"]
    ]
    assert version.number == 3


def test_former_times_of_before_are_on_the_clocks_of_their_zone(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    of_before(storage, "0003", "versions")

    storage.migrate()

    history = storage.history("conf")
    early = [
        former
        for version in history
        for change in version.changes
        if change.session == "early"
        for former in change.former
        if former.written_start
    ]
    assert [(f"{each.written_start}", each.timezone) for each in early] == [
        ("2026-12-01 09:00:00", "America/Vancouver")
    ]
    _, schedule = storage.newest("conf") or (None, None)
    assert schedule
    past = [change for version in reversed(history) for change in version.changes]
    (uid,) = {each.uid for each in early}
    assert (
        f"{moved(schedule, past)[uid].start:%H:%M}" == "16:00"
    )  # Vancouver keeps UTC−7 from November 2026 on


def test_agenda_of_before_is_known_again_by_its_file(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    of_before(storage, "0003", "versions")

    storage.migrate()

    for number in (1, 2, 3):
        version, schedule = storage.version("conf", number)
        assert version.digest == digest(schedule.event)
        assert storage.has_published("conf", digest(schedule.event))


def test_what_an_older_copy_stores_during_an_upgrade_gets_clock_times_too(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    of_before(storage, "0003")
    storage.migrate()
    with storage.database.transaction(write=True) as connection:
        for row in BEFORE["versions"]:
            columns = [sa.column(name) for name in row]
            insert = sa.insert(sa.table("versions", *columns))
            connection.execute(insert, {**row, **as_boolean(row)})

    read_meanwhile = storage.newest("conf")
    storage.migrate()

    assert read_meanwhile and storage.newest("conf")
    assert on_clocks(read_meanwhile[1]) == on_clocks((storage.newest("conf") or (0, 0))[1])
    with storage.database.transaction() as connection:
        count = sa.text("SELECT count(*) FROM versions WHERE tz_database IS NULL")
        assert connection.execute(count).scalar() == 0


def test_personal_calendar_of_before_has_the_same_choice(
    database_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(database_url)
    of_before(storage, "0003", "versions", "calendars")

    storage.migrate()

    itinerary = Calendars(storage.database).of_editor("edit-key-of-before-0123456789abcd")
    assert itinerary.choices == (
        Choice(event="conf", session="early"),
        Choice(event="conf", session="poster", slot="ccf130c2-558e-5e82-a8f1-b99524756914"),
        Choice(event="conf", session="later"),
    )
