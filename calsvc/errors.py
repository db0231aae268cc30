"""The one tree of errors.

A class exists only where some caller handles it differently: the command line prints the
message and exits, the web maps the class to a status (``web/error_handlers.py``).
``CalsvcError`` itself is never raised::

    CalsvcError
      the input is wrong → exit 1 / 400, unless noted
        EventFileError          never reaches the web; holds every problem of a file
          UnreadSourceError       a warning: there is nothing to publish yet
        EmptiedEventError       never reaches the web
        RenamingError           never reaches the web
        StandingTextError       never reaches the web
        SourceError             told on the doctor's page alone
          FetchError              says when to try again
          FaultError              it is calsvc's own fault
        AbsentTextError         never reaches the web
        BackupError             never reaches the web
          DamagedDatabaseError    another one may take its place
        BuildError              never reaches the web
        LocalTimeError          reaches neither: becomes a problem of an event file
        UnknownZoneError        400; in an event file, becomes a problem of it
        SettingsError           exit 2; never reaches the web
        QueryError              exit 2 / 400
        TooManySessionsError    409
      unknown or gone → exit 1 / 404 or 410
        UnknownNameError        404
        NoEventsError           404
        UnknownKeyError         404
        WithdrawnEventError     410
        RetiredKeyError         410
      try again later → exit 1 / 429 or 503
        TooManyCallsError       429
        StorageError            503
          UnreadableVersionError  never reaches the web
          NoCalendarsError        503
        NothingPublishedError   503
"""

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

MOST_NAMED = 100  # names that a message lists
Level = Literal["error", "warning"]
Where = tuple[str | int, ...]
"""A path from the root of a file: keys of mappings, and indexes in lists."""


class CalsvcError(Exception):
    """The root of all errors that calsvc raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One error or doubt, at one place in one file."""

    path: str
    line: int
    """Counted from 1; 0 if the problem is with the whole file."""
    column: int
    place: str
    """Where in the agenda, in the author's terms: ``session keynote-2``."""
    what: str
    """What is wrong, including the value."""
    advice: str
    """What to do about it."""
    level: Level = "error"

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        place = f"{self.place}: " if self.place else ""
        warning = "warning: " if self.level == "warning" else ""
        text = f"{self.path}{position}: {warning}{place}{self.what}; {self.advice}"
        return text.encode("utf-8", "replace").decode()  # names of files may be any octets

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, for ``calsvc check --format json``."""
        return asdict(self)


class EventFileError(CalsvcError):
    """An event file is wrong; ``problems`` holds everything wrong with it, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class UnreadSourceError(EventFileError):
    """An event file says nothing yet but which calendar it repairs, which was not read so far."""


class SourceError(CalsvcError):
    """A foreign agenda cannot be imported as it is."""

    def __init__(self, source: str, what: str, advice: str) -> None:
        self.source = source
        self.what = what
        self.advice = advice
        super().__init__(f"{source}: {what}; {advice}")


class FetchError(SourceError):
    """A foreign agenda cannot be fetched, or not now."""

    def __init__(
        self, source: str, what: str, advice: str, retry_after: timedelta | None = None
    ) -> None:
        self.retry_after = retry_after
        """How long its server asks to wait."""
        super().__init__(source, what, advice)


class FaultError(SourceError):
    """A foreign file cannot be read, because calsvc fails at it."""

    def __init__(self, source: str, fault: str) -> None:
        self.fault = fault
        """The last line that Python says of it."""
        what = f"cannot be read, by a fault of calsvc's own: {fault}"
        super().__init__(source, what, "tell the makers of calsvc")


class SettingsError(CalsvcError):
    """A setting has a value that cannot be used."""


class BuildError(CalsvcError):
    """The site cannot be written as files."""


class UnknownZoneError(CalsvcError):
    """No time zone has this name; ``suggestions`` are those that may be meant, if any."""

    def __init__(
        self, name: str, suggestions: Iterable[str] = (), advice: str | None = None
    ) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        self.what = f"there is no time zone {name!r}"
        meant = f"did you mean {' or '.join(self.suggestions)}?" if self.suggestions else None
        self.advice = meant or advice or "write an Area/City name such as Europe/Berlin"
        super().__init__(f"{self.what}; {self.advice}")


class LocalTimeError(CalsvcError):
    """A local time is skipped or repeated in its zone, or its year is out of range."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


class UnknownNameError(CalsvcError):
    """No event, session, slot or version has this name; ``known`` lists those that exist."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun = noun
        self.name = name
        self.known = tuple(known)
        suggestion = nearest(name, self.known)
        guess = f" Did you mean {suggestion}?" if suggestion else ""
        super().__init__(f"There is no {noun} {name!r}.{guess} {listed(f'{noun}s', self.known)}")


class NoEventsError(CalsvcError):
    """All events of the site are withdrawn."""

    def __init__(self) -> None:
        super().__init__("There are no events here.")


class WithdrawnEventError(CalsvcError):
    """An event was published and later withdrawn on purpose."""

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"The event {event_id!r} has been withdrawn.")


class EmptiedEventError(CalsvcError):
    """A new version would cancel all or most of an event, perhaps by accident."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


class RenamingError(CalsvcError):
    """An event is called otherwise now, or a former id of it belongs to another event."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice
        super().__init__(f"{what}; {advice}")


class StandingTextError(CalsvcError):
    """A text cannot be taken out of earlier versions while the agenda itself has it."""

    def __init__(self, event_id: str, number: int, place: str) -> None:
        super().__init__(
            f"{event_id} version {number}: {place}: the agenda itself has this text;"
            f" take it out of {event_id}.yaml and publish that first"
        )


class AbsentTextError(CalsvcError):
    """An agenda has a text that was taken out of all earlier versions for good."""

    def __init__(self, event_id: str, place: str) -> None:
        self.what = f"{place}: has a text that was taken out of all versions of {event_id}"
        self.advice = (
            "take it out of the file; or, if it may stand there again, run"
            f" calsvc redact {event_id} TEXT --allow"
        )
        super().__init__(f"{self.what}; {self.advice}")


class BackupError(CalsvcError):
    """A file cannot be used as a backup, or cannot become one."""

    def __init__(self, path: object, what: str, advice: str) -> None:
        super().__init__(f"{path}: {what}; {advice}")


class DamagedDatabaseError(BackupError):
    """A file is no database of calsvc, or one that is damaged."""


class UnknownKeyError(CalsvcError):
    """No personal calendar ever had this key: it is foreign, malformed or misspelt."""

    def __init__(self) -> None:
        super().__init__("There is no such calendar.")


class RetiredKeyError(CalsvcError):
    """A personal calendar's key was replaced, or the calendar was deleted."""

    def __init__(self) -> None:
        super().__init__("This calendar's address is no longer in use.")


class TooManySessionsError(CalsvcError):
    """A personal calendar would hold more sessions than the limit."""


class TooManyCallsError(CalsvcError):
    """A client creates calendars faster than people would."""


class StorageError(CalsvcError):
    """Storage cannot be read or written at the moment."""


class OvertakenError(StorageError):
    """Others wrote at the same time, so nothing of a transaction was stored."""


class UnreadableVersionError(StorageError):
    """One stored version cannot be read, as when a newer calsvc wrote it; others can."""

    def __init__(self, event_id: str, number: int) -> None:
        super().__init__(f"{event_id} version {number} cannot be read; update calsvc.")


class NoCalendarsError(StorageError):
    """A site keeps no personal calendars."""

    def __init__(self) -> None:
        super().__init__("This site keeps no personal calendars.")


class NothingPublishedError(CalsvcError):
    """Nothing was ever published here, so nothing can be said of any event."""

    def __init__(self) -> None:
        super().__init__("Nothing is published here yet.")


class QueryError(CalsvcError):
    """A query string has an unknown parameter or an invalid option value."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, or None if none is close."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def listed(noun: str, names: Iterable[str]) -> str:
    """Return a sentence that lists the names, or the first 100 of them."""
    names = tuple(names)
    if not names:
        return f"There are no {noun} here."
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"The {noun} are: {', '.join(names[:MOST_NAMED])}{rest}."


def hint(name: str, known: Iterable[str]) -> str:
    """Return advice for an unknown name: the closest known one, or all of them."""
    known = tuple(dict.fromkeys(known))
    if suggestion := nearest(name, known):
        return f"did you mean {suggestion!r}?"
    return f"write one of {', '.join(known[:MOST_NAMED])}" if known else "take it out"
