"""An event that is published again and again, and whether an answer is of one of its editions.

An answer is right if it has, octet by octet, what one edition gives at its address, and that
edition is no older than any that somebody had been given before the request was sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from threading import Lock

from bench.agendas import BASE_URL, made
from calsvc.agenda.model import Event
from calsvc.live.events import Live
from calsvc.releases import publish_event
from calsvc.schedule.query import selection_of
from calsvc.storage.schedules import Storage

SESSIONS = 200
ALL = 5  # of that many editions, one changes every session, and the others one session each
EVENT_ID = "conf"
FEED = f"/events/{EVENT_ID}.ics"
FEEDS = {FEED: (), f"{FEED}?kind=panel": (("kind", "panel"),)}
"""Addresses of feeds, with their filters."""
TITLE = re.compile(r"Talk (\d+) edition (\d+)")

Titles = Mapping[int, int]
"""The edition in which each session got its title, by the session's number."""


@dataclass
class Editions:
    """What was published, and the newest of it that anybody was given."""

    storage: Storage
    titles: list[Titles] = field(default_factory=list)
    """Of each edition, from the first on."""
    given: int = 0
    """Number of the newest edition that somebody was given, from 0."""
    _bodies: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    """The first and the last edition that gives a body, by its digest, by address."""
    _unknown: list[tuple[str, bytes, int]] = field(default_factory=list)
    """Answers that may be of an edition whose bodies are not worked out yet."""
    _worked_out: int = 0
    """Editions whose bodies are worked out."""
    _lock: Lock = field(default_factory=Lock)

    def publish(self) -> list[str]:
        """Publish the next edition; return what was wrong with answers that waited for it."""
        number = len(self.titles)
        before = self.titles[-1] if self.titles else dict.fromkeys(range(SESSIONS), 0)
        changed = range(SESSIONS) if number % ALL == 0 else [number * 7 % SESSIONS]
        titles = {**before, **dict.fromkeys(changed, number)}
        with self._lock:
            self.titles.append(titles)
        publish_event(self.storage, _edition(titles), f"{EVENT_ID}.yaml")
        stored = self.storage.newest(EVENT_ID)
        assert stored
        event = Live([stored[1]], BASE_URL).event(EVENT_ID)
        with self._lock:
            for address, pairs in FEEDS.items():
                body = event.feed(selection_of(pairs), "ics").body
                known = self._bodies.setdefault(address, {})
                first, _ = known.get(_digest(body), (number, number))
                known[_digest(body)] = first, number
            self._worked_out = number + 1
            waiting, self._unknown = self._unknown, []
        return [told for each in waiting if (told := self.of_feed(*each, is_last=True))]

    def of_feed(
        self, address: str, body: bytes, given: int, *, is_last: bool = False
    ) -> str | None:
        """Return what is wrong with a feed, if anything is.

        ``given`` was the newest edition that anybody had when it was asked for.
        """
        with self._lock:
            found = self._bodies[address].get(_digest(body))
            is_known = found is not None and (found[1] >= given or given < self._worked_out)
            if not is_known and not is_last:
                self._unknown.append((address, body, given))
                return None
            fitting = [range(found[0], found[1] + 1)] if found else []
            return self._judged(address, fitting, given)

    def of_titles(
        self, address: str, text: str, given: int, chosen: set[int] | None = None
    ) -> str | None:
        """Return what is wrong with a text that has the titles of all sessions, or of those."""
        got = {int(number): int(edition) for number, edition in TITLE.findall(text)}
        wanted = set(range(SESSIONS)) if chosen is None else chosen
        with self._lock:
            fitting = [
                range(number, number + 1)
                for number, titles in enumerate(self.titles)
                if got == {each: titles[each] for each in wanted}
            ]
            return self._judged(address, fitting, given)

    def _judged(self, address: str, fitting: list[range], given: int) -> str | None:
        if not fitting:
            return f"{address}: is of no edition"
        newest = max(each.stop for each in fitting) - 1
        if newest < given:
            return f"{address}: is of edition {newest}, and somebody had {given} already"
        self.given = max(self.given, min(each.start for each in fitting))
        return None


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()


@cache
def _event() -> Event:
    return made(EVENT_ID, SESSIONS)


def _edition(titles: Titles) -> Event:
    event = _event()
    sessions = tuple(
        session.model_copy(update={"title": f"Talk {number} edition {titles[number]}"})
        for number, session in enumerate(event.sessions)
    )
    return event.model_copy(update={"sessions": sessions})
