"""granian around the application: several worker processes, and a clean stop on SIGTERM."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from calsvc.config import Settings
from calsvc.errors import SettingsError
from calsvc.server.gateway import Gateway
from calsvc.web.metrics import remembered
from calsvc.web.site import EXTENSION, Site

WAITING = 1024  # connections that a worker serves at once; more wait for their turn
MAX_HEAD = 96 * 1024  # octets of a request before its body
HEAD_TIMEOUT = 20_000  # milliseconds in which it must have arrived
GRACE = 7  # seconds that a request may take to end when the server stops: no lane waits longer
PAUSE = 1.0  # seconds before another try where no worker can run
TICK = 1.0  # seconds between calls of ``on_tick``

LOGGING = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""granian's own messages go where those of calsvc go."""

log = logging.getLogger(__name__)


class Server:
    """A granian that serves one application, which is created before its workers fork."""

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

        ``on_tick`` runs beside the workers, every second.  Raises ``SettingsError`` if nothing
        can listen where the settings say.
        """
        self._app = app
        self._site: Site = app.extensions[EXTENSION]
        self._settings = settings
        self._address = bind_address(settings)
        self._on_ready = on_ready
        self._on_tick = on_tick
        self._on_fork = on_fork
        self._on_exit = on_exit
        self._forks = multiprocessing.get_context("fork").Value("i", 0)
        self._pid = 0
        self._is_over = threading.Event()

    def run(self) -> None:
        """Serve until a signal says to stop.

        granian ends where workers die as soon as they start; it is then tried again.
        """
        multiprocessing.set_start_method("fork", force=True)  # workers have what was read here
        self._pid = os.getpid()
        os.register_at_fork(after_in_child=_end_when_told)
        ticking = threading.Thread(target=self._tick, daemon=True)
        try:
            while not self._serve(ticking):
                time.sleep(PAUSE)
        finally:
            self._is_over.set()
            self._on_exit()

    def _serve(self, ticking: threading.Thread) -> bool:
        """Serve once; return whether a signal ended it."""
        host, port = self._address
        granian = Granian(
            "calsvc",
            host,
            port,
            interface=Interfaces.RSGI,
            loop=Loops.uvloop,
            http=HTTPModes.http1,
            websockets=False,
            workers=self._settings.workers,
            backpressure=WAITING,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEAD_TIMEOUT, max_buffer_size=MAX_HEAD
            ),
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.error,  # the rest is about processes that start and end as usual
            log_dictconfig=LOGGING,
        )

        @granian.on_startup
        def begin() -> None:
            if not ticking.ident:
                self._on_ready()
                ticking.start()

        try:
            granian.serve(target_loader=self._load, wrap_loader=False)
        except SystemExit:  # of workers that ended by themselves
            if not granian.interrupt_signal:
                log.warning("The workers cannot run; that is tried again.")
        except OSError as error:
            log.warning("A worker cannot be started: %s; that is tried again.", error)
            granian.shutdown(0)  # type: ignore[no-untyped-call]
        return bool(granian.interrupt_signal)

    def _tick(self) -> None:
        while not self._is_over.wait(TICK):
            self._on_tick()

    def _load(self, *_: Any) -> Callable[..., Any]:
        """Return what answers requests, in a worker."""
        with self._forks.get_lock():
            self._forks.value += 1
            is_replacement = self._forks.value > self._settings.workers
        self._site.figures.claim()
        threading.Thread(target=self._live_with_parent, daemon=True).start()
        self._on_fork(is_replacement)
        path = urlsplit(self._settings.base_url or "").path
        below = unquote_to_bytes(path).decode("latin-1")
        return Gateway(self._app, self._address, below).answer

    def _live_with_parent(self) -> None:
        """Give signs of life, and end this worker when the process is gone that started it."""
        while os.getppid() == self._pid:
            with suppress(Exception):  # a worker lives on without a figure
                self._site.figures.beat(remembered(self._app))
            time.sleep(TICK)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)


def _end_when_told() -> None:
    """Let SIGTERM end a worker that has only begun; until granian listens it would do nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def bind_address(settings: Settings) -> tuple[str, int]:
    """Return the IP address and the port to listen on.

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
    return str(address[0]), settings.port
