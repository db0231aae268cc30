"""Watching a folder of event files: changes in it are published.

Machines with different copies of the files do not fight: a watcher publishes only agendas
that were never published before or that it saw being edited, so an old copy stays one.
"""

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from calsvc.agenda import eventfile
from calsvc.errors import EventFileError, Problem, StorageError
from calsvc.releases import Outcome, publish_files, vanished
from calsvc.storage.schedules import Storage

SETTLED = 0.3  # seconds without a change after which a file counts as written
SETTLING = 5.0  # seconds after which a file that keeps changing is read all the same
REPEAT = 120.0  # seconds after which notices are repeated, or storage would drop them
TICK = 0.5  # seconds between looks

Stamp = tuple[int, int, int]

log = logging.getLogger(__name__)


class Watcher:
    """Publishes the changes in a folder, and tells operators what could not be published."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._name = f"{socket.gethostname()}:{folder.absolute()}"
        self._stamps: dict[Path, Stamp] = {}
        self._seen: object = None
        self._agendas: dict[Path, str] = {}
        self._problems: list[Problem] = []
        self._told = 0.0

    def look(self) -> Outcome:
        """Publish the files that changed since the last look; at the first, all new ones.

        Files with problems are tried again after any change, and after anything is published,
        as by hand.  An outcome that is not empty has all current problems.  Raises
        ``StorageError``; the next look then does what this one could not.
        """
        stamps, folder_problems = _stamps(self._folder)
        seen = stamps, folder_problems, self._storage.numbers()
        if seen == self._seen:
            if self._problems and time.monotonic() - self._told > REPEAT:
                self._tell(self._problems)
            return Outcome()
        troubled = {problem.path for problem in self._problems}
        paths = [
            path
            for path, stamp in stamps.items()
            if self._stamps.get(path) != stamp or str(path) in troubled
        ]
        outcome = publish_files(self._storage, paths, watched=self._agendas)
        outcome.problems += [*folder_problems, *vanished(self._storage, self._folder)]
        self._tell(outcome.problems)
        self._stamps, self._seen, self._problems = stamps, seen, outcome.problems
        return outcome

    def _tell(self, problems: list[Problem]) -> None:
        self._storage.notice(self._name, [_notice(problem) for problem in problems])
        self._told = time.monotonic()

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Look repeatedly until ``should_stop`` returns True, and log what happens.

        A broken file, a missing folder, a database that does not answer: each is logged
        once, and tried again.
        """
        trouble = ""
        # Polling, not notifications: some file systems report no changes (containers, shares),
        # so polling would be needed all the same, and a look is one stat for each file.
        while not should_stop():
            try:
                self._look_and_log()
                trouble = ""
            except StorageError as error:
                if str(error) != trouble:
                    log.warning("%s", error)
                trouble = str(error)
            time.sleep(TICK)
        with suppress(StorageError):  # stopping does not wait for a database
            self._tell([])

    def _look_and_log(self) -> None:
        known = self._problems
        _settle(self._folder)
        outcome = self.look()
        for version in outcome.published:
            log.warning("%s", version.told())
        for problem in outcome.problems:
            if problem not in known:
                log.warning("%s", problem)


def _notice(problem: Problem) -> str:
    # Pages show notices: they have only a path's file name, which may be any octets.
    name = Path(problem.path).name.encode("utf-8", "replace").decode()
    return str(replace(problem, path=name))


def _stamps(folder: Path) -> tuple[dict[Path, Stamp], tuple[Problem, ...]]:
    """Return a stamp of each file's state, and the problems if the folder cannot be listed."""
    try:
        files = eventfile.paths(folder)
    except EventFileError as error:
        return {}, error.problems
    stamps = {}
    for path in files:
        with suppress(OSError):  # the file is gone since it was listed
            status = path.stat()
            stamps[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return stamps, ()


def _settle(folder: Path) -> None:
    """Wait until nobody writes to the files of a folder."""
    deadline = time.monotonic() + SETTLING
    while time.monotonic() < deadline:
        stamps, _ = _stamps(folder)
        newest = max((stamp[0] for stamp in stamps.values()), default=0)
        if abs(time.time_ns() - newest) > SETTLED * 1e9:  # a clock may be wrong, or a stamp
            return
        time.sleep(SETTLED / 3)
