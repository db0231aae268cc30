"""Three PostgreSQL servers on this machine, of which Patroni makes one that stays available."""

import http.client
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bench.processes import PATIENCE, PAUSE, Process, free_port
from bench.sites import SOMEBODY, program

NODES = 3
TTL = 10  # seconds after which a server that is silent is not the primary any more
DYNAMIC = {
    "ttl": TTL,
    "loop_wait": 1,
    "retry_timeout": 3,
    # What was acknowledged is on two machines, or a failover would lose it.
    "synchronous_mode": True,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {"wal_sender_timeout": "5s", "shared_buffers": "32MB"},
    },
}
ANYBODY = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
Member = dict[str, Any]


class Node:
    """One machine: a PostgreSQL, and the Patroni that runs it."""

    def __init__(self, name: str, folder: Path, etcd: int) -> None:
        """``etcd`` is the port of what the nodes agree by."""
        self.name = name
        self.port, self.api = free_port(), free_port()
        self._folder = folder
        self._process: Process | None = None
        _given_away(folder)
        # Patroni reads YAML, of which JSON is a part.
        (folder / "patroni.yml").write_text(json.dumps(self._settings(etcd)), "utf-8")

    def _settings(self, etcd: int) -> dict[str, Any]:
        api, address = f"127.0.0.1:{self.api}", f"127.0.0.1:{self.port}"
        users = {"superuser": "calsvc", "replication": "calsvc", "rewind": "calsvc"}
        return {
            "scope": "calsvc",
            "name": self.name,
            "restapi": {"listen": api, "connect_address": api},
            # By etcd's later protocol, Debian's Patroni 3.0.2 lets a primary that was frozen
            # take the place of its successor when it wakes up (patroni/patroni#2689).
            "etcd": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {
                "dcs": DYNAMIC,
                "initdb": [{"encoding": "UTF8"}, {"auth": "trust"}, "no-sync"],
            },
            "postgresql": {
                "listen": address,
                "connect_address": address,
                "data_dir": str(self._folder / "data"),
                "bin_dir": str(Path(program("pg_controldata")).resolve().parent),
                "pgpass": str(self._folder / "pgpass"),
                "pg_hba": ANYBODY,
                "authentication": {
                    role: {"username": name, "password": name} for role, name in users.items()
                },
                "parameters": {"unix_socket_directories": str(self._folder)},
            },
        }

    def start(self) -> None:
        """Start the machine."""
        clean = ["env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", f"HOME={self._folder}"]
        user = SOMEBODY if os.geteuid() == 0 else None
        words = [*clean, program("patroni"), "patroni.yml"]
        self._process = Process(words, self._folder, user=user)

    def stop(self) -> None:
        """Shut the machine down as its operator does."""
        if self._process:
            self._process.end()
            self._process = None

    def kill(self) -> None:
        """Let the machine die, with all that runs there."""
        for pid in self.pids:
            _sent(pid, signal.SIGKILL)
        self.stop()

    def freeze(self) -> None:
        """Let the machine say nothing more, while its connections stay."""
        for pid in self.pids:
            _sent(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it was."""
        for pid in self.pids:
            _sent(pid, signal.SIGCONT)

    @property
    def pids(self) -> list[int]:
        """Return all its processes; a PostgreSQL is no child of its Patroni."""
        found = self._process.pids if self._process else []
        with suppress(OSError, ValueError):
            lines = (self._folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()
            if Path(f"/proc/{int(lines[0])}").exists():
                found += _with_children(int(lines[0]))
        return found

    def cluster(self) -> list[Member]:
        """Return what it knows of all machines; nothing if it does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=2)
        try:
            connection.request("GET", "/cluster")
            members: list[Member] = json.loads(connection.getresponse().read())["members"]
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return []
        finally:
            connection.close()
        return members


class Cluster:
    """The machines, by their roles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        client, peer = free_port(), free_port()
        self._etcd = client, f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        self.nodes = [
            Node(f"node-{each}", folder / f"node-{each}", client) for each in range(NODES)
        ]

    @property
    def url(self) -> str:
        """Return the address of the database, with all machines in it."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://calsvc@{hosts}/postgres?target_session_attrs=read-write"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run etcd and all machines while the block runs."""
        _, client, peer = self._etcd
        words = [program("etcd"), "--data-dir", "etcd", "--logger", "zap", "--enable-v2"]
        words += ["--listen-client-urls", client, "--advertise-client-urls", client]
        words += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        etcd = Process([*words, "--initial-cluster", f"default={peer}"], self._folder)
        try:
            for node in self.nodes:
                node.start()
            until(self.is_whole, 60)
            yield
        finally:
            for node in self.nodes:
                node.kill()
            etcd.end()

    def member(self, role: str) -> Node | None:
        """Return the machine of a role: leader, sync_standby or replica."""
        for each in self.members():
            if each["role"] == role:
                return next(node for node in self.nodes if node.name == each["name"])
        return None

    def members(self) -> list[Member]:
        """Return what the first machine that answers knows of all."""
        return next(filter(None, (node.cluster() for node in self.nodes)), [])

    def is_whole(self) -> bool:
        """Tell whether all machines run, follow one that can write, and it takes writes."""
        members = self.members()
        roles = sorted(each["role"] for each in members)
        timelines = {each.get("timeline") for each in members}
        is_whole = roles == ["leader", "replica", "sync_standby"] and len(timelines) == 1
        return is_whole and {each["state"] for each in members} <= {"running", "streaming"}

    def can_write(self) -> bool:
        """Tell whether one of the machines takes writes."""
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


@contextmanager
def patroni() -> Iterator[Cluster]:
    """Run three PostgreSQL servers under Patroni while the block runs."""
    with TemporaryDirectory(prefix="calsvc-") as name:
        folder = Path(name)
        _given_away(folder)
        cluster = Cluster(folder)
        with cluster.running():
            yield cluster


def until(is_so: Callable[[], bool], within: float = PATIENCE) -> float:
    """Wait until something is so; return the seconds that it took.  Raises ``RuntimeError``."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > within:
            raise RuntimeError(f"{is_so.__qualname__} is not so within {within} seconds")
        time.sleep(PAUSE * 10)
    return time.monotonic() - begun


def _given_away(folder: Path) -> None:
    """Make a folder that PostgreSQL accepts, which refuses to run as root."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, SOMEBODY)


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [pid, *map(int, children)]


def _sent(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # one for a connection that has ended meanwhile
        os.kill(pid, number)
