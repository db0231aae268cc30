"""Publishing for good: event files → storage, as an act or by watching a folder.

A file that is broken, half-written, emptied or gone never takes an event off people's
calendars: the last good version stays, and operators are told.  Machines with different
copies of the files do not fight: when it starts, a watcher publishes only what was never
published before, so an old copy stays an old copy.
"""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import watchfiles

from calsvc import eventfile
from calsvc.changes import changes
from calsvc.errors import (
    EmptiedEventError,
    EventFileError,
    Problem,
    StorageError,
    UnknownNameError,
    WithdrawnEventError,
)
from calsvc.model import Event
from calsvc.publishing import publish
from calsvc.schedule import Schedule
from calsvc.storage import Draft, Storage, Version, digest

SETTLED = 0.3  # seconds without a change after which a file is thought to be written
SETTLING = 5.0  # seconds after which a file that never rests is read all the same
TICK = 1000  # milliseconds between looks at a folder that reports no change
FEW = 4  # sessions that may vanish at once without anyone asking

Stamp = tuple[int, int, int]

log = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What came of publishing some files."""

    published: list[Version] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Ids of events that are published as their files say."""
    problems: list[Problem] = field(default_factory=list)


# --- one event ----------------------------------------------------------------------------


def draft(
    event: Event, version: Version | None, previous: Schedule | None, source: str, message: str = ""
) -> Draft | None:
    """Return the version of an event that would follow now; None when nothing changed."""
    schedule = publish(event, previous, datetime.now(UTC))
    if schedule is previous:
        if not (version and version.is_withdrawn):
            return None
        schedule = _again(schedule)
    return Draft(schedule, source, message, changes(previous, schedule))


def _again(schedule: Schedule) -> Schedule:
    """Return the same schedule as the next version."""
    now = max(datetime.now(UTC).replace(microsecond=0), schedule.published)
    return schedule.model_copy(update={"version": schedule.version + 1, "published": now})


def publish_event(
    storage: Storage, event: Event, source: str, message: str = "", *, is_asked: bool = True
) -> Version | None:
    """Publish an event; None when nothing changed.

    Raises ``EmptiedEventError`` when that would cancel every session, or, while nobody
    asked for it, most of them.
    """

    def make(version: Version | None, previous: Schedule | None) -> Draft | None:
        if previous:
            refuse_emptied(event, previous, is_asked=is_asked)
        return draft(event, version, previous, source, message)

    return storage.append(event.id, make)


def refuse_emptied(event: Event, previous: Schedule, *, is_asked: bool) -> None:
    """Raise ``EmptiedEventError`` when a new version looks like a lost file."""
    before = {session.id for session in previous.event.sessions}
    gone = before - {session.id for session in event.sessions}
    if before and gone == before:
        raise EmptiedEventError(
            f"has none of the {len(before)} sessions that {event.id} had",
            f"to take the event back, run calsvc publish --withdraw {event.id}",
        )
    if not is_asked and len(gone) > FEW and len(gone) * 2 > len(before):
        raise EmptiedEventError(
            f"lacks {len(gone)} of the {len(before)} sessions that {event.id} had",
            "if that is meant, run calsvc publish",
        )


def withdraw(storage: Storage, event_id: str, message: str = "") -> Version:
    """Take an event back: its feeds answer 410 from now on.

    Raises ``UnknownNameError``, and ``WithdrawnEventError`` when it is already.
    """
    known = sorted(storage.numbers())

    def make(version: Version | None, previous: Schedule | None) -> Draft:
        if version is None or previous is None:
            raise UnknownNameError("event", event_id, known)
        if version.is_withdrawn:
            raise WithdrawnEventError(event_id)
        source = f"calsvc on {socket.gethostname()}"
        return Draft(_again(previous), source, message, ("Withdrawn",), is_withdrawn=True)

    version = storage.append(event_id, make)
    assert version  # a draft was made
    return version


def roll_back(storage: Storage, event_id: str, number: int, message: str = "") -> Version | None:
    """Publish the agenda of an earlier version as a new one, its stamps still rising.

    Returns None when that is what is published.  Raises ``UnknownNameError``.
    """
    known = storage.numbers()
    if event_id not in known:
        raise UnknownNameError("event", event_id, sorted(known))
    _, past = storage.version(event_id, number)
    return publish_event(storage, past.event, f"version {number}", message)


# --- files --------------------------------------------------------------------------------


def publish_files(
    storage: Storage,
    paths: list[Path],
    message: str = "",
    *,
    is_asked: bool = True,
    only_new: bool = False,
) -> Outcome:
    """Publish the event of each file, and tell of each that cannot be.

    ``only_new`` leaves out agendas that were published before and are not the newest.
    Raises ``StorageError``.
    """
    outcome = Outcome()
    for path in paths:
        try:
            event = eventfile.read(path)
            if only_new and _is_old_copy(storage, event):
                outcome.problems.append(_OLD_COPY.at(path))
                continue
            version = publish_event(storage, event, _source(path), message, is_asked=is_asked)
        except EventFileError as error:
            outcome.problems += error.problems
        except EmptiedEventError as error:
            outcome.problems.append(Problem(str(path), 0, 0, "", error.what, error.advice))
        else:
            if version:
                outcome.published.append(version)
            else:
                outcome.unchanged.append(event.id)
    return outcome


@dataclass(frozen=True)
class _Notice:
    what: str
    advice: str

    def at(self, path: Path) -> Problem:
        return Problem(str(path), 0, 0, "", self.what, self.advice, "warning")


_OLD_COPY = _Notice(
    "was published before, and something else is published now",
    "to publish it again, run calsvc publish",
)


def _is_old_copy(storage: Storage, event: Event) -> bool:
    present = storage.newest(event.id)
    if present is None:
        return False
    version, _ = present
    if version.digest == digest(event):
        return version.is_withdrawn
    return storage.has_published(event.id, digest(event))


def _source(path: Path) -> str:
    return f"{path.name} on {socket.gethostname()}"


def vanished(storage: Storage, folder: Path) -> list[Problem]:
    """Tell of each event that was published from a file of this folder which is gone."""
    problems = []
    for event_id in sorted(storage.numbers()):
        newest = storage.history(event_id)[0]
        files = [folder / f"{event_id}{suffix}" for suffix in eventfile.SUFFIXES]
        if newest.is_withdrawn or any(file.exists() for file in files):
            continue
        if newest.source in map(_source, files):
            advice = f"to take it back, run calsvc publish --withdraw {event_id}"
            notice = _Notice("is gone, and its event stays as it was published", advice)
            problems.append(notice.at(files[0]))
    return problems


# --- a folder -----------------------------------------------------------------------------


class Watcher:
    """Publishes what changes in a folder, and tells operators what could not be."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._name = f"{socket.gethostname()}:{folder.absolute()}"
        self._seen: dict[Path, Stamp] | None = None
        self._problems: dict[str, list[Problem]] = {}

    def look(self) -> Outcome:
        """Publish the files that changed since the last look; all new ones at the first.

        Raises ``StorageError``; the next look does then what this one could not.
        """
        stamps = _stamps(self._folder)
        is_first, seen = self._seen is None, self._seen or {}
        if stamps == self._seen:
            return Outcome()
        changed = [path for path, stamp in stamps.items() if seen.get(path) != stamp]
        outcome = publish_files(self._storage, changed, is_asked=False, only_new=is_first)
        for path in {*changed, *seen.keys() - stamps.keys()}:
            told = [problem for problem in outcome.problems if problem.path == str(path)]
            self._problems[str(path)] = told
        self._problems[""] = vanished(self._storage, self._folder)
        outcome.problems += self._problems[""]
        self._storage.notice(self._name, self._notices())
        self._seen = stamps
        return outcome

    def _notices(self) -> list[str]:
        # Pages show these: no more of a path than the file's name.
        return [
            str(replace(problem, path=Path(problem.path).name))
            for problems in self._problems.values()
            for problem in problems
        ]

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Look again and again, until told to stop; log what happens.

        A broken file, a folder that is away, a database that does not answer: each is
        told of once, and tried again.
        """
        trouble = ""
        for _ in self._ticks():
            if should_stop():
                break
            try:
                _settle(self._folder)
                outcome = self.look()
            except StorageError as error:
                if str(error) != trouble:
                    log.warning("%s", error)
                trouble = str(error)
                continue
            trouble = ""
            for version in outcome.published:
                log.warning("%s", summary(version))
            for problem in outcome.problems:
                log.warning("%s", problem)
        self._storage.notice(self._name, [])

    def _ticks(self) -> Iterator[None]:
        """Yield when files change, and now and then: some file systems report nothing."""
        while True:
            yield
            try:
                for _ in watchfiles.watch(
                    self._folder,
                    debounce=200,
                    rust_timeout=TICK,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                ):
                    yield
                    if not self._folder.is_dir():
                        break
            except (FileNotFoundError, RuntimeError):
                pass
            time.sleep(TICK / 1000)


def _stamps(folder: Path) -> dict[Path, Stamp]:
    try:
        files = eventfile.paths(folder)
    except EventFileError:
        return {}
    stamps = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue  # gone since it was listed
        stamps[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return stamps


def _settle(folder: Path) -> None:
    """Wait until nobody writes to the files of a folder."""
    deadline = time.monotonic() + SETTLING
    stamps = _stamps(folder)
    while time.monotonic() < deadline:
        newest = max((stamp[0] for stamp in stamps.values()), default=0)
        if time.time_ns() - newest > SETTLED * 1e9:
            return
        time.sleep(SETTLED / 3)
        stamps = _stamps(folder)


def summary(version: Version) -> str:
    """Return one version in a few lines, for a log or a terminal."""
    message = f" ({version.message})" if version.message else ""
    lines = [f"{version.event_id} version {version.number}{message}"]
    return "\n  ".join([*lines, *version.changes])
