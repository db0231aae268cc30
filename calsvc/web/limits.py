"""How often one caller may do something."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Network
from threading import Lock

from calsvc.errors import TooManyCallsError

HOUR = 3600  # seconds


@dataclass
class Limit:
    """A number of calls that one address may make in an hour."""

    hourly: int = 1000
    """0 for any number."""
    _calls: dict[str, list[float]] = field(default_factory=dict)
    """Moments on the monotonic clock by network; they stay for an hour."""
    _lock: Lock = field(default_factory=Lock)

    def count(self, address: str) -> None:
        """Count a call.  Raises ``TooManyCallsError`` when an address calls too often."""
        if not self.hourly:
            return
        network = _network(address)
        now = time.monotonic()
        with self._lock:
            recent = {
                each: kept
                for each, moments in self._calls.items()
                if (kept := [moment for moment in moments if now - moment < HOUR])
            }
            if len(recent.get(network, ())) >= self.hourly:
                raise TooManyCallsError(
                    f"One address can make {self.hourly} calendars in an hour; try again later."
                )
            recent.setdefault(network, []).append(now)
            self._calls = recent


def _network(address: str) -> str:
    """Return what one caller has of addresses: in IPv6 that is a network of 64 bits."""
    with suppress(ValueError):  # an address of IPv4, or none
        return str(IPv6Network(f"{address}/64", strict=False))
    return address
