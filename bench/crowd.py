"""All who use a site of several copies, and check what each of its answers is.

Each reader asks for one feed again and again, by one way: of a copy itself, or through the
cache in front.  What it is given has to be, octet by octet, what some version gives, and of no
older version than it was given before.  People choose sessions by any copy, and find all that
was acknowledged; a publisher notes what was.
"""

import http.client
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from threading import Event, Lock, Thread

from bench.agendas import BASE_URL, numbered
from calsvc.agenda import eventfile
from calsvc.errors import StorageError
from calsvc.ical.digests import STAMPS
from calsvc.live.events import Live
from calsvc.releases import publish_event
from calsvc.schedule.query import selection_of
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage

EVENT_ID = "conf"
FEED = f"/events/{EVENT_ID}.ics"
FEEDS = {FEED: (), f"{FEED}?session=s-0&session=s-1": (("session", "s-0"), ("session", "s-1"))}
SESSIONS = 24
PEOPLE = 4
POLL, CHOOSE, PUBLISH = 0.1, 0.1, 1.5  # seconds between two of each
PATIENCE = 20  # seconds for an answer
EVERY_VERSION = 10_000


@dataclass
class Tally:
    """What came of what was asked."""

    answers: int = 0
    refused: int = 0
    """Errors that say to come again, and connections that broke."""
    feeds_refused: int = 0
    """Feeds among them that were asked for through the cache in front."""
    wrong: list[str] = field(default_factory=list)


@dataclass
class Reader:
    """One who asks for one feed by one way."""

    port: int
    path: str
    is_in_front: bool
    given: list[tuple[str, str]] = field(default_factory=list)
    """The digests of what came, where it was another one than before."""
    reached: int = 0
    """The version that it was surely given, of what is judged."""


@dataclass
class Person:
    """A personal calendar, and what was acknowledged of it."""

    edit_key: str
    feed: str
    known: dict[str, bool] = field(default_factory=dict)
    """Session → whether it is chosen, where the last change of it was acknowledged."""
    lock: Lock = field(default_factory=Lock)


def digests(body: bytes) -> tuple[str, str]:
    """Return what tells a feed, with what it says of when it was changed and without."""
    return sha256(body).hexdigest(), sha256(STAMPS.sub(b"", body)).hexdigest()


class Crowd:
    """All who use the site."""

    def __init__(self, storage: Storage, front: int, copies: list[int]) -> None:
        """``front`` is the port of the cache, ``copies`` are those of the site itself."""
        self.storage = storage
        self._front, self._copies = front, copies
        self._lock, self._publishing = Lock(), Lock()
        self._edition = 0
        self.published: list[tuple[int, str]] = []
        """Number and message of each version that was acknowledged."""
        self._versions: dict[str, dict[str, tuple[int, int]]] = {path: {} for path in FEEDS}
        """The first and the last version that gives a body, by its digests, by address."""
        self.is_mixed = False
        """Whether copies of two releases run: one is a moment behind in what it says of when."""
        self._judged = 0
        self.tally = Tally()
        ways = [(front, True), *((port, False) for port in copies)]
        self.readers = [Reader(port, path, is_front) for port, is_front in ways for path in FEEDS]
        self.people: list[Person] = []

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let all of them go on while the block runs."""
        self.people = [self._made() for _ in range(PEOPLE)]
        is_over = Event()
        work: list[tuple[Callable[[], object], float]] = [(self.publish, PUBLISH)]
        work += [(lambda each=each: self.read(each), POLL) for each in self.readers]  # type: ignore[misc]
        work += [(lambda each=each: self.choose(each), CHOOSE) for each in self.people]  # type: ignore[misc]

        def again(act: Callable[[], object], pause: float) -> None:
            while not is_over.wait(pause):
                act()

        threads = [Thread(target=again, args=each) for each in work]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

    def _made(self) -> Person:
        status, body = self._call(self._front, "POST", "/api/calendars")
        if status != HTTPStatus.CREATED:
            raise RuntimeError(body.decode())
        made = json.loads(body)
        return Person(made["edit_key"], "/" + made["feed"].split("/", 3)[3])

    # --- what they do ---------------------------------------------------------------------

    def publish(self) -> int | None:
        """Publish the next edition; return its version, or None if that was not acknowledged."""
        with self._publishing:
            self._edition += 1
            text = numbered(self._edition, SESSIONS)
            event, _ = eventfile.parse(text, EVENT_ID, f"{EVENT_ID}.yaml")
            message = f"edition {self._edition}"
            try:
                version = publish_event(self.storage, event, f"{EVENT_ID}.yaml", message)
            except StorageError:
                self._note(is_refused=True)
                return None
            self._note(is_refused=False)
            if version is None:  # it was stored, although its publisher was told otherwise
                return None
            self.published.append((version.number, message))
            return version.number

    def read(self, reader: Reader) -> bytes | None:
        """Ask for a reader's feed; return it, or None if it did not come."""
        status, body = self._asked(reader.port, "GET", reader.path, is_feed=reader.is_in_front)
        if status != HTTPStatus.OK:
            return None
        given = digests(body)
        if reader.given[-1:] != [given]:
            reader.given.append(given)
        return body

    def choose(self, person: Person, port: int | None = None) -> bool:
        """Choose a session or take one back; return whether that was acknowledged.

        Then the calendar's feed must have all that is acknowledged, whoever answers.
        """
        session = f"s-{random.randrange(SESSIONS)}"  # noqa: S311 -- no secret
        path = f"/api/calendars/me/sessions/{EVENT_ID}/{session}"
        with person.lock:
            is_chosen = not person.known.get(session, False)
            person.known.pop(session, None)
            method = "PUT" if is_chosen else "DELETE"
            status, _ = self._asked(port or self._front, method, path, person.edit_key)
            if status == HTTPStatus.OK:
                person.known[session] = is_chosen
            seen, body = self._asked(self._front, "GET", person.feed)
            if seen == HTTPStatus.OK:
                has = {each: f"sessions/{each}/".encode() in body for each in person.known}
                if different := [each for each in has if has[each] != person.known[each]]:
                    self._wrong(f"a personal feed is not as it was left: {different}")
        return status == HTTPStatus.OK

    def is_well(self) -> bool:
        """Tell whether a version is published, and all copies serve it and store changes."""
        number = self.publish()
        if number is None:
            return False
        deadline = time.monotonic() + PATIENCE
        while not self._is_everywhere(number):
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL)
        return all(self.choose(self.people[0], port) for port in self._copies)

    def _is_everywhere(self, number: int) -> bool:
        """Tell whether each copy gives a version, or a newer one, which are the same bytes."""
        self._work_out()
        found = []
        for port in self._copies:
            status, body = self._asked(port, "GET", FEED)
            _, last = self._versions[FEED].get(digests(body)[0], (0, 0))
            found.append(status == HTTPStatus.OK and last >= number)
        return all(found)

    # --- what came of it ------------------------------------------------------------------

    def judge(self) -> None:
        """Find what was wrong with the feeds that were given until now."""
        given = [(reader, len(reader.given)) for reader in self.readers]
        self._work_out()
        for reader, count in given:
            # The last one stays, to be compared with the next.
            judged, reader.given = reader.given[:count], reader.given[count - 1 :]
            for whole, bare in judged:
                first, last = self._range(reader.path, whole, bare)
                if last < max(reader.reached, 1):
                    told = f"is of version {last}, after {reader.reached}"
                    self._wrong(f"{reader.path} on port {reader.port} {told}")
                reader.reached = max(reader.reached, first)

    def _range(self, path: str, whole: str, bare: str) -> tuple[int, int]:
        """Return the first and the last version that gives what has these digests."""
        known, nothing = self._versions[path], (0, 0)
        return known.get(whole) or (known.get(bare, nothing) if self.is_mixed else nothing)

    def _work_out(self) -> None:
        """Learn what each version gives that was published since."""
        with self._publishing:
            newest = self.storage.numbers().get(EVENT_ID, 0)
            for number in range(self._judged + 1, newest + 1):
                _, schedule = self.storage.version(EVENT_ID, number)
                event = Live([schedule], BASE_URL).event(EVENT_ID)
                for path, pairs in FEEDS.items():
                    for digest in digests(event.feed(selection_of(pairs), "ics").body):
                        first, _ = self._versions[path].get(digest, (number, number))
                        self._versions[path][digest] = first, number
                self._judged = number

    def lost(self) -> int:
        """Return how much was acknowledged and is not stored."""
        history = self.storage.history(EVENT_ID, EVERY_VERSION)
        messages = {version.number: version.message for version in history}
        number = sum(messages.get(each) != told for each, told in [*self.published])
        calendars = Calendars(self.storage.database)
        for person in self.people:
            with person.lock:
                chosen = {each.session for each in calendars.of_editor(person.edit_key).choices}
                number += sum((each in chosen) != is_in for each, is_in in person.known.items())
        return number

    def _asked(
        self, port: int, method: str, path: str, key: str = "", *, is_feed: bool = False
    ) -> tuple[int, bytes]:
        try:
            status, body = self._call(port, method, path, key)
        except (OSError, http.client.HTTPException):
            status, body = 0, b""
        is_refused = status in {0, *range(500, 600)}
        self._note(is_refused=is_refused, is_feed=is_feed)
        if not is_refused and status != HTTPStatus.OK:
            self._wrong(f"{method} {path}: {status} {body[:80]!r}")
        return status, body

    def _call(self, port: int, method: str, path: str, key: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with closing(connection):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def _note(self, *, is_refused: bool, is_feed: bool = False) -> None:
        with self._lock:
            self.tally.answers += not is_refused
            self.tally.refused += is_refused
            self.tally.feeds_refused += is_refused and is_feed

    def _wrong(self, what: str) -> None:
        with self._lock:
            self.tally.wrong.append(what)
