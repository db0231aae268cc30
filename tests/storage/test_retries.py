"""Transactions that others overtake are made again: nothing is lost, and nobody is refused."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from databases import PostgreSQL
from drafts import FIRST, filled, give
from faults import WRITTEN, run_sql
from itineraries import EMPTY, adding, made

from calsvc.errors import OvertakenError
from calsvc.schedule.copies import Copy
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import keys
from calsvc.schedule.renditions import Rendition
from calsvc.schedule.versions import Draft, Version
from calsvc.storage import retries
from calsvc.storage.calendars import Calendars
from calsvc.storage.redactions import allow, redact
from calsvc.storage.renditions import Renditions
from calsvc.storage.retries import ATTEMPTS, sqlstate
from calsvc.storage.schedules import Storage

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
COPIES, THREADS, STEPS = 3, 4, 8

# --- each of them ---------------------------------------------------------------------------


class Desk:
    """A database with a version and a calendar, for one write."""

    def __init__(self, storage: Storage) -> None:
        self.storage = filled(storage)
        self.calendars = Calendars(storage.database)
        self.key = made(self.calendars)

    def flush(self) -> None:
        """Note a fetch."""
        self.calendars.used(keys(self.key, EMPTY).feed)
        self.calendars.flush(date(2027, 1, 1))


WRITES: dict[str, Callable[[Desk], object]] = {
    "make": lambda desk: made(desk.calendars),
    "change": lambda desk: desk.calendars.change(desk.key, adding("talk")),
    "delete": lambda desk: desk.calendars.delete(desk.key),
    "flush": Desk.flush,
    "purge": lambda desk: desk.calendars.purge(date(2027, 1, 1)),
    "append": lambda desk: desk.storage.append("conf", give(Draft(FIRST, "conf.yaml on a"))),
    "remember": lambda desk: desk.storage.remember(Copy("a", "conf", "0" * 64, NOW)),
    "notice": lambda desk: desk.storage.notice("a", ["words"]),
    "leave": lambda desk: desk.storage.leave("a"),
    "renew": lambda desk: Renditions(desk.storage.database).renew(
        "conf", lambda past, is_new: Rendition.model_construct()
    ),
    "redact": lambda desk: redact(desk.storage, "conf", "Party", "calsvc on a", NOW),
    "allow": lambda desk: allow(desk.storage, "conf", "Party"),
}


def overtake(url: str, times: int) -> None:
    """Let the first writes fail as if others came between, whatever they write."""
    run_sql(
        url,
        "CREATE SEQUENCE tries",
        f"""
        CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('tries') <= {times} THEN
                RAISE EXCEPTION 'somebody came between' USING ERRCODE = '40001';
            END IF;
            RETURN NULL;
        END $$
        """,
        *(
            f"CREATE TRIGGER overtake BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            " EXECUTE FUNCTION overtake()"
            for table in WRITTEN
        ),
    )


@pytest.fixture
def desk(postgresql: PostgreSQL, open_storage: Callable[[str], Storage]) -> Desk:
    """A database whose writers are soon overtaken."""
    return Desk(open_storage(postgresql.fresh_url()))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_write_that_is_overtaken_is_made_again(
    desk: Desk, postgresql: PostgreSQL, write: Callable[[Desk], object]
) -> None:
    overtake(postgresql.url(), 2)

    write(desk)

    with desk.storage.database.transaction() as connection:
        tries = connection.exec_driver_sql("SELECT last_value FROM tries").scalar_one()
    assert tries > 2
    assert desk.storage.database.unwritten is None


@pytest.mark.slow
def test_write_that_is_always_overtaken_says_so(desk: Desk, postgresql: PostgreSQL) -> None:
    overtake(postgresql.url(), 10 * ATTEMPTS)

    with pytest.raises(OvertakenError, match="somebody came between"):
        desk.calendars.change(desk.key, adding("talk"))

    assert desk.calendars.of_editor(desk.key) == EMPTY


# --- many at once ---------------------------------------------------------------------------


@pytest.fixture
def told() -> Iterator[Counter[str | None]]:
    """How often a database said what was wrong, by its codes."""
    counted: Counter[str | None] = Counter()

    def count(context: Any) -> None:
        counted[sqlstate(context.original_exception)] += 1

    sa.event.listen(sa.Engine, "handle_error", count)
    yield counted
    sa.event.remove(sa.Engine, "handle_error", count)


@pytest.mark.slow
def test_writers_at_once_lose_nothing_where_transactions_are_serializable(
    postgresql: PostgreSQL, open_storage: Callable[[str], Storage], told: Counter[str | None]
) -> None:
    options = quote("-c default_transaction_isolation=serializable")
    url = f"{postgresql.fresh_url()}?options={options}"
    storages = [open_storage(url) for _ in range(COPIES)]
    filled(storages[0])
    shared = [made(Calendars(storages[0].database)) for _ in range(2)]

    def write(number: int) -> None:
        storage = storages[number % COPIES]
        calendars = Calendars(storage.database)
        for step in range(STEPS):
            key = shared[step % 2]
            after = calendars.change(key, adding(f"own-{number}-{step}"))
            assert after.choices[-1].session == f"own-{number}-{step}"
            calendars.used(keys(key, after).feed)
            calendars.flush(date(2027, 1, 1 + step))
            storage.append("conf", signed(f"{number}-{step}"))
            storage.notice(f"host-{number}", [str(step)])

    with ThreadPoolExecutor(COPIES * THREADS) as threads:
        list(threads.map(write, range(COPIES * THREADS)))

    done = {(number, step) for number in range(COPIES * THREADS) for step in range(STEPS)}
    calendars = Calendars(storages[0].database)
    chosen = [each.session for key in shared for each in calendars.of_editor(key).choices]
    messages = [each.message for each in storages[0].history("conf", 1000)]
    assert sorted(chosen) == sorted(f"own-{number}-{step}" for number, step in done)
    assert {f"{number}-{step}" for number, step in done} <= set(messages)
    assert storages[0].numbers()["conf"] == len(messages) == 2 + len(done)
    assert sorted(storages[0].notices()) == [str(STEPS - 1)] * COPIES * THREADS
    assert told["40001"] > 0


def signed(words: str) -> Callable[[Version | None, Schedule | None], Draft]:
    """Return what drafts a version that has a message."""
    return lambda version, previous: Draft(FIRST, "conf.yaml on a", words)


# --- all of them ----------------------------------------------------------------------------


def test_every_transaction_of_storage_is_one_that_is_made_again() -> None:
    """Migrations look again by themselves, and ``_admitted`` is of those that call it."""
    undecorated = {
        f"{path.stem}.{node.name}"
        for path in Path(retries.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and not any(ast.unparse(each) == "retried" for each in node.decorator_list)
        and any(f".{name}(" in ast.unparse(node) for name in ("transaction", "_admitted"))
    }

    assert undecorated == {"database._upgrade", "calendars._admitted"}
