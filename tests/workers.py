"""A ``calsvc serve`` in the hands of a test: asked worker by worker, killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import BASE_URL, TOKEN
from servers import free_port
from waiting import PATIENCE, eventually

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection
from calsvc.storage.schedules import Storage

OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    body: bytes
    last_modified: str | None
    retry_after: str | None


class Running:
    """A ``calsvc serve`` in a process group of its own."""

    def __init__(self, url: str, log: Path, workers: int, *events: Path) -> None:
        self.url = url
        self.port = free_port()
        self.log = log
        self._words = [
            *(sys.executable, "-m", "calsvc", "serve", *map(str, events)),
            *("--port", str(self.port), "--workers", str(workers)),
            *("--base-url", BASE_URL, "--database", url),
        ]
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process that started the others."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until every worker answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._words,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "CALSVC_OPERATOR_TOKEN": TOKEN},
            )
        eventually(self._is_whole)

    def _is_whole(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log.read_text()
        return len(self.workers()) == self._workers and self.answers("/healthz")

    def answers(self, path: str) -> bool:
        """Tell whether there is any answer."""
        try:
            self.ask(path)
        except OSError:
            return False
        return True

    def ask(self, path: str) -> Answer:
        """Return the answer of some worker."""
        with self._asked(path) as (answer, _):
            return answer

    def ask_each(self, path: str) -> list[Answer]:
        """Return the answer of each worker: the system chooses one for each connection."""
        answers: dict[int, Answer] = {}
        deadline = time.monotonic() + PATIENCE
        while missing := {*(workers := self.workers())} - {*answers}:
            assert time.monotonic() < deadline, f"{missing} do not answer {path}"
            # One that is not ready yet, or not any more, ends connections.
            with suppress(ConnectionError), self._asked(path) as (answer, place):
                answers |= {pid: answer for pid in missing if place in sockets_of(pid)}
        return [answers[pid] for pid in workers]

    @contextmanager
    def _asked(self, path: str) -> Iterator[tuple[Answer, str]]:
        """Give the answer of some worker, and the socket by which it holds the connection."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            is_for_operators = path in {"/readyz", "/"}
            connection.request("GET", path, headers=OPERATOR if is_for_operators else {})
            port = connection.sock.getsockname()[1]
            response = connection.getresponse()
            headers = (response.headers[name] for name in ("Last-Modified", "Retry-After"))
            answer = Answer(response.status, response.read(), *headers)
            yield answer, socket_between(self.port, port)

    def all_answer(self, path: str, status: int, body: bytes) -> bool:
        """Tell whether every worker gives one answer."""
        answers = self.ask_each(path)
        return {(each.status, each.body) for each in answers} == {(status, body)} and len(
            answers
        ) == self._workers

    def workers(self) -> list[int]:
        """Return the processes that answer: they have threads for that."""
        return [
            pid
            for pid in children(self.pid)
            if words_of(pid) == words_of(self.pid) and threads_of(pid) > 1
        ]

    def watchers(self) -> list[int]:
        """Return the process that publishes changes."""
        return [pid for pid in children(self.pid) if b"--watch" in words_of(pid)]

    def processes(self) -> list[int]:
        """Return all its processes, also those whose parent has ended."""
        watches = f"--with-parent\0{self.pid}\0".encode()
        return [
            pid
            for pid in map(int, filter(str.isdecimal, os.listdir("/proc")))
            if group_of(pid) == self.pid or watches in words_of(pid)
        ]

    def kill(self) -> None:
        """Kill all its processes at once, and wait until they are gone."""
        assert self._process
        for pid in self.processes():
            with suppress(ProcessLookupError):  # it ended by itself
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        eventually(lambda: self.processes() == [])

    def stop(self) -> int:
        """Ask it to stop; return its exit code."""
        assert self._process
        self._process.terminate()
        return self._process.wait(PATIENCE)

    def end(self) -> None:
        """Leave nothing behind, whatever happened; show what was logged."""
        if self._process:
            self.kill()
        print(self.log.read_text() if self.log.exists() else "")


def socket_between(port: int, other: int) -> str:
    """Return the socket of the end of a connection that has this port."""
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, here, there, *_, inode = row.split()[:10]
        if (here[-4:], there[-4:]) == (f"{port:04X}", f"{other:04X}"):
            return f"socket:[{inode}]"
    return ""


def sockets_of(pid: int) -> set[str]:
    """Return what a process has open; nothing if it has ended."""
    found = set()
    with suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with suppress(OSError):  # closed meanwhile
                found.add(os.readlink(entry.path))
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process started, by any of its threads, and that run."""
    started: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread is gone
            started += (task / "children").read_text().split()
    return [child for child in map(int, started) if words_of(child)]


def words_of(pid: int) -> bytes:
    """Return the command of a process; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def threads_of(pid: int) -> int:
    """Return the number of a process's threads; 0 if it has ended."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def group_of(pid: int) -> int | None:
    """Return the group of a process; None if it has ended."""
    try:
        return os.getpgid(pid) if words_of(pid) else None
    except ProcessLookupError:
        return None


Serve = Callable[..., Running]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server; it is ended after the test."""
    started: list[Running] = []

    def start(url: str, *events: Path, workers: int = 2) -> Running:
        running = Running(url, tmp_path / f"serve-{len(started)}.log", workers, *events)
        started.append(running)
        running.start()
        return running

    yield start
    for running in started:
        running.end()


# --- what it serves -----------------------------------------------------------------------

FEED = "/events/conf.ics"
PUBLISHERS = 8


def agenda(*changed: int, title: str = "Changed") -> str:
    """Return an event file, in which some sessions have another title."""
    sessions = "".join(
        f"  - {{id: talk-{number}, title: {title if number in changed else 'Talk'} {number},"
        f" when: {10 + number}:00-{10 + number}:45}}\n"
        for number in range(PUBLISHERS)
    )
    return f"name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n{sessions}"


def titles(event: Event) -> list[str]:
    """Return the titles of an event's sessions."""
    return [session.title for session in event.sessions]


def newest(storage: Storage) -> Schedule:
    """Return what is published."""
    found = storage.newest("conf")
    assert found
    return found[1]


def feed_of(schedule: Schedule) -> bytes:
    """Return the feed that every worker must give of a schedule."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A folder with one event file."""
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "conf.yaml").write_text(agenda())
    return folder


def write(path: Path, text: str) -> None:
    """Write a file as editors do, whole."""
    draft = path.with_suffix(".tmp")
    draft.write_text(text)
    draft.replace(path)
