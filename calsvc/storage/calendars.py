"""Personal calendars in storage, found by the hashes of their keys.

One row holds a whole itinerary, so a feed costs one indexed look-up, however many
calendars there are.  A change locks its row: two devices that edit at once lose nothing.
What requests ask for goes in by the gate.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from pydantic_core import from_json

from calsvc.errors import RetiredKeyError, StorageError, UnknownKeyError
from calsvc.schedule.itineraries import Itinerary, Options, Wanted, by_event, derived, hashed, keys
from calsvc.storage.database import Database
from calsvc.storage.patience import WORK
from calsvc.storage.retries import retried

NOTED = 50_000  # fetched feeds whose day waits to be stored; more are noted at their next fetch
BATCH = 500  # feeds in one transaction: SQLite may take 32,766 values at most
PURGED = 100  # calendars in one transaction, each of which is two or three rows
TURN = 5000  # feeds that are noted before whoever does it turns to other work
BRIEFLY = 1.0  # seconds that the day of a fetch may wait for storage: versions wait for it
PAUSE = 0.05  # seconds between two batches: whoever waits for SQLite's lock looks that often
NO_OPTIONS = Options()
UNREADABLE = "This calendar cannot be read; update calsvc."

_metadata = sa.MetaData()
_calendars = sa.Table(
    "calendars",
    _metadata,
    sa.Column("edit_hash", sa.String(64), primary_key=True),
    sa.Column("feed_hash", sa.String(64)),
    sa.Column("share_hash", sa.String(64)),
    sa.Column("itinerary", sa.Text),
    sa.Column("used", sa.String(10)),
)
_retired = sa.Table("retired_keys", _metadata, sa.Column("hash", sa.String(64), primary_key=True))

_OF_FEED = sa.select(_calendars.c.itinerary).where(_calendars.c.feed_hash == sa.bindparam("key"))
_RETIRED = sa.select(_retired.c.hash).where(_retired.c.hash == sa.bindparam("key"))

Edit = Callable[[Itinerary], Itinerary]


class Calendars:
    """The personal calendars of a database.

    Methods that look up a key raise ``UnknownKeyError`` if it never existed, and
    ``RetiredKeyError`` if it is no longer valid; all raise ``StorageError`` while the
    database is unavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used: set[str] = set()

    @retried
    def make(self, edit_key: str, itinerary: Itinerary) -> None:
        """Store a new calendar."""
        row = {"edit_hash": hashed(edit_key), "used": str(itinerary.created)}
        with self._admitted(write=True) as connection:
            connection.execute(sa.insert(_calendars), {**row, **_stored(edit_key, itinerary)})

    def of_editor(self, edit_key: str) -> Itinerary:
        """Return the calendar of an edit key."""
        return self._find(_calendars.c.edit_hash, edit_key)

    def of_feed(self, feed_key: str) -> Itinerary:
        """Return the calendar that a feed key reads."""
        return self._find(_calendars.c.feed_hash, feed_key)

    def stored_of_feed(self, feed_hash: str) -> str:
        """Return the calendar that the key of a hash reads, as it is stored."""
        with self._database.gate.reading:
            stored = self._database.scalar(_OF_FEED, feed_hash)
            if stored is not None:
                return str(stored)
            if self._database.scalar(_RETIRED, feed_hash) is not None:
                raise RetiredKeyError
            raise UnknownKeyError

    def of_share(self, share_key: str) -> Itinerary:
        """Return the calendar that a share key shows."""
        return self._find(_calendars.c.share_hash, share_key)

    @retried
    def change(self, edit_key: str, edit: Edit) -> Itinerary:
        """Store what ``edit`` makes of a calendar, and return it once it is committed.

        ``edit`` gets the calendar as last stored, and no other change can come between.
        """
        with self._admitted(write=True) as connection:
            before = _found(connection, _calendars.c.edit_hash, hashed(edit_key), lock=True)
            after = edit(before)
            if after == before:
                return before
            now = datetime.now(UTC).replace(microsecond=0)
            revised = max(now, before.revised + timedelta(seconds=1))
            after = after.model_copy(update={"revised": revised})
            own = _calendars.c.edit_hash == hashed(edit_key)
            values = {**_stored(edit_key, after), "used": _on_or_after(now.date())}
            connection.execute(sa.update(_calendars).where(own).values(values))
            _retire(connection, _hashes(edit_key, before) - _hashes(edit_key, after))
        return after

    @retried
    def delete(self, edit_key: str) -> None:
        """Delete a calendar; its keys raise ``RetiredKeyError`` from now on."""
        with self._admitted(write=True) as connection:
            own = hashed(edit_key)
            itinerary = _found(connection, _calendars.c.edit_hash, own, lock=True)
            connection.execute(sa.delete(_calendars).where(_calendars.c.edit_hash == own))
            _retire(connection, {own, *_hashes(edit_key, itinerary)})

    def used(self, feed_key: str) -> None:
        """Note in memory that a feed was fetched; ``flush`` stores it, so that no request waits."""
        if len(self._used) < NOTED:
            self._used.add(hashed(feed_key))

    def flush(self, day: date) -> None:
        """Store the day on which feeds were fetched, and nothing about who fetched them.

        Where nothing could be written before, that is tried also if no feed was fetched.
        What is left of very many waits for the next call.
        """
        used = sorted(set(self._used))[:TURN]
        if not used and self._database.unwritten is None:
            return
        for at in range(0, max(len(used), 1), BATCH):
            batch = used[at : at + BATCH]
            self._note(batch, day)
            self._used.difference_update(batch)  # only now: storing them may fail

    @retried
    def _note(self, feed_hashes: list[str], day: date) -> None:
        fetched = _calendars.c.feed_hash.in_(feed_hashes) & (_calendars.c.used < str(day))
        with self._database.transaction(write=True, limit=BRIEFLY) as connection:
            connection.execute(sa.update(_calendars).where(fetched), {"used": str(day)})
            if self._database.unwritten is not None:
                _write(connection)

    @retried
    def count(self, unused_since: date | None = None) -> int:
        """Return the number of calendars, or of those not used since a day, if one is given."""
        if unused_since:
            return sum(len(hashes) for hashes, _ in self._unused(unused_since))
        with self._database.transaction(limit=WORK) as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(_calendars)) or 0

    @retried
    def chosen(self) -> tuple[int, int]:
        """Return the number of calendars, and of what is chosen in all; the database reads them."""
        # Each choice has this once, and no other text: quotes in a name are written with a \\.
        text, mark = _calendars.c.itinerary, '"event":'
        octets = sa.func.length(text) - sa.func.length(sa.func.replace(text, mark, ""))
        counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(octets), 0))
        with self._database.transaction(limit=WORK) as connection:
            calendars, taken_out = connection.execute(counted).one()
        return calendars, int(taken_out) // len(mark)

    @retried
    def used_by_day(self) -> dict[str, int]:
        """Return how many calendars were last used on each day, the newest day first."""
        used = _calendars.c.used
        by_day = sa.select(used, sa.func.count()).group_by(used).order_by(used.desc())
        with self._database.transaction(limit=WORK) as connection:
            return {day: number for day, number in connection.execute(by_day)}

    def purge(self, unused_since: date) -> int:
        """Delete the calendars not used since a day, and return their number.

        That is done in batches: people who change theirs do not wait for all of it.
        """
        purged = 0
        for unused, edited in self._unused(unused_since):
            purged += self._purge(unused, edited, unused_since)
            time.sleep(PAUSE)
        return purged

    @retried
    def _purge(self, unused: list[str], edited: list[tuple[str, date]], since: date) -> int:
        """Delete calendars, and set right the day of others; return how many were deleted."""
        with self._database.transaction(write=True, limit=WORK) as connection:
            for edit_hash, day in edited:
                own = _calendars.c.edit_hash == edit_hash
                used = {"used": _on_or_after(day)}
                connection.execute(sa.update(_calendars).where(own).values(used))
            return _purge(connection, unused, since)

    def _unused(self, since: date) -> Iterator[tuple[list[str], list[tuple[str, date]]]]:
        """Return the edit hashes of calendars not used since a day, in batches.

        Beside each batch are those that were edited since, with the day: an older calsvc
        stored the day of a fetch alone.
        """
        last = ""
        while True:
            rows = self._next_unused(since, last)
            if not rows:
                return
            last = rows[-1]["edit_hash"]
            revised = {row["edit_hash"]: _day_of_change(row["itinerary"]) for row in rows}
            yield (
                [edit_hash for edit_hash, day in revised.items() if day < since],
                [(edit_hash, day) for edit_hash, day in revised.items() if day >= since],
            )

    @retried
    def _next_unused(self, since: date, behind: str) -> Sequence[sa.RowMapping]:
        columns = (_calendars.c.edit_hash, _calendars.c.itinerary)
        is_next = (_calendars.c.used < str(since)) & (_calendars.c.edit_hash > behind)
        found = sa.select(*columns).where(is_next).order_by(_calendars.c.edit_hash)
        with self._database.transaction(limit=WORK) as connection:
            return connection.execute(found.limit(PURGED)).mappings().all()

    @contextmanager
    def _admitted(self, *, write: bool = False) -> Iterator[sa.Connection]:
        """Give a request a connection, as soon as the gate lets it in."""
        gate = self._database.gate
        with gate.writing if write else gate.reading:
            with self._database.transaction(write=write) as connection:
                yield connection

    @retried
    def _find(self, column: sa.Column[str], key: str) -> Itinerary:
        with self._admitted() as connection:
            return _found(connection, column, hashed(key))


def _day_of_change(stored: str) -> date:
    """Return the day on which a calendar was changed last; long ago if that cannot be read."""
    try:
        return itinerary_of(stored).revised.date()
    except StorageError:  # a newer calsvc stored it, which notes the day beside it
        return date.min


def _on_or_after(day: date) -> sa.ColumnElement[str]:
    """Return a day for the column ``used``, which is never set back."""
    return sa.case((_calendars.c.used < str(day), str(day)), else_=_calendars.c.used)


def _purge(connection: sa.Connection, edit_hashes: list[str], unused_since: date) -> int:
    """Delete those of the calendars that are still not used; return their number."""
    columns = (_calendars.c.edit_hash, _calendars.c.feed_hash, _calendars.c.share_hash)
    chosen = _calendars.c.edit_hash.in_(edit_hashes) & (_calendars.c.used < str(unused_since))
    rows = connection.execute(sa.select(*columns).where(chosen).with_for_update()).all()
    own = _calendars.c.edit_hash.in_([row.edit_hash for row in rows])
    connection.execute(sa.delete(_calendars).where(own))
    _retire(connection, {each for row in rows for each in row if each})
    return len(rows)


def _found(
    connection: sa.Connection, column: sa.Column[str], key_hash: str, *, lock: bool = False
) -> Itinerary:
    wanted = sa.select(_calendars.c.itinerary).where(column == key_hash)
    stored = connection.execute(wanted.with_for_update() if lock else wanted).scalar()
    if stored is not None:
        return itinerary_of(stored)
    retired = sa.select(_retired.c.hash).where(_retired.c.hash == key_hash)
    if connection.execute(retired).scalar() is not None:
        raise RetiredKeyError
    raise UnknownKeyError


def itinerary_of(stored: str) -> Itinerary:
    """Return a calendar that is stored so.  Raises ``StorageError`` if it cannot be read."""
    try:
        # A newer calsvc may have stored fields that this one does not know.
        return Itinerary.model_validate_json(stored, extra="ignore")
    except ValueError as error:
        raise StorageError(UNREADABLE) from error


def wanted_of(stored: str) -> Wanted:
    """Return what the feed of a calendar shows that is stored so.  Raises ``StorageError``.

    Choices were validated when they were stored: doing so again for each feed would take more
    time than the rest of it.
    """
    try:
        values = from_json(stored)
        options = values.get("options")
        return Wanted(
            by_event(values.get("choices", ())),
            Options.model_validate(options, extra="ignore") if options else NO_OPTIONS,
            date.fromisoformat(values["created"]),
            datetime.fromisoformat(values["revised"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise StorageError(UNREADABLE) from error


def _stored(edit_key: str, itinerary: Itinerary) -> dict[str, str | None]:
    present = keys(edit_key, itinerary)
    return {
        "feed_hash": hashed(present.feed),
        "share_hash": hashed(present.share) if present.share else None,
        "itinerary": itinerary.model_dump_json(exclude_defaults=True),
    }


def _write(connection: sa.Connection) -> None:
    """Write something, and take it back: a disk that is full lets pass what writes nothing."""
    connection.execute(sa.insert(_retired), {"hash": ""})
    connection.execute(sa.delete(_retired).where(_retired.c.hash == ""))


def _hashes(edit_key: str, itinerary: Itinerary) -> set[str]:
    """Return the hashes of an itinerary's current feed and share keys."""
    present = {derived(edit_key, "feed", itinerary.generation)}
    if itinerary.share > 0:
        present.add(derived(edit_key, "share", itinerary.share))
    return set(map(hashed, present))


def _retire(connection: sa.Connection, hashes: set[str]) -> None:
    if hashes:
        connection.execute(sa.insert(_retired), [{"hash": each} for each in sorted(hashes)])
