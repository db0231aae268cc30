"""The addresses that calendar programs fetch.

Caching: a feed may be kept for five minutes, and shown for a day when the server is
away; its strong ETag is over its bytes, so a client that asks again gets 304 until
something that people see has changed.  ``.ics`` is never compressed: gzip has emptied
Outlook subscriptions (markuspoerschke/iCal#541).
"""

from urllib.parse import quote

from flask import Blueprint, Response, request

from calsvc import selection
from calsvc.atom import atom_feed
from calsvc.feeds import Feed
from calsvc.web.caching import cached
from calsvc.web.desk import desk

bp = Blueprint("feeds", __name__)

ICALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
CACHE = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"


@bp.get("/events.ics")
def site_feed() -> Response:
    """Every event of the site as a banner; ``?series=`` keeps to one series."""
    chosen = selection.parse(
        request.args.items(multi=True), filters=("series",), options=("cancelled",)
    )
    return answer(desk().live.site_feed(chosen))


@bp.get("/events/<event_id>.ics")
def event_feed(event_id: str) -> Response:
    """An event's feed, with all filters and options."""
    event = desk().live.event(event_id)
    return answer(event.feed(selection.parse(request.args.items(multi=True))))


@bp.get("/events/<event_id>/sessions/<session_id>.ics")
def session_feed(event_id: str, session_id: str) -> Response:
    """One session as a download."""
    chosen = selection.parse(
        request.args.items(multi=True), filters=(), options=selection.SESSION_OPTIONS
    )
    return answer(desk().live.session_feed(event_id, session_id, chosen))


@bp.get("/events/<event_id>.atom")
def changes_feed(event_id: str) -> Response:
    """What changed in an event, version by version, as Atom."""
    selection.parse(request.args.items(multi=True), filters=(), options=())
    feed = atom_feed(desk().live.event(event_id), desk().live.base_url)
    return cached(_response(feed, ATOM), CACHE)


def answer(feed: Feed, *, cache: str = CACHE, is_download: bool = False) -> Response:
    """Return a calendar as a response, or 304 where the client has it."""
    response = _response(feed, ICALENDAR, is_download=is_download)
    response.headers["Cache-Control"] = cache
    if cache != CACHE:
        del response.headers["Access-Control-Allow-Origin"]
    response.set_etag(feed.etag)
    # If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2); werkzeug sees to it.
    response.make_conditional(request)
    return response


def _response(feed: Feed, content_type: str, *, is_download: bool = False) -> Response:
    response = Response(feed.body, content_type=content_type)
    response.last_modified = feed.last_modified
    disposition = "attachment" if feed.is_download or is_download else "inline"
    response.headers["Content-Disposition"] = _disposition(disposition, feed.filename)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _disposition(kind: str, filename: str) -> str:
    """Return a Content-Disposition, with a name in UTF-8 where it needs one (RFC 6266)."""
    if filename.isascii():
        return f'{kind}; filename="{filename}"'
    plain = filename.encode("ascii", "ignore").decode().strip("-") or "calendar.ics"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
