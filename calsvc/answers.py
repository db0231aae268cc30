"""A whole answer, and how HTTP sends it: a pure function of what a request's headers say.

Flask's views, static files and whatever answers in front of them share it, so a client
sees one rule for conditions (RFC 9110, 13) and compression.  What is made of octets, an
ETag and their compressed form, is made once for as long as they are remembered.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from werkzeug.http import http_date, parse_accept_header, parse_etags
from werkzeug.sansio.http import is_resource_modified

QUICK, BEST = 6, 9  # levels of gzip: for one answer, and for one that is sent again and again
SMALL = 500  # octets below which compression gains nothing


class Cache(StrEnum):
    """How long caches may keep an answer (RFC 9111; RFC 5861 for ``stale-…``)."""

    FEED = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"
    PERSONAL_FEED = "private, max-age=300"
    PAGE = "public, max-age=300"
    PAGE_OF_BROWSER = "private, max-age=300"
    """Two programs' pages of one address differ."""
    PERSONAL_PAGE = "private, no-store"
    """Or Back would show the stars of a while ago."""
    API = "public, max-age=60"
    SCRIPT = "public, max-age=3600"
    """Its address never changes, so a new one is soon seen."""
    IMMUTABLE = "public, max-age=31536000, immutable"
    ASK_FIRST = "no-cache"
    NEVER = "no-store"


class Content:
    """Octets to send, with their strong validator (RFC 9110, 8.8.3)."""

    def __init__(self, octets: bytes, level: int = BEST) -> None:
        self.octets = octets
        self._level = level

    @cached_property
    def etag(self) -> str:
        """Return the validator: equal for equal octets alone."""
        return sha256(self.octets).hexdigest()[:32]

    @cached_property
    def compressed(self) -> "Content":
        """Return the content as gzip has it, with a validator of its own."""
        return Content(gzip.compress(self.octets, self._level, mtime=0))


class Format(NamedTuple):
    """A form of what is published, told by the suffix of its address."""

    suffix: str
    media_type: str
    is_compressed: bool
    """Whether it is sent compressed to those who take it."""


@dataclass(frozen=True)
class Feed:
    """A whole answer in one format."""

    body: bytes
    format: Format
    last_modified: datetime
    filename: str
    is_download: bool = False
    content: Content = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", Content(self.body))

    @property
    def etag(self) -> str:
        """Return the strong validator: equal for equal bytes alone."""
        return self.content.etag


class RequestHeaders(NamedTuple):
    """What a request says of the answer that it can take."""

    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    accept_encoding: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "RequestHeaders":
        """Return those of a WSGI environment."""
        return cls(*(environ.get(f"HTTP_{name.upper()}") for name in cls._fields))


class Answer(NamedTuple):
    """An answer of HTTP, ready to send."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(
    content: Content,
    asked: RequestHeaders,
    *,
    is_compressed: bool,
    last_modified: datetime | None = None,
    status: int = HTTPStatus.OK,
) -> Answer:
    """Return the answer that sends a content: compressed, or not at all, where that is asked for.

    It has the headers of validators and encoding alone.
    """
    headers: dict[str, str] = {}
    if is_compressed:
        headers["Vary"] = "Accept-Encoding"
        if len(content.octets) > SMALL and parse_accept_header(asked.accept_encoding)["gzip"] > 0:
            content = content.compressed
            headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f'"{content.etag}"'
    if last_modified:
        headers["Last-Modified"] = http_date(last_modified)
    if status != HTTPStatus.OK:  # conditions ask for nothing else (RFC 9110, 13.2.1)
        return Answer(status, headers, content.octets)
    is_modified = is_resource_modified(
        http_if_none_match=asked.if_none_match,
        http_if_modified_since=asked.if_modified_since,
        http_if_match=asked.if_match,
        etag=headers["ETag"],
        last_modified=last_modified,
    )
    if is_modified:
        return Answer(status, headers, content.octets)
    if parse_etags(asked.if_match):
        return Answer(HTTPStatus.PRECONDITION_FAILED, headers, b"")
    # What is of the content itself is not sent without it (RFC 9110, 15.4.5).
    kept = {name: value for name, value in headers.items() if name in {"ETag", "Vary"}}
    return Answer(HTTPStatus.NOT_MODIFIED, kept, b"")


def feed_answer(
    feed: Feed, asked: RequestHeaders, cache: Cache = Cache.FEED, *, is_download: bool = False
) -> Answer:
    """Return the answer that sends a feed, with all its headers."""
    kind = "attachment" if feed.is_download or is_download else "inline"
    sent = answer(
        feed.content,
        asked,
        is_compressed=feed.format.is_compressed,
        last_modified=feed.last_modified,
    )
    headers = {
        **sent.headers,
        "Cache-Control": str(cache),
        "Content-Disposition": disposition(kind, feed.filename),
    }
    if cache == Cache.FEED:
        headers["Access-Control-Allow-Origin"] = "*"
    if sent.status != HTTPStatus.NOT_MODIFIED:
        headers["Content-Type"] = feed.format.media_type
    return Answer(sent.status, headers, sent.body)


def disposition(kind: str, filename: str) -> str:
    """Return a Content-Disposition, with a name in UTF-8 where it needs one (RFC 6266)."""
    if filename.isascii():
        return f'{kind}; filename="{filename}"'
    plain = filename.encode("ascii", "ignore").decode().strip("-") or "calendar.ics"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
