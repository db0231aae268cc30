"""Calendars under examination: once, or again and again for a while."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from calsvc.doctor import examination
from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Finding
from calsvc.doctor.report import Report
from calsvc.doctor.visiting import visited
from calsvc.errors import SourceError
from calsvc.importers.fetch.exchanges import SECONDS
from calsvc.importers.fetch.fetching import is_address, opened
from calsvc.importers.fetch.sources import MAX_OCTETS
from calsvc.importers.fetch.targets import shown

PAUSE = 2.0  # seconds between the first two looks at an address: stamps of now differ after one


@dataclass
class Patient:
    """A calendar, and what is found about it so far."""

    place: str
    """A path or an address; ``-`` is standard input."""
    ignored: Collection[str] = ()
    """The names of rules that are left out."""
    private: bool = False
    """Whether its address may be in a private network."""
    seconds: float = SECONDS
    """How long its server may take, as for ``visited``."""
    most: int = MAX_OCTETS
    """How many octets an answer has, as for ``visited``."""
    findings: dict[str, Finding] = field(default_factory=dict)
    """By the names of their rules: each is told once, however often it is seen."""
    state: Document | None = None
    """The calendar as it was seen last; None where none was."""
    failure: SourceError | None = None
    """Why it could not be read, the first time that it could not."""
    is_examined: bool = False
    """Whether there is anything to report."""

    @property
    def is_served(self) -> bool:
        """Return whether the calendar is at an address, where it may change."""
        return is_address(self.place)

    @property
    def report(self) -> Report:
        """Return what is found so far."""
        entries = len(self.state.entries) if self.state else 0
        name = shown(self.place) if self.is_served else self.place
        failure = str(self.failure) if self.failure else ""
        return Report(name, [*self.findings.values()], entries, failure)

    def look(self) -> None:
        """Look at the calendar: the first time all over, and then whether it has changed, and how.

        What cannot be read is the ``failure``.
        """
        try:
            if self.is_served:
                self._visit()
            else:
                self._see(Document(opened(self.place).octets))
        except SourceError as error:
            self.failure = self.failure or error
        self.is_examined = True

    def _visit(self) -> None:
        visit = visited(
            self.place,
            private=self.private,
            briefly=self.is_examined,
            seconds=self.seconds,
            most=self.most,
        )
        self._tell(examination.of_answers(visit, self.ignored))
        if visit.gives:
            self._see(visit.document)

    def _see(self, document: Document) -> None:
        before, self.state = self.state, document
        if before is None:
            self._tell(examination.of_file(document, self.ignored))
        elif before.octets != document.octets:
            self._tell(examination.of_change(Change(before, document), self.ignored))

    def _tell(self, findings: Iterable[Finding]) -> None:
        for each in findings:
            self.findings.setdefault(each.rule.name, each)
