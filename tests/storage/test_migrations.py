"""What an older calsvc stored is still there after each step."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from calsvc.storage.database import MIGRATIONS, Database
from calsvc.storage.schedules import Storage


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
