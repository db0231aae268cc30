"""Personal feeds, in front of Flask: one look-up of one row, and blocks that are joined.

Nearly all requests are to hear "nothing new".  Who was told so once is told so again without
the feed being made, while the stored choice, and the events in it, are as they were.  Only that
answer is remembered: it takes little room, so that it is there for very many calendars.
Whatever is no feed that can be sent (an unknown key, a database that is away) is left to Flask,
which says so.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import request

from calsvc.addresses import PATHS
from calsvc.answers import Cache, Request, feed_answer
from calsvc.errors import StorageError
from calsvc.live.events import Live
from calsvc.live.memory import Memory
from calsvc.schedule.itineraries import hashed
from calsvc.storage.calendars import Calendars, wanted_of
from calsvc.web.caching import ALWAYS_SENT
from calsvc.web.finished import READING
from calsvc.web.policies import OWN
from calsvc.web.sent import Sent, sent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "calsvc.personal_feed"
"""Where the WSGI environment of a request that had no answer here has why: a ``StorageError``, or
None."""
PERSONAL_FEEDS = "calsvc.personal_feeds"
"""Where a Flask's extensions have them."""
DOWNLOAD = {"": False, "download=1": True}
"""Query strings of personal feeds, and whether they ask for a file."""
PRIVATE = {**ALWAYS_SENT, "X-Robots-Tag": "noindex", **OWN}
"""Headers of every answer about one person."""


class _Unchanged(NamedTuple):
    """An answer that nothing changed, and what has to be as it was for that."""

    sent: Sent
    etag: str
    """What the client has, as If-None-Match says it."""
    stored: bytes
    """What tells the calendar, as it is in storage."""
    event_ids: tuple[str, ...]
    made_of: tuple[object, ...]
    """What tells what is served of those events, and of the site."""


class PersonalFeeds:
    """WSGI middleware that answers requests for personal feeds; a server may also ask directly."""

    def __init__(
        self, app: "WSGIApplication", live: Live, calendars: Calendars, octets: int
    ) -> None:
        """``octets`` bounds what is remembered."""
        self._app = app
        self._live = live
        self._calendars = calendars
        self._unchanged: Memory[_Unchanged] = Memory(octets, lambda _: 0)  # but the overhead

    @property
    def octets(self) -> int:
        """Return the octets of what is remembered."""
        return self._unchanged.octets

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request for a personal feed, or let the application answer."""
        if KEY not in environ:
            address = environ["PATH_INFO"], environ["QUERY_STRING"]
            if found := self.answer(address, Request.of(environ), environ):
                start_response(found.status, found.headers)
                return found.body
        return self._app(environ, start_response)

    def answer(
        self, address: tuple[str, str], asked: Request, noted: dict[str, Any]
    ) -> Sent | None:
        """Return the answer to a request for a path and a query; None if the application answers.

        Path and query are as WSGI has them.  Why there is no answer is noted for the environment
        that the application gets, so that storage is not asked twice.
        """
        path, query = address
        feed_key, is_download = PATHS.feed_key(path), DOWNLOAD.get(query)
        if feed_key is None or is_download is None or asked.method not in READING:
            return None
        if self._live.is_waiting:
            return None
        try:
            return self._answer(feed_key, asked, is_download)
        except StorageError as error:
            noted[KEY] = error
        except Exception:
            # The application says or logs it, in the right words; and unknown keys of each form
            # take the same steps there, so that time tells nothing of them.
            noted[KEY] = None
        return None

    def _answer(self, feed_key: str, asked: Request, is_download: bool) -> Sent:
        """Return the answer of what is stored and served now."""
        key_hash = hashed(feed_key)
        stored = self._calendars.stored_of_feed(key_hash)
        etag = None if is_download or asked.if_match is not None else asked.if_none_match
        if etag and (known := self._unchanged.get(key_hash)) and known.etag == etag:
            if known.stored == _digest(stored) and known.made_of == self._of(known.event_ids):
                self._calendars.used(feed_key)
                return known.sent
        wanted = wanted_of(stored)
        event_ids = tuple(wanted.sessions)
        # Asked before the feed is made: what changes meanwhile is noticed next time.
        made_of = self._of(event_ids) if etag else ()
        feed = self._live.personal_feed(wanted)
        self._calendars.used(feed_key)
        now = datetime.now(UTC)
        answer = feed_answer(feed, asked, now, Cache.PERSONAL_FEED, is_download=is_download)
        finished = sent(answer, PRIVATE)
        if etag and etag == answer.headers.get("ETag"):
            known = _Unchanged(finished, etag, _digest(stored), event_ids, made_of)
            self._unchanged.keep(key_hash, known)
        return finished

    def _of(self, event_ids: Iterable[str]) -> tuple[object, ...]:
        """Return what is another one as soon as a feed of these events may be."""
        versions = map(self._live.version_of, event_ids)
        return self._live.modified, *(each and each.own for each in versions)


def _digest(stored: str) -> bytes:
    return sha256(stored.encode()).digest()


def raise_known_trouble() -> None:
    """Raise the ``StorageError`` that was met for this request, if there was one.

    Storage is not tried again: what does not answer would be waited for twice.
    """
    if error := request.environ.get(KEY):
        raise error
