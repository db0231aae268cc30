"""A calendar of strangers is visited and examined, in a process of its own.

Neither what it holds nor how its server answers keeps whoever asks for long, or takes memory
there.  That process runs ``consulting``, which this module does not import: so whoever asks has
nothing that fetches.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from calsvc.agenda.fields import ascii_host
from calsvc.doctor.picture import Picture
from calsvc.errors import FetchError, SourceError
from calsvc.importers.confined import Bounds, asked
from calsvc.importers.fetch.targets import WEB, shown

CONSULTING = "calsvc.doctor.consulting"
BOUNDS = Bounds(seconds=10, memory=512 * 1024 * 1024, patience=25)
SMALLER = "run calsvc doctor, which takes as much as there is"
PICTURE = TypeAdapter(Picture)
"""How a picture gets from that process to this one."""


@dataclass(frozen=True)
class Consultation:
    """What came of an examination."""

    report: dict[str, Any]
    """As ``report.as_json`` has it."""
    picture: Picture
    failure: SourceError | None = None
    """Why a second look at an address failed, which it has a moment after the first."""


def of_text(octets: bytes) -> Consultation:
    """Return what is wrong with a calendar file.

    Raises ``SourceError`` if it takes more time or memory than any.
    """
    return _consulted(octets, "", is_private=False)


def of_address(address: str, *, is_private: bool = False) -> Consultation:
    """Return what is wrong with the calendar at an address of the web, and how that answers.

    With ``is_private`` it may be in a network of one's own.  Raises ``SourceError``, for what
    may be there later a ``FetchError``.
    """
    return _consulted(None, _webbed(address), is_private=is_private)


def host_of(address: str) -> str:
    """Return the host of an address that ``of_address`` takes; empty if it has none."""
    try:
        return ascii_host(urlsplit(_webbed(address)).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _webbed(address: str) -> str:
    address = address.strip()
    return address if WEB.match(address) else f"https://{address}"


def _consulted(octets: bytes | None, address: str, *, is_private: bool) -> Consultation:
    question = octets, address, is_private
    told = asked(CONSULTING, question, BOUNDS, shown(address), SMALLER)
    failure = FetchError(*told["failure"]) if told["failure"] else None
    return Consultation(told["report"], PICTURE.validate_python(told["picture"]), failure)
