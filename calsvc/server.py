"""gunicorn around the application: several workers, and a clean stop on SIGTERM."""

import signal
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from calsvc.config import Settings
from calsvc.errors import SettingsError

THREADS = 8
GRACE = 10  # seconds that requests have to finish when the server stops


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
            on_fork(worker.age > settings.workers)

        self._options: dict[str, object] = {
            "bind": bind_address(settings),
            "workers": settings.workers,
            "worker_class": "gthread",
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


class _Arbiter(Arbiter):
    """The process that manages the workers, and calls ``on_tick``."""

    app: Server

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
