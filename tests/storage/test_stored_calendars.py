"""What of a personal calendar is in the database: no key, and what newer ones may add."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from itineraries import DAYS, FULL, adding, connected, fate, made, opened, shared, unshared
from leaks import forms

from calsvc.errors import StorageError
from calsvc.schedule.itineraries import Choice, Itinerary, Options, hashed, keys
from calsvc.storage.calendars import Calendars, wanted_of
from calsvc.storage.database import Database


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
    assert wanted_of(calendars.stored_of_feed(hashed(keys(edit_key, FULL).feed))) == FULL.wanted


@given(
    st.builds(
        Itinerary,
        choices=st.lists(
            st.builds(
                Choice,
                event=st.sampled_from(["conf", "other"]),
                session=st.sampled_from(["opening", "posters"]),
                slot=st.sampled_from([None, "0" * 36, "1" * 36]),
            ),
            unique=True,
        ).map(tuple),
        options=st.builds(Options, alarm=st.sampled_from([None, 0, 9]), busy=st.booleans()),
        created=st.dates(),
        revised=st.datetimes(timezones=st.just(UTC)),
    )
)
def test_feed_shows_what_was_stored(itinerary: Itinerary) -> None:
    wanted = wanted_of(itinerary.model_dump_json(exclude_defaults=True))

    assert wanted == itinerary.wanted
    assert {
        Choice(event=event, session=session or "", slot=slot)
        for event, sessions in wanted.sessions.items()
        for session, slots in sessions.items()
        for slot in slots
    } == set(itinerary.choices)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{}",
        '{"created": "2026-01-01", "revised": "soon"}',
        '{"created": "2026-01-01", "revised": "2026-01-01T00:00:00Z", "choices": ["opening"]}',
        '{"created": "2026-01-01", "revised": "2026-01-01T00:00:00Z", "choices": [{"event": "a"}]}',
        '{"created": "2026-01-01", "revised": "2026-01-01T00:00:00Z", "options": {"alarm": -1}}',
    ],
)
def test_feed_of_what_cannot_be_read_asks_for_an_update(stored: str) -> None:
    with pytest.raises(StorageError, match=r"^This calendar cannot be read; update calsvc\.$"):
        wanted_of(stored)


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
