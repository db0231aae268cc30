"""``calsvc serve``: what it prints, answers, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from commands import BACKWARDS, BROKEN, GOOD, PT, WriteEvent, run
from servers import free_port
from waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def port() -> int:
    """A port that nothing listens on."""
    return free_port()


Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started() -> Iterator[Started]:
    """Start calsvc serve; end it, and all that it started, after the test."""
    servers: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        server = subprocess.Popen(
            [sys.executable, "-m", "calsvc", "serve", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=PATIENCE)


def answer_of(url: str) -> str:
    """Return what an address answers, as soon as it does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(url, timeout=PATIENCE) as response:  # noqa: S310 -- a server of our own
                text: str = response.read().decode()
                return text
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_serve_answers_until_it_is_stopped(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(GOOD)
    site = f"http://127.0.0.1:{port}"
    server = started("events", "--port", str(port))

    health = answer_of(f"{site}/healthz")
    feed = answer_of(f"{site}/events/conf.ics")
    server.send_signal(signal.SIGTERM)
    output, errors = server.communicate(timeout=PATIENCE)

    assert health == "ok\n"
    assert feed.count("BEGIN:VEVENT") == 3
    assert f"SOURCE;VALUE=URI:{site}/events/conf.ics" in feed.replace("\r\n ", "")
    assert server.returncode == 0
    assert output == (
        f"calsvc serves 1 event at {site}/\n  {site}/events/conf.ics\nStop it with Ctrl-C.\n"
    )
    assert errors == "Published conf version 1\n  First published, with 2 sessions\n"
    with pytest.raises(URLError):
        urlopen(f"{site}/healthz", timeout=PATIENCE)  # noqa: S310 -- a server of our own


@pytest.mark.slow
def test_serve_warns_of_links_that_lead_nowhere_until_ctrl_c(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(GOOD)
    server = started("events", "--host", "0.0.0.0", "--port", str(port))  # noqa: S104 -- the point

    answer_of(f"http://127.0.0.1:{port}/healthz")
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does it: to all processes at once
    _, errors = server.communicate(timeout=PATIENCE)

    assert server.returncode == 0
    assert (
        f"Warning: links inside calendars lead to http://0.0.0.0:{port};"
        " set --base-url to the address that others reach this server by.\n"
    ) in errors
    assert "Traceback" not in errors


@pytest.mark.slow
def test_serve_of_a_broken_folder_says_what_is_wrong_and_serves_the_rest(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(BROKEN, "a")
    write_event(GOOD, "b")

    server = started("events", "--port", str(port))
    feed = answer_of(f"http://127.0.0.1:{port}/events/b.ics")
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=PATIENCE)

    assert feed.count("BEGIN:VEVENT") == 3
    assert errors.startswith(
        "Published b version 1\n  First published, with 2 sessions\n"
        f"events/a.yaml:2:11: {PT}\nevents/a.yaml:6:49: {BACKWARDS}\n"
    )


@pytest.mark.slow
def test_serve_of_a_folder_that_is_none_says_so_and_waits(port: int, started: Started) -> None:
    server = started("evnets", "--port", str(port))
    health = answer_of(f"http://127.0.0.1:{port}/healthz")
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=PATIENCE)

    assert (health, server.returncode) == ("ok\n", 0)
    assert errors.startswith("evnets: is not a folder; name a folder of event files\n")


def test_serve_on_a_port_that_is_taken_says_so(write_event: WriteEvent) -> None:
    write_event(GOOD)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = run("serve", "events", "--port", str(port))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        f"Error: cannot listen on 127.0.0.1:{port}: Address already in use;"
        " choose another with --host and --port"
    )


def test_serve_on_a_host_that_is_none_says_so(write_event: WriteEvent, port: int) -> None:
    write_event(GOOD)

    result = run("serve", "events", "--host", "no-such-host.invalid", "--port", str(port))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith(
        f"Error: cannot listen on no-such-host.invalid:{port}: "
    )
