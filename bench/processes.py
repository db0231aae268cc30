"""Servers in processes of their own: when they answer, their CPU time and their memory."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

PATIENCE = 120  # seconds for a server to answer, or to end
PAUSE = 0.01  # seconds between two looks
TICK = os.sysconf("SC_CLK_TCK")  # units of CPU time in a second
MEBIBYTE = 1024  # KiB, in which Linux tells memory


class Answer(NamedTuple):
    """What a request is answered with."""

    status: int
    etag: str
    body: bytes
    seconds: float
    """Until the first octet came."""


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A server in processes of its own, from its start until ``end``."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        user: str | None = None,
        stop: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start it in a folder, in which its output is kept.  ``stop`` is what ends it."""
        self._stop = stop
        self.begun = time.perf_counter()
        self._log = folder / f"{Path(command[0]).name}-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=folder, user=user, stdout=log, stderr=log, start_new_session=True
            )

    def check(self) -> None:
        """Raise ``RuntimeError`` if it has ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(self._log.read_text("utf-8", "replace"))

    def end(self) -> None:
        """End it, and what it started."""
        self._process.send_signal(self._stop)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def pids(self) -> list[int]:
        """Return its own id, and those of all processes that it started."""
        found = [self._process.pid]
        for pid in found:
            found += _children(pid)
        return found

    @property
    def mebibytes(self) -> float:
        """Return the memory of its largest worker; what workers share counts in parts."""
        return max(map(_memory, self.pids[1:] or self.pids))


def _children(pid: int) -> list[int]:
    children: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += map(int, file.read_text().split())
        except OSError:  # the thread is gone
            continue
    return children


def cpu_seconds(processes: Iterable[Process]) -> float:
    """Return the CPU time that servers have taken until now, in seconds."""
    return sum(_cpu(pid) for process in processes for pid in process.pids)


def _cpu(pid: int) -> float:
    # The name, in parentheses, may have spaces; user and system time are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (shared_in_parts,) = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(shared_in_parts) / MEBIBYTE


def get(port: int, path: str, etag: str = "") -> Answer:
    """Return the answer to a request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        begun = time.perf_counter()
        connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        answer = connection.getresponse()
        seconds = time.perf_counter() - begun
        return Answer(answer.status, answer.headers["ETag"] or "", answer.read(), seconds)


def etags(port: int, paths: Iterable[str]) -> list[str]:
    """Return the ETags of answers, asked for over one connection."""
    found = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for path in paths:
            connection.request("HEAD", path)
            answer = connection.getresponse()
            answer.read()
            found.append(answer.headers["ETag"] or "")
    return found


def wait_for(process: Process, port: int, path: str) -> float:
    """Wait until a server answers well; return the seconds since it was started."""
    while time.perf_counter() - process.begun < PATIENCE:
        process.check()
        try:
            if get(port, path).status == http.HTTPStatus.OK:
                return time.perf_counter() - process.begun
        except OSError:
            pass
        time.sleep(PAUSE)
    raise RuntimeError(f"port {port} does not answer at {path}")
