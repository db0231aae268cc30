"""Watching a folder of event files: changes in it are published.

Machines with different copies of the files do not fight: see ``schedule/copies.py``.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from calsvc.agenda.folder import event_files
from calsvc.errors import Problem, StorageError
from calsvc.releases import Outcome, publish_files, publisher_of, vanished
from calsvc.storage.schedules import Storage

SETTLED = 0.3  # seconds without a change after which a file is thought to be written
SETTLING = 5.0  # seconds after which a file that never rests is read all the same
RETRY = 5.0  # seconds after which files that could not be published are looked at again
REPEAT = 120.0  # seconds after which notices are told again, or storage forgets them
TICK = 0.5  # seconds between looks

Stamp = tuple[int, ...]

log = logging.getLogger(__name__)


class Watcher:
    """Publishes the changes in a folder, and tells operators what could not be published."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._name = publisher_of(folder)
        self._since = datetime.now(UTC)
        self._stamps: dict[Path, Stamp] = {}
        self._seen: object = None
        self._floor: int | None = None
        """Above which number all went on at the last look: higher once an older state is back."""
        self._problems: list[Problem] = []
        self._tried = self._told = 0.0
        """When files that could not be published were tried, and when notices were told."""

    def start(self) -> Outcome:
        """Publish what is new in the folder before a server starts.

        Files that did not change since they were last seen are not read: that takes a while where
        there are a thousand, and whoever watches the folder from then on does so.
        Raises ``StorageError``.
        """
        amiss: list[Problem] = []
        stamps, now = _stamps(self._folder, amiss), datetime.now(UTC)
        # What was seen in the future was seen by a clock that was wrong.
        seen = {
            event_id: moment.timestamp()
            for event_id, moment in self._storage.seen(self._name).items()
            if moment <= now
        }
        paths = [
            path
            for path, (_, changed, *_) in stamps.items()
            if changed / 1e9 > seen.get(path.stem, 0)
        ]
        outcome = self._publish(paths, stamps, amiss)
        self._tell(outcome.problems)
        return outcome

    def look(self) -> Outcome:
        """Publish the files that changed since the last look; at the first, all new ones.

        What could not be published is looked at again when anything was, as by hand, and
        from time to time.  An outcome that is not empty tells all that is wrong now.
        Raises ``StorageError``; the next look does then what this one could not.
        """
        amiss: list[Problem] = []
        stamps = _stamps(self._folder, amiss)
        floor = self._storage.floor()
        if self._floor not in (None, floor):
            self._stamps = {}  # storage may not know any more what the files say
        self._floor = floor
        seen = stamps, amiss, floor, self._storage.numbers()
        now = time.monotonic()
        is_retry = bool(self._problems) and now - self._tried > RETRY
        if seen == self._seen and not is_retry:
            if now - self._told > REPEAT:
                self._tell(self._problems)
            return Outcome()
        self._tried = now
        troubled = {problem.path for problem in self._problems}
        paths = [
            path
            for path, stamp in stamps.items()
            if self._stamps.get(path) != stamp or str(path) in troubled
        ]
        outcome = self._publish(paths, stamps, amiss)
        if seen != self._seen or outcome.problems != self._problems or outcome.published:
            self._tell(outcome.problems)
        self._stamps, self._seen, self._problems = stamps, seen, outcome.problems
        return outcome

    def _publish(
        self, paths: Iterable[Path], there: Iterable[Path], amiss: Iterable[Problem]
    ) -> Outcome:
        """Publish some of the files that are there; tell what is wrong besides, too."""
        outcome = publish_files(self._storage, paths, watched_since=self._since)
        outcome.problems += [*amiss, *vanished(self._storage, self._folder, there)]
        return outcome

    def _tell(self, problems: list[Problem]) -> None:
        self._storage.notice(self._name, [notice_of(problem) for problem in problems])
        self._told = time.monotonic()

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Look repeatedly until ``should_stop`` returns True, and log what happens.

        A broken file, a missing folder, a database that does not answer: each is logged
        once, and tried again.
        """
        trouble = ""
        # Polling, not notifications: some file systems report no changes (containers, shares),
        # so polling would be needed all the same.  A look lists the folder, asks for the stamps
        # of its files, and asks the database for the numbers of the newest versions.
        while not should_stop():
            try:
                self._look_and_log()
                trouble = ""
            except StorageError as error:
                if str(error) != trouble:
                    log.warning("%s", error)
                trouble = str(error)
            except Exception as error:  # calsvc's own fault: the next look may do better
                if repr(error) != trouble:
                    log.exception("The changes of %s cannot be published.", self._folder)
                trouble = repr(error)
            time.sleep(TICK)
        with suppress(StorageError):  # nobody waits for a database to stop
            self._storage.leave(self._name)

    def _look_and_log(self) -> None:
        # What stands in storage was told by the process that was here before.
        is_first = self._seen is None
        known = self._storage.notices() if is_first else [*map(notice_of, self._problems)]
        _settle(self._folder)
        outcome = self.look()
        for version in outcome.published:
            log.warning("%s", version.told())
        for problem in outcome.problems:
            if notice_of(problem) not in known:
                log.warning("%s", problem)


def notice_of(problem: Problem) -> str:
    """Return a problem as operators read it at /readyz."""
    # Pages show these: no more of a path than the file's name.
    name = Path(problem.path).name
    advice = problem.advice.replace(problem.path, name)
    return str(replace(problem, path=name, advice=advice))


def _stamps(folder: Path, amiss: list[Problem]) -> dict[Path, Stamp]:
    """Return what tells each file's states apart; add to ``amiss`` what is no event file."""
    stamps = {}
    for path in event_files(folder, on_problem=amiss.append):
        with suppress(OSError):  # gone since it was listed
            stamps[path] = _stamp(path)
    return stamps


def _stamp(path: Path) -> Stamp:
    """Return what tells a file's states apart, its rights among them.  Raises ``OSError``."""
    try:
        status = path.stat()
    except OSError:
        status = path.lstat()  # a link that leads nowhere yet
    # The second one is set back by no copying program.
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _settle(folder: Path) -> None:
    """Wait until nobody writes to the files of a folder."""
    deadline = time.monotonic() + SETTLING
    while time.monotonic() < deadline:
        newest = max((stamp[0] for stamp in _stamps(folder, []).values()), default=0)
        if abs(time.time_ns() - newest) > SETTLED * 1e9:  # a clock may be wrong, or a stamp
            return
        time.sleep(SETTLED / 3)
