"""The process that publishes changes beside a server: threads and forks do not mix."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from calsvc.live.bulletin import Bulletin
from calsvc.web.figures import Figures

RESTART = 5.0  # seconds between starts of a process that ends at once
LONGEST_PAUSE = 60.0  # seconds; the pause doubles up to it
HURRY = 2.0  # seconds to end in, after those of the workers: containers are killed after 10
STEADY = 10.0  # seconds after which a process that was started is thought to be well

log = logging.getLogger(__name__)


class Watching:
    """Starts the process, starts it again when it has ended, and tells when that fails.

    The server goes on without it, from what is published.
    """

    def __init__(
        self, folder: Path, database: str, bulletin: Bulletin, figures: Figures | None = None
    ) -> None:
        words = ["publish", str(folder), "--watch", "--with-parent", str(os.getpid())]
        if figures:
            words += ["--figures", str(figures.file)]
        self._files = [figures.file] if figures else []
        self._words = (sys.executable, "-m", "calsvc", *words)
        # A database address may hold a password, which a command line would show to all.
        self._environment = {**os.environ, "CALSVC_DATABASE": database}
        self._folder = folder.name
        self._bulletin = bulletin
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -LONGEST_PAUSE
        self._pause = RESTART
        self._trouble = ""

    def see_to(self) -> None:
        """Start the process if it does not run; to be called again and again."""
        age = time.monotonic() - self._started
        if self._process and self._process.poll() is None:
            if age > STEADY:
                self._pause = RESTART
                self._tell("")
        elif age > self._pause:
            if self._process:
                self._tell("ended")
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        try:
            # Ctrl-C is for the server, which then ends this process too.
            self._process = subprocess.Popen(  # noqa: S603 -- words of our own
                self._words,
                env=self._environment,
                start_new_session=True,
                pass_fds=self._files,
            )
        except (OSError, MemoryError, subprocess.SubprocessError) as error:
            self._process = None
            self._tell(f"cannot be started ({getattr(error, 'strerror', None) or repr(error)})")

    def _tell(self, trouble: str) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        words = (
            f"{self._folder}: its changes are not published now: the process that watches it"
            f" {trouble}; it is started again as soon as that can be"
        )
        self._bulletin.write(words if trouble else "")
        log.warning("%s", words if trouble else f"{self._folder}: is watched again")

    def stop(self) -> None:
        """End the process, and wait until it has."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(HURRY)
            except subprocess.TimeoutExpired:
                self._process.kill()
