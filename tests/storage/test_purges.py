"""Purging long unused calendars: what counts as use, and that nobody waits for it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from itineraries import DAYS, EMPTY, FULL, adding, fates, fetched, made

from calsvc.schedule.itineraries import keys
from calsvc.storage import calendars as calendars_module
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

TODAY = datetime.now(UTC).date()


def test_edit_counts_as_use(calendars: Calendars) -> None:
    edited, left = made(calendars), made(calendars)
    calendars.change(edited, adding("a"))
    by_day = calendars.used_by_day()

    purged = calendars.purge(DAYS[4])

    assert [*by_day.values()] == [1, 1]
    assert min(by_day) == "2025-06-01"
    assert purged == 1
    assert fates(calendars, keys(edited, EMPTY))[0][0] == "found"
    assert fates(calendars, keys(left, EMPTY))[0][0] == "retired"


def test_edit_sets_no_later_fetch_back(calendars: Calendars) -> None:
    edit_key = made(calendars)
    calendars.used(keys(edit_key, EMPTY).feed)
    calendars.flush(date(2099, 1, 1))

    calendars.change(edit_key, adding("a"))

    assert calendars.used_by_day() == {"2099-01-01": 1}


def test_making_counts_as_use(calendars: Calendars) -> None:
    made(calendars, EMPTY.model_copy(update={"created": DAYS[3]}))

    assert calendars.purge(DAYS[3]) == 0
    assert calendars.purge(DAYS[4]) == 1


@pytest.mark.parametrize("day", [DAYS[1], DAYS[2]])
def test_edit_that_an_older_calsvc_stored_counts(calendars: Calendars, day: date) -> None:
    revised = datetime.combine(day, time(12), UTC)
    edit_key = made(calendars, EMPTY.model_copy(update={"revised": revised}))
    is_kept = day >= DAYS[2]

    counted = calendars.count(unused_since=DAYS[2])
    purged = calendars.purge(DAYS[2])

    assert (counted, purged) == ((0, 0) if is_kept else (1, 1))
    assert fates(calendars, keys(edit_key, EMPTY))[0][0] == ("found" if is_kept else "retired")
    assert calendars.used_by_day() == ({str(day): 1} if is_kept else {})


def test_calendar_that_a_newer_calsvc_stored_goes_by_its_day(
    calendars: Calendars, storage: Storage
) -> None:
    made(calendars)
    with storage.database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE calendars SET itinerary = '{}'"))

    assert calendars.purge(DAYS[1]) == 1


class Counting(Database):
    """A database that counts the transactions that wrote, and lets others write between them."""

    written = 0
    between: Callable[[], object] = staticmethod(lambda: None)

    def transaction(self, *, write: bool = False, limit: float | None = 3.0):  # type: ignore[no-untyped-def]
        """Count it."""
        if write:
            self.written += 1
            self.between()
        return super().transaction(write=write, limit=limit)


def test_purge_lets_others_write_between_its_batches(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars_module, "PURGED", 2)
    monkeypatch.setattr(calendars_module, "PAUSE", 0.0)
    others = Calendars(storage.database)
    secrets = fetched(others, *DAYS[:1] * 7)
    kept = made(others, EMPTY.model_copy(update={"created": TODAY}))
    late = max(secrets, key=lambda each: calendars_module.hashed(each.edit))
    database = Counting(database_url)

    def meanwhile() -> None:
        # That the last one is not used was read before it is edited, and the others are gone.
        others.change(late.edit if database.written == 4 else kept, adding("late"))

    database.between = meanwhile
    purged = Calendars(database).purge(DAYS[4])
    database.close()

    assert (purged, database.written) == (6, 4)
    assert [edit for edit, _, _ in fates(others, *secrets)].count("found") == 1
    assert len(others.of_editor(late.edit).choices) == len(FULL.choices) + 1
