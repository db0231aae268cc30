"""The newest version of each event that any worker of one server has served.

Workers bring new versions into memory each for itself, so one may be half a second behind
another: whoever asks twice would see a change undone.  They share a few octets of memory,
made before they fork, by which one that is behind knows it before it answers.
"""

import mmap
from functools import lru_cache
from zlib import crc32

SLOTS = 4096  # events that share one look alike, and cost an extra look at storage
WIDTH = 4  # octets of a version's number


class Watermarks:
    """Version numbers by event: those of all workers, and those of this one."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, SLOTS * WIDTH)
        self._own = bytearray(SLOTS * WIDTH)

    def announce(self, event_id: str, number: int) -> None:
        """Let all workers know that this one is about to serve a version.

        Until it has reached it, it is behind itself.  Of two workers that do so at once, the one
        with the older number may win; each then looks at storage when the next one does.
        """
        _raise(self._shared, event_id, number)

    def reach(self, event_id: str, number: int) -> None:
        """Note that this worker serves a version from now on."""
        _raise(self._own, event_id, number)

    def is_behind(self, event_id: str) -> bool:
        """Return whether another worker may have served a newer version of an event."""
        place = _place(event_id)
        return self._shared[place] > bytes(self._own[place])

    def is_behind_anywhere(self) -> bool:
        """Return whether another worker may have served a newer version of any event."""
        return self._shared[:] != bytes(self._own) and any(
            self._shared[place] > bytes(self._own[place])
            for place in (slice(at, at + WIDTH) for at in range(0, SLOTS * WIDTH, WIDTH))
        )


def _raise(memory: bytearray | mmap.mmap, event_id: str, number: int) -> None:
    place = _place(event_id)
    known = int.from_bytes(memory[place], "big")
    memory[place] = max(known, number).to_bytes(WIDTH, "big")


@lru_cache(maxsize=SLOTS)
def _place(event_id: str) -> slice:
    at = crc32(event_id.encode()) % SLOTS * WIDTH
    return slice(at, at + WIDTH)
