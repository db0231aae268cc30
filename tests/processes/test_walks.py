"""Subscribers over a long walk of changes: all end with the agenda, and none ever goes back.

One asks by date alone, one by ETag alone, and one polls once a minute through an nginx that
keeps what it may.  Its clock runs sixty times as fast as ours, so that a minute is a second.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import event_of, tool
from servers import caller, free_port
from subscriber import Subscriber, read
from waiting import PATIENCE, eventually

from calsvc.releases import publish_event, roll_back, withdraw
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.schedules import Storage

FEED = "/events/conf.ics"
STEPS = 60
FAST = 60  # times as fast as ours, nginx's clock
NGINX = """
daemon off; master_process off; pid nginx.pid; error_log stderr warn;
events {{ }}
http {{
  access_log off; client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
  uwsgi_temp_path temp; scgi_temp_path temp;
  proxy_cache_path kept keys_zone=calendars:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{site};
      proxy_cache calendars; proxy_cache_background_update on;
    }}
  }}
}}
"""
AGENDA = """
    name: "{name}"
    timezone: America/Vancouver
    dates: {{from: 2027-11-06, to: 2027-11-08}}
    venue: "{venue}"
    sessions:
      - {{id: one, title: "{title}", when: 2027-11-07 {start}-12:00, room: "{room}"}}
      - {{id: two, title: Two, status: {status}, when: 2027-11-08 10:00-11:00}}
      {more}
"""


class Desk:
    """A storage whose one event changes step by step."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.fields = {
            "name": "Conf",
            "venue": "Hall",
            "title": "One",
            "start": "09:00",
            "room": "A",
            "status": "confirmed",
            "more": "",
        }
        self.address = "http://calendar.example.org"
        self.publish()

    def publish(self, **fields: str) -> None:
        """Publish the agenda with other fields."""
        self.fields |= fields
        publish_event(self.storage, event_of(AGENDA.format(**self.fields)), "conf.yaml")

    def publish_ahead(self, days: int) -> None:
        """Publish a change while the clock is wrong."""
        self.fields["title"] = f"Ahead {days}"
        event = event_of(AGENDA.format(**self.fields))
        ahead = datetime.now(UTC) + timedelta(days=days)
        self.storage.append("conf", lambda _, last: Draft(publish(event, last, ahead), "conf"))

    def come_back(self) -> None:
        """Take the event back, and publish it again."""
        withdraw(self.storage, "conf")
        self.publish()


CHANGES: tuple[Callable[[Desk, int], object], ...] = (
    lambda desk, number: desk.publish(title=f"One {number}"),
    lambda desk, number: desk.publish(room=f"Room {number}"),
    lambda desk, number: desk.publish(start=f"09:{number % 60:02}"),
    lambda desk, number: desk.publish(status="cancelled"),
    lambda desk, number: setattr(desk, "address", f"https://calendar{number}.example.org"),
    lambda desk, number: desk.publish(status="confirmed"),
    lambda desk, number: desk.publish(
        more="- {id: three, title: Three, when: 2027-11-07 14:00-15:00}"
    ),
    lambda desk, number: [desk.publish(title=f"Quick {number} {turn}") for turn in range(3)],
    lambda desk, number: desk.publish(more=""),
    lambda desk, number: desk.publish(venue=f"Hall {number}"),
    lambda desk, number: desk.publish_ahead(400),
    lambda desk, number: desk.publish(name=f"Conf {number}"),
    lambda desk, number: roll_back(desk.storage, "conf", 1),
    lambda desk, number: setattr(desk, "address", "http://calendar.example.org"),
    lambda desk, number: desk.come_back(),
    lambda desk, number: desk.publish(more="- {id: later, title: Later}"),
)


class Poll(NamedTuple):
    """What a subscriber keeps, and how it asks."""

    name: str
    sent: str
    """The header of what is known, and the header that it is sent in."""
    asks_by: str
    port: int
    program: Subscriber
    known: list[str]
    told: list[str]
    """What the feeds said of their last change."""

    def fetch(self) -> None:
        """Ask once, and take over what is new; hold it to what was told before."""
        headers = {self.asks_by: self.known[-1]} if self.known else {}
        answer = caller(self.port)("GET", FEED, headers=headers)
        if answer.status == 304:
            return
        assert answer.status == 200, (self.name, answer)
        date = answer.headers["Last-Modified"]
        self.known.append(answer.headers[self.sent])
        before = {uid: (each.sequence, each.stamp) for uid, each in self.program.kept.items()}
        for uid, entry in read(answer.body).items():
            past = before.get(uid, (entry.sequence, entry.stamp))
            assert (entry.sequence, entry.stamp) >= past, (self.name, uid)
        head = answer.body.partition(b"BEGIN:V" + b"EVENT")[0].decode()
        (revised,) = [line for line in head.split("\r\n") if line.startswith("LAST-MODIFIED")]
        assert revised >= self.told[-1] if self.told else True, self.name
        self.told.append(revised)
        assert parsed(date) <= parsed(answer.headers.get("Date", date)), self.name
        self.program.fetch(answer.body)


def parsed(date: str) -> datetime:
    """Return a date of HTTP."""
    return datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)


def poll(name: str, sent: str, asks_by: str, port: int) -> Poll:
    """Return a subscriber that is new."""
    return Poll(name, sent, asks_by, port, Subscriber(), [], [])


@contextmanager
def running(words: list[str], folder: Path, port: int, path: str) -> Iterator[None]:
    """Run a program that serves a port while the block runs."""
    with (folder / f"{port}.log").open("ab") as log:
        process = subprocess.Popen(
            words, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        eventually(lambda: process.poll() is None and answers(port, path))
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # faketime does not pass it on
        process.wait(PATIENCE)


def answers(port: int, path: str) -> bool:
    """Tell whether a program answers there."""
    try:
        return caller(port)("GET", path).status == 200
    except OSError:
        return False


@contextmanager
def site(desk: Desk, url: str, folder: Path, port: int) -> Iterator[None]:
    """Serve what is stored, under the present address, by three workers."""
    words = [sys.executable, "-m", "calsvc", "serve", "--port", str(port), "--workers", "3"]
    words += ["--database", url, "--base-url", desk.address]
    with running(words, folder, port, FEED):
        yield


@contextmanager
def nginx(folder: Path, port: int, site_port: int) -> Iterator[None]:
    """Run an nginx that keeps what it may, by a clock that is fast."""
    (folder / "temp").mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(port=port, site=site_port))
    words = [tool("faketime"), "-f", f"+0 x{FAST}", tool("nginx"), "-p", str(folder)]
    with running([*words, "-c", "nginx.conf"], folder, port, FEED):
        yield


@pytest.mark.slow
def test_subscribers_of_each_kind_end_with_the_agenda_and_never_see_an_older_one(
    sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path
) -> None:
    desk = Desk(open_storage(sqlite_url))
    port, cache = free_port(), free_port()
    polls = [
        poll("by date", "Last-Modified", "If-Modified-Since", port),
        poll("by tag", "ETag", "If-None-Match", port),
        poll("by cache", "ETag", "If-None-Match", cache),
    ]
    served = site(desk, sqlite_url, tmp_path, port)
    served.__enter__()
    try:
        with nginx(tmp_path, cache, port):
            for number, change in zip(range(STEPS), cycle(CHANGES), strict=False):
                address = desk.address
                change(desk, number)
                if desk.address != address:
                    served.__exit__(None, None, None)
                    served = site(desk, sqlite_url, tmp_path, port)
                    served.__enter__()
                wait_for(desk, port)
                time.sleep(75 / FAST)  # nginx may keep a feed for a minute
                truth = read(caller(port)("GET", FEED).body)
                for each in polls:
                    each.fetch()
                    assert each.program.kept == truth, (number, each.name)
    finally:
        served.__exit__(None, None, None)


def wait_for(desk: Desk, port: int) -> None:
    """Wait until a worker serves what was published last; no other serves less from then on."""
    number = desk.storage.numbers()["conf"]

    def is_served() -> bool:
        answer = caller(port)("GET", "/api/events/conf")
        return answer.status == 200 and answer.json["version"] == number

    eventually(is_served)


@pytest.mark.slow
def test_no_worker_answers_with_an_older_version_than_another_one_gave(
    sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path
) -> None:
    desk = Desk(open_storage(sqlite_url))
    port = free_port()
    seen: list[str] = []
    with site(desk, sqlite_url, tmp_path, port):
        for number in range(20):
            desk.publish(title=f"One {number:02}")

            def is_there(title: str = f"SUMMARY:One {number:02}") -> bool:
                body = caller(port)("GET", FEED).body.decode()
                seen.extend(line for line in body.split("\r\n") if line.startswith("SUMMARY:One"))
                return title in seen

            eventually(is_there)
            for _ in range(30):
                is_there()

    assert seen == sorted(seen)
    assert len(set(seen)) >= 20
