"""gunicorn around the application: several workers, and a clean stop on SIGTERM."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from calsvc.config import Settings
from calsvc.errors import SettingsError

THREADS = 8
GRACE = 10  # seconds that a request may take to end when the server stops
PAUSE = 1  # seconds before another worker is tried in place of one that could not begin

log = logging.getLogger(__name__)


class Server(BaseApplication):
    """A gunicorn that serves one application, which is made before its workers fork."""

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
        """``on_fork`` runs in each worker, and is told whether it replaces one that died.

        ``on_tick`` runs beside the workers, every second and when a child process ends.
        """
        self._app = app
        self.on_tick = on_tick

        def begin(worker: Worker) -> None:
            # Its own signal handlers are there now.  Ctrl-C reaches all processes of a
            # terminal; the arbiter tells the workers to stop, and twice would block one.
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
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE,
            "preload_app": True,
            # Its warnings repeat malformed requests, which may hold somebody's key.
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
        """Serve until a signal says to stop, and exit then."""
        _Arbiter(self).run()


class _Arbiter(Arbiter):
    """The process that sees to the workers, and to what else there is to see to."""

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
    """Return gunicorn's word for the address to listen on.

    Raises ``SettingsError`` when nothing can listen there, before anything is started.
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
