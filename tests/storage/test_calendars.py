"""Personal calendars in storage, on SQLite and on PostgreSQL alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from itineraries import (
    CREATED,
    DAYS,
    EMPTY,
    FULL,
    adding,
    connected,
    fate,
    fates,
    fetched,
    made,
    opened,
    shared,
    unshared,
)

from calsvc.errors import RetiredKeyError, StorageError, TooManySessionsError, UnknownKeyError
from calsvc.schedule.itineraries import (
    MAX_SESSIONS,
    Choice,
    Itinerary,
    Options,
    hashed,
    keys,
    new_edit_key,
)
from calsvc.storage.calendars import Calendars

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


def test_what_is_chosen_is_counted_without_being_read(calendars: Calendars) -> None:
    before = calendars.chosen()
    made(calendars)
    edit_key = made(calendars, FULL)
    name = Options(name='"event":"event": \\"event":')
    calendars.change(edit_key, lambda itinerary: itinerary.model_copy(update={"options": name}))
    calendars.change(edit_key, adding("talk"))
    made(calendars, FULL)

    assert before == (0, 0)
    assert calendars.chosen() == (3, 5)
