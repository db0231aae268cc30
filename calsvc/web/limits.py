"""How often one caller may do something, and how many at once.

Nothing is kept of who called: a caller is a digest with a secret of this process, and stands
for a number, the moment at which all its calls count no more.
"""

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from ipaddress import IPv6Network
from threading import Lock

from calsvc.errors import TooManyCallsError

HOUR = 3600  # seconds
MOST = 65536  # callers that are remembered
DIGEST = 16  # octets


@dataclass
class Limit:
    """A limit on what one caller may do in an hour; one who did all gets it back bit by bit."""

    hourly: int = 1000
    """0 for no limit."""
    words: str = "One address can make {} calendars in an hour; try again later."
    """What a caller is told who did too much; ``{}`` is the number."""
    _until: dict[bytes, float] = field(default_factory=dict)
    """Caller → when its calls count no more, in seconds on the monotonic clock."""
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(DIGEST), repr=False)
    _lock: Lock = field(default_factory=Lock)

    def count(self, caller: str, calls: int = 1) -> None:
        """Count what an address, or the holder of a key, does; it may count as several calls.

        Raises ``TooManyCallsError`` if that is too much in an hour.
        """
        if not self.hourly:
            return
        digest = _digest(caller, self._secret)
        now = time.monotonic()
        with self._lock:
            share = min(calls, self.hourly) / self.hourly
            until = max(self._until.get(digest, now), now) + share * HOUR
            if until > now + HOUR + 1e-6:  # sums of floats are not exact
                raise TooManyCallsError(self.words.format(self.hourly))
            if len(self._until) >= MOST and digest not in self._until:
                self._forget(now)
            self._until[digest] = until

    def _forget(self, now: float) -> None:
        """Forget whose calls count no more; if all do, the half that did least."""
        left = {each: until for each, until in self._until.items() if until > now}
        if len(left) > MOST // 2:
            left = dict(sorted(left.items(), key=lambda item: item[1])[-MOST // 2 :])
        self._until = left


@dataclass
class Places:
    """Places for so many callers at once, one for each."""

    most: int
    _taken: set[bytes] = field(default_factory=set)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(DIGEST), repr=False)
    _lock: Lock = field(default_factory=Lock)

    def take(self, caller: str) -> bool:
        """Take a place; return whether there was one for an address."""
        digest = _digest(caller, self._secret)
        with self._lock:
            if digest in self._taken or len(self._taken) >= self.most:
                return False
            self._taken.add(digest)
            return True

    def give_back(self, caller: str) -> None:
        """Give the place back that an address has taken."""
        with self._lock:
            self._taken.remove(_digest(caller, self._secret))


def _digest(caller: str, secret: bytes) -> bytes:
    return blake2b(_network(caller).encode(), key=secret, digest_size=DIGEST).digest()


def _network(address: str) -> str:
    """Return the network of one client: its /64 for IPv6, the address itself for IPv4."""
    with suppress(ValueError):  # an IPv4 address, or no address
        return str(IPv6Network(f"{address}/64", strict=False))
    return address
