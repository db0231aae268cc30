"""gunicorn around the application: several workers, and a clean stop on SIGTERM."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from calsvc.config import Settings
from calsvc.errors import SettingsError

THREADS = 8
MAX_LINE = 16 * 1024  # octets of a request's first line: 100 ids of 80 characters fit
MAX_HEADER = 20 * 1024  # octets: Referer may hold such an address
TOO_LONG = "This address is too long; ask for fewer values.\n"
LINGER = 1.0  # seconds for a caller to send the rest of what is refused
# gunicorn's option can only lower this, which is 8190.
message.MAX_REQUEST_LINE = MAX_LINE  # type: ignore[misc]
GRACE = 10  # seconds that a request may take to end when the server stops
PAUSE = 1  # seconds before another worker is tried in place of one that could not begin

log = logging.getLogger(__name__)


class Server(BaseApplication):
    """A gunicorn that serves one application, which is created before its workers fork."""

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        *,
        on_ready: Callable[[], None],
        on_tick: Callable[[], None],
        on_fork: Callable[[bool], None],
        on_exit: Callable[[], None],
    ) -> None:
        """Take the hooks: ``on_fork`` runs in each worker, with True if it replaces a dead one.

        ``on_tick`` runs beside the workers, every second and when a child process ends.
        """
        self._app = app
        self.on_tick = on_tick

        def begin(worker: Worker) -> None:
            # The worker's own signal handlers are set by now.  Ctrl-C reaches all processes
            # of a terminal; the arbiter stops the workers, and a second signal would block one.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                on_fork(worker.age > settings.workers)
            except Exception:  # as where no thread can be started; gunicorn would end the server
                log.exception("A worker cannot begin; another one is tried.")
                time.sleep(PAUSE)
                sys.exit(1)

        self._options: dict[str, object] = {
            "bind": bind_address(settings),
            "workers": settings.workers,
            "worker_class": _Worker,
            "limit_request_line": MAX_LINE,
            "limit_request_field_size": MAX_HEADER,
            "threads": THREADS,
            "graceful_timeout": GRACE,
            "preload_app": True,
            # gunicorn's warnings quote malformed requests, which may contain somebody's key.
            "loglevel": "error",
            "control_socket_disable": True,
            "when_ready": lambda arbiter: on_ready(),
            "post_worker_init": begin,
            "on_exit": lambda arbiter: on_exit(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application."""
        return self._app

    def run(self) -> None:
        """Serve until a signal says to stop, then exit."""
        _Arbiter(self).run()


class _Worker(ThreadWorker):
    """A process that answers requests; one with too long an address in words of our own."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer what could not be read as a request."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        head = (
            "HTTP/1.1 414 URI Too Long",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(TOO_LONG)}",
            "Cache-Control: no-store",
            "Connection: close",
        )
        with suppress(OSError):
            client.settimeout(LINGER)
            client.sendall("\r\n".join((*head, "", TOO_LONG)).encode("ascii"))
            client.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + LINGER
            # What was sent and not read would reset the connection, and the answer be lost.
            while time.monotonic() < deadline and client.recv(MAX_LINE):
                pass


class _Arbiter(Arbiter):
    """The process that manages the workers, and calls ``on_tick``."""

    app: Server
    _refused = ""

    def spawn_worker(self) -> Any:
        """Start a worker; where the system refuses one, the others go on without it."""
        try:
            pid = super().spawn_worker()
        except OSError as error:
            reason = str(error)
            if reason != self._refused:
                log.warning("A worker cannot be started: %s; that is tried again.", reason)
            self._refused = reason
            return None
        self._refused = ""
        return pid

    def manage_workers(self) -> None:
        super().manage_workers()
        self.app.on_tick()


def bind_address(settings: Settings) -> str:
    """Return the address to listen on, as gunicorn writes it: ``127.0.0.1:8000``.

    Raises ``SettingsError`` if nothing can listen there, before anything is started.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error};"
            " choose another with --host and --port"
        ) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"
