"""What is wrong with a calendar, as the doctor's page tells it, in the reader's language."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from http import HTTPStatus
from itertools import groupby
from typing import Any, NamedTuple

from calsvc.doctor.clients import Shows
from calsvc.doctor.consultation import Consultation
from calsvc.doctor.findings import Rule, Severity, shortened
from calsvc.doctor.picture import Entry, Program, Showing
from calsvc.doctor.report import sufferings
from calsvc.doctor.rules import ANSWERS, CHANGES, FILES
from calsvc.doctor.sources import Piece, pieces
from calsvc.errors import FaultError, FetchError, SourceError
from calsvc.translations import N_
from calsvc.web.dates import clock, dated_clock, short_day
from calsvc.web.locale import gettext

ALL_RULES: tuple[Rule[Any], ...] = (*FILES, *ANSWERS, *CHANGES)
RULES = {each.name: each for each in ALL_RULES}
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
ALL_AS_MEANT = N_("all as meant")
AMOUNTS = N_("its only entry"), N_("all {total} entries"), N_("{number} of {total} entries")
CELLS = {
    Shows.MISSING: N_("missing"),
    Shows.TIME: N_("wrong time"),
    Shows.TWICE: N_("twice"),
    Shows.STALE: N_("late"),
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
        return not self.program.nothing and not self.program.counts


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
    def is_sound(self) -> bool:
        """Return whether there is nothing but notes."""
        return all(severity == Severity.NOTE for severity, _, _ in self.sections)

    @cached_property
    def groups(self) -> list[Group]:
        """Return the programs, those that show the same together, the worst first."""
        programs = sorted(self.consultation.picture.programs, key=_badness)
        return [
            Group([each.client.value for each in same], same[0], _words(same[0], self.total))
            for same in (list(each) for _, each in groupby(programs, key=_badness))
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
        gettext(rule.why),
        sufferings(rule.effects, gettext),
        gettext(rule.cure),
        list(pieces(rule.source)),
    )


def _badness(program: Program) -> tuple[object, ...]:
    """Return what two programs share that show the same; the worst is the least."""
    counts = tuple(-program.counts.get(each, 0) for each in Shows)
    showings = tuple((each.shows or "", each.at) for each in program.showings)
    return not program.nothing, program.nothing, counts, showings, program.remarks


def _words(program: Program, total: int) -> list[str]:
    if program.nothing:
        return [f"{gettext(BEFALLS[Shows.NOTHING])} ({gettext(program.nothing)})"]
    words = [
        f"{gettext(BEFALLS[shows])}: {_amount(number, total)}"
        for shows, number in program.counts.items()
    ]
    return [*(words or [gettext(ALL_AS_MEANT)]), *map(gettext, program.remarks)]


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
        return gettext(CELLS[showing.shows])
    beside = start.date() if isinstance(start, datetime) else None
    return _clock(at, beside)


def _moment(text: str) -> date | datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _clock(moment: datetime, beside: date | None = None) -> str:
    words = dated_clock(moment, beside) if beside else clock(moment)
    return f"{words} UTC" if moment.tzinfo else words


# --- what cannot be examined --------------------------------------------------------------


class Trouble(NamedTuple):
    """Why a calendar was not examined."""

    status: int
    words: str
    """In English, to be translated."""


NOTHING_GIVEN = Trouble(422, N_("Please give the address of a calendar, or its text."))
TOO_MANY = Trouble(
    429, N_("Many calendars were examined from here. Please wait a little, and try again.")
)
ALL_BUSY = Trouble(503, N_("Others are being examined just now. Please try again in a moment."))
FAULT = Trouble(500, N_("This could not be examined, by a fault of ours."))
_UNPROCESSABLE, _BAD_GATEWAY = HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_GATEWAY
# Whether a host of a private network is there is nobody's business.
TROUBLES = (
    (
        r"is no web address",
        _UNPROCESSABLE,
        N_("This is no address of the web. It begins with https:// or http://."),
    ),
    (
        r"is in a private network|the host .* is not known",
        _UNPROCESSABLE,
        N_("Nothing on the open internet has this address. Please check it."),
    ),
    (
        r"answers (?P<status>\d{3})\b",
        _BAD_GATEWAY,
        N_("Its server answers {status} in place of a calendar; calendar apps get the same."),
    ),
    (r"takes too long to answer", _BAD_GATEWAY, N_("Its server takes too long to answer.")),
    (
        r"cannot be trusted",
        _BAD_GATEWAY,
        N_("Its server cannot be trusted: its certificate is not valid. Calendar apps refuse it."),
    ),
    (
        r"does not take connections|breaks off",
        _BAD_GATEWAY,
        N_("Its server does not answer, or breaks off."),
    ),
    (r"leads on", _BAD_GATEWAY, N_("This address leads on to others without an end.")),
    (
        r"to read\b|has more than",
        _UNPROCESSABLE,
        N_("This is more than can be examined here. The command calsvc doctor takes more."),
    ),
    (r"", _UNPROCESSABLE, N_("This cannot be read. Please paste the calendar's text.")),
)
"""What the errors of an examination mean to who asked for it; no host's own words are repeated."""


def trouble_of(error: SourceError) -> Trouble:
    """Return what an error means to who asked for the examination, in the reader's language."""
    if isinstance(error, FaultError):
        return translated(FAULT)
    for pattern, status, words in TROUBLES:
        if found := re.search(pattern, error.what, re.DOTALL):
            is_of_host = isinstance(error, FetchError) and not pattern
            return Trouble(
                _BAD_GATEWAY if is_of_host else status,
                gettext(words).format(**found.groupdict()),
            )
    raise AssertionError("the last pattern is in any text")


def translated(trouble: Trouble) -> Trouble:
    """Return a trouble in the reader's language."""
    return trouble._replace(words=gettext(trouble.words))
