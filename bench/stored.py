"""Very many personal calendars, stored in bulk: some seconds for a million of them."""

import random
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256

import psycopg

from bench.agendas import NOW
from calsvc.agenda.model import Event
from calsvc.schedule.itineraries import KEY_OCTETS, Choice, Itinerary, hashed
from calsvc.storage.database import Database

CHOSEN = 20  # sessions in each calendar
KINDS = 5000  # different choices: each calendar has one of them
COLUMNS = ("edit_hash", "feed_hash", "share_hash", "itinerary", "used")
INSERT = f"INSERT INTO calendars ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
COPY = f"COPY calendars ({', '.join(COLUMNS)}) FROM STDIN"
IN_BULK = ("synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY")
"""What makes SQLite write quickly; if it is interrupted, the file is of no use."""

Row = tuple[str, str, None, str, str]


def feed_key(number: int) -> str:
    """Return the feed key of the calendar with a number, from 0."""
    octets = sha256(f"calendar {number}".encode()).digest()[:KEY_OCTETS]
    return urlsafe_b64encode(octets).decode("ascii")


def fill(url: str, number: int, event: Event) -> None:
    """Store that many calendars in a database of the present shape."""
    if url.startswith("sqlite:///"):
        _fill_sqlite(url.removeprefix("sqlite:///"), number, event)
    else:
        with psycopg.connect(url) as connection:
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                for row in _rows(number, event):
                    copy.write_row(row)
            connection.commit()
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE calendars")


def _fill_sqlite(path: str, number: int, event: Event) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in IN_BULK:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        connection.executemany(INSERT, _rows(number, event))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(number: int, event: Event) -> Iterator[Row]:
    choices, used = _choices(event), str(NOW.date())
    for each in range(number):
        edit_hash = sha256(b"%d" % each).hexdigest()
        yield edit_hash, hashed(feed_key(each)), None, choices[each % len(choices)], used


def _choices(event: Event) -> list[str]:
    """Return different choices of an event's sessions, as they are stored."""
    chance = random.Random(1)  # noqa: S311 -- no secret
    sessions = [session.id for session in event.sessions]
    return [
        Itinerary(
            choices=tuple(
                Choice(event=event.id, session=session)
                for session in chance.sample(sessions, min(CHOSEN, len(sessions)))
            ),
            created=NOW.date(),
            revised=NOW,
        ).model_dump_json(exclude_defaults=True)
        for _ in range(KINDS)
    ]


def migrated(url: str) -> str:
    """Bring a database to its present shape, and return its address."""
    database = Database(url)
    database.migrate()
    database.close()
    return url
