"""Pages at an event's former addresses: they lead to its present ones.

Feeds and the API answer at former addresses themselves, because calendar programs do not all
follow redirects.
"""

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from calsvc.answers import Cache
from calsvc.web.site import get_site

PAGES = {"pages", "subscribe", "embed"}
"""Blueprints whose addresses people open, or other sites show."""


def init_app(app: Flask) -> None:
    """Let an application redirect requests for pages at former addresses."""
    app.before_request(_to_the_present_address)


def _to_the_present_address() -> Response | None:
    """Return 308 with the same query, or None if the address is of no former id."""
    names = request.view_args or {}
    if request.blueprint not in PAGES or "event_id" not in names or request.endpoint is None:
        return None
    present_id = get_site().live.event(names["event_id"]).event.id
    if present_id == names["event_id"]:
        return None
    address, _, _ = url_for(request.endpoint, **{**names, "event_id": present_id}).partition("?")
    query = request.query_string.decode("ascii", "replace")
    response = redirect(f"{address}?{query}" if query else address, 308)
    # Browsers would keep it for ever, and the event may get its former id back.
    response.headers["Cache-Control"] = str(Cache.PAGE)
    return response
