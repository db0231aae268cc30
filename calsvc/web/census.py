"""How many personal calendars there are, and how much is chosen in them: counted now and then.

All calendars are read for that, which takes a while where there are very many; so nobody waits
for it, and it takes a hundredth of the time at most.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread

from calsvc.errors import StorageError

AGAIN = 60.0  # seconds for which what was counted is told
SHARE = 100  # times what counting takes, for which it is told at least
BRIEFLY = 1.0  # seconds in which most sites are counted: so long the first who asks waits

Count = Callable[[], tuple[int, int]]


class Census:
    """The numbers of calendars and of choices, by one process."""

    def __init__(self, count: Count) -> None:
        """``count`` asks storage; it may raise ``StorageError``."""
        self._count = count
        self._latest: tuple[int, int] | None = None
        self._due = 0.0
        """When it is to be counted again, in seconds on the monotonic clock."""
        self._counting = Lock()

    def latest(self) -> tuple[int, int] | None:
        """Return what was counted last; None if nothing was, or storage does not answer."""
        if time.monotonic() >= self._due and self._counting.acquire(blocking=False):
            thread = Thread(target=self._work, name="census", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the system has none to give now
                self._counting.release()
            else:
                thread.join(BRIEFLY if self._latest is None else 0)
        return self._latest

    def _work(self) -> None:
        began = time.monotonic()
        counted = None
        try:
            with suppress(StorageError):
                counted = self._count()
        finally:
            self._latest = counted
            now = time.monotonic()
            self._due = now + max(AGAIN if counted else 1, SHARE * (now - began))
            self._counting.release()
