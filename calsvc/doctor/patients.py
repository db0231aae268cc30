"""Calendars under examination: once, or again and again for a while."""

import re
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
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)
"""How an address begins that lacks its ``https://``."""


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
    looks: int = 0
    """How often it was looked at."""

    @property
    def is_served(self) -> bool:
        """Return whether the calendar is at an address, where it may change."""
        return is_address(self.place)

    @property
    def is_examined(self) -> bool:
        """Return whether it was looked at to the end: twice, if it may change."""
        return self.looks >= (2 if self.is_served and not self.failure else 1)

    @property
    def name(self) -> str:
        """Return what messages call the calendar."""
        return shown(self.place) if self.is_served else self.place or "."

    @property
    def report(self) -> Report:
        """Return what is found so far; that it was not examined to the end is a failure."""
        entries = len(self.state.entries) if self.state else 0
        failure = str(self.failure or "")
        if not self.is_examined:
            what = f"was not examined{' to the end' if self.looks else ''}"
            failure = str(SourceError(self.name, what, "run the doctor again"))
        return Report(self.name, [*self.findings.values()], entries, failure)

    def look(self) -> None:
        """Look at the calendar: the first time all over, and then whether it has changed, and how.

        What cannot be read is the ``failure``.
        """
        try:
            if self.is_served:
                self._visit()
            else:
                self._see(Document(self._opened()))
        except SourceError as error:
            self.failure = self.failure or error
        self.looks += 1

    def _opened(self) -> bytes:
        try:
            source = opened(self.place)
        except SourceError as error:
            if isinstance(error.__cause__, FileNotFoundError) and HOST.match(self.place):
                advice = "put https:// before it if it is an address"
                raise SourceError(self.name, "there is no such file", advice) from error
            raise
        if source.members:
            raise SourceError(self.name, "has several files", "give one of them")
        return source.octets

    def _visit(self) -> None:
        self._keep(examination.of_address(self.place.strip(), self.ignored))
        visit = visited(
            self.place,
            private=self.private,
            briefly=self.looks > 0,
            seconds=self.seconds,
            most=self.most,
        )
        self._keep(examination.of_answers(visit, self.ignored))
        if visit.gives:
            self._see(visit.document)

    def _see(self, document: Document) -> None:
        before, self.state = self.state, document
        if before is None:
            self._keep(examination.of_file(document, self.ignored))
        elif before.octets != document.octets:
            self._keep(examination.of_change(Change(before, document), self.ignored))

    def _keep(self, findings: Iterable[Finding]) -> None:
        for each in findings:
            self.findings.setdefault(each.rule.name, each)
