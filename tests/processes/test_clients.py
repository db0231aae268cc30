"""Real subscriptions: a real server, and programs that people read calendars with.

vdirsyncer fetches the feed as it would from anywhere, and khal shows what it has kept;
ical.js, which Thunderbird and Nextcloud read with, takes every kind of feed.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PROJECT
from readers import faults, read_ical_js

PROGRAMS = Path(sys.executable).parent
PATIENCE = 60  # seconds for a program to start or to end; each takes a few

# As https://atscaleconference.com/events/ai-data-2025/ has them, in Pacific time.
AGENDA = [
    ("08:30", "10:00", "Attendee Registration"),
    ("08:30", "10:00", "Breakfast, Raffle Submissions, Networking"),
    ("09:55", "10:00", "Event Welcome"),
    ("10:00", "10:10", "Opening Remarks"),
    ("10:10", "10:35", "Fireside Chat"),
    ("10:35", "10:55", "Metamate from Chatbot to Coworker"),
    ("10:55", "11:15", "Beyond RAG: Production-Ready AI Agents Powered by Enterprise-Scale Data"),
    ("11:15", "11:35", "Agentic Evals"),
    ("11:35", "11:55", "Silent Errors in Large-Scale LLM training: Challenges and Lessons Learned"),
    ("11:55", "12:20", "Q&A Session"),
    ("12:20", "13:20", "Lunch & Poster Sessions"),
    ("13:20", "13:50", "Live Panel: GenAI Startups"),
    ("13:50", "14:15", "How to Prepare Your Agents for the Ice(berg) Age"),
    ("14:15", "14:40", "Agentic Solution for Data Warehouse Access"),
    ("14:40", "15:05", "Break & Poster Sessions"),
    (
        "15:05",
        "15:30",
        "Agentic Observability - Making LLM Apps Debuggable, Trustworthy, and Scalable",
    ),
    ("15:30", "15:55", "Bringing AI Into the Real World"),
    ("15:55", "16:25", "Live Panel: Infrastructure in an Agentic World"),
    ("16:25", "16:30", "Closing Remarks"),
    ("16:30", "18:00", "Happy Hour & Poster Sessions"),
]
Shown = tuple[str, str, str]
"""Start, end and title, as khal shows them."""


def run(*words: str | Path, home: Path) -> str:
    """Run a program that has a home of its own; return what it prints."""
    environment = {**os.environ, "HOME": str(home), "NO_PROXY": "*"}
    ended = subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def get(port: int, address: str) -> tuple[int, bytes]:
    """Return status and body of an address of the server on that port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def serving(events: Path, port: int) -> Iterator[None]:
    """Serve a folder of event files, in a process of its own, while the block runs."""
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
            _wait_for(port, server, log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if get(port, "/events.ics")[0] == 200:
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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of the real events."""
    port = free_port()
    with serving(copied_events(tmp_path_factory.mktemp("site")), port):
        yield port


class Program:
    """A calendar program that has subscribed to one feed: vdirsyncer fetches, khal shows."""

    def __init__(self, home: Path, address: str) -> None:
        self._home = home
        self._kept = home / "kept"
        self._kept.mkdir(parents=True)
        (home / "vdirsyncer.conf").write_text(
            f"""
[general]
status_path = "{home / "status"}"

[pair feed]
a = "web"
b = "disk"
collections = null

[storage web]
type = "http"
url = "{address}"

[storage disk]
type = "filesystem"
path = "{self._kept}"
fileext = ".ics"
"""
        )
        (home / "khal.conf").write_text(
            f"""
[calendars]
[[feed]]
path = {self._kept}
readonly = True

[sqlite]
path = {home / "khal.db"}

[locale]
local_timezone = America/Los_Angeles
default_timezone = America/Los_Angeles
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
        )
        self._vdirsyncer("discover")

    def _vdirsyncer(self, command: str) -> None:
        config = str(self._home / "vdirsyncer.conf")
        run(PROGRAMS / "vdirsyncer", "--config", config, command, home=self._home)

    def fetch(self) -> None:
        """Look at the feed."""
        self._vdirsyncer("sync")

    def shows(self, day: str) -> list[Shown]:
        """Return what is on a day, all-day entries with no times."""
        fields = ("start-time", "end-time", "title")
        asked = [word for name in fields for word in ("--json", name)]
        words = ["--config", str(self._home / "khal.conf"), "list", *asked, day, "1d"]
        listed = run(PROGRAMS / "khal", *words, home=self._home)
        return sorted(
            (each["start-time"], each["end-time"], each["title"])
            for line in listed.splitlines()
            for each in json.loads(line)
        )

    def files(self) -> dict[str, str]:
        """Return the entries that are kept, each in a file that vdirsyncer names by its content."""
        return {path.name: path.read_text("utf-8") for path in self._kept.iterdir()}


def test_subscriber_sees_the_agenda_and_then_what_changed(tmp_path: Path) -> None:
    events = copied_events(tmp_path)
    port = free_port()
    program = Program(tmp_path / "home", f"http://127.0.0.1:{port}/events/ai-data-2025.ics")
    banner = ("", "", "AI & Data @Scale 2025")

    with serving(events, port):
        program.fetch()
    first, first_files = program.shows("2025-06-25"), program.files()

    path = events / "ai-data-2025.yaml"
    source = path.read_text("utf-8")
    changed = source.replace("title: Fireside Chat", "title: Fireside Chat, by the fire").replace(
        "when: 16:25-16:30", "when: 16:20-16:30"
    )
    path.write_text(changed, "utf-8")
    with serving(events, port):
        program.fetch()
    second, second_files = program.shows("2025-06-25"), program.files()

    edited = {
        ("10:10", "10:35", "Fireside Chat"): ("10:10", "10:35", "Fireside Chat, by the fire"),
        ("16:25", "16:30", "Closing Remarks"): ("16:20", "16:30", "Closing Remarks"),
    }
    assert first == sorted([banner, *AGENDA])
    assert second == sorted([banner, *(edited.get(each, each) for each in AGENDA)])
    assert len(first_files) == len(second_files) == 21
    # To the letter the same, but for the two that were edited.
    assert len(first_files.items() & second_files.items()) == 19


def test_subscriber_of_posters_sees_each_where_it_is_shown(site: int, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{site}/events/ai-data-2025.ics?kind=poster&banner=no"
    program = Program(tmp_path / "home", address)

    program.fetch()

    shown = program.shows("2025-06-25")
    assert len(shown) == len(set(shown)) == len(program.files()) == 84
    assert [each for each in shown if each[2] == "Zero-Copy Cloning"] == [
        ("12:20", "13:20", "Zero-Copy Cloning"),
        ("14:40", "15:05", "Zero-Copy Cloning"),
        ("16:30", "18:00", "Zero-Copy Cloning"),
    ]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/events.ics", 4),
        ("/events.ics?series=scale", 4),
        ("/events.ics?series=none", 1),
        ("/events/ai-data-2025.ics", 21),
        ("/events/ai-data-2025.ics?banner=no", 20),
        ("/events/ai-data-2025.ics?parts=yes", 105),
        ("/events/ai-data-2025.ics?kind=poster&banner=no", 84),
        ("/events/ai-data-2025.ics?kind=panel", 3),
        ("/events/ai-data-2025.ics?kind=workshop", 1),
        ("/events/ai-data-2025.ics?speaker=Jelena+Pje%C5%A1ivac-Grbovi%C4%87&banner=no", 3),
        ("/events/ai-data-2025.ics?alarm=10&busy=yes&cancelled=drop", 21),
        ("/events/ai-data-2025.ics?cancelled=mark&utm_source=x", 21),
        ("/events/ai-data-2025/sessions/fireside-chat.ics", 1),
        ("/events/ai-data-2025/sessions/zero-copy-cloning.ics?alarm=5", 3),
        ("/events/systems-reliability-2026.ics", 1),
        ("/events/systems-reliability-2026/sessions/gb200-clusters.ics", 1),
    ],
)
def test_feed_over_http_is_whole(site: int, address: str, number: int) -> None:
    status, body = get(site, address)

    assert status == 200
    assert len(read_ical_js(body)) == number
    assert faults(body) == []
