"""How often one client may do something."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from threading import Lock

from calsvc.errors import TooManyCallsError

HOUR = 3600  # seconds


@dataclass
class Limit:
    """A limit on the calls that one address may make in an hour."""

    hourly: int = 1000
    """0 for no limit."""
    _calls: dict[str, list[float]] = field(default_factory=dict)
    """Network → times of its calls in the last hour, in seconds on the monotonic clock."""
    _lock: Lock = field(default_factory=Lock)

    def count(self, address: str) -> None:
        """Count a call.  Raises ``TooManyCallsError`` if an address calls too often."""
        if not self.hourly:
            return
        network = _network(address)
        now = time.monotonic()
        with self._lock:
            recent = {
                caller: kept
                for caller, moments in self._calls.items()
                if (kept := [moment for moment in moments if now - moment < HOUR])
            }
            if len(recent.get(network, ())) >= self.hourly:
                raise TooManyCallsError(
                    f"One address can make {self.hourly} calendars in an hour; try again later."
                )
            recent.setdefault(network, []).append(now)
            self._calls = recent


def _network(address: str) -> str:
    """Return the network of one client: its /64 for IPv6, the address itself for IPv4."""
    with suppress(ValueError):  # an IPv4 address, or no address
        return str(IPv6Network(f"{address}/64", strict=False))
    return address
