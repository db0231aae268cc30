"""What a server says to those who fetch a calendar, each in its own way."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Found, once
from calsvc.importers.fetch.targets import REDIRECTS

BEGINNING = re.compile(rb"BEGIN:VCALENDAR", re.IGNORECASE)
PLAIN = frozenset({"", "identity"})
"""Codings of content that are none."""


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    address: str
    """Which was asked, without name and password."""
    status: int = 0
    """0 if there was no answer, or none in time."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name, in small letters."""
    octets: bytes = b""
    """Unpacked."""
    is_cut: bool = False
    """Whether it broke off before its end, or cannot be unpacked."""

    def header(self, name: str) -> str:
        """Return the value of a header; empty if there is none."""
        return self.headers.get(name.lower(), "").strip()

    @property
    def leads_to(self) -> str:
        """Return the address that a redirect leads to; empty if it is none, or to nowhere."""
        location = self.header("Location") if self.status in REDIRECTS else ""
        try:
            return urljoin(self.address, location) if location else ""
        except ValueError:
            return ""

    @property
    def media_type(self) -> str:
        """Return the type without parameters, in small letters: ``text/calendar``."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def parameter(self, name: str) -> str:
        """Return a parameter of the type, in small letters; empty if there is none."""
        for each in self.header("Content-Type").split(";")[1:]:
            key, _, value = each.partition("=")
            if key.strip().lower() == name:
                return value.strip(" \t\"'").lower()
        return ""

    @property
    def coding(self) -> str:
        """Return how the content was packed: ``gzip``; empty if it was not."""
        coding = self.header("Content-Encoding").lower()
        return "" if coding in PLAIN else coding

    @cached_property
    def is_calendar(self) -> bool:
        """Return whether the answer is a success with a calendar."""
        return self.status == 200 and bool(BEGINNING.search(self.octets))


@dataclass(frozen=True)
class Visit:
    """The answers that programs get which subscribe to an address.

    Beyond the first answer and its redirects, each is None where nobody asked.
    """

    given: str
    """The address as it was given."""
    address: str
    """The address of the web that this means."""
    answer: Answer
    """Where the redirects ended."""
    redirects: tuple[Answer, ...] = ()
    head: Answer | None = None
    """The answer to HEAD."""
    again: Answer | None = None
    """The answer to the same request with the validators of the first."""
    packed: Answer | None = None
    """The answer to a request that takes gzip."""
    google: Answer | None = None
    """The answer to a request as Google sends it: of another name, and without Accept."""
    port_80: Answer | None = None
    """What the same host answers without encryption."""
    robots: str = ""
    """What /robots.txt says."""
    refusing: tuple[str, ...] = ()
    """The IPv6 addresses of the host that take no connections, though others do."""

    @cached_property
    def document(self) -> Document:
        """Return the calendar."""
        return Document(self.answer.octets)

    @property
    def gives(self) -> bool:
        """Return whether there is a calendar at the address."""
        return self.answer.is_calendar


def served(find: Callable[[Visit], str | None]) -> Callable[[Visit], Iterator[Found]]:
    """Return how a rule finds something, once, about a calendar that is served at all."""
    return once(lambda visit: find(visit) if visit.gives else None)
