"""How pages, JSON and Atom are sent: compressed where that is asked for, and as 304."""

import gzip
from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock

from flask import Response, request

LEVEL = 9  # once for each content
SMALL = 500  # octets below which compression gains nothing
KEPT = 64  # answers that a process remembers: an agenda of 500 sessions has 500 KB


def cached(response: Response, cache: str) -> Response:
    """Return a response that caches may keep as ``cache`` says, or 304.

    The ETag is over the bytes sent, so each encoding has its own (RFC 9110, 8.8.3).
    Feeds for calendar programs do not come here: gzip has emptied Outlook subscriptions.
    """
    response.headers["Cache-Control"] = cache
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) > SMALL and request.accept_encodings["gzip"] > 0:
        response.set_data(_compressed(content))
        response.content_encoding = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=KEPT)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, LEVEL, mtime=0)


class Memory:
    """Pages that were rendered, the oldest forgotten first."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, str] = {}
        self._lock = Lock()

    def page(self, key: Hashable, render: Callable[[], str]) -> str:
        """Return the page of that key, rendered when it is asked for first."""
        page = self._pages.get(key)
        if page is None:
            page = render()
            with self._lock:
                self._pages[key] = page
                while len(self._pages) > KEPT:
                    del self._pages[next(iter(self._pages))]
        return page

    def forget(self) -> None:
        """Render everything anew."""
        self._pages.clear()
