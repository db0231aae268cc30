"""How Flask sends what ``answers`` decides, and the pages that a process remembers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock

from flask import Response, request

from calsvc.answers import QUICK, Answer, Body, Cache, Feed, RequestHeaders, answer, feed_answer

MEMORY = 32 * 1024 * 1024  # octets of pages that a process remembers


def feed_response(feed: Feed, cache: Cache = Cache.FEED, *, is_download: bool = False) -> Response:
    """Return a feed as a response, or 304 if the client has it."""
    headers = RequestHeaders.of(request.environ)
    sent = feed_answer(feed, headers, datetime.now(UTC), cache, is_download=is_download)
    # Flask sends no type with a 304; without one here, the 304 would still count as a page.
    return Response(sent.body, sent.status, sent.headers, content_type=feed.format.media_type)


def cached(response: Response, cache: Cache) -> Response:
    """Return the response, which caches may keep as ``cache`` says, or 304."""
    return filled(response, Body(response.get_data(), QUICK), cache)


def filled(response: Response, content: Body, cache: Cache) -> Response:
    """Return the response with a content, compressed if the client accepts that, or 304."""
    sent: Answer = answer(
        content,
        RequestHeaders.of(request.environ),
        is_compressed=True,
        status=response.status_code,
    )
    response.status_code = sent.status
    response.headers["Cache-Control"] = str(cache)
    response.vary.add(sent.headers.pop("Vary"))
    response.headers.update(sent.headers)
    response.set_data(sent.body)
    return response


class Page(Body):
    """A page that is the same for everybody who reads its language."""

    def __init__(self, html: str) -> None:
        super().__init__(html.encode())

    def response(self, cache: Cache = Cache.PAGE, status: int = HTTPStatus.OK) -> Response:
        """Return a response with this page, or 304."""
        response = Response(status=status)
        response.vary.add("Accept-Language")
        return filled(response, self, cache)


class Memory:
    """Rendered pages; the least recently used are forgotten first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._octets = 0
        self._lock = Lock()
        self._rendering = Lock()  # of several requests that miss a page, one renders it

    def page(self, key: Hashable, render: Callable[[], str]) -> Page:
        """Return the page with that key, rendered if it is not remembered."""
        page = self._known(key)
        if page is None:
            with self._rendering:
                page = self._known(key) or self._keep(key, Page(render()))
        return page

    def _known(self, key: Hashable) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page:
                self._pages.move_to_end(key)
            return page

    def _keep(self, key: Hashable, page: Page) -> Page:
        with self._lock:
            self._pages[key] = page
            self._octets += len(page.octets)
            while self._octets > MEMORY:
                _, oldest = self._pages.popitem(last=False)
                self._octets -= len(oldest.octets)
        return page
