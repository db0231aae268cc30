"""One event as a process serves it: announced at all times, and whole when somebody asks."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import RLock

from calsvc.errors import StorageError
from calsvc.live.announced import Announced
from calsvc.live.event import LiveEvent
from calsvc.schedule.renditions import Rendition
from calsvc.storage.patience import ANSWER
from calsvc.storage.stored import LEVEL, StoredEvent

OCTETS_READ = 6  # that a schedule takes in memory, for each character that it has in storage


class Packed:
    """All that an event is made of again, in few octets."""

    def __init__(self, stored: StoredEvent, rendition: Rendition | None) -> None:
        self.stored = stored
        text = rendition.model_dump_json() if rendition else ""
        self._rendition = zlib.compress(text.encode(), LEVEL)

    @property
    def rendition(self) -> Rendition | None:
        """Return what was written of it last, if anything was known to be."""
        text = zlib.decompress(self._rendition)
        return Rendition.model_validate_json(text) if text else None


class Served:
    """One version of an event, from the moment at which it is served until the next one is."""

    def __init__(self, announced: Announced, packed: Packed | None = None) -> None:
        self.announced = announced
        self.own = object()
        """What tells it from any other version; what is remembered of it keeps no more alive."""
        self.packed = packed
        """What it is made of; None until it was read."""
        self.kept: LiveEvent | None = None
        """The whole, where it is never forgotten."""
        self.fault = ""
        """Why it could not be made when that was tried last."""
        self.was_tried = False
        """Whether it was made complete once, or could not be."""
        self._making = RLock()

    @property
    def event_id(self) -> str:
        """Return the id of the event."""
        return self.announced.event.id

    @property
    def version(self) -> int:
        """Return the number of the version."""
        return self.announced.schedule.version

    @property
    def octets(self) -> int:
        """Return about how much memory the whole event takes."""
        return OCTETS_READ * self.packed.stored.characters if self.packed else 0

    @property
    def is_complete(self) -> bool:
        """Return whether all is in memory that it is made of, and recorded."""
        return self.packed is not None and self.announced.is_recorded

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Let one make it, so that many who ask at once wait for that one.

        Raises ``StorageError`` if that takes too long.
        """
        if not self._making.acquire(timeout=ANSWER):
            raise StorageError(f"{self.event_id} takes long to be read.")
        try:
            yield
        finally:
            self._making.release()

    def distance(self, today: date) -> tuple[bool, int]:
        """Return what puts in order which events are asked for first: those on now, or next."""
        event = self.announced.event
        is_over = event.last_day < today
        days = (today - event.last_day) if is_over else (event.first_day - today)
        return is_over, max(0, days.days)


def former_ids(events: Iterable[Served]) -> dict[str, str]:
    """Return the present id by each former one that an event names."""
    return {
        former_id: each.event_id
        for each in events
        for former_id in (*each.announced.event.formerly, *each.announced.schedule.continues)
    }
