"""A calendar of strangers is visited and examined, in a process of its own.

Neither what it holds nor how its server answers keeps whoever asks for long, or takes memory
there.  Run as a program, this module is that process.
"""

from dataclasses import dataclass
from time import sleep
from typing import Any

from pydantic import TypeAdapter

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.patients import PAUSE, Patient
from calsvc.doctor.picture import Picture, pictured
from calsvc.doctor.report import Report, as_json
from calsvc.importers.confined import Bounds, answer, asked
from calsvc.importers.fetch.fetching import WEB
from calsvc.importers.fetch.targets import shown

MODULE = "calsvc.doctor.consultation"
BOUNDS = Bounds(seconds=10, memory=512 * 1024 * 1024, patience=40)
VISITING = 10.0  # seconds by the clock, for the first request and for all others together
SMALLER = "run calsvc doctor, which takes as much as there is"
PICTURE = TypeAdapter(Picture)
"""How a picture gets from that process to this one."""


@dataclass(frozen=True)
class Consultation:
    """What came of an examination."""

    report: dict[str, Any]
    """As ``report.as_json`` has it."""
    picture: Picture


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
    address = address.strip()
    address = address if WEB.match(address) else f"https://{address}"
    return _consulted(None, address, is_private=is_private)


def _consulted(octets: bytes | None, address: str, *, is_private: bool) -> Consultation:
    question = octets, address, is_private
    told = asked(MODULE, question, BOUNDS, shown(address), SMALLER)
    return Consultation(told["report"], PICTURE.validate_python(told["picture"]))


# --- the process --------------------------------------------------------------------------


def _told(octets: bytes | None, address: str, is_private: bool) -> dict[str, Any]:
    """Return what is wrong, as JSON has it.  Raises ``SourceError``."""
    if octets is not None:
        document = Document(octets)
        report = Report("", examination.of_file(document), len(document.entries))
    else:
        patient = Patient(address, private=is_private, seconds=VISITING)
        patient.look()
        if patient.failure:
            raise patient.failure
        sleep(PAUSE)
        patient.look()
        document, report = patient.state or Document(b""), patient.report
    return {
        "report": as_json([report])[0],
        "picture": PICTURE.dump_python(pictured(document, report.findings), mode="json"),
    }


if __name__ == "__main__":
    answer(_told, BOUNDS)
