"""Personal calendars in storage, on SQLite and on PostgreSQL alike."""

import json
import multiprocessing
import random
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from databases import PATIENCE

from calsvc.cli import main
from calsvc.errors import RetiredKeyError, StorageError, TooManySessionsError, UnknownKeyError
from calsvc.schedule.itineraries import (
    MAX_SESSIONS,
    Choice,
    Itinerary,
    Keys,
    Options,
    hashed,
    keys,
    new_edit_key,
)
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

CREATED = date(2025, 6, 1)
REVISED = datetime(2025, 6, 1, 12, tzinfo=UTC)
EMPTY = Itinerary(created=CREATED, revised=REVISED)
FULL = Itinerary(
    choices=(
        Choice(event="conf", session="opening"),
        Choice(event="conf", session="posters", slot="0" * 36),
    ),
    options=Options(name="Меня зовут 🎉", alarm=0, busy=False, cancelled="mark"),
    generation=3,
    share=2,
    created=CREATED,
    revised=REVISED,
)


@pytest.fixture
def calendars(storage: Storage) -> Calendars:
    """The personal calendars of a database of either kind in turn."""
    return Calendars(storage.database)


def made(calendars: Calendars, itinerary: Itinerary = EMPTY) -> str:
    """Store a calendar; return its edit key."""
    edit_key = new_edit_key()
    calendars.make(edit_key, itinerary)
    return edit_key


def shared(itinerary: Itinerary) -> Itinerary:
    """Return the calendar with sharing on."""
    return itinerary.sharing(is_on=True)


def unshared(itinerary: Itinerary) -> Itinerary:
    """Return the calendar with sharing off."""
    return itinerary.sharing(is_on=False)


def adding(*sessions: str) -> Callable[[Itinerary], Itinerary]:
    """Return the change that adds sessions."""
    choices = [Choice(event="conf", session=session) for session in sessions]
    return lambda itinerary: itinerary.adding(choices)


def fate(find: Callable[[str], Itinerary], key: str) -> str:
    """Return what becomes of a key: whether it is found, unknown or retired."""
    try:
        find(key)
    except UnknownKeyError:
        return "unknown"
    except RetiredKeyError:
        return "retired"
    return "found"


def fates(calendars: Calendars, *secrets: Keys) -> list[tuple[str, str, str]]:
    """Return what becomes of edit, feed and share keys."""
    return [
        (
            fate(calendars.of_editor, secret.edit),
            fate(calendars.of_feed, secret.feed),
            fate(calendars.of_share, secret.share) if secret.share else "none",
        )
        for secret in secrets
    ]


# --- keeping ------------------------------------------------------------------------------


@pytest.mark.parametrize("itinerary", [EMPTY, FULL], ids=["empty", "full"])
def test_calendar_is_found_by_each_of_its_keys(calendars: Calendars, itinerary: Itinerary) -> None:
    made(calendars, FULL.adding([Choice(event="other", session="talk")]))
    edit_key = made(calendars, itinerary)
    secret = keys(edit_key, itinerary)

    found = [calendars.of_editor(edit_key), calendars.of_feed(secret.feed)]
    found += [calendars.of_share(secret.share)] if secret.share else []

    assert found == [itinerary] * len(found)


def test_calendar_is_not_found_by_a_key_of_another_purpose(calendars: Calendars) -> None:
    secret = keys(made(calendars, FULL), FULL)
    assert secret.share

    found = [
        fate(find, key)
        for find in (calendars.of_editor, calendars.of_feed, calendars.of_share)
        for key in (secret.edit, secret.feed, secret.share)
    ]

    unknown = ["unknown"] * 3
    assert found == ["found", *unknown, "found", *unknown, "found"]


@pytest.mark.parametrize(
    "key", ["", "x", "A" * 32, "A" * 10_000, "\x00", "é🎉", "\udce9", "%27 OR 1=1 --"]
)
def test_key_that_never_was_is_unknown(calendars: Calendars, key: str) -> None:
    made(calendars)

    found = {
        fate(find, key) for find in (calendars.of_editor, calendars.of_feed, calendars.of_share)
    }

    assert found == {"unknown"}


def test_keys_unlike_in_one_character_are_unknown(calendars: Calendars) -> None:
    edit_key = made(calendars)

    near = [edit_key[:-1], f"{edit_key} ", f"{edit_key}=", edit_key.swapcase()]

    assert [fate(calendars.of_editor, key) for key in near] == ["unknown"] * 4


# --- changes ------------------------------------------------------------------------------


def test_change_returns_what_is_stored_then(calendars: Calendars) -> None:
    edit_key = made(calendars)
    before = datetime.now(UTC).replace(microsecond=0)

    after = calendars.change(edit_key, adding("a", "b"))

    assert (
        after.choices == EMPTY.adding([Choice(event="conf", session=each) for each in "ab"]).choices
    )
    assert after == EMPTY.model_copy(update={"choices": after.choices, "revised": after.revised})
    assert calendars.of_editor(edit_key) == after
    assert before <= after.revised <= datetime.now(UTC)


def test_change_that_changes_nothing_stores_nothing(calendars: Calendars) -> None:
    edit_key = made(calendars, FULL)

    after = calendars.change(edit_key, adding("opening"))

    assert after == FULL
    assert calendars.of_editor(edit_key) == FULL


def test_changes_are_each_later_than_the_one_before(calendars: Calendars) -> None:
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    edit_key = made(calendars, EMPTY.model_copy(update={"revised": ahead}))

    revised = [calendars.change(edit_key, adding(each)).revised for each in "abc"]

    assert revised == [ahead + timedelta(seconds=number) for number in (1, 2, 3)]


def test_change_that_fails_changes_nothing(calendars: Calendars) -> None:
    edit_key = made(calendars, FULL)

    with pytest.raises(TooManySessionsError):
        calendars.change(edit_key, adding(*(f"talk-{each}" for each in range(MAX_SESSIONS))))

    assert calendars.of_editor(edit_key) == FULL


def test_change_leaves_other_calendars_alone(calendars: Calendars) -> None:
    edit_key, other = made(calendars), made(calendars, FULL)

    calendars.change(edit_key, adding("a"))

    assert calendars.of_editor(other) == FULL


def test_rotation_retires_the_feed_key_alone(calendars: Calendars) -> None:
    edit_key = made(calendars, FULL)
    before = keys(edit_key, FULL)

    after = keys(edit_key, calendars.change(edit_key, Itinerary.rotated))

    assert (after.edit, after.share) == (before.edit, before.share)
    assert fates(calendars, before, after) == [
        ("found", "retired", "found"),
        ("found", "found", "found"),
    ]


def test_sharing_gives_a_new_key_each_time(calendars: Calendars) -> None:
    edit_key = made(calendars)

    secrets = [
        keys(edit_key, calendars.change(edit_key, change))
        for change in (shared, unshared, shared, unshared, shared)
    ]

    share_keys = [secret.share for secret in secrets]
    assert share_keys[1::2] == [None, None]
    assert len({*share_keys}) == 4
    assert fates(calendars, *secrets) == [
        ("found", "found", "retired"),
        ("found", "found", "none"),
        ("found", "found", "retired"),
        ("found", "found", "none"),
        ("found", "found", "found"),
    ]


def test_sharing_as_it_is_changes_nothing(calendars: Calendars) -> None:
    edit_key = made(calendars)

    assert calendars.change(edit_key, unshared) == EMPTY
    once = calendars.change(edit_key, shared)
    assert calendars.change(edit_key, shared) == once


def test_delete_retires_every_key_there_was(calendars: Calendars) -> None:
    edit_key, other = made(calendars, FULL), made(calendars, FULL)
    secrets = [keys(edit_key, FULL)] + [
        keys(edit_key, calendars.change(edit_key, change))
        for change in (Itinerary.rotated, unshared, shared, Itinerary.rotated)
    ]

    calendars.delete(edit_key)

    assert fates(calendars, *secrets) == [
        ("retired", "retired", "retired"),
        ("retired", "retired", "retired"),
        ("retired", "retired", "none"),
        ("retired", "retired", "retired"),
        ("retired", "retired", "retired"),
    ]
    assert fates(calendars, keys(other, FULL)) == [("found", "found", "found")]
    assert calendars.count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda calendars, key: calendars.change(key, adding("a")),
        lambda calendars, key: calendars.delete(key),
    ],
    ids=["change", "delete"],
)
def test_editing_needs_the_edit_key_of_a_calendar(
    calendars: Calendars, act: Callable[[Calendars, str], object]
) -> None:
    edit_key, gone = made(calendars, FULL), made(calendars)
    calendars.delete(gone)
    secret = keys(edit_key, FULL)
    assert secret.share

    for key in (secret.feed, secret.share, hashed(edit_key), new_edit_key()):
        with pytest.raises(UnknownKeyError):
            act(calendars, key)
    with pytest.raises(RetiredKeyError):
        act(calendars, gone)

    assert fates(calendars, secret) == [("found", "found", "found")]
    assert calendars.of_editor(edit_key) == FULL


# --- use and upkeep -----------------------------------------------------------------------

DAYS = [CREATED + timedelta(days=number) for number in range(5)]


def test_use_is_stored_by_day(calendars: Calendars) -> None:
    feeds = [keys(made(calendars), EMPTY).feed for _ in range(4)]

    calendars.used(feeds[0])
    calendars.used(feeds[1])
    calendars.used(feeds[1])
    calendars.flush(DAYS[1])
    calendars.used(feeds[1])
    calendars.used("nobody's")
    calendars.flush(DAYS[3])
    calendars.flush(DAYS[4])

    assert list(calendars.used_by_day().items()) == [
        ("2025-06-04", 1),
        ("2025-06-02", 1),
        ("2025-06-01", 2),
    ]


def test_use_is_never_set_back(calendars: Calendars) -> None:
    feed = keys(made(calendars), EMPTY).feed
    calendars.used(feed)
    calendars.flush(DAYS[3])

    calendars.used(feed)
    calendars.flush(DAYS[2])

    assert calendars.used_by_day() == {"2025-06-04": 1}


def test_use_outlives_a_storage_that_is_away(sqlite_url: str, tmp_path: Path) -> None:
    calendars = opened(sqlite_url)
    feed = keys(made(calendars), EMPTY).feed
    calendars.used(feed)
    (tmp_path / "calsvc.db").rename(tmp_path / "away.db")

    with pytest.raises(StorageError):
        calendars.flush(DAYS[1])
    (tmp_path / "away.db").rename(tmp_path / "calsvc.db")
    calendars.flush(DAYS[2])

    assert calendars.used_by_day() == {"2025-06-03": 1}


def test_use_holds_days_and_nothing_of_who(calendars: Calendars, database_url: str) -> None:
    calendars.used(keys(made(calendars), EMPTY).feed)

    calendars.flush(DAYS[1])

    with connected(database_url) as connection:
        assert connection.execute(sa.text("SELECT used FROM calendars")).all() == [("2025-06-02",)]


def test_count_of_none_is_zero(calendars: Calendars) -> None:
    assert (calendars.count(), calendars.used_by_day()) == (0, {})
    assert calendars.purge(DAYS[4]) == 0


def fetched(calendars: Calendars, *days: date) -> list[Keys]:
    """Store shared calendars, each fetched last on its day; return their keys."""
    secrets = []
    for day in days:
        secrets.append(keys(made(calendars, FULL), FULL))
        calendars.used(secrets[-1].feed)
        calendars.flush(day)
    return secrets


def test_purge_deletes_what_nobody_fetched_since(calendars: Calendars) -> None:
    secrets = fetched(calendars, *DAYS[1:4])

    would_be = calendars.count(unused_since=DAYS[3])
    purged = calendars.purge(DAYS[3])

    assert (would_be, purged, calendars.count()) == (2, 2, 1)
    assert fates(calendars, *secrets) == [
        ("retired", "retired", "retired"),
        ("retired", "retired", "retired"),
        ("found", "found", "found"),
    ]
    assert calendars.purge(DAYS[3]) == 0


def test_command_counts_by_the_day_of_the_last_fetch(
    calendars: Calendars, database_url: str
) -> None:
    fetched(calendars, *DAYS[1:4], DAYS[3])

    result = CliRunner().invoke(main, ["calendars", "--database", database_url])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "4 personal calendars",
        "  2025-06-04  2 last fetched",
        "  2025-06-03  1 last fetched",
        "  2025-06-02  1 last fetched",
    ]


def test_command_purges_by_months_and_first_only_says_so(
    calendars: Calendars, database_url: str
) -> None:
    today = datetime.now(UTC).date()
    since = today - timedelta(days=60)
    secrets = fetched(calendars, since - timedelta(days=1), since, today)
    purge = ["calendars", "--purge", "2", "--database", database_url]

    tried = CliRunner().invoke(main, [*purge, "--dry-run"])
    counted = calendars.count()
    done = CliRunner().invoke(main, purge)

    assert (tried.exit_code, tried.output) == (
        0,
        f"1 not fetched since {since} would be deleted\n",
    )
    assert counted == 3
    assert (done.exit_code, done.output) == (0, f"1 not fetched since {since} are deleted\n")
    assert [edit for edit, _, _ in fates(calendars, *secrets)] == ["retired", "found", "found"]


@pytest.mark.parametrize("months", ["0", "-1", "soon"])
def test_command_refuses_months_that_cannot_be(months: str) -> None:
    result = CliRunner().invoke(main, ["calendars", "--purge", months])

    assert result.exit_code == 2


# --- what is in the database --------------------------------------------------------------


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Give a connection to a database of one's own."""
    database = Database(url)
    with database.transaction() as connection:
        yield connection
    database.close()


def dump(url: str) -> list[str]:
    """Return every value of every table of a database, as text."""
    with connected(url) as connection:
        names = sa.inspect(connection).get_table_names()
        return [
            str(value)
            for name in names
            for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))  # noqa: S608
            for value in row
        ]


def forms(key: str) -> list[bytes]:
    """Return the octets by which a key could be told: as it is written, raw and in hex."""
    raw = urlsafe_b64decode(key)
    return [key.encode(), raw, raw.hex().encode(), raw.hex().upper().encode()]


def lived(calendars: Calendars) -> list[str]:
    """Let calendars live their lives; return all keys that there ever were."""
    secrets = []
    for last in (Itinerary.rotated, shared, unshared, None):
        edit_key = made(calendars, FULL)
        secrets.append(keys(edit_key, FULL))
        for change in (adding("a"), Itinerary.rotated, shared, unshared, shared):
            secrets.append(keys(edit_key, calendars.change(edit_key, change)))
        calendars.used(secrets[-1].feed)
        calendars.flush(DAYS[1])
        if last:
            secrets.append(keys(edit_key, calendars.change(edit_key, last)))
        else:
            calendars.delete(edit_key)
    return sorted({key for secret in secrets for key in secret if key})


def test_database_has_no_key_in_it(calendars: Calendars, database_url: str) -> None:
    secrets = lived(calendars)

    values = [value.encode() for value in dump(database_url)]

    assert len(secrets) > 20
    assert any(hashed(secrets[0]).encode() == value for value in values)
    found = [key for key in secrets for form in forms(key) for value in values if form in value]
    assert found == []


def test_database_file_has_no_key_in_it(sqlite_url: str, tmp_path: Path) -> None:
    secrets = lived(opened(sqlite_url))
    with closing(sqlite3.connect(tmp_path / "calsvc.db")) as reader:
        reader.execute("SELECT count(*) FROM calendars").fetchone()  # so that the log stays

        files = {path.name: path.read_bytes() for path in tmp_path.glob("calsvc.db*")}

    whole = b"".join(files.values())
    assert sorted(files) == ["calsvc.db", "calsvc.db-shm", "calsvc.db-wal"]
    assert hashed(secrets[0]).encode() in whole
    assert [key for key in secrets for form in forms(key) if form in whole] == []


def test_database_gives_its_reader_no_way_in(calendars: Calendars, database_url: str) -> None:
    secrets = lived(calendars)

    values = dump(database_url)

    assert {hashed(key) for key in secrets} <= set(values)
    finds = (calendars.of_editor, calendars.of_feed, calendars.of_share)
    assert {fate(find, value) for find in finds for value in values} == {"unknown"}


def opened(url: str) -> Calendars:
    """Return the calendars of a database, brought to its present shape."""
    storage = Storage(url)
    storage.migrate()
    return Calendars(storage.database)


def altered(url: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what is stored of each calendar."""
    database = Database(url)
    with database.transaction(write=True) as connection:
        for edit_hash, text in connection.execute(
            sa.text("SELECT edit_hash, itinerary FROM calendars")
        ).all():
            stored = json.loads(text)
            change(stored)
            connection.execute(
                sa.text("UPDATE calendars SET itinerary = :new WHERE edit_hash = :own"),
                {"new": json.dumps(stored), "own": edit_hash},
            )
    database.close()


def test_calendar_of_a_newer_calsvc_is_read(calendars: Calendars, database_url: str) -> None:
    edit_key = made(calendars, FULL)

    def add(stored: dict[str, Any]) -> None:
        for part in (stored, stored["options"], stored["choices"][0]):
            part["mood"] = {"is": "new"}

    altered(database_url, add)

    assert calendars.of_editor(edit_key) == FULL


def test_calendar_that_cannot_be_read_asks_for_an_update(
    calendars: Calendars, database_url: str
) -> None:
    edit_key = made(calendars, FULL)

    altered(database_url, lambda stored: stored["options"].update(cancelled="whisper"))

    with pytest.raises(StorageError, match=r"^This calendar cannot be read; update calsvc\.$"):
        calendars.of_feed(keys(edit_key, FULL).feed)
    with pytest.raises(StorageError, match="cannot be read"):
        calendars.change(edit_key, adding("a"))


def test_look_up_by_any_key_uses_an_index(sqlite_url: str, tmp_path: Path) -> None:
    calendars = opened(sqlite_url)
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        for find in (calendars.of_editor, calendars.of_feed, calendars.of_share):
            fate(find, "x")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)

    with closing(sqlite3.connect(tmp_path / "calsvc.db")) as connection:
        plans = [
            step
            for statement in statements
            if statement.startswith("SELECT")
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", ("x",))
        ]
    assert len(plans) == 6
    assert [plan for plan in plans if not plan.startswith("SEARCH")] == []


# --- storage that is away -----------------------------------------------------------------

CALLS: dict[str, Callable[[Calendars], object]] = {
    "make": lambda calendars: calendars.make(new_edit_key(), EMPTY),
    "of_editor": lambda calendars: calendars.of_editor("x"),
    "of_feed": lambda calendars: calendars.of_feed("x"),
    "of_share": lambda calendars: calendars.of_share("x"),
    "change": lambda calendars: calendars.change("x", adding("a")),
    "delete": lambda calendars: calendars.delete("x"),
    "count": lambda calendars: calendars.count(),
    "used_by_day": lambda calendars: calendars.used_by_day(),
    "purge": lambda calendars: calendars.purge(CREATED),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calendars_whose_storage_is_away_say_so(
    sqlite_url: str, tmp_path: Path, call: Callable[[Calendars], object]
) -> None:
    calendars = opened(sqlite_url)
    edit_key = made(calendars, FULL)
    (tmp_path / "calsvc.db").rename(tmp_path / "away.db")

    with pytest.raises(StorageError) as raised:
        call(calendars)

    (tmp_path / "away.db").rename(tmp_path / "calsvc.db")
    assert str(raised.value) == "The database does not answer: unable to open database file."
    assert calendars.of_editor(edit_key) == FULL


# --- several devices at once --------------------------------------------------------------

DEVICES = 2
STEPS = 250  # of each device


class Step(NamedTuple):
    """One thing that a device does to a calendar."""

    is_adding: bool
    session: str


def steps(device: int) -> list[Step]:
    """Return what a device does: its own sessions come and go; others it shares."""
    chance = random.Random(device)  # noqa: S311 -- no secret
    own = [f"own-{device}-{number}" for number in range(20)]
    done = [Step(chance.random() < 0.6, chance.choice(own)) for _ in range(STEPS - 40)]
    done += [Step(True, f"both-add-{number}") for number in range(20)]
    done += [Step(False, f"both-remove-{number}") for number in range(20)]
    chance.shuffle(done)
    return done


def edit(url: str, edit_key: str, device: int, barrier: Barrier) -> None:
    """Edit a calendar in a process of its own; each answer must hold what was just done."""
    calendars = Calendars(Database(url))
    barrier.wait(PATIENCE)
    for is_adding, session in steps(device):
        choice = Choice(event="conf", session=session)
        after = calendars.change(
            edit_key,
            lambda itinerary, choice=choice, is_adding=is_adding: (
                itinerary.adding([choice]) if is_adding else itinerary.removing(choice)
            ),
        )
        assert (choice in after.choices) == is_adding


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_devices_that_edit_at_once_lose_nothing(calendars: Calendars, database_url: str) -> None:
    edit_key = made(calendars)
    calendars.change(edit_key, adding(*(f"both-remove-{number}" for number in range(20))))
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(DEVICES)

    devices = [
        fork.Process(target=edit, args=(database_url, edit_key, device, barrier))
        for device in range(DEVICES)
    ]
    for device in devices:
        device.start()
    for device in devices:
        device.join(PATIENCE)

    last = {step.session: step.is_adding for device in range(DEVICES) for step in steps(device)}
    expected = {session for session, is_adding in last.items() if is_adding}
    chosen = [choice.session for choice in calendars.of_editor(edit_key).choices]
    assert [device.exitcode for device in devices] == [0] * DEVICES
    assert len(chosen) == len(set(chosen))
    assert set(chosen) == expected
    assert {f"both-add-{number}" for number in range(20)} < expected


def turn(url: str, edit_key: str, barrier: Barrier) -> None:
    """Rotate a calendar's key ten times, in a process of its own."""
    calendars = Calendars(Database(url))
    barrier.wait(PATIENCE)
    for _ in range(10):
        calendars.change(edit_key, Itinerary.rotated)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_devices_that_rotate_at_once_each_retire_a_key(
    calendars: Calendars, database_url: str
) -> None:
    edit_key = made(calendars)
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(3)

    devices = [fork.Process(target=turn, args=(database_url, edit_key, barrier)) for _ in range(3)]
    for device in devices:
        device.start()
    for device in devices:
        device.join(PATIENCE)

    generations = [EMPTY.model_copy(update={"generation": each}) for each in range(1, 33)]
    feeds = [keys(edit_key, each).feed for each in generations]
    found = [fate(calendars.of_feed, feed) for feed in feeds]
    assert [device.exitcode for device in devices] == [0] * 3
    assert found == [*["retired"] * 30, "found", "unknown"]
