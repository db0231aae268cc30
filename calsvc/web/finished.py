"""Finished feeds, in front of Flask: what was answered once is sent again from memory.

Flask's documented place for it is ``app.wsgi_app``.  Feeds are polled for years, mostly to hear
"nothing new"; such an answer costs little more here than a static file.  Everything else, and
the making of feeds, is Flask's: a view hands its feed to ``finish``, and the next request for
the same address is answered here as long as no worker serves anything newer.  Headers and
conditions are those of ``answers``, for both.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Response, request

from calsvc.answers import Feed, Request, feed_answer
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.memory import OVERHEAD, Memory
from calsvc.web.caching import feed_response
from calsvc.web.sent import Sent, sent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "calsvc.finished"
"""Where a request's WSGI environment has what a view finished."""
FINISHED = "calsvc.finished_feeds"
"""Where a Flask's extensions have its finished feeds."""
READING = {"GET", "HEAD"}


class _Finished:
    """A feed of an event, with the answers that most requests for it get.

    Of one that is too large to be remembered, that is the answer that nothing changed.
    """

    def __init__(
        self, address: tuple[str, str], feed: Feed, live_event: LiveEvent, *, is_too_large: bool
    ) -> None:
        self.event_id, self.own = live_event.event.id, live_event.own
        """The version of the event that it is of."""
        self.size = (0 if is_too_large else len(feed.body)) + sum(map(len, address))
        """Octets that it takes in memory, with its address."""
        self._feed = None if is_too_large else feed
        now = datetime.now(UTC)
        whole = feed_answer(feed, Request(), now)
        self._etag = whole.headers["ETag"]
        self._date = whole.headers["Last-Modified"]
        self._is_past = feed.last_modified <= now
        """Whether Last-Modified is what it will always be."""
        self._whole = None if is_too_large else sent(whole)
        self._head = sent(feed_answer(feed, Request("HEAD"), now))
        self._unchanged = sent(feed_answer(feed, Request(if_none_match=self._etag), now))

    def answer(self, asked: Request) -> Sent | None:
        """Return the answer to a GET or HEAD; None if it takes what is not remembered."""
        if asked.if_match is None and self._is_past:
            etag, since = asked.if_none_match, asked.if_modified_since
            if etag is None and since is None:
                return self._head if asked.method == "HEAD" else self._whole
            if etag == self._etag or (etag is None and since == self._date):
                return self._unchanged
        return sent(feed_answer(self._feed, asked, datetime.now(UTC))) if self._feed else None


class FinishedFeeds:
    """WSGI middleware that sends finished feeds again; a server may also ask for them directly."""

    def __init__(self, app: "WSGIApplication", live: Live, octets: int) -> None:
        """``octets`` bounds what is remembered."""
        self._app = app
        self._live = live
        self._most = octets
        self._finished: Memory[_Finished] = Memory(octets, lambda finished: finished.size)

    @property
    def octets(self) -> int:
        """Return the octets of what is remembered."""
        return self._finished.octets

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request from memory, or let the application do so."""
        address = environ["PATH_INFO"], environ["QUERY_STRING"]
        if found := self.at_once(address, Request.of(environ)):
            start_response(found.status, found.headers)
            return found.body
        answered = self._app(environ, start_response)
        if KEY in environ:
            feed, live_event = environ.pop(KEY)
            is_too_large = len(feed.body) + OVERHEAD > self._most
            finished = _Finished(address, feed, live_event, is_too_large=is_too_large)
            self._finished.keep(address, finished)
        return answered

    def at_once(self, address: tuple[str, str], asked: Request) -> Sent | None:
        """Return the answer to a request for a path and a query; None if it is not in memory.

        Path and query are as WSGI has them.  Nothing is waited for.
        """
        found = self._finished.get(address)
        if found and asked.method in READING and self._live.serves(found.event_id, found.own):
            return found.answer(asked)
        return None


def finish(feed: Feed, live_event: LiveEvent) -> Response:
    """Return the response that sends an event's feed, which may be sent again as it is."""
    if not feed.format.is_compressed:
        request.environ[KEY] = feed, live_event
    return feed_response(feed)
