"""What was written last of each event, so that stamps move when its bytes do."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from calsvc.errors import StorageError
from calsvc.schedule.renditions import Rendition
from calsvc.storage.database import Database
from calsvc.storage.retries import retried
from calsvc.storage.summaries import batches
from calsvc.storage.versions import metadata

ATTEMPTS = 50  # copies that start at once, each of which may be faster once
SITE = ""
"""Stands for the site itself, where others have the id of an event."""

_renditions = sa.Table(
    "renditions",
    metadata,
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("rendition", sa.Text),
)
"""An empty text is of an event that an older calsvc served."""

Renew = Callable[[Rendition | None, bool], Rendition | None]
"""Takes what is stored, and whether nothing ever was; returns what to store, if anything."""


class Renditions:
    """The renditions in a database.

    All methods raise ``StorageError`` if the database cannot be used now.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, event_id: str) -> Rendition | None:
        """Return what was written last of an event; None if that is not known."""
        return _read(self._stored(event_id))

    @retried
    def of_all(self, event_ids: Iterable[str]) -> dict[str, Rendition]:
        """Return what was written last of some events, as far as that is known."""
        found = {}
        with self._database.transaction() as connection:
            for some in batches(event_ids):
                chosen = sa.select(_renditions).where(_renditions.c.event_id.in_(some))
                for event_id, text in connection.execute(chosen):
                    if rendition := _read(text):
                        found[event_id] = rendition
        return found

    def renew(self, event_id: str, renew: Renew) -> Rendition | None:
        """Store what ``renew`` makes of what is stored; return what is stored then.

        ``renew`` sees what others stored until then, and nobody comes between: it is called
        again if another copy was faster, so it must have no side effects.  It may take its
        time, because nobody waits for it.
        """
        for _ in range(ATTEMPTS):
            text = self._stored(event_id)
            past = _read(text)
            found = renew(past, text is None)
            if found is None or found == past:
                return past
            if self._replace(event_id, text, found.model_dump_json()):
                return found
        raise StorageError(f"What was written of {event_id or 'the site'} changes too often.")

    @retried
    def _stored(self, event_id: str) -> str | None:
        with self._database.transaction() as connection:
            return _text(connection, event_id)

    @retried
    def _replace(self, event_id: str, before: str | None, after: str) -> bool:
        """Store a text in the place of another one; return whether that still stood there."""
        own = _renditions.c.event_id == event_id
        row = {"event_id": event_id, "rendition": after}
        try:
            with self._database.transaction(write=True) as connection:
                if _text(connection, event_id, lock=True) != before:
                    return False
                if before is None:
                    connection.execute(sa.insert(_renditions), row)
                else:
                    connection.execute(sa.update(_renditions).where(own), row)
        except IntegrityError:
            return False  # another copy stored the first one
        return True


def _text(connection: sa.Connection, event_id: str, *, lock: bool = False) -> str | None:
    chosen = sa.select(_renditions.c.rendition).where(_renditions.c.event_id == event_id)
    text: str | None = connection.execute(chosen.with_for_update() if lock else chosen).scalar()
    return text


def _read(text: str | None) -> Rendition | None:
    if not text:
        return None
    try:
        # A newer calsvc may have stored fields that this one does not know.
        return Rendition.model_validate_json(text, extra="ignore")
    except ValidationError as error:
        raise StorageError("A rendition cannot be read; update calsvc.") from error
