"""Real processes: many at once, killed at any moment, and a database that goes away."""

import http.client
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from pathlib import Path
from threading import Barrier, Thread
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from conftest import BASE_URL, NOW, event_of
from databases import PATIENCE, PostgreSQL, eventually, free_port

from calsvc import live as live_module
from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.live import Follower, Live
from calsvc.releases import publish_event, publish_files
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

FEED = "/events/conf.ics"
PUBLISHERS = 8
KILLS = 200

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


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


# --- servers ------------------------------------------------------------------------------


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
                self._words, stdout=log, stderr=log, start_new_session=True
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

    def ask(self, path: str, timeout: float = PATIENCE) -> Answer:
        """Return the answer of some worker."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            headers = (response.headers[name] for name in ("Last-Modified", "Retry-After"))
            return Answer(response.status, response.read(), *headers)
        finally:
            connection.close()

    def ask_each(self, path: str) -> list[Answer]:
        """Return the answer of each worker."""
        workers = self.workers()
        return [self._ask_alone(path, {*workers} - {worker}) for worker in workers]

    def _ask_alone(self, path: str, others: set[int]) -> Answer:
        """Return the answer of the one worker that is not halted meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with halted(others):
                    return self.ask(path, timeout=2)
            except TimeoutError:  # one that is halted may hold a lock that this one waits for
                assert time.monotonic() < deadline

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


@contextmanager
def halted(pids: set[int]) -> Iterator[None]:
    """Halt processes for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def children(pid: int) -> list[int]:
    """Return the processes that a process started, and that run."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
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


def catches(pid: int, number: int) -> bool:
    """Tell whether a process has a handler of its own for a signal."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) & 1 << (number - 1))


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


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A folder with one event file."""
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "conf.yaml").write_text(agenda())
    return folder


# --- many at once -------------------------------------------------------------------------


def publish_one_change(url: str, barrier: Barrier, folder: Path, number: int) -> None:
    """Publish an agenda in which one session is changed, together with others."""
    folder.mkdir()
    path = folder / "conf.yaml"
    path.write_text(agenda(number))
    storage = Storage(url)
    barrier.wait()
    outcome = publish_files(storage, [path], f"publisher {number}")
    storage.close()
    assert len(outcome.published) == 1


def test_publishers_at_once_lose_nothing_and_every_worker_serves_the_last(
    storage: Storage, database_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    publish_files(storage, [events / "conf.yaml"])
    server = serve(database_url, workers=3)
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(PUBLISHERS)
    processes = [
        fork.Process(
            target=publish_one_change, args=(database_url, barrier, tmp_path / f"{number}", number)
        )
        for number in range(PUBLISHERS)
    ]

    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)

    history = storage.history("conf")
    stored = {version.number: storage.version("conf", version.number)[1] for version in history}
    assert [process.exitcode for process in processes] == [0] * PUBLISHERS
    assert [version.number for version in history] == [*range(PUBLISHERS + 1, 0, -1)]
    assert sorted(version.message for version in history) == [
        "",
        *(f"publisher {number}" for number in range(PUBLISHERS)),
    ]
    for version in history[:-1]:
        number = int(version.message.removeprefix("publisher "))
        assert stored[version.number].event == event_of(agenda(number))
        assert stored[version.number].version == version.number
    last = feed_of(stored[PUBLISHERS + 1])
    eventually(lambda: server.all_answer(FEED, 200, last))


def test_servers_with_different_copies_do_not_fight(
    storage: Storage, database_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "conf.yaml").write_text(agenda(1))
    told = (
        "conf.yaml: warning: was published before, and something else is published now;"
        " to publish it again, run calsvc publish"
    )

    one, two = serve(database_url, events), serve(database_url, other)
    last = feed_of(newest(storage))
    for server in (one, two):
        eventually(lambda server=server: server.all_answer(FEED, 200, last))
    one.stop()
    one.start()
    eventually(lambda: one.all_answer("/readyz", 200, f"ok\n{told}\n".encode()))
    os.utime(events / "conf.yaml", (1, 1))
    (events / "new.yaml").write_text(agenda())
    eventually(lambda: storage.numbers() == {"conf": 2, "new": 1})

    assert storage.notices() == [told]
    assert titles(newest(storage).event) == titles(event_of(agenda(1)))
    assert all(server.all_answer(FEED, 200, last) for server in (one, two))


# --- kill -9 ------------------------------------------------------------------------------


def publish_again_and_again(url: str, pipe: Connection) -> None:
    """Publish two agendas in turn, and acknowledge each version, until killed."""
    storage = Storage(url)
    texts = [event_of(agenda(*range(number))) for number in (0, PUBLISHERS)]
    turn = 0
    pipe.send(0)
    while True:
        turn += 1
        if version := publish_event(storage, texts[turn % 2], "loop"):
            pipe.send(version.number)


def killed_after(seconds: float, url: str, fork: ForkContext) -> list[int]:
    """Let a publisher work for a while, and kill it; return what it acknowledged."""
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=publish_again_and_again, args=(url, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    time.sleep(seconds)
    process.kill()
    process.join(PATIENCE)
    acknowledged = []
    try:
        while True:
            acknowledged.append(ours.recv())
    except (EOFError, OSError):  # OSError: half of the last word was written
        ours.close()
    return acknowledged[1:]


def stamps(schedule: Schedule) -> dict[str, tuple[int, str]]:
    """Return what calendar programs notice changes by."""
    return {
        str(entry.uid): (entry.sequence, entry.revised.isoformat()) for entry in schedule.entries
    }


def test_publisher_killed_at_any_moment_loses_no_acknowledged_version(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(sqlite_url)
    publish_event(storage, event_of(agenda()), "start")
    fork = multiprocessing.get_context("fork")
    before = stamps(newest(storage))
    acknowledged = []

    for number in range(KILLS):
        # From 0 to 150 ms, in no order; the machine adds chance enough.
        acknowledged += killed_after(number * 67 % 151 / 1000, sqlite_url, fork)
        schedule = newest(storage)
        now = stamps(schedule)
        assert schedule.version >= max(acknowledged, default=1)
        assert {uid: each for uid, each in now.items() if each < before[uid]} == {}
        before = now

    versions = all_versions(sqlite_url)
    assert [number for number, _ in versions] == [*range(1, len(versions) + 1)]
    assert [schedule.version for _, schedule in versions] == [number for number, _ in versions]
    assert set(acknowledged) <= {number for number, _ in versions}
    assert len(acknowledged) == len(set(acknowledged)) > 0
    both = [event_of(agenda(*range(number))) for number in (0, PUBLISHERS)]
    assert [schedule.event for _, schedule in versions] == [
        both[(number + 1) % 2] for number, _ in versions
    ]


def all_versions(url: str) -> list[tuple[int, Schedule]]:
    """Return every stored version, each read whole, from a database that is sound."""
    database = Database(url)
    with database.transaction() as connection:
        check = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        rows = connection.execute(sa.text("SELECT number, schedule FROM versions ORDER BY number"))
        versions = [(number, Schedule.model_validate_json(text)) for number, text in rows]
    database.close()
    assert check == "ok"
    return versions


def test_server_killed_at_any_moment_starts_again_where_it_was(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    seen: list[tuple[str, int]] = []

    for turn in range(10):
        write(events / "conf.yaml", agenda(turn % PUBLISHERS, title=f"Title {turn}"))
        started = time.monotonic()
        while time.monotonic() - started < turn * 37 % 10 / 10:
            seen.append(version_of(server.ask(FEED)))
        if turn % 3:
            lost = server.workers()
            for pid in lost:
                os.kill(pid, signal.SIGKILL)
            eventually(lambda lost=lost: len(set(server.workers()) - set(lost)) == 2)
        else:
            server.kill()
            server.start()
        answers = [version_of(answer) for answer in server.ask_each(FEED)]
        assert min(answers) >= max(seen, default=answers[0])

    last = feed_of(publish(event_of(agenda(1, title="Title 9")), None, NOW))
    eventually(lambda: summaries(server.ask(FEED).body) == summaries(last))
    assert max(seen) > min(seen)


def version_of(answer: Answer) -> tuple[str, int]:
    """Return what tells that a feed is not older than another one."""
    assert answer.status == 200
    lines = answer.body.split(b"\r\n")
    revised = next(line for line in lines if line.startswith(b"LAST-MODIFIED:"))
    sequences = [int(line[9:]) for line in lines if line.startswith(b"SEQUENCE:")]
    return revised.decode(), sum(sequences)


def summaries(body: bytes) -> list[bytes]:
    """Return the titles in a feed."""
    return [line for line in body.split(b"\r\n") if line.startswith(b"SUMMARY:")]


def write(path: Path, text: str) -> None:
    """Write a file as editors do, whole."""
    draft = path.with_suffix(".tmp")
    draft.write_text(text)
    draft.replace(path)


# --- the database goes away ---------------------------------------------------------------


@contextmanager
def moved_away(url: str) -> Iterator[None]:
    """Move the file of an SQLite database away for a while."""
    path = Path(url.removeprefix("sqlite:///"))
    away = path.rename(path.with_name("away.db"))
    yield
    away.rename(path)


@contextmanager
def shut_down(postgresql: PostgreSQL, *, abruptly: bool) -> Iterator[None]:
    """Stop a PostgreSQL for a while."""
    postgresql.stop(abruptly=abruptly)
    yield
    postgresql.start()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "postgresql, abruptly"])
def test_server_goes_on_without_its_database_and_heals(
    kind: str,
    request: pytest.FixtureRequest,
    open_storage: Callable[[str], Storage],
    events: Path,
    serve: Serve,
) -> None:
    if kind == "sqlite":
        url = request.getfixturevalue("sqlite_url")
        outage = moved_away(url)
        reason = "unable to open database file"
    else:
        postgresql = request.getfixturevalue("postgresql")
        url = postgresql.fresh_url()
        outage = shut_down(postgresql, abruptly=kind.endswith("abruptly"))
        reason = "Connection refused"
    storage = open_storage(url)
    publish_files(storage, [events / "conf.yaml"])
    server = serve(url)
    feed = feed_of(newest(storage))
    assert server.all_answer("/readyz", 200, b"ok\n")

    def all_are_in_trouble() -> bool:
        answers = server.ask_each("/readyz")
        return {(each.status, reason in each.body.decode()) for each in answers} == {(503, True)}

    with outage:
        eventually(all_are_in_trouble)
        (said,) = {each.body.decode() for each in server.ask_each("/readyz")}
        front = server.ask("/")

        assert said.startswith("not ready\nThe database does not answer: ")
        assert said.endswith("Calendars go on from memory.\n")
        page = front.body.decode()
        # Everybody reads that page, and the reason may name a host.
        assert (front.status, reason in page, "go on from memory" in page) == (200, False, True)
        assert server.all_answer(FEED, 200, feed)
        assert server.all_answer("/healthz", 200, b"ok\n")

        # A worker that starts now cannot know what is right, so it says nothing of it.
        first, *_ = server.workers()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: len(set(server.workers()) - {first}) == 2)
        eventually(lambda: {each.status for each in server.ask_each(FEED)} == {200, 503})
        for path in (FEED, "/events.ics", "/events/conf/", "/events/conf.atom"):
            answers = {(each.status, each.retry_after) for each in server.ask_each(path)}
            assert answers == {(200, None), (503, "30")}

    eventually(lambda: server.all_answer("/readyz", 200, b"ok\n"))
    assert server.all_answer(FEED, 200, feed)
    publish_event(storage, event_of(agenda(3)), "later")
    eventually(lambda: server.all_answer(FEED, 200, feed_of(newest(storage))))


def test_database_that_hangs_counts_as_away(
    postgresql: PostgreSQL,
    open_storage: Callable[[str], Storage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_module, "HUNG", 0.2)
    storage = open_storage(postgresql.fresh_url())
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()
    before = live.trouble
    thread = Thread(target=follower.step)

    postgresql.signal(signal.SIGSTOP)
    thread.start()
    eventually(lambda: live.trouble is not None)
    during = live.trouble
    postgresql.signal(signal.SIGCONT)
    thread.join(PATIENCE)

    assert (before, live.trouble) == (None, None)
    assert during == "The database has not answered for 0.2 seconds."


def test_follower_brings_the_others_when_one_version_cannot_be_read(
    storage: Storage, database_url: str
) -> None:
    for event_id in ("a", "b", "c"):
        publish_event(storage, event_of(agenda(), event_id), "")
    database = Database(database_url)
    with database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE versions SET schedule = '{}' WHERE event_id = 'b'"))
    database.close()
    live = Live((), BASE_URL)

    Follower(live, storage).step()

    assert [each.schedule.event.id for each in live.events] == ["a", "c"]
    assert live.trouble == "b version 1 cannot be read; update calsvc."


# --- a server and its watcher -------------------------------------------------------------


def test_server_publishes_what_changes_in_its_folder(
    database_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    server = serve(database_url, events, workers=3)
    storage = open_storage(database_url)
    path = events / "conf.yaml"

    path.write_text(agenda(0, 1))
    eventually(lambda: storage.numbers() == {"conf": 2})
    changed = feed_of(newest(storage))
    eventually(lambda: server.all_answer(FEED, 200, changed))
    path.write_text(agenda(2).replace("Europe/Berlin", "Berlin"))
    told = "conf.yaml:2:11: timezone: there is no time zone 'Berlin'; did you mean Europe/Berlin?"
    eventually(lambda: server.all_answer("/readyz", 200, f"ok\n{told}\n".encode()))
    front = server.ask("/").body.decode().replace("&#39;", "'")
    kept = server.all_answer(FEED, 200, changed)
    path.write_text(agenda(2))
    eventually(lambda: server.all_answer("/readyz", 200, b"ok\n"))
    eventually(lambda: server.all_answer(FEED, 200, feed_of(newest(storage))))

    assert told in front
    assert kept
    assert titles(newest(storage).event) == titles(event_of(agenda(2)))
    assert storage.numbers() == {"conf": 3}


def test_server_starts_its_watcher_again(sqlite_url: str, events: Path, serve: Serve) -> None:
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    (first,) = server.watchers()

    os.kill(first, signal.SIGKILL)
    write(events / "conf.yaml", agenda(1))
    eventually(lambda: b"Changed 1" in server.ask(FEED).body)
    (second,) = server.watchers()

    assert first != second


def test_watcher_that_starts_without_the_database_makes_no_new_one(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    (first,) = server.watchers()

    with moved_away(sqlite_url):
        os.kill(first, signal.SIGKILL)
        eventually(lambda: server.watchers() not in ([], [first]))
        # It has opened its storage, and is about to watch the folder.
        eventually(lambda: any(catches(pid, signal.SIGTERM) for pid in server.watchers()))
        was_made = database.exists()

    assert not was_made


def test_server_that_is_told_to_stop_leaves_nothing_behind(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    (events / "broken.yaml").write_text("name: [")
    storage = open_storage(sqlite_url)
    eventually(lambda: len(storage.notices()) == 1)
    processes = server.processes()

    code = server.stop()

    assert len(processes) == 4  # the one that sees to the others, two workers, the watcher
    assert code == 0
    assert [pid for pid in processes if words_of(pid)] == []
    assert not server.answers("/healthz")
    assert storage.notices() == []


def test_server_whose_first_process_is_killed_leaves_nothing_behind(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    processes = server.processes()

    os.kill(server.pid, signal.SIGKILL)

    assert len(processes) == 4
    eventually(lambda: [pid for pid in processes if words_of(pid)] == [])


def test_watcher_alone_publishes_until_it_is_told_to_stop(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path
) -> None:
    storage = open_storage(sqlite_url)
    command = [sys.executable, "-m", "calsvc", "publish", str(events), "--watch"]
    process = subprocess.Popen(
        [*command, "--database", sqlite_url], stderr=subprocess.PIPE, text=True
    )

    eventually(lambda: storage.numbers() == {"conf": 1})
    write(events / "conf.yaml", agenda(1))
    eventually(lambda: storage.numbers() == {"conf": 2})
    write(events / "conf.yaml", "name: [")
    eventually(lambda: len(storage.notices()) == 1)
    process.terminate()
    _, errors = process.communicate(timeout=PATIENCE)

    problem = errors.splitlines()[-1]
    assert process.returncode == 0
    assert errors == (
        "conf version 1\n  First published, with 8 sessions\n"
        "conf version 2\n  Changed 1: renamed, was Talk 1\n"
        f"{problem}\n"
    )
    assert problem.startswith(f"{events}/conf.yaml:")
    assert storage.notices() == []


# --- starting -----------------------------------------------------------------------------


def test_server_whose_folder_was_emptied_serves_what_is_published(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    storage = open_storage(sqlite_url)
    publish_files(storage, [events / "conf.yaml"])
    (events / "conf.yaml").unlink()

    server = serve(sqlite_url, events)

    assert server.all_answer(FEED, 200, feed_of(newest(storage)))
    assert server.ask("/readyz").body.decode().splitlines()[:2] == [
        "ok",
        "events: holds no event file; start one with calsvc new",
    ]


def test_server_of_a_withdrawn_event_starts_and_says_that_it_is_gone(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    storage = open_storage(sqlite_url)
    publish_files(storage, [events / "conf.yaml"])
    command = [sys.executable, "-m", "calsvc", "publish", "--withdraw", "conf"]
    subprocess.run([*command, "--database", sqlite_url], check=True, capture_output=True)

    server = serve(sqlite_url)

    assert {each.status for each in server.ask_each(FEED)} == {410}
