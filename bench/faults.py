"""``python -m bench.faults``: what subscribers get while something is wrong, and how it heals.

Each fault happens to a ``calsvc serve`` with two workers while its agenda is published again
and again, while many ask for feeds, and people choose sessions.  The table that it prints
says how many answers there were, how many were wrong, and how many acknowledged changes were
lost: both have to be none.
"""

import os
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import NamedTuple

import click
import psycopg

from bench.agendas import numbered
from bench.processes import Process, free_port, wait_for
from bench.sites import WORKERS, postgresql
from bench.subscribers import FEED, SESSIONS, Subscribers, Tally

PEOPLE = 40
EVERY = 2.0  # seconds between two versions
TABLES = "versions, calendars, copies, notices, renditions, retired_keys"
HEAD = (
    "| fault | answers | refused | broken | wrong | lost changes | slowest event feed, s |"
    " slowest personal feed, s | healed after, s |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
)


class Site(NamedTuple):
    """A server, its event files, its database, and the processes of that, if it has any."""

    server: Process
    events: Path
    url: str
    storage: Process | None

    @property
    def file(self) -> Path:
        """Return the file of an SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        return [pid for pid in self.server.pids[1:] if not _watches(pid)]


class Outcome(NamedTuple):
    """What became of a fault."""

    name: str
    tally: Tally
    lost: int
    healed: float
    """Seconds from its end until everything was well."""

    def row(self) -> str:
        """Return it as a row of the table."""
        told, slowest = self.tally, self.tally.slowest
        cells = [
            *(self.name, f"{told.tries:,}", f"{told.refused:,}", f"{told.unanswered:,}"),
            *(len(told.wrong), self.lost, f"{slowest['event feed']:.2f}"),
            *(f"{slowest['personal feed']:.2f}", f"{self.healed:.1f}"),
        ]
        return f"| {' | '.join(map(str, cells))} |\n"


def _watches(pid: int) -> bool:
    try:
        return b"--watch" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True  # it has ended


# --- faults -------------------------------------------------------------------------------


@contextmanager
def nothing(site: Site) -> Iterator[None]:
    """Let nothing happen, to compare with: versions are published all the time."""
    yield


@contextmanager
def stopped(site: Site) -> Iterator[None]:
    """Stop all processes of the database where they are."""
    assert site.storage
    pids = site.storage.pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def connections_ended(site: Site) -> Iterator[None]:
    """End all connections, as a failover does."""
    for _ in range(20):
        with psycopg.connect(site.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        time.sleep(0.2)
    yield


@contextmanager
def backend_killed(site: Site) -> Iterator[None]:
    """Kill a process of the database: it ends all connections, and recovers."""
    assert site.storage
    os.kill(site.storage.pids[-1], signal.SIGKILL)
    yield


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """Let nobody write."""
    with psycopg.connect(site.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        connection.execute("SELECT pg_reload_conf()")
        yield
        connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Let another program hold the lock of writers."""
    if site.storage:
        with psycopg.connect(site.url) as holder:
            holder.execute(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE")
            yield
    else:
        with closing(sqlite3.connect(site.file, isolation_level=None, timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


@contextmanager
def moved_away(site: Site) -> Iterator[None]:
    """Move the file of the database away."""
    away = site.file.rename(site.file.with_name("away.db"))
    yield
    away.rename(site.file)


def limited(kind: int, most: int) -> Callable[[Site], AbstractContextManager[None]]:
    """Return the fault of workers that run into a limit of the system."""

    @contextmanager
    def run_into(site: Site) -> Iterator[None]:
        before = {pid: resource.prlimit(pid, kind) for pid in site.workers()}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, kind, (most, hard))
        yield
        for pid, limits in before.items():
            with suppress(ProcessLookupError):  # it ended of that, and another one is there
                resource.prlimit(pid, kind, limits)

    return run_into


@contextmanager
def killed(site: Site) -> Iterator[None]:
    """Kill one worker after another while they answer."""
    for _ in range(10):
        if workers := site.workers():
            with suppress(ProcessLookupError):
                os.kill(workers[0], signal.SIGKILL)
        time.sleep(1)
    yield


@contextmanager
def half_written(site: Site) -> Iterator[None]:
    """Cut the event file short, again and again, as programs do that write where it stands."""
    path = site.events / "conf.yaml"
    for _ in range(20):
        text = path.read_bytes()
        path.write_bytes(text[: len(text) // 2])
        time.sleep(0.5)
    yield


@contextmanager
def gone(site: Site) -> Iterator[None]:
    """Put a link that leads nowhere in the place of the event file."""
    path = site.events / "conf.yaml"
    path.unlink()
    path.symlink_to("nowhere.yaml")
    yield


class Fault(NamedTuple):
    """What happens, to what, and for how long."""

    name: str
    is_postgresql: bool
    happens: Callable[[Site], AbstractContextManager[None]]
    seconds: float = 10


FAULTS = [
    Fault("nothing, on PostgreSQL", True, nothing),
    Fault("nothing, on SQLite", False, nothing),
    Fault("PostgreSQL stopped for 25 s", True, stopped, 25),
    Fault("PostgreSQL ends all connections, 20 times", True, connections_ended, 1),
    Fault("PostgreSQL crashes and recovers", True, backend_killed, 5),
    Fault("PostgreSQL read-only", True, read_only),
    Fault("PostgreSQL's tables locked", True, locked),
    Fault("SQLite's lock held by another", False, locked),
    Fault("SQLite's file moved away", False, moved_away),
    Fault("disk full, for workers", False, limited(resource.RLIMIT_FSIZE, 0)),
    Fault("no more open files, for workers", False, limited(resource.RLIMIT_NOFILE, 3)),
    Fault("no more memory, for workers", False, limited(resource.RLIMIT_AS, 0)),
    Fault("a worker killed each second", False, killed, 1),
    Fault("event file cut short", False, half_written, 1),
    Fault("event file a link to nowhere", False, gone),
]


# --- the run ------------------------------------------------------------------------------


@contextmanager
def _site(is_postgresql: bool) -> Iterator[tuple[Site, int]]:
    """Serve a folder with one event file, from either kind of database."""
    with TemporaryDirectory(prefix="calsvc-") as name:
        folder = Path(name)
        events = folder / "events"
        events.mkdir()
        (events / "conf.yaml").write_text(numbered(0, SESSIONS), "utf-8")
        database = postgresql() if is_postgresql else _file(folder)
        with database as (url, storage):
            port = free_port()
            words = [sys.executable, "-m", "calsvc", "serve", str(events), "--port", str(port)]
            words += ["--workers", str(WORKERS), "--database", url]
            os.environ.setdefault("PYTHONPATH", os.getcwd())
            server = Process(words, folder)
            try:
                wait_for(server, port, FEED)
                yield Site(server, events, url, storage), port
            finally:
                server.end()


@contextmanager
def _file(folder: Path) -> Iterator[tuple[str, None]]:
    yield f"sqlite:///{folder / 'calsvc.db'}", None


def suffered(fault: Fault, seconds: float) -> Outcome:
    """Let a fault happen, and return what became of it."""
    with _site(fault.is_postgresql) as (site, port):
        subscribers, is_over = Subscribers(port, site.events, PEOPLE), Event()
        threads = subscribers.running(EVERY, is_over)
        try:
            time.sleep(3)
            subscribers.tally = tally = Tally()
            with fault.happens(site):
                time.sleep(seconds)
            healed = _healed(subscribers)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        return Outcome(fault.name, tally, subscribers.lost(), healed)


def _healed(subscribers: Subscribers) -> float:
    ended = time.monotonic()
    while time.monotonic() - ended < 120:
        with suppress(OSError):
            if subscribers.is_well():
                return time.monotonic() - ended
        time.sleep(0.1)
    raise RuntimeError("it does not heal within 120 seconds")


@click.command()
@click.option("--only", multiple=True, help="Words in the names of faults; all if none.")
@click.option("--quick", is_flag=True, help="Each for two seconds, to see that it works.")
def main(only: tuple[str, ...], quick: bool) -> None:
    """Let each fault happen, and print the table; exit with 1 if any answer was wrong."""
    is_right = True
    click.echo(HEAD, nl=False)
    for fault in FAULTS:
        if only and not any(word in fault.name for word in only):
            continue
        outcome = suffered(fault, min(fault.seconds, 2) if quick else fault.seconds)
        click.echo(outcome.row(), nl=False)
        for words in (*sorted(outcome.tally.reasons)[:9], *outcome.tally.wrong[:5]):
            click.echo(f"  {words}", err=True)
        is_right &= not outcome.tally.wrong and not outcome.lost
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
