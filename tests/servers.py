"""Sites that listen on this machine: an application in a thread, or ``calsvc serve``."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from conftest import PROJECT
from flask import Flask
from waiting import PATIENCE, eventually
from werkzeug.datastructures import Headers
from werkzeug.serving import WSGIRequestHandler, make_server

from calsvc.config import Settings
from calsvc.server.processes import Server


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Quiet(WSGIRequestHandler):
    """Logs no requests: hundreds of them would hide what a failing test says."""

    def log_request(self, *args: object) -> None:
        pass


@contextmanager
def listening(app: Flask, port: int, handler: type[WSGIRequestHandler] = Quiet) -> Iterator[None]:
    """Serve an application on a port of the loopback while the block runs."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def answering(app: Flask) -> Iterator[int]:
    """Serve an application by calsvc's own server while the block runs; give its port."""
    port = free_port()
    process = get_context("fork").Process(target=_answer, args=[app, port])
    process.start()
    try:
        eventually(lambda: _is_listening(port))
        yield port
    finally:
        process.terminate()
        process.join()


def _answer(app: Flask, port: int) -> None:
    def nothing(*_: object) -> None:
        pass

    settings = Settings(port=port, workers=1)
    hooks = dict.fromkeys(("on_ready", "on_tick", "on_fork", "on_exit"), nothing)
    Server(app, settings, **hooks).run()


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- in processes -------------------------------------------------------------------------


@contextmanager
def serving(events: Path, port: int) -> Iterator[str]:
    """Serve a folder of event files, in processes of its own, while the block runs."""
    address = f"http://127.0.0.1:{port}"
    log = events.with_suffix(".log")
    words = [sys.executable, "-m", "calsvc", "serve", str(events), "--port", str(port)]
    with log.open("a") as output:
        server = subprocess.Popen(
            [*words, "--database", f"sqlite:///{events.with_suffix('.db')}"],
            cwd=events.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if get(f"{address}/events.ics")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the server does not answer: {log.read_text()}")


def copied_events(folder: Path) -> Path:
    """Return a folder with copies of the real event files."""
    events = folder / "events"
    shutil.copytree(PROJECT / "events", events)
    return events


@pytest.fixture(scope="module")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the real events, for all who leave them as they are."""
    with serving(copied_events(tmp_path_factory.mktemp("site")), free_port()) as address:
        yield address


def get(address: str) -> tuple[int, bytes]:
    """Return status and body of what a server gives at an address."""
    _, _, host, path = address.split("/", 3)
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    try:
        connection.request("GET", f"/{path}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as what it describes."""
        return json.loads(self.body)


class Line:
    """A connection to a server, which stays open from call to call."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(
        self,
        method: str,
        path: str,
        key: str = "",
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Return what a call is answered with."""
        given = {"Authorization": f"Bearer {key}"} if key else {}
        sent = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        self._connection.request(method, path, body=sent, headers={**given, **(headers or {})})
        answer = self._connection.getresponse()
        return Answer(answer.status, Headers(answer.getheaders()), answer.read())

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


Call = Callable[..., Answer]


def caller(port: int) -> Call:
    """Return what calls a server, each time by a connection of its own."""

    def call(*words: str, **options: Any) -> Answer:
        with closing(Line(port)) as line:
            return line.call(*words, **options)

    return call
