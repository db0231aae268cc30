"""How Flask sends what ``answers`` decides, and the pages that a process remembers."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock

from flask import Response, request

from calsvc.answers import BEST, Answer, Body, Cache, Feed, Request, answer, feed_answer
from calsvc.live.memory import MEBIBYTE, Memory

HTML = "text/html; charset=utf-8"
MEMORY = 32 * MEBIBYTE  # octets of pages that a process remembers
ALWAYS_SENT = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
"""Headers of every answer."""


def feed_response(feed: Feed, cache: Cache = Cache.FEED, *, is_download: bool = False) -> Response:
    """Return a feed as a response, or 304 if the client has it."""
    asked = Request.of(request.environ)
    return _response(feed_answer(feed, asked, datetime.now(UTC), cache, is_download=is_download))


def cached(response: Response, cache: Cache) -> Response:
    """Return a response's body, which caches may keep as ``cache`` says, or 304."""
    body = Body(response.get_data())
    return body_response(body, response.content_type or "", cache, vary=tuple(response.vary))


def body_response(
    body: Body,
    media_type: str,
    cache: Cache,
    *,
    vary: Sequence[str] = (),
    also: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """Return a response with a body, compressed if the client accepts that, or 304."""
    return _response(
        answer(
            body,
            Request.of(request.environ),
            media_type,
            cache,
            is_compressed=True,
            vary=vary,
            also=also,
            status=status,
        )
    )


def _response(sent: Answer) -> Response:
    # Flask sends no type with a 304; by its type here, a 304 of a page still counts as a page.
    response = Response(sent.body, sent.status, content_type=sent.media_type)
    response.headers.update(sent.headers)
    return response


class Page(Body):
    """A page that is the same for everybody who reads its language."""

    def __init__(self, html: str, level: int = BEST) -> None:
        super().__init__(html.encode(), level)

    def response(self, cache: Cache = Cache.PAGE, status: int = HTTPStatus.OK) -> Response:
        """Return a response with this page, or 304."""
        return body_response(self, HTML, cache, vary=("Accept-Language",), status=status)


class Pages:
    """Rendered pages; the least recently used are forgotten first."""

    def __init__(self) -> None:
        self._kept: Memory[Page] = Memory(MEMORY, lambda page: page.size)
        self._rendering = Lock()  # of several requests that miss a page, one renders it

    @property
    def octets(self) -> int:
        """Return the octets of what is remembered."""
        return self._kept.octets

    def page(self, key: Hashable, render: Callable[[], str], level: int = BEST) -> Page:
        """Return the page with that key, rendered if it is not remembered.

        ``level`` is that of its compression.
        """
        page = self._kept.get(key)
        if page is None:
            with self._rendering:
                page = self._kept.get(key) or self._kept.keep(key, Page(render(), level))
        return page
