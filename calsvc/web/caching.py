"""How pages, JSON and Atom are sent: compressed where that is asked for, and as 304.

Feeds for calendar programs do not come here: gzip has emptied Outlook subscriptions.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from threading import Lock

from flask import Response, request

QUICK, BEST = 6, 9  # levels of gzip: for one answer, and for one that is sent again and again
SMALL = 500  # octets below which compression gains nothing
MEMORY = 32 * 1024 * 1024  # octets of pages that a process remembers


def cached(response: Response, cache: str) -> Response:
    """Return a response that caches may keep as ``cache`` says, or 304."""
    content = response.get_data()
    return _sent(response, cache, content, lambda: gzip.compress(content, QUICK, mtime=0))


def _sent(
    response: Response, cache: str, content: bytes, compressed: Callable[[], bytes]
) -> Response:
    """Return a response with the content as the client takes it.

    The ETag is over the bytes sent, so each encoding has its own (RFC 9110, 8.8.3).
    """
    response.headers["Cache-Control"] = cache
    response.vary.add("Accept-Encoding")
    if len(content) > SMALL and request.accept_encodings["gzip"] > 0:
        content = compressed()
        response.content_encoding = "gzip"
    response.set_data(content)
    response.set_etag(sha256(content).hexdigest()[:32])
    if response.status_code == HTTPStatus.OK:  # conditions ask for nothing else (RFC 9110, 13.2.1)
        response.make_conditional(request)
    return response


class Kept:
    """What is sent again and again."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def compressed(self) -> bytes:
        """Return the content as gzip has it."""
        return gzip.compress(self.content, BEST, mtime=0)

    def put_into(self, response: Response, cache: str) -> Response:
        """Return the response with this content, or 304."""
        return _sent(response, cache, self.content, lambda: self.compressed)


class Page(Kept):
    """A page as everybody gets it who reads its language."""

    def __init__(self, html: str) -> None:
        super().__init__(html.encode())

    def sent(self, cache: str, status: int = HTTPStatus.OK) -> Response:
        """Return the answer that is this page."""
        response = Response(status=status)
        response.vary.add("Accept-Language")
        return self.put_into(response, cache)


class Memory:
    """Pages that were rendered; what nobody asked for longest is forgotten first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._octets = 0
        self._lock = Lock()
        self._rendering = Lock()  # of several that miss one page, one renders it

    def page(self, key: Hashable, render: Callable[[], str]) -> Page:
        """Return the page of that key, rendered when it is asked for first."""
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
            self._octets += len(page.content)
            while self._octets > MEMORY:
                _, oldest = self._pages.popitem(last=False)
                self._octets -= len(oldest.content)
        return page
