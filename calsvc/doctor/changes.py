"""Two states of one calendar: what moved between them, with and without a reason."""

from dataclasses import dataclass

from calsvc.doctor.documents import Document


@dataclass(frozen=True)
class Change:
    """A calendar, and what the same address gave later."""

    before: Document
    after: Document
