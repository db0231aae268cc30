"""Personal calendars in storage, and their keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from calsvc.errors import RetiredKeyError, UnknownKeyError
from calsvc.schedule.itineraries import Choice, Itinerary, Keys, Options, keys, new_edit_key
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


DAYS = [CREATED + timedelta(days=number) for number in range(5)]


def fetched(calendars: Calendars, *days: date) -> list[Keys]:
    """Store shared calendars, each fetched last on its day; return their keys."""
    secrets = []
    for day in days:
        secrets.append(keys(made(calendars, FULL), FULL))
        calendars.used(secrets[-1].feed)
        calendars.flush(day)
    return secrets


def opened(url: str) -> Calendars:
    """Return the calendars of a database, brought to its present shape."""
    storage = Storage(url)
    storage.migrate()
    return Calendars(storage.database)


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    """Give a connection to a database of one's own."""
    database = Database(url)
    with database.transaction() as connection:
        yield connection
    database.close()
