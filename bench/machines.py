"""``python -m bench.machines``: a site on many machines, while one after the other is in trouble.

Three copies of ``calsvc serve`` use three PostgreSQL servers under Patroni, behind an nginx that
keeps what it may, all on this machine.  Each act happens while the agenda is published again and
again, feeds are read by each way, and people choose sessions.  The table that is printed says
what they got: nothing may be wrong, and nothing lost that was acknowledged.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

import calsvc
from bench.agendas import BASE_URL
from bench.cluster import Cluster, patroni, until
from bench.crowd import EVENT_ID, FEED, Crowd, Tally
from bench.processes import Process, free_port, wait_for
from bench.sites import OF_MANY, TEMPORARY, program
from calsvc.releases import roll_back
from calsvc.storage.database import MIGRATIONS
from calsvc.storage.schedules import Storage

COPIES = 3
CALM = 3.0  # seconds of each act after all is well
HEAD = (
    "| act | answers | refused | feeds refused by nginx | wrong | lost | healed after, s |\n"
    "|---|--:|--:|--:|--:|--:|--:|\n"
)
NGINX = """
daemon off; pid nginx.pid; error_log stderr error; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; {temporary}
  proxy_cache_path kept keys_zone=calendars:1m;
  upstream copies {{ {copies} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://copies;
      proxy_connect_timeout 1s; proxy_read_timeout 15s;
      proxy_next_upstream error timeout http_503; proxy_next_upstream_timeout 8s;
      proxy_cache calendars; proxy_cache_background_update on; proxy_cache_lock on;
    }}
  }}
}}
"""
STEP = '''"""A step of a release to come."""

import sqlalchemy as sa
from alembic import op

from calsvc.storage.migrations import add_column

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    op.create_table("moods", sa.Column("id", sa.Integer, primary_key=True), if_not_exists=True)
    add_column("versions", sa.Column("mood", sa.Text))
    add_column("calendars", sa.Column("mood", sa.Text))
'''


class Copy:
    """One ``calsvc serve``, as on a machine of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._words = [sys.executable, "-m", "calsvc", "serve", "--port", str(self.port)]
        self._words += ["--workers", "1", "--database", url, "--base-url", BASE_URL]
        self._process: Process | None = None

    def start(self, code: Path | None = None) -> None:
        """Start it and wait until it answers; ``code`` is the folder of another release."""
        self._process = Process(self._words, code or self._folder)
        wait_for(self._process, self.port, FEED)

    def stop(self) -> None:
        """Stop it as its operator does."""
        if self._process:
            self._process.end()
            self._process = None

    def kill(self) -> None:
        """Kill all its processes at once."""
        for pid in self._process.pids if self._process else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.stop()


class Site(NamedTuple):
    """All that there is."""

    cluster: Cluster
    copies: list[Copy]
    storage: Storage
    crowd: Crowd
    folder: Path


class Outcome(NamedTuple):
    """What became of an act."""

    name: str
    tally: Tally
    lost: int
    healed: float
    """Seconds from its beginning until a version was published and served by each copy, and each
    copy stored a change."""

    def row(self) -> str:
        """Return it as a row of the table."""
        told = self.tally
        cells = (f"{told.answers:,}", f"{told.refused:,}", told.feeds_refused, len(told.wrong))
        return (
            f"| {self.name} | {' | '.join(map(str, cells))} | {self.lost} | {self.healed:.1f} |\n"
        )


# --- acts ---------------------------------------------------------------------------------


@contextmanager
def nothing(site: Site) -> Iterator[None]:
    """Let nothing happen, but that versions are published."""
    yield


@contextmanager
def rolled_back(site: Site) -> Iterator[None]:
    """Publish the first version again."""
    roll_back(site.storage, EVENT_ID, 1)
    yield


@contextmanager
def copy_killed(site: Site) -> Iterator[None]:
    """Kill a copy, and start it again."""
    site.copies[1].kill()
    time.sleep(CALM)
    site.copies[1].start()
    yield


@contextmanager
def primary_killed(site: Site) -> Iterator[None]:
    """Kill the machine that writes: another one takes its place, and it comes back."""
    primary = site.cluster.member("leader")
    assert primary
    primary.kill()
    yield
    primary.start()
    until(site.cluster.is_whole)


@contextmanager
def _frozen(site: Site, role: str) -> Iterator[None]:
    """Freeze the machine that has a role, and let it go on later."""
    machine = site.cluster.member(role)
    assert machine
    machine.freeze()
    yield
    machine.go_on()
    until(site.cluster.is_whole)


def primary_frozen(site: Site) -> AbstractContextManager[None]:
    """Freeze the machine that writes: it wakes up when another one has taken its place."""
    return _frozen(site, "leader")


def standby_cut_off(site: Site) -> AbstractContextManager[None]:
    """Freeze the machine that has to have what is acknowledged, and let it go on later."""
    return _frozen(site, "sync_standby")


@contextmanager
def primary_restarted(site: Site) -> Iterator[None]:
    """Shut the machine down that writes, and start it again."""
    primary = site.cluster.member("leader")
    assert primary
    primary.stop()
    primary.start()
    yield
    until(site.cluster.is_whole)


@contextmanager
def upgraded(site: Site) -> Iterator[None]:
    """Put a release with one more migration in the place of each copy, one after the other."""
    site.crowd.is_mixed = True
    code = site.folder / "next"
    shutil.copytree(Path(calsvc.__file__).parent, code / "calsvc")
    steps = code / "calsvc" / MIGRATIONS.relative_to(Path(calsvc.__file__).parent) / "versions"
    before = max(path.stem[:4] for path in steps.glob("[0-9]*.py"))
    revision = f"{int(before) + 1:04}"
    step = STEP.format(revision=revision, before=before)
    (steps / f"{revision}_moods.py").write_text(step, "utf-8")
    for copy in site.copies:
        copy.stop()
        copy.start(code)
    with site.storage.database.transaction() as connection:
        shape = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if shape != revision:
        raise RuntimeError(f"the database has the shape {shape}, and not {revision}")
    yield


Act = Callable[[Site], AbstractContextManager[None]]
ACTS: dict[str, Act] = {
    "versions are published": nothing,
    "the first version is published again": rolled_back,
    "a copy of calsvc is killed": copy_killed,
    "the primary's machine dies": primary_killed,
    "the primary's machine freezes, and wakes later": primary_frozen,
    "the synchronous standby is cut off": standby_cut_off,
    "the primary's machine is restarted": primary_restarted,
    "copies are upgraded, with a migration": upgraded,
}


# --- the run ------------------------------------------------------------------------------


@contextmanager
def site_of_many() -> Iterator[Site]:
    """Run all of it while the block runs, with a version that is published."""
    os.environ.update(OF_MANY)
    os.environ.setdefault("PYTHONPATH", os.getcwd())  # the folder of a copy is another one
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="calsvc-")))
        cluster = stack.enter_context(patroni())
        storage = Storage(cluster.url)
        stack.callback(storage.close)
        storage.migrate()
        copies = [Copy(cluster.url, folder) for _ in range(COPIES)]
        ports = [copy.port for copy in copies]
        front = free_port()
        crowd = Crowd(storage, front, ports)
        crowd.publish()
        for copy in copies:
            stack.callback(copy.stop)
            copy.start()
        stack.enter_context(_nginx(folder, front, ports))
        yield Site(cluster, copies, storage, crowd, folder)


@contextmanager
def _nginx(folder: Path, port: int, copies: list[int]) -> Iterator[None]:
    servers = [f"server 127.0.0.1:{each} max_fails=1 fail_timeout=1s;" for each in copies]
    settings = NGINX.format(
        user="user root;" if os.geteuid() == 0 else "",
        temporary=" ".join(f"{each}_temp_path {folder}/{each};" for each in TEMPORARY),
        copies=" ".join(servers),
        port=port,
    )
    (folder / "nginx.conf").write_text(settings, "utf-8")
    words = [program("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    process = Process(words, folder)
    try:
        wait_for(process, port, FEED)
        yield
    finally:
        process.end()


def played(site: Site, name: str, act: Act) -> Outcome:
    """Let an act happen, and return what became of it."""
    site.crowd.tally = tally = Tally()
    begun = time.monotonic()
    with act(site):
        until(site.crowd.is_well)
        healed = time.monotonic() - begun
        time.sleep(CALM)
    until(site.crowd.is_well)
    site.crowd.judge()
    return Outcome(name, tally, site.crowd.lost(), healed)


def run() -> Iterator[Outcome]:
    """Let one act happen after the other; return what became of each."""
    with site_of_many() as site, site.crowd.busy():
        for name, act in ACTS.items():
            yield played(site, name, act)


@click.command()
def main() -> None:
    """Let all happen, and print the table; exit with 1 if anything was wrong or lost."""
    is_right = True
    click.echo(HEAD, nl=False)
    for outcome in run():
        click.echo(outcome.row(), nl=False)
        for words in outcome.tally.wrong[:9]:
            click.echo(f"  {words}", err=True)
        is_right &= not outcome.tally.wrong and not outcome.lost
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
