"""Complete HTTP answers, as a pure function of the body and the request.

Feeds, pages, the API and static files share it, so clients see one rule for conditional
requests (RFC 9110, 13) and compression.  The web adds only what it says with each answer
of an address: its policies, and whether cookies matter.  The ETag and the compressed form
of a body are made once and live as long as the body.  What is sent is described here too:
a ``Feed`` in its ``Format``, and a ``Cache`` for how long caches may keep it.
"""

import gzip
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags
from werkzeug.sansio.http import is_resource_modified

QUICK, BEST = 6, 9  # gzip levels: for an answer sent once, and for one sent many times
CHANGED = "This has changed: its ETag is not one of those in If-Match."
SMALL = 500  # octets up to which compression gains nothing


class Cache(StrEnum):
    """How long caches may keep an answer (RFC 9111; RFC 5861 for ``stale-…``)."""

    FEED = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400"
    """So short that a cache which honours it makes no hourly poll one version late."""
    PERSONAL_FEED = "private, max-age=30"
    PAGE = "public, max-age=300"
    PAGE_OF_BROWSER = "private, max-age=300"
    """Different browsers get different pages at the same address."""
    PERSONAL_PAGE = "private, no-store"
    """Otherwise the Back button would show outdated stars."""
    API = "public, max-age=60"
    SCRIPT = "public, max-age=3600"
    """One hour: its address never changes, and a new script must arrive soon."""
    IMMUTABLE = "public, max-age=31536000, immutable"
    ASK_FIRST = "no-cache"
    NEVER = "no-store"


class Body:
    """Octets to send, with their strong validator (RFC 9110, 8.8.3)."""

    def __init__(self, octets: bytes, level: int = QUICK) -> None:
        self._octets = octets
        self._level = level

    @property
    def octets(self) -> bytes:
        """Return the octets themselves."""
        return self._octets

    @cached_property
    def etag(self) -> str:
        """Return the validator: equal only for equal octets."""
        return sha256(self.octets).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Return the octets that it takes in memory, with the compressed content if made."""
        compressed = self.__dict__.get("compressed")  # asking for it would make it
        return len(self.octets) + (len(compressed.octets) if compressed else 0)

    @cached_property
    def compressed(self) -> "Body":
        """Return the gzip-compressed content, with a validator of its own."""
        return Body(gzip.compress(self.octets, self._level, mtime=0))


class Joined(Body):
    """Octets that are joined of parts, which others have too; that is done when they are sent.

    Its validator is made of what tells the parts, so that a 304 takes none of the octets.
    """

    def __init__(self, parts: Sequence[bytes], digests: Sequence[bytes]) -> None:
        """``digests`` tell the parts.

        Equal octets always have to come in equal parts, or their validators would differ.
        """
        super().__init__(b"")
        self._parts = parts
        self._digests = digests

    @property
    def octets(self) -> bytes:
        """Return the octets, joined anew."""
        return b"".join(self._parts)

    @cached_property
    def etag(self) -> str:
        """Return the validator: equal only for equal octets."""
        return sha256(b"".join(self._digests)).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Return the octets of all parts, as if nobody else had them."""
        return sum(map(len, self._parts))


class Format(NamedTuple):
    """A format in which something is published, named by the suffix of its address."""

    suffix: str
    media_type: str
    is_compressed: bool
    """Whether it is sent compressed to clients that accept gzip."""


class Feed(NamedTuple):
    """A complete document in one format."""

    content: Body
    format: Format
    last_modified: datetime
    filename: str
    is_download: bool = False

    @property
    def body(self) -> bytes:
        """Return its octets."""
        return self.content.octets

    @property
    def etag(self) -> str:
        """Return the strong validator: equal only for equal bytes."""
        return self.content.etag


HEADERS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_ACCEPT_ENCODING",
)
"""The headers of a ``Request``, in its order, as WSGI names them."""


class Request(NamedTuple):
    """What of a request decides how a body is sent: its method, GET or HEAD, and headers."""

    method: str = "GET"
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    accept_encoding: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Request":
        """Return what a WSGI environment says."""
        return cls(environ["REQUEST_METHOD"], *map(environ.get, HEADERS))

    @property
    def is_conditional(self) -> bool:
        """Return whether the answer depends on what the client has already."""
        return (
            self.if_none_match is not None
            or self.if_modified_since is not None
            or self.if_match is not None
        )


class Answer(NamedTuple):
    """An HTTP answer, ready to send."""

    status: int
    headers: dict[str, str]
    body: bytes
    media_type: str
    """Of what is at the address; a 304 sends no Content-Type."""


def answer(
    body: Body,
    request: Request,
    media_type: str,
    cache: Cache,
    *,
    is_compressed: bool,
    vary: Sequence[str] = (),
    also: Mapping[str, str] | None = None,
    last_modified: datetime | None = None,
    now: datetime | None = None,
    status: int = HTTPStatus.OK,
) -> Answer:
    """Return the answer that sends a body: in full, compressed, or not at all (304, 412).

    ``vary`` names the request's headers on which the body depends, and ``also`` has more
    headers of the answer.  ``now`` is the UTC instant of the answer; one with
    ``last_modified`` needs it.
    """
    headers = {"Cache-Control": str(cache), **(also or {})}
    about = {"Content-Type": media_type}
    if is_compressed:
        vary = (*vary, "Accept-Encoding")
        if len(body.octets) > SMALL and parse_accept_header(request.accept_encoding)["gzip"] > 0:
            body = body.compressed
            about["Content-Encoding"] = "gzip"
    if vary:
        headers["Vary"] = ", ".join(vary)
    headers["ETag"] = f'"{body.etag}"'
    # Conditions apply to nothing else (RFC 9110, 13.2.1).
    if status == HTTPStatus.OK and request.is_conditional:
        wanted = parse_etags(request.if_match)
        if wanted and body.etag not in wanted:
            return _changed(request)
        if not _is_modified(request, headers["ETag"], last_modified, now):
            # What describes the body is not sent without it (RFC 9110, 15.4.5).
            return Answer(HTTPStatus.NOT_MODIFIED, headers, b"", media_type)
    octets = body.octets
    about["Content-Length"] = str(len(octets))
    if last_modified and now:
        # No later than Date (RFC 9110, 8.8.2.1): the clock may have been ahead once.
        about["Last-Modified"] = _written(min(last_modified, now))
    sent = b"" if request.method == "HEAD" else octets
    return Answer(status, headers | about, sent, media_type)


def _is_modified(
    request: Request, etag: str, last_modified: datetime | None, now: datetime | None
) -> bool:
    """Tell whether a client lacks what has this validator, or may lack it."""
    if request.if_none_match == etag:  # as nearly all clients send it that have the body
        return False
    return is_resource_modified(
        http_if_none_match=request.if_none_match,
        http_if_modified_since=_if_past(request.if_modified_since, now),
        etag=etag,
        last_modified=last_modified,
    )


@lru_cache(maxsize=4096)
def _written(moment: datetime) -> str:
    return http_date(moment)


def _changed(request: Request) -> Answer:
    """Return the answer for whoever asked for other bytes only: nothing of what is there now."""
    text = f"{CHANGED}\n".encode()
    media_type = "text/plain; charset=utf-8"
    headers = {
        "Cache-Control": str(Cache.NEVER),
        "Content-Type": media_type,
        "Content-Length": str(len(text)),
    }
    sent = b"" if request.method == "HEAD" else text
    return Answer(HTTPStatus.PRECONDITION_FAILED, headers, sent, media_type)


def _if_past(date: str | None, now: datetime | None) -> str | None:
    """Return a date of If-Modified-Since, but for one that is yet to come.

    It was sent while a clock was wrong, and would be answered with 304 until it comes.
    """
    parsed = parse_date(date)
    return None if parsed and now and parsed > now else date


def feed_answer(
    feed: Feed,
    request: Request,
    now: datetime,
    cache: Cache = Cache.FEED,
    *,
    is_download: bool = False,
) -> Answer:
    """Return the answer that sends a feed, at the UTC instant ``now``."""
    kind = "attachment" if feed.is_download or is_download else "inline"
    also = {"Content-Disposition": disposition(kind, feed.filename)}
    if cache == Cache.FEED:
        also["Access-Control-Allow-Origin"] = "*"
    return answer(
        feed.content,
        request,
        feed.format.media_type,
        cache,
        is_compressed=feed.format.is_compressed,
        also=also,
        last_modified=feed.last_modified,
        now=now,
    )


def disposition(kind: str, filename: str) -> str:
    """Return a Content-Disposition, with the name in UTF-8 if it is not ASCII (RFC 6266)."""
    if filename.isascii():
        return f'{kind}; filename="{filename}"'
    plain = filename.encode("ascii", "ignore").decode().strip("-") or "calendar.ics"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
