"""From other addresses of pages to their present ones: without the last slash, or former.

Feeds and the API answer at former addresses themselves, because calendar programs do not all
follow redirects.  No redirect leads to where there is nothing, or to another one.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from calsvc.answers import Cache
from calsvc.web.locale import KNOWN
from calsvc.web.near_misses import required
from calsvc.web.site import get_site

PAGES = {"pages", "subscribe", "embed"}
"""Blueprints whose addresses people open, or other sites show."""
AGENDAS = {"pages.event_page", "pages.days_page", "pages.day_page"}
"""Pages of an agenda, to which its forms lead."""
MOST_STEPS = 3  # a slash too many, one too few


def init_app(app: Flask) -> None:
    """Let an application redirect requests for pages at other addresses of theirs."""
    app.before_request(_to_the_whole_address)
    app.before_request(_to_the_present_address)
    app.before_request(_without_empty_fields)


def _to_the_whole_address() -> Response | None:
    """Return 308 where only slashes are missing, or too many; None for all other addresses.

    Raises what the view at the whole address would raise if there is nothing.
    """
    if not isinstance(request.routing_exception, RequestRedirect):
        return None
    if get_site().live.is_waiting:  # it says so there
        return None
    endpoint, names = _found(request.routing_exception)
    required(names)
    if "event_id" in names:
        names = {**names, "event_id": get_site().live.present_id(names["event_id"])}
    return _leading_to(endpoint, names)


def _found(step: RequestRedirect) -> tuple[str, Mapping[str, Any]]:
    """Return the endpoint and the names of where a redirect leads in the end.

    Raises ``HTTPException`` if that is nowhere.
    """
    adapter = current_app.url_map.bind_to_environ(request.environ)
    for _ in range(MOST_STEPS):
        path = unquote(urlsplit(step.new_url).path).removeprefix(request.script_root)
        try:
            return adapter.match(path)
        except RequestRedirect as another:
            step = another
    raise step


def _to_the_present_address() -> Response | None:
    """Return 308 with the same query, or None if the address is of no former id."""
    names = request.view_args or {}
    if request.blueprint not in PAGES or "event_id" not in names or request.endpoint is None:
        return None
    present_id = get_site().live.event(names["event_id"]).event.id
    if present_id == names["event_id"]:
        return None
    return _leading_to(request.endpoint, {**names, "event_id": present_id})


def _without_empty_fields() -> Response | None:
    """Return 302 to the same agenda without what a form left empty; None if that is nothing.

    A browser that runs the site's script does not send it.
    """
    pairs = list(request.args.items(multi=True))
    filled = [(name, value) for name, value in pairs if value.strip() or name not in KNOWN]
    if request.endpoint not in AGENDAS or len(filled) == len(pairs):
        return None
    query = urlencode(filled, safe="!/")
    response = redirect(f"{request.script_root}{request.path}" + (f"?{query}" if query else ""))
    response.headers["Cache-Control"] = str(Cache.PAGE)
    return response


def _leading_to(endpoint: str, names: Mapping[str, Any]) -> Response:
    address, _, _ = url_for(endpoint, **names).partition("?")
    query = request.query_string.decode("ascii", "replace")
    response = redirect(f"{address}?{query}" if query else address, 308)
    # Browsers would keep it for ever, and the event may get its former id back.
    cache = Cache.PAGE if "event_id" in names else Cache.NEVER  # others are of one person
    response.headers["Cache-Control"] = str(cache)
    return response
