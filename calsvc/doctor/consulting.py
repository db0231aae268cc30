"""The process in which a calendar of strangers is visited and examined."""

from time import sleep
from typing import Any

from calsvc.doctor import examination
from calsvc.doctor.consultation import BOUNDS, PICTURE
from calsvc.doctor.documents import Document
from calsvc.doctor.patients import PAUSE, Patient
from calsvc.doctor.picture import pictured
from calsvc.doctor.report import Report, as_json
from calsvc.importers.confined import answer

VISITING = 7.0
"""Seconds by the clock, for the first request, for all others together, and for the last one."""
MOST = 8 * 1024 * 1024
"""Octets of an answer: whoever asks must not have others' servers send much."""


def _told(octets: bytes | None, address: str, is_private: bool) -> dict[str, Any]:
    """Return what is wrong, as JSON has it.  Raises ``SourceError``."""
    if octets is not None:
        document, failure = Document(octets), None
        report = Report("", examination.of_file(document), len(document.entries))
    else:
        patient = Patient(address, private=is_private, seconds=VISITING, most=MOST)
        patient.look()
        if patient.failure:
            raise patient.failure
        sleep(PAUSE)
        patient.look()
        document, report = patient.state or Document(b""), patient.report
        failure = patient.failure
    return {
        "report": as_json([report])[0],
        "failure": failure and [failure.source, failure.what, failure.advice],
        "picture": PICTURE.dump_python(pictured(document, report.findings), mode="json"),
    }


if __name__ == "__main__":
    answer(_told, BOUNDS)
