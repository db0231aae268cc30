"""Subscribers that check every answer: for being right, and not only for being one.

An agenda is published again and again with a higher number in its titles, and people choose
more and more sessions.  So each answer tells how new it is, and may never be older than one
that anybody had before it was asked for.
"""

import http.client
import json
import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Event, Lock, Thread

from bench.agendas import numbered

SESSIONS = 200
PATIENCE = 60  # seconds for one answer
FEED = "/events/conf.ics"
SERVED = {HTTPStatus.OK, HTTPStatus.CREATED}
REFUSED = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR}
NUMBER = re.compile(rb"^SUMMARY:Talk 0 of state (\d+)\r$", re.MULTILINE)


@dataclass
class Tally:
    """What subscribers got while something was wrong."""

    tries: int = 0
    refused: int = 0
    """Answers that say to ask again later."""
    reasons: set[str] = field(default_factory=set)
    """What they say."""
    unanswered: int = 0
    """Connections that broke."""
    wrong: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    """Seconds, by what was asked for."""


@dataclass
class Person:
    """A personal calendar, and what was acknowledged of it."""

    edit_key: str
    feed: str
    chosen: list[str] = field(default_factory=list)


class Subscribers:
    """All who ask one server, each in a thread."""

    def __init__(self, port: int, folder: Path, people: int) -> None:
        self._port = port
        self._file = folder / "conf.yaml"
        self._lock = Lock()
        self._seen = 0
        """The newest state that anybody got."""
        self._state = 0
        self.tally = Tally()
        self.people = [self._made() for _ in range(people)]

    def _made(self) -> Person:
        status, _, body = self._call("POST", "/api/calendars")
        if status != HTTPStatus.CREATED:
            raise RuntimeError(body.decode())
        made = json.loads(body)
        return Person(made["edit_key"], "/" + made["feed"].split("/", 3)[3])

    def running(self, publish_every: float, is_over: Event) -> list[Thread]:
        """Start to ask, choose and publish, until that is over."""
        work: list[tuple[Callable[[], object], float]] = [(self.publish, publish_every)]
        work += [(self.feed, 0.1)] * 4
        work += [(partial(self.personal, person), 0.5) for person in self.people]
        work += [(partial(self.choose, person), 0.1) for person in self.people[:2]]

        def again(act: Callable[[], object], pause: float) -> None:
            while not is_over.wait(pause):
                act()

        threads = [Thread(target=again, args=each) for each in work]
        for thread in threads:
            thread.start()
        return threads

    def publish(self) -> None:
        """Write the next state of the agenda."""
        self._state += 1
        draft = self._file.with_suffix(".tmp")
        draft.write_text(numbered(self._state, SESSIONS), "utf-8")
        draft.replace(self._file)

    def feed(self) -> bool:
        """Ask for the event's feed; return whether it came."""
        with self._lock:
            seen = self._seen
        body = self._checked("event feed", FEED, SESSIONS + 1)
        if body is None:
            return False
        found = NUMBER.search(body)
        state = int(found[1]) if found else -1
        if state < seen:
            self._wrong(f"event feed of state {state} after {seen}")
        with self._lock:
            self._seen = max(self._seen, state)
        return True

    def personal(self, person: Person) -> bool:
        """Ask for a personal feed; return whether it came."""
        chosen = [*person.chosen]
        body = self._checked("personal feed", person.feed, max(len(chosen), 1), is_exact=False)
        if body is None:
            return False
        missing = [each for each in chosen if f"sessions/{each}/".encode() not in body]
        if missing:
            self._wrong(f"personal feed without {missing}")
        return True

    def choose(self, person: Person) -> bool:
        """Choose one more session; return whether that was acknowledged."""
        session = f"s-{len(person.chosen) % SESSIONS}"
        path = f"/api/calendars/me/sessions/conf/{session}"
        status = self._asked("choice", "PUT", path, person.edit_key)[0]
        if status == HTTPStatus.OK and session not in person.chosen:
            person.chosen.append(session)
        return status == HTTPStatus.OK

    def is_well(self) -> bool:
        """Tell whether everything is answered as it should be."""
        ready = self._call("GET", "/readyz")
        return (
            ready[0] == HTTPStatus.OK
            and ready[2] == b"ok\n"
            and self.feed()
            and all(map(self.personal, self.people))
            and self.choose(self.people[-1])
        )

    def lost(self) -> int:
        """Return how many choices were acknowledged and are not there."""
        number = 0
        for person in self.people:
            _, _, body = self._call("GET", "/api/calendars/me", person.edit_key)
            kept = {each["session"] for each in json.loads(body)["choices"]}
            number += len({*person.chosen} - kept)
        return number

    def _checked(
        self, name: str, path: str, entries: int, *, is_exact: bool = True
    ) -> bytes | None:
        """Return a calendar that is whole; None if there is an error that says to wait."""
        status, body = self._asked(name, "GET", path)
        if status != HTTPStatus.OK:
            return None
        count = body.count(b"BEGIN:VEVENT\r\n")
        is_whole = body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"END:VCALENDAR\r\n")
        if not is_whole or count < entries or (is_exact and count != entries):
            self._wrong(f"{name} with {count} entries, {len(body)} octets")
        return body

    def _asked(self, name: str, method: str, path: str, key: str = "") -> tuple[int, bytes]:
        begun = time.monotonic()
        try:
            status, retry_after, body = self._call(method, path, key)
        except (OSError, http.client.HTTPException):
            status, retry_after, body = 0, None, b""
        seconds = time.monotonic() - begun
        with self._lock:
            self.tally.tries += 1
            self.tally.refused += status in REFUSED
            self.tally.unanswered += status == 0
            if status in REFUSED:
                self.tally.reasons.add(f"{name}: {body[:200]!r}")
            self.tally.slowest[name] = max(self.tally.slowest.get(name, 0.0), seconds)
        if status not in SERVED | {0} and not (status in REFUSED and retry_after):
            self._wrong(f"{name}: {status} {body[:80]!r}")
        return status, body

    def _call(self, method: str, path: str, key: str = "") -> tuple[int, str | None, bytes]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        with closing(connection):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers["Retry-After"], answer.read()

    def _wrong(self, what: str) -> None:
        with self._lock:
            self.tally.wrong.append(what)
