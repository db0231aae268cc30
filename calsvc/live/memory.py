"""What a process remembers of what it made, within a number of octets."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

MEBIBYTE = 1024 * 1024
OVERHEAD = 1024  # octets of what is remembered beside a body: its key, its headers
SHORT = 500  # octets of a key that are counted in that
_Kept = TypeVar("_Kept")


class Memory(Generic[_Kept]):
    """Things by their keys; the least recently used are forgotten first.

    What something takes may grow while it is remembered, as a body does that is compressed:
    that counts from the next use on.
    """

    def __init__(self, octets: int, size_of: Callable[[_Kept], int]) -> None:
        """``size_of`` returns the octets that a thing takes by now."""
        self._most = octets
        self._size_of = size_of
        self._kept: OrderedDict[Hashable, tuple[_Kept, int]] = OrderedDict()
        self._lock = Lock()
        self.octets = 0
        """Octets of all that is remembered."""

    def get(self, key: Hashable) -> _Kept | None:
        """Return what is remembered by that key; None if nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            found = self._kept[key][0]
            self._count(key, found)
            return found

    def keep(self, key: Hashable, value: _Kept) -> _Kept:
        """Remember a value, unless it is too large for this memory, and return it."""
        with self._lock:
            self._count(key, value)
        return value

    def forget(self, key: Hashable) -> None:
        """Forget what is remembered by that key, if anything is."""
        with self._lock:
            _, octets = self._kept.pop(key, (None, 0))
            self.octets -= octets

    def _count(self, key: Hashable, value: _Kept) -> None:
        """Note a use, and what the value takes by now."""
        _, before = self._kept.pop(key, (None, 0))
        self.octets -= before
        octets = self._size_of(value) + _size_of_key(key) + OVERHEAD
        if octets > self._most:
            return
        self._kept[key] = value, octets
        self.octets += octets
        while self.octets > self._most:
            _, (_, oldest) = self._kept.popitem(last=False)
            self.octets -= oldest


def _size_of_key(key: Hashable) -> int:
    """Return the octets of a long key, at least: addresses may be longer than what they give."""
    parts = key if isinstance(key, tuple) else (key,)
    return max(0, sum(len(part) for part in parts if isinstance(part, str)) - SHORT)
