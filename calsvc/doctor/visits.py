"""What a server says to those who fetch a calendar, and what it says the next time."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    address: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name, in small letters."""
    octets: bytes = b""
    """Unpacked."""


@dataclass(frozen=True)
class Visit:
    """The answers that a program gets which subscribes to an address."""

    address: str
    """As it was given."""
    answer: Answer
    """Where the redirects ended."""
    redirects: tuple[Answer, ...] = ()
    head: Answer | None = None
    """The answer to HEAD; None if nobody asked."""
    again: Answer | None = None
    """The answer to the same request with the validators of the first."""
    packed: Answer | None = None
    """The answer to a request that takes gzip."""
    robots: str = ""
    """What /robots.txt says."""
