"""Personal feeds, in front of Flask: one look-up of one row, and nothing made twice.

What an answer was made of is remembered with it: the stored choice, and the events in it as
they were.  While neither changed, the answer is sent again.  Whatever is no feed that can be
sent (an unknown key, a database that is away) is left to Flask, which says so.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from flask import request

from calsvc.addresses import PATHS
from calsvc.answers import Cache, Feed, Request, feed_answer
from calsvc.errors import StorageError
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.memory import Memory
from calsvc.schedule.itineraries import hashed
from calsvc.storage.calendars import Calendars, itinerary_of
from calsvc.web.caching import ALWAYS_SENT
from calsvc.web.finished import sent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "calsvc.personal_feed"
"""Where a request's WSGI environment has why storage gave no feed."""
DOWNLOAD = {"": False, "download=1": True}
"""Query strings of personal feeds, and whether they ask for a file."""
PRIVATE = {
    **ALWAYS_SENT,
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer about one person."""


class _Made(NamedTuple):
    """A feed, and all that it was made of."""

    feed: Feed
    stored: str
    """The calendar, as it is in storage."""
    events: dict[str, LiveEvent | None]
    """The events in it, by the ids by which they were chosen; None for what there is not."""
    site: datetime | None

    @property
    def size(self) -> int:
        """Return the octets that it takes in memory."""
        return len(self.feed.body) + len(self.stored)


class PersonalFeeds:
    """WSGI middleware that answers requests for personal feeds."""

    def __init__(
        self, app: "WSGIApplication", live: Live, calendars: Calendars, octets: int
    ) -> None:
        """``octets`` bounds what is remembered."""
        self._app = app
        self._live = live
        self._calendars = calendars
        self._made: Memory[_Made] = Memory(octets, lambda made: made.size)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request for a personal feed, or let the application answer."""
        feed_key = PATHS.feed_key(environ["PATH_INFO"])
        is_download = DOWNLOAD.get(environ["QUERY_STRING"])
        is_read = environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        if feed_key is None or is_download is None or not is_read or self._live.is_waiting:
            return self._app(environ, start_response)
        try:
            feed = self._feed(feed_key)
        except StorageError as error:
            environ[KEY] = error
            return self._app(environ, start_response)
        except Exception:
            # The application says or logs it, in the right words; and unknown keys of each form
            # take the same steps there, so that time tells nothing of them.
            return self._app(environ, start_response)
        answer = feed_answer(
            feed,
            Request.of(environ),
            datetime.now(UTC),
            Cache.PERSONAL_FEED,
            is_download=is_download,
        )
        status, headers, body = sent(answer, PRIVATE)
        start_response(status, headers)
        return body

    def _feed(self, feed_key: str) -> Feed:
        """Return the feed of a key, made of what is stored and served now."""
        key_hash = hashed(feed_key)
        stored = self._calendars.stored_of_feed(key_hash)
        made = self._made.get(key_hash)
        if made is None or made.stored != stored or not self._is_current(made):
            made = self._make(stored)
            self._made.keep(key_hash, made)
        self._calendars.used(feed_key)
        return made.feed

    def _is_current(self, made: _Made) -> bool:
        events = {event_id: self._live.newest(event_id) for event_id in made.events}
        return events == made.events and made.site == self._live.modified

    def _make(self, stored: str) -> _Made:
        itinerary = itinerary_of(stored)
        # Asked before the feed is made: if one changes meanwhile, the feed is made anew next time.
        site = self._live.modified
        events = {event_id: self._live.newest(event_id) for event_id in itinerary.events}
        return _Made(self._live.personal_feed(itinerary), stored, events, site)


def raise_known_trouble() -> None:
    """Raise the ``StorageError`` that was met for this request, if there was one.

    Storage is not tried again: what does not answer would be waited for twice.
    """
    if error := request.environ.get(KEY):
        raise error
