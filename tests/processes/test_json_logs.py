"""The log in JSON: a line is an object, whichever process says it, and no line has a key."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from databases import moved_away
from leaks import forms
from servers import caller
from waiting import PATIENCE, eventually
from workers import FEED, Running, Serve, agenda, write

from calsvc.cli.logs import JSONFormatter
from calsvc.config import load
from calsvc.errors import SettingsError
from calsvc.schedule.itineraries import derived

FIELDS = {"time", "level", "logger", "message"}


def told(log: str) -> list[dict[str, Any]]:
    """Return the objects of a log; assert that each line is one, and has what it must have."""
    lines = [json.loads(line) for line in log.splitlines()]
    for line in lines:
        assert line.keys() - {"exception"} == FIELDS
        assert line["level"] in {"info", "warning", "error", "critical"}
        assert datetime.fromisoformat(line["time"]).utcoffset() == datetime.now(UTC).utcoffset()
    return lines


def use(server: Running) -> list[str]:
    """Choose a session, read it and err in many ways; return the keys that were sent."""
    call = caller(server.port)
    edit_key = call("POST", "/api/calendars").json["edit_key"]
    keys = [edit_key, derived(edit_key, "feed", 1), derived(edit_key, "share", 1)]
    call("PUT", "/api/calendars/me/sessions/conf/talk-1", edit_key)
    call("PATCH", "/api/calendars/me", edit_key, body={"shared": True})
    for key in keys:
        for path in (f"/my/{key}/x.ics", f"/my/shared/{key}/", f"/my/{key}?q=%ff", f"/{key}"):
            call("GET", path, key)
    return keys


@pytest.mark.slow
def test_log_of_all_processes_is_json_without_keys_and_addresses_of_people(
    sqlite_url: str, events: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALSVC_LOG_FORMAT", "json")
    (events / "broken.yaml").write_text("name: [")
    server = serve(sqlite_url, events)

    def says(words: str) -> bool:
        return words in server.log.read_text()

    keys = use(server)
    write(events / "conf.yaml", agenda(1))
    eventually(lambda: says("Changed 1: renamed"))
    eventually(lambda: b"Changed 1" in server.ask(FEED).body)
    with moved_away(sqlite_url):
        eventually(lambda: says("Calendars go on from memory."))
        answers = [caller(server.port)("GET", f"/my/{key}/x.ics").status for key in keys]
    eventually(lambda: says("The database answers again."))
    os.kill(server.workers()[0], signal.SIGKILL)
    eventually(lambda: says("Unexpected exit from worker"))
    eventually(lambda: len(server.ask_each("/healthz")) == 2)
    assert server.stop() == 0

    log = server.log.read_text()
    lines = told(log)
    messages = [line["message"] for line in lines]
    loggers = {line["logger"] for line in lines}
    assert loggers >= {"calsvc", "_granian", "calsvc.watcher", "calsvc.live.follower"}
    assert "Published conf version 1\n  First published, with 8 sessions" in messages
    assert "calsvc serves 1 event at https://calendar.example.org/" in messages
    assert set(answers) == {503}
    assert any("broken.yaml:" in each for each in messages)
    assert [key for key in keys for form in forms(key) if form in log.encode()] == []
    assert "127.0.0.1" not in log  # where all who asked are


def test_what_stops_a_server_is_a_line_too(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        words = [sys.executable, "-m", "calsvc", "serve", "--port", port]

        done = subprocess.run(
            words,
            cwd=tmp_path,
            env={**os.environ, "CALSVC_LOG_FORMAT": "json"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    lines = told(done.stderr)
    assert done.returncode == 2
    assert [line["level"] for line in lines][-1:] == ["warning"]
    assert lines[-1]["message"].startswith(f"cannot listen on 127.0.0.1:{port}: ")


PROGRAM = """
import threading, warnings
from calsvc.cli import logs
logs.configure("json")
class Careless:
    def __del__(self):
        raise OSError("left behind")
Careless()
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
warnings.warn("old habits", DeprecationWarning)
raise ValueError("two\\nlines")
"""


def test_what_python_itself_would_print_is_a_line_too() -> None:
    words = [sys.executable, "-W", "always", "-c", PROGRAM]

    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)

    lines = told(done.stderr)
    assert done.returncode == 1
    assert [line["level"] for line in lines] == ["error", "error", "warning", "critical"]
    assert "left behind" in lines[0]["exception"]
    assert "ZeroDivisionError" in lines[1]["exception"]
    assert "old habits" in lines[2]["message"]
    assert lines[3]["exception"].endswith("ValueError: two\nlines")


@pytest.mark.parametrize("words", ["two\nlines", "\u2028 and \x85", '"{}', "Zürich \udcff", "%s"])
def test_any_message_is_one_line(words: str) -> None:
    record = logging.LogRecord("calsvc", logging.WARNING, "", 0, "%s", (words,), None)

    line = JSONFormatter().format(record)

    assert line.splitlines() == [line]
    assert line.isascii()
    assert json.loads(line)["message"] == words


def test_log_format_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALSVC_LOG_FORMAT", "yaml")

    with pytest.raises(SettingsError, match=r"CALSVC_LOG_FORMAT.*'yaml' cannot be used.*'text' or"):
        load()
