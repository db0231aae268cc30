"""Storage keeps what it promises, on SQLite and on PostgreSQL alike."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from conftest import BASE_URL, event_of
from databases import PostgreSQL
from drafts import AGENDA, FIRST, FIRST_RECORD, OTHER, RENAMED, SECOND, SECOND_RECORD, filled, give
from waiting import PATIENCE

from calsvc.addresses import Addresses
from calsvc.errors import StorageError, UnknownNameError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.database import Database
from calsvc.storage.notices import NOTICES_LAST
from calsvc.storage.schedules import Storage


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


def feed_of(schedule: Schedule) -> bytes:
    """Return the feed of a whole event."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body


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
