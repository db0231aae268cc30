"""A memory that forgets what was not asked for lately, and counts its octets."""

from collections.abc import Hashable
from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


class Generations(Generic[_Kept]):
    """Things by key, within some octets; what was used least recently is forgotten first.

    Two generations stand for an order of use: what is asked for moves to the younger one,
    and when that is full, the older one is forgotten.  So a look-up costs no lock, and threads
    that come between each other lose an entry at most.
    """

    def __init__(self, octets: int) -> None:
        self._half = octets // 2
        self._young: dict[Hashable, tuple[_Kept, int]] = {}
        self._old: dict[Hashable, tuple[_Kept, int]] = {}
        self._octets = 0

    def get(self, key: Hashable) -> _Kept | None:
        """Return what is kept under a key; None if nothing is."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self.keep(key, *found)
        return found[0]

    def keep(self, key: Hashable, value: _Kept, octets: int) -> None:
        """Keep a value of that size, unless it is too large for this memory."""
        for generation in (self._young, self._old):
            _, before = generation.pop(key, (None, 0))
            self._octets -= before if generation is self._young else 0
        if octets > self._half:
            return
        if self._octets + octets > self._half:
            self._old, self._young, self._octets = self._young, {}, 0
        self._young[key] = value, octets
        self._octets += octets
