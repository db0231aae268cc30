"""What is wrong with a calendar, as the doctor's page tells it, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from calsvc.doctor import rules
from calsvc.doctor.clients import Shows
from calsvc.doctor.consultation import Consultation
from calsvc.doctor.findings import Severity, shortened
from calsvc.doctor.picture import Entry, Program, Showing
from calsvc.doctor.report import sufferings
from calsvc.doctor.sources import Piece, pieces
from calsvc.translations import N_
from calsvc.web.dates import clock, dated_clock, short_day
from calsvc.web.locale import gettext
from calsvc.web.troubles import Trouble, trouble_of

RULES = {each.name: each for each in rules.ALL}
MOST_LINES = 8  # that a finding names
HEADINGS = {
    Severity.ERROR: N_("Errors"),
    Severity.WARNING: N_("Warnings"),
    Severity.NOTE: N_("Good to know"),
}
BEFALLS = {
    Shows.NOTHING: N_("nothing is shown"),
    Shows.MISSING: N_("not there"),
    Shows.TIME: N_("at a wrong time"),
    Shows.TWICE: N_("twice, or coming and going"),
    Shows.STALE: N_("late with changes"),
    Shows.TEXT: N_("with odd words"),
    Shows.ODD: N_("not quite as meant"),
}
"""What becomes of entries."""
PERHAPS = N_("perhaps {what}")
ALL_AS_MEANT = N_("all as meant")
AMOUNTS = N_("its only entry"), N_("all {total} entries"), N_("{number} of {total} entries")
CELLS = {
    Shows.MISSING: N_("missing"),
    Shows.TIME: N_("wrong time"),
    Shows.TWICE: N_("twice"),
    Shows.STALE: N_("changes late"),
    Shows.TEXT: N_("odd words"),
    Shows.ODD: N_("not quite"),
}
"""The same of one entry, in short."""


# --- what is found ------------------------------------------------------------------------


class Told(NamedTuple):
    """A finding, in words."""

    name: str
    what: str
    entry: str
    """The title of the first entry, or other part, in which it is; empty for all of it."""
    lines: list[int]
    """The first ones; empty if it is in no line."""
    times: int
    is_counted: bool
    """Whether that is all; else there are more."""
    why: str
    sufferings: list[str]
    cure: str
    source: list[Piece]


class Group(NamedTuple):
    """Programs that show the same."""

    names: list[str]
    program: Program
    """One of them."""
    words: list[str]
    """What they show, in parts of a sentence."""

    @property
    def is_as_meant(self) -> bool:
        """Return whether all is shown as it was meant."""
        return not (self.program.nothing or self.program.counts or self.program.perhaps)

    @property
    def is_nothing(self) -> bool:
        """Return whether surely nothing is shown."""
        return bool(self.program.nothing) and self.program.is_nothing_sure


@dataclass(frozen=True)
class Diagnosis:
    """What came of an examination, for a page."""

    consultation: Consultation

    @property
    def name(self) -> str:
        """Return the address that was examined; empty for a text."""
        return str(self.consultation.report["calendar"])

    @property
    def total(self) -> int:
        """Return how many entries the calendar has."""
        return self.consultation.picture.total

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the first entries."""
        return self.consultation.picture.entries

    @cached_property
    def sections(self) -> list[tuple[Severity, str, list[Told]]]:
        """Return the findings by severity, each with its heading."""
        found = self.consultation.report["findings"]
        by_severity = [
            (severity, [each for each in found if each["severity"] == severity])
            for severity in Severity
        ]
        return [
            (severity, gettext(HEADINGS[severity]), [_told(each) for each in those])
            for severity, those in by_severity
            if those
        ]

    @property
    def trouble(self) -> Trouble | None:
        """Return why a second look failed; None if it did not."""
        failure = self.consultation.failure
        return trouble_of(failure) if failure else None

    @property
    def is_sound(self) -> bool:
        """Return whether there is nothing but notes, at a second look, too."""
        is_noted = all(severity == Severity.NOTE for severity, _, _ in self.sections)
        return is_noted and not self.consultation.failure

    @cached_property
    def groups(self) -> list[Group]:
        """Return the programs, those that show the same together, the worst first."""
        return self._grouped(lambda each: (*_badness(each), each.remarks))

    @cached_property
    def columns(self) -> list[Group]:
        """Return the same, whatever programs do with the calendar as a whole."""
        return self._grouped(_badness)

    def _grouped(self, key: Callable[[Program], tuple[Any, ...]]) -> list[Group]:
        programs = sorted(self.consultation.picture.programs, key=key)
        return [
            Group([each.client.value for each in same], same[0], _words(same[0], self.total))
            for same in (list(each) for _, each in groupby(programs, key=key))
        ]


def _told(found: dict[str, Any]) -> Told:
    rule, places = RULES[found["rule"]], found["places"]
    first = places[0]
    lines = dict.fromkeys(each["line"] for each in places if each["line"])
    return Told(
        rule.name,
        gettext(rule.what).format(value=first["value"]),
        shortened(first["in"]),
        list(lines)[:MOST_LINES],
        found["times"],
        found["all_counted"],
        gettext(rule.why),
        sufferings(rule.effects, gettext),
        gettext(rule.cure),
        list(pieces(rule.source)),
    )


def _badness(program: Program) -> tuple[Any, ...]:
    """Return what two programs share that show the same; the worst is the least."""
    counts = [-each.get(shows, 0) for each in (program.counts, program.perhaps) for shows in Shows]
    showings = [(each.shows or "", each.at, each.is_sure) for each in program.showings]
    return not program.nothing, not program.is_nothing_sure, program.nothing, counts, showings


def _words(program: Program, total: int) -> list[str]:
    words = []
    if program.nothing:
        nothing = gettext(BEFALLS[Shows.NOTHING])
        nothing = nothing if program.is_nothing_sure else _perhaps(nothing)
        words.append(f"{nothing} ({gettext(program.nothing)})")
    for shows, number in program.counts.items():
        words.append(f"{gettext(BEFALLS[shows])}: {_amount(number, total)}")
    for shows, number in program.perhaps.items():
        words.append(f"{_perhaps(gettext(BEFALLS[shows]))}: {_amount(number, total)}")
    return [*(words or [gettext(ALL_AS_MEANT)]), *map(gettext, program.remarks)]


def _perhaps(what: str) -> str:
    return gettext(PERHAPS).format(what=what)


def _amount(number: int, total: int) -> str:
    only, every, some = AMOUNTS
    words = only if total == 1 else every if number == total else some
    return gettext(words).format(number=number, total=total)


# --- when entries are ---------------------------------------------------------------------


def when(entry: Entry) -> str:
    """Return when an entry was meant to begin; empty if that is not known."""
    moment = _moment(entry.start)
    if not isinstance(moment, datetime):
        return short_day(moment) if moment else ""
    return f"{short_day(moment)}, {_clock(moment)}"


def cell(showing: Showing, entry: Entry) -> str:
    """Return how an entry is shown that is not shown as meant, in few words."""
    assert showing.shows
    at, start = _moment(showing.at), _moment(entry.start)
    if not isinstance(at, datetime):
        words = gettext(CELLS[showing.shows])
        return words if showing.is_sure else _perhaps(words)
    beside = start.date() if isinstance(start, datetime) else None
    return _clock(at, beside)


def _moment(text: str) -> date | datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _clock(moment: datetime, beside: date | None = None) -> str:
    words = dated_clock(moment, beside) if beside else clock(moment)
    return f"{words} UTC" if moment.tzinfo else words
