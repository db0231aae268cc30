"""Addresses with many values, through the real server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

IDS = [f"a-session-with-an-id-of-eighty-characters-{'x' * 34}-{number:03}" for number in range(100)]
EVENT = """\
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with an event of 101 sessions."""
    home = tmp_path_factory.mktemp("home")
    (home / "events").mkdir()
    lines = [f"  - {{id: {each}, title: {each}, when: 09:00-10:00}}" for each in [*IDS, "other"]]
    (home / "events" / "conf.yaml").write_text(EVENT + "\n".join(lines), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "calsvc", "serve", "events", "--port", str(number)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "CALSVC_WORKERS": "1"},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(number, server, home / "log")
        yield number
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            if ask(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(log.read_text())


def ask(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    """Return the status, the type and the text of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


def test_hundred_ids_of_eighty_characters_fit(port: int) -> None:
    assert {len(each) for each in IDS} == {80}
    query = "&".join(f"session={each}" for each in IDS)

    status, _, text = ask(port, f"/events/conf.ics?{query}&banner=no")

    assert status == 200
    assert text.count("BEGIN:VEVENT") == 100
    assert ask(port, f"/events/conf/subscribe/?{query}")[0] == 200
    # Browsers tell where they come from when they load the page's style.
    page = f"http://127.0.0.1:{port}/events/conf/subscribe/?{query}"
    assert ask(port, "/static/calsvc.css", Referer=page)[0] == 200


def test_one_value_more_is_refused_in_words_of_our_own(port: int) -> None:
    query = "&".join(f"session={each}" for each in [*IDS, "other"])

    status, kind, text = ask(port, f"/events/conf.ics?{query}")

    assert (status, text) == (400, "More than 100 values; ask for fewer.\n")
    assert kind == "text/plain; charset=utf-8"


@pytest.mark.parametrize("length", [17_000, 40_000, 60_000])
def test_longer_address_is_refused_in_words_of_our_own(port: int, length: int) -> None:
    status, kind, text = ask(port, f"/events/conf.ics?q={'x' * length}")

    assert (status, text) == (414, "This address is too long; ask for fewer values.\n")
    assert kind == "text/plain; charset=utf-8"
    assert ask(port, "/healthz")[0] == 200


def test_address_that_no_program_sends_is_refused(port: int) -> None:
    assert ask(port, f"/events/conf.ics?q={'x' * 300_000}")[0] in {414, 431}
    assert ask(port, "/healthz")[0] == 200
