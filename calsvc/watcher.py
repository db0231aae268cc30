"""Watching a folder of event files: what changes there is published.

Machines with different copies of the files do not fight: a watcher publishes what was
never published before, and what it saw being edited, so an old copy stays an old copy.
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

SETTLED = 0.3  # seconds without a change after which a file is thought to be written
SETTLING = 5.0  # seconds after which a file that never rests is read all the same
REPEAT = 120.0  # seconds after which notices are told again, or storage forgets them
TICK = 0.5  # seconds between looks

Stamp = tuple[int, int, int]

log = logging.getLogger(__name__)


class Watcher:
    """Publishes what changes in a folder, and tells operators what could not be."""

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
        """Publish the files that changed since the last look; all new ones at the first.

        What could not be published is looked at again when anything was, as by hand.  An
        outcome that is not empty tells all that is wrong now.  Raises ``StorageError``; the
        next look does then what this one could not.
        """
        stamps, amiss = _stamps(self._folder)
        seen = stamps, amiss, self._storage.numbers()
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
        outcome.problems += [*amiss, *vanished(self._storage, self._folder)]
        self._tell(outcome.problems)
        self._stamps, self._seen, self._problems = stamps, seen, outcome.problems
        return outcome

    def _tell(self, problems: list[Problem]) -> None:
        self._storage.notice(self._name, [_notice(problem) for problem in problems])
        self._told = time.monotonic()

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Look again and again, until told to stop; log what happens.

        A broken file, a folder that is away, a database that does not answer: each is
        told of once, and tried again.
        """
        trouble = ""
        # Looked at, not notified of: some file systems report no changes (containers, shares),
        # so looks would be needed all the same, and a look is one stat for each file.
        while not should_stop():
            try:
                self._look_and_log()
                trouble = ""
            except StorageError as error:
                if str(error) != trouble:
                    log.warning("%s", error)
                trouble = str(error)
            time.sleep(TICK)
        with suppress(StorageError):  # nobody waits for a database to stop
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
    # Pages show these: no more of a path than the file's name, which may be any octets.
    name = Path(problem.path).name.encode("utf-8", "replace").decode()
    return str(replace(problem, path=name))


def _stamps(folder: Path) -> tuple[dict[Path, Stamp], tuple[Problem, ...]]:
    """Return what tells each file's states apart, and why the files cannot be told."""
    try:
        files = eventfile.paths(folder)
    except EventFileError as error:
        return {}, error.problems
    stamps = {}
    for path in files:
        with suppress(OSError):  # gone since it was listed
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
