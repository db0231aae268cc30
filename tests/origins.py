"""Sources that event files follow: a server on this machine, and agendas for it to give."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest


@dataclass(frozen=True)
class Answer:
    """What a source answers."""

    body: bytes = b""
    status: int = 200
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Origin:
    """A source that listens on this machine, and gives whatever a test sets."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/schedule.json"
        self.answer = Answer(status=404)
        self.requests = 0
        self.known = 0
        """How many of them were answered by 304."""

    def give(self, agenda: "Agenda") -> None:
        """Give an agenda from now on."""
        self.answer = Answer(agenda.octets())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    origin: Origin


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        origin, answer = self.server.origin, self.server.origin.answer
        origin.requests += 1
        etag = f'"{sha256(answer.body).hexdigest()}"'
        if answer.status == 200 and self.headers.get("If-None-Match") == etag:
            origin.known += 1
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(answer.status)
        headers = {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body))}
        if answer.status == 200:
            headers["ETag"] = etag
        for name, value in {**headers, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def listening_origin() -> Iterator[Origin]:
    """Serve a source on the loopback while the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.origin = Origin(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.origin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A source that an event file may follow."""
    with listening_origin() as found:
        yield found


# --- agendas ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """A session of such a source."""

    key: str
    title: str
    start: datetime
    """On the clocks of the agenda's zone."""
    room: str = "Hall A"
    person: str = ""
    minutes: int = 45


@dataclass(frozen=True)
class Agenda:
    """What such a source says, as frab's ``schedule.json`` has it."""

    sessions: tuple[Given, ...]
    zone: str = "Europe/Berlin"
    name: str = "Conf"

    def octets(self) -> bytes:
        """Return the agenda as it is served."""
        days: dict[str, dict[str, list[Any]]] = {}
        for number, each in enumerate(self.sessions, 1):
            start = each.start.replace(tzinfo=ZoneInfo(self.zone))
            event = {
                "id": number,
                "guid": each.key,
                "date": start.isoformat(),
                "start": f"{start:%H:%M}",
                "duration": f"{each.minutes // 60:02}:{each.minutes % 60:02}",
                "room": each.room,
                "title": each.title,
                "persons": [{"public_name": each.person}] if each.person else [],
            }
            rooms = days.setdefault(f"{each.start:%Y-%m-%d}", {})
            rooms.setdefault(each.room, []).append(event)
        conference = {
            "title": self.name,
            "time_zone_name": self.zone,
            "days": [
                {"index": index, "date": day, "rooms": rooms}
                for index, (day, rooms) in enumerate(sorted(days.items()), 1)
            ],
        }
        return json.dumps({"schedule": {"version": "1", "conference": conference}}).encode()

    def expected(self) -> set[tuple[str, datetime, str]]:
        """Return titles, UTC starts and rooms of its sessions."""
        zone = ZoneInfo(self.zone)
        return {
            (each.title, each.start.replace(tzinfo=zone).astimezone(UTC), each.room)
            for each in self.sessions
        }

    def changed(self, place: int, **fields: Any) -> "Agenda":
        """Return the agenda with another session at a place."""
        sessions = [*self.sessions]
        sessions[place] = replace(sessions[place], **fields)
        return replace(self, sessions=tuple(sessions))


def agenda_of(number: int) -> Agenda:
    """Return an agenda of so many sessions, on two days in June 2027."""
    first = datetime(2027, 6, 15, 9)
    return Agenda(
        tuple(
            Given(
                f"key-{each}",
                f"Talk {each}",
                first + timedelta(days=each % 2, hours=each // 4),
                f"Hall {'AB'[each // 2 % 2]}",
                f"Person {each}",
            )
            for each in range(number)
        )
    )
