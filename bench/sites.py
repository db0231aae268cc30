"""calsvc and its rivals as servers on this machine, each with the same number of workers."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg

from bench.agendas import BASE_URL
from bench.processes import Process, free_port, wait_for
from calsvc.schedule.entries import Schedule

WORKERS = 2
OF_MANY = {"CALSVC_CHANGES": "0", "CALSVC_NEW_CALENDARS": "0"}
"""Settings for one address that plays many people, who never rest."""
SOMEBODY = "nobody"  # PostgreSQL refuses to run as root

NGINX = """
daemon off;
pid nginx.pid;
error_log stderr;
worker_processes {workers};
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types {{ text/calendar ics; text/html html; }}
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    location /my/ {{ try_files /personal.ics =404; }}
  }}
}}
"""
"""Any personal address gives the same file, so that each request can be for another one."""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Site(NamedTuple):
    """A server, and what answers with it."""

    port: int
    process: Process
    storage: tuple[Process, ...] = ()
    """The database's own processes, if it has any."""
    started: float = 0.0
    """Seconds from its start until the first answer."""


@contextmanager
def calsvc(url: str, path: str = "/healthz", storage: tuple[Process, ...] = ()) -> Iterator[Site]:
    """Serve what is published in a database; it is there when ``path`` answers."""
    port = free_port()
    words = [sys.executable, "-m", "calsvc", "serve", "--port", str(port), "--database", url]
    words += ["--workers", str(WORKERS), "--base-url", BASE_URL]
    os.environ.update(OF_MANY)
    with _served(words, port, path, storage) as site:
        yield site


@contextmanager
def plain(schedule: Schedule) -> Iterator[Site]:
    """Serve a schedule by icalendar, anew for each request."""
    with TemporaryDirectory(prefix="calsvc-") as folder:
        file = Path(folder, "schedule.json")
        file.write_text(schedule.model_dump_json(), "utf-8")
        port = free_port()
        words = [sys.executable, "-m", "bench.peers", str(port), str(WORKERS), str(file)]
        with _served(words, port, "/agenda.ics") as site:
            yield site


@contextmanager
def nginx(files: Mapping[str, bytes]) -> Iterator[Site]:
    """Serve files, by their names, with nginx."""
    with TemporaryDirectory(prefix="calsvc-") as folder:
        port = free_port()
        Path(folder, "files").mkdir()
        for name, octets in files.items():
            Path(folder, "files", name).write_bytes(octets)
        settings = NGINX.format(
            workers=WORKERS,
            user="user root;" if os.geteuid() == 0 else "",
            temporary=" ".join(f"{each}_temp_path {folder}/{each};" for each in TEMPORARY),
            port=port,
            folder=folder,
        )
        Path(folder, "nginx.conf").write_text(settings, "utf-8")
        words = [program("nginx"), "-p", folder, "-c", "nginx.conf", "-e", "stderr"]
        with _served(words, port, f"/{next(iter(files))}") as site:
            yield site


@contextmanager
def _served(
    words: list[str], port: int, path: str, storage: tuple[Process, ...] = ()
) -> Iterator[Site]:
    with TemporaryDirectory(prefix="calsvc-") as folder:
        os.environ.setdefault("PYTHONPATH", os.getcwd())  # the folder of a server is another one
        process = Process(words, Path(folder))
        try:
            started = wait_for(process, port, path)
            yield Site(port, process, storage, started)
        finally:
            process.end()


@contextmanager
def postgresql() -> Iterator[tuple[str, Process]]:
    """Run an empty PostgreSQL; give the address of its database, and its processes."""
    user = SOMEBODY if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="calsvc-") as folder:
        if user:
            shutil.chown(folder, user)
        port = free_port()
        words = [program("initdb"), "-D", "data", "-U", "calsvc", "-A", "trust", "-E", "UTF8"]
        run([*words, "--no-sync"], cwd=folder, user=user, check=True, stdout=DEVNULL)
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "shared_buffers": "512MB",
            "max_wal_size": "4GB",
        }
        words = [program("postgres"), "-D", "data", "-p", str(port)]
        words += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        process = Process(words, Path(folder), user=user, stop=signal.SIGINT)
        url = f"postgresql://calsvc@127.0.0.1:{port}/postgres"
        try:
            _wait_for_postgresql(process, url)
            yield url, process
        finally:
            process.end()


def _wait_for_postgresql(process: Process, url: str) -> None:
    while True:
        process.check()
        try:
            psycopg.connect(url, connect_timeout=1).close()
        except psycopg.OperationalError:
            continue
        return


def has(name: str) -> bool:
    """Tell whether a program is there."""
    try:
        program(name)
    except FileNotFoundError:
        return False
    return True


def program(name: str) -> str:
    """Return the path of a program.  Raises ``FileNotFoundError``."""
    # Debian keeps the programs of PostgreSQL and nginx off the PATH of many users.
    kept = [*glob(f"/usr/lib/postgresql/*/bin/{name}"), *glob(f"/usr/sbin/{name}")]
    found = shutil.which(name) or (sorted(kept)[-1] if kept else None)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed")
    return found
