"""An event as it stands in storage, in few octets: a process keeps all events of a site so.

Schedules take some ten times as many once they are read.  From these octets they are made when
somebody asks for them, whether or not storage answers then.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from calsvc.schedule.entries import Schedule
from calsvc.schedule.renaming import whole_history
from calsvc.schedule.versions import Version
from calsvc.storage.versions import schedule_of, version_of

LEVEL = 1  # of compression: the quickest, and nearly as small as the others

Row = Mapping[Any, Any]


class StoredEvent:
    """One version of an event, with the records of the versions until it."""

    def __init__(self, newest: Row, records: Sequence[Row], former: Sequence[Row]) -> None:
        """Take the rows of the version, of those records, and of records under former ids."""
        self.event_id: str = newest["event_id"]
        self.number: int = newest["number"]
        self.characters = len(newest["schedule"])
        """Of the schedule, as it is stored."""
        self._schedule = zlib.compress(newest["schedule"].encode(), LEVEL)
        rows = [[dict(row) for row in each] for each in (records, former)]
        self._records = zlib.compress(json.dumps(rows).encode(), LEVEL)

    def schedule(self) -> Schedule:
        """Return the schedule.  Raises ``StorageError``."""
        text = zlib.decompress(self._schedule)
        return schedule_of({"event_id": self.event_id, "number": self.number, "schedule": text})

    def history(self) -> list[Version]:
        """Return the versions under all ids of the event, the newest first.

        Raises ``StorageError``.
        """
        own, former = json.loads(zlib.decompress(self._records))
        return whole_history([*map(version_of, own)], [*map(version_of, former)])
