"""The one tree of errors.

A class exists because somebody handles it differently: the command line prints the
sentence and exits 1, the web maps the class to a status.  ``CalsvcError`` itself is
never raised.
"""

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

MOST_NAMED = 100  # names that a sentence can list
Level = Literal["error", "warning"]
Where = tuple[str | int, ...]
"""Keys and list places from the root of a file."""


class CalsvcError(Exception):
    """The root of all errors that calsvc raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, or doubtful, in one place of one file."""

    path: str
    line: int
    """Counted from 1; 0 when the whole file is meant."""
    column: int
    place: str
    """Where in the agenda, in the author's words: ``session keynote-2``."""
    what: str
    """What is wrong, with the value."""
    advice: str
    """What to do."""
    level: Level = "error"

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        place = f"{self.place}: " if self.place else ""
        warning = "warning: " if self.level == "warning" else ""
        return f"{self.path}{position}: {warning}{place}{self.what}; {self.advice}"

    def as_dict(self) -> dict[str, str | int]:
        """Return the parts, for ``calsvc check --format json``."""
        return asdict(self)


class EventFileError(CalsvcError):
    """An event file is wrong; ``problems`` holds all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class SettingsError(CalsvcError):
    """A setting has a value that cannot be used."""


class UnknownZoneError(CalsvcError):
    """No time zone has this name; ``suggestion`` is the nearest one, or None."""

    def __init__(self, name: str, suggestion: str | None) -> None:
        self.name = name
        self.suggestion = suggestion
        self.what = f"there is no time zone {name!r}"
        self.advice = (
            f"did you mean {suggestion}?"
            if suggestion
            else "write an Area/City name such as Europe/Berlin"
        )
        super().__init__(f"{self.what}; {self.advice}")


class LocalTimeError(CalsvcError):
    """A local time does not exist, or exists twice, in its zone on that day."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


class UnknownNameError(CalsvcError):
    """No event, or no session of an event, has this id; ``known`` lists those there are."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun = noun
        self.name = name
        self.known = tuple(known)
        suggestion = nearest(name, self.known)
        guess = f" Did you mean {suggestion}?" if suggestion else ""
        super().__init__(f"There is no {noun} {name!r}.{guess} {listed(f'{noun}s', self.known)}")


class NoEventsError(CalsvcError):
    """The site has no event, or has withdrawn them all."""

    def __init__(self) -> None:
        super().__init__("There are no events here.")


class WithdrawnEventError(CalsvcError):
    """An event was published, and then withdrawn on purpose."""

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"The event {event_id!r} has been withdrawn.")


class EmptiedEventError(CalsvcError):
    """A new version would cancel all of an event, or most of it, perhaps by an accident."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


class UnknownKeyError(CalsvcError):
    """No personal calendar has this key: it is foreign, malformed or misspelt."""

    def __init__(self) -> None:
        super().__init__("There is no such calendar.")


class RetiredKeyError(CalsvcError):
    """A personal calendar's key was rotated, or the calendar was deleted."""

    def __init__(self) -> None:
        super().__init__("This calendar's address is no longer in use.")


class TooManySessionsError(CalsvcError):
    """A personal calendar would hold more sessions than it can."""


class TooManyCallsError(CalsvcError):
    """Somebody makes calendars faster than people do."""


class StorageError(CalsvcError):
    """Schedules cannot be read from storage, or written to it, now."""


class QueryError(CalsvcError):
    """A query string has a parameter or an option value that calsvc does not know."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or None when none is like it."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def listed(noun: str, names: Iterable[str]) -> str:
    """Return a sentence that names all of some things, or the first of very many."""
    names = tuple(names)
    if not names:
        return f"There are no {noun} here."
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"The {noun} are: {', '.join(names[:MOST_NAMED])}{rest}."


def hint(name: str, known: Iterable[str]) -> str:
    """Return advice for a name that is not known: the nearest one, or all of them."""
    known = tuple(dict.fromkeys(known))
    if suggestion := nearest(name, known):
        return f"did you mean {suggestion!r}?"
    return f"write one of {', '.join(known[:MOST_NAMED])}" if known else "take it out"
