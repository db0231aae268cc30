"""Servers that start where something is wrong: they serve what is good, tell, and heal."""

import errno
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from servers import free_port
from tiers import slow
from waiting import PATIENCE, eventually

from calsvc.cli import watching as watching_module
from calsvc.cli.watching import Watching
from calsvc.config import Settings
from calsvc.live.events import Bulletin, Live
from calsvc.server import processes as server_module
from calsvc.server.processes import Server
from calsvc.web.app import create_app

CONF = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"
FORK = get_context("fork")
Serve = Callable[..., "Starting"]


class Starting:
    """A ``calsvc serve`` with one worker, in a folder of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.port = free_port()
        self.log = folder / "serve.log"
        command = [sys.executable, "-m", "calsvc", "serve", *words, "--port", str(self.port)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--workers", "1"],
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: self.get("/healthz") == (200, "ok\n"))

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the text of an answer; 0 where there is none."""
        assert self.process.poll() is None, self.log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def end(self) -> None:
        """Leave nothing behind."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a server in a folder; it is ended after the test."""
    started: list[Starting] = []

    def start(*words: str) -> Starting:
        started.append(Starting(tmp_path, *words))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.mark.slow
def test_server_without_anything_published_waits_for_a_publication(
    serve: Serve, tmp_path: Path
) -> None:
    server = serve()
    before = [server.get(path)[0] for path in ("/events/conf.ics", "/events/conf/", "/", "/readyz")]

    (tmp_path / "conf.yaml").write_text(CONF)
    publish = [sys.executable, "-m", "calsvc", "publish", "conf.yaml"]
    subprocess.run(publish, cwd=tmp_path, check=True, capture_output=True)

    assert before == [503, 503, 503, 503]
    eventually(lambda: server.get("/events/conf.ics")[0] == 200)
    eventually(lambda: server.get("/readyz") == (200, "ok\n"))


@pytest.mark.slow
@pytest.mark.parametrize("is_there", [True, slow(False)])
def test_server_whose_folder_holds_no_good_file_waits_for_one(
    serve: Serve, tmp_path: Path, is_there: bool
) -> None:
    events = tmp_path / "events"
    if is_there:
        events.mkdir()
        (events / "draft.yaml").write_text("name: [")
    server = serve("events")
    told = "draft.yaml:" if is_there else "events: is not a folder"
    before = server.get("/readyz")

    events.mkdir(exist_ok=True)
    (events / "conf.yaml").write_text(CONF)

    assert (before[0], told in before[1]) == (503, True)
    eventually(lambda: server.get("/events/conf.ics")[0] == 200)


def test_watching_process_that_cannot_be_started_is_told_of_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulletin = Bulletin()
    interpreter = tmp_path / "python3"
    monkeypatch.setattr(sys, "executable", str(interpreter))
    monkeypatch.setattr(watching_module, "RESTART", 0.0)
    monkeypatch.setattr(watching_module, "STEADY", 0.0)
    watching = Watching(tmp_path / "events", f"sqlite:///{tmp_path}/calsvc.db", bulletin)

    watching.see_to()
    told = bulletin.read()
    interpreter.write_text("#!/bin/sh\nexec sleep 600\n")
    interpreter.chmod(0o755)

    def is_well() -> bool:
        watching.see_to()
        return bulletin.read() == ""

    eventually(is_well)
    watching.stop()
    assert told == (
        "events: its changes are not published now: the process that watches it cannot be"
        " started (No such file or directory); it is started again as soon as that can be"
    )


def test_watching_process_that_ends_again_and_again_is_told_of_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bulletin = Bulletin()
    starts = tmp_path / "starts"
    interpreter = tmp_path / "python3"
    interpreter.write_text(f"#!/bin/sh\necho >> {starts}\nexit 1\n")
    interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    monkeypatch.setattr(watching_module, "RESTART", 0.05)
    monkeypatch.setattr(watching_module, "LONGEST_PAUSE", 0.1)
    watching = Watching(tmp_path / "events", f"sqlite:///{tmp_path}/calsvc.db", bulletin)

    def has_started_often() -> bool:
        watching.see_to()
        return starts.exists() and len(starts.read_text()) >= 4

    eventually(has_started_often)
    watching.stop()
    (record,) = caplog.records
    assert record.getMessage() == bulletin.read()
    assert "the process that watches it ended" in bulletin.read()


def test_server_to_which_the_system_gives_no_more_processes_tries_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def nothing(*_: object) -> None:
        """Do nothing: this server never runs."""

    def refuse() -> int:
        tries.append(1)
        if len(tries) == 3:  # a signal, while the system still refuses
            os.kill(os.getpid(), signal.SIGTERM)
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    tries: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    settings = Settings(port=free_port(), workers=2)
    calls = {"on_ready": nothing, "on_tick": nothing, "on_fork": nothing, "on_exit": nothing}
    server = Server(create_app(Live((), settings.address)), settings, **calls)
    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(server_module, "PAUSE", 0.01)
    try:
        server.run()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)

    assert len(tries) == 3
    assert {record.getMessage() for record in caplog.records} == {
        "A worker cannot be started: [Errno 11] Resource temporarily unavailable;"
        " that is tried again."
    }


def test_worker_that_has_only_begun_ends_when_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "GRACE", 10 * PATIENCE)  # nothing kills it meanwhile
    settings = Settings(port=free_port(), workers=1)
    begun = FORK.Event()

    def nothing() -> None:
        """Do nothing."""

    def begin(_: bool) -> None:
        begun.set()
        time.sleep(20 * PATIENCE)

    def run() -> None:
        app = create_app(Live((), settings.address))
        calls = {"on_ready": nothing, "on_tick": nothing, "on_fork": begin, "on_exit": nothing}
        Server(app, settings, **calls).run()

    server = FORK.Process(target=run)
    server.start()
    assert begun.wait(PATIENCE)
    server.terminate()
    server.join(PATIENCE)
    code = server.exitcode
    server.kill()

    assert code == 0
