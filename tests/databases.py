"""Real databases for tests: SQLite files, and a PostgreSQL of each test process's own."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path

import psycopg
import pytest
from conftest import tool
from servers import free_port
from waiting import PATIENCE, eventually

from calsvc.storage.schedules import Storage

SOMEBODY = "nobody"  # PostgreSQL refuses to run as root


class PostgreSQL:
    """A PostgreSQL server in a folder of its own, on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._user = SOMEBODY if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        if self._user:
            shutil.chown(folder, self._user)
            for parent in folder.parents:
                parent.chmod(parent.stat().st_mode | 0o011)
        self._run("initdb", "-D", "data", "-U", "calsvc", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._folder),
            "fsync": "off",  # processes are killed here, but nobody cuts the power
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", "data", "-p", str(self.port), *words],
                cwd=self._folder,
                user=self._user,
                stdout=log,
                stderr=log,
            )
        eventually(self._answers)

    def stop(self, *, abruptly: bool = False) -> None:
        """Stop the server; ``abruptly`` leaves it to recover what was committed."""
        assert self._process
        self._process.send_signal(signal.SIGQUIT if abruptly else signal.SIGINT)
        self._process.wait(PATIENCE)

    def signal(self, number: int) -> None:
        """Send a signal to all processes of the server."""
        assert self._process
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for pid in (self._process.pid, *map(int, children.read_text().split())):
            with suppress(ProcessLookupError):  # one for a connection that has ended meanwhile
                os.kill(pid, number)

    def url(self) -> str:
        """Return the address of its database."""
        return f"postgresql://calsvc@127.0.0.1:{self.port}/postgres"

    def fresh_url(self) -> str:
        """Empty the database; return its address."""
        # To make one anew takes ten times as long, and 8 MB of disk.
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.url()

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self._folder / "log").read_text()
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(
            [_program(name), *words],
            cwd=self._folder,
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _program(name: str) -> str:
    # Debian keeps the server's programs off PATH.
    found = sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return shutil.which(name) or (found[-1] if found else tool(name))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A server that runs; who stops it starts it again."""
    _program("initdb")
    with tempfile.TemporaryDirectory(prefix="calsvc-") as folder:
        server = PostgreSQL(Path(folder))
        server.start()
        yield server
        server.stop(abruptly=True)  # what it holds goes with the folder


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'calsvc.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of either kind in turn."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.fresh_url()


@pytest.fixture
def open_storage() -> Iterator[Callable[[str], Storage]]:
    """Open a database, brought to its present shape; it is closed after the test."""
    opened: list[Storage] = []

    def open_one(url: str) -> Storage:
        storage = Storage(url)
        opened.append(storage)
        storage.migrate()
        return storage

    yield open_one
    for storage in opened:
        storage.close()


@pytest.fixture
def storage(database_url: str, open_storage: Callable[[str], Storage]) -> Storage:
    """A database of either kind in turn, of the present shape."""
    return open_storage(database_url)


# --- files that are moved -----------------------------------------------------------------


def move(database: Path, other: Path) -> None:
    """Rename an SQLite database, the file itself first."""
    for suffix in ("", "-wal", "-shm"):
        path = database.with_name(database.name + suffix)
        if path.exists():
            path.rename(other.with_name(other.name + suffix))


@contextmanager
def moved_away(url: str) -> Iterator[None]:
    """Move the file of an SQLite database away for a while."""
    path = Path(url.removeprefix("sqlite:///"))
    away = path.rename(path.with_name("away.db"))
    yield
    away.rename(path)
