"""What other sites show of this one: pages for frames, the script of elements, and oEmbed.

An element of ``/embed.js`` shows the ``<main>`` of a page for frames, so frames and elements
share their templates, and words, dates and zones come from here.  Requests from other sites
carry no cookie, so nobody's choice is in these pages: stars link to the site, or the script
calls the API with a key of its own.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, current_app, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import Gone, HTTPException, NotFound

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.answers import Cache
from calsvc.links import subscribe_links
from calsvc.schedule.entries import Schedule
from calsvc.schedule.query import UNFIT, selection_of
from calsvc.schedule.selection import FILTERS
from calsvc.web.caching import Page, cached
from calsvc.web.contexts import (
    agenda_context,
    is_file_of_all_days,
    known_day,
    moment_of,
    session_context,
    session_of,
    state_of,
    variant,
    view_asked_for,
)
from calsvc.web.filters import pairs_of
from calsvc.web.locale import CARRIED, PARAMETERS, query_pairs
from calsvc.web.policies import direct
from calsvc.web.site import get_site

bp = Blueprint("embed", __name__)

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


# --- pages for frames ---------------------------------------------------------------------


class Frame(NamedTuple):
    """A page for frames, and the height that it needs."""

    endpoint: str
    address: Callable[..., str]
    """What makes its address, of the names in that of the page."""
    height: int
    """Pixels."""


FRAMES = {
    "pages.event_page": Frame("embed.embed_page", Addresses.embed, 600),
    "subscribe.subscribe_page": Frame("embed.embed_subscribe_page", Addresses.embed_subscribe, 320),
    "pages.session_page": Frame("embed.embed_session_page", Addresses.embed_session, 400),
}
"""The frame that shows each page of the site."""
FRAMES |= dict.fromkeys(
    ("pages.days_page", "pages.day_page", "embed.embed_days_page", "embed.embed_day_page"),
    FRAMES["pages.event_page"],
)
FRAMES |= {frame.endpoint: frame for frame in FRAMES.values()}
WIDTH = 800  # pixels
FEW = 30
"""Sessions among which nobody searches at once: the field for it waits behind a button."""
IN_QUERIES = "!$'()*,/:;?@"
"""What needs no escape in a query (WHATWG URL), and is as the site's own links have it."""


@bp.after_request
def _let_in(response: Response) -> Response:
    """Let other sites show the pages for frames, and read everything in this module."""
    response.headers.update(CORS)
    if request.endpoint in FRAMES:
        direct(response, "frame-ancestors", current_app.config["FRAME_ANCESTORS"])
    return response


@bp.get("/events/<event_id>/embed/")
def embed_page(event_id: str) -> Response:
    """Return an agenda for a frame, limited by the filters in the address: one day of it."""
    return _agenda(event_id)


@bp.get("/events/<event_id>/embed/days/")
def embed_days_page(event_id: str) -> Response:
    """Return all days of an agenda for a frame."""
    return _agenda(event_id, is_whole=True)


@bp.get("/events/<event_id>/embed/days/<day>/")
def embed_day_page(event_id: str, day: str) -> Response:
    """Return one day of an agenda for a frame."""
    event = get_site().live.event(event_id).event
    return _agenda(event_id, wanted=known_day(event, day))


def _agenda(event_id: str, *, wanted: date | None = None, is_whole: bool = False) -> Response:
    """Return a page of an agenda for a frame.

    The filters in the address are those of the site around, and what somebody searches there
    comes besides: it changes neither what there is to subscribe to nor what a star leads to.
    """
    live_event = get_site().live.event(event_id)
    selection = selection_of(query_pairs())
    words = " ".join(UNFIT.sub(" ", request.args.get("search", "")).split())
    found = selection.searched(words)
    is_search = found is not selection
    is_whole = is_whole or is_search or "day" in selection.wanted
    is_whole = is_whole or is_file_of_all_days(live_event.schedule)
    now = datetime.now(UTC)
    moment = moment_of(live_event, None if is_search else selection, now)

    def render() -> str:
        context = agenda_context(live_event, found, wanted=wanted, is_whole=is_whole, now=now)
        context |= {"selection": selection, "pairs": pairs_of(selection), "few": FEW}
        context |= {"search": words if is_search else "", "is_frame": True}
        return render_template("embed_page.html", **context, **moment.variables)

    shown = wanted, is_whole, view_asked_for(), words
    key = "embed", event_id, live_event.schedule.version, *variant(selection), moment.key, shown
    return get_site().memory.page(key, render).response()


@bp.get("/events/<event_id>/embed/subscribe/")
def embed_subscribe_page(event_id: str) -> Response:
    """Return buttons that subscribe to an event, limited by the filters in the address."""
    event = get_site().live.event(event_id).event
    selection = selection_of(query_pairs())
    feed = selection.on(get_site().addresses.feed(event_id))
    links = subscribe_links(feed, selection.titled(event))
    return _page(
        "embed_subscribe_page.html",
        event=event,
        selection=selection,
        links=links,
        **state_of(event, datetime.now(UTC))._asdict(),
    )


@bp.get("/events/<event_id>/embed/sessions/<session_id>/")
def embed_session_page(event_id: str, session_id: str) -> Response:
    """Return one session with its times, for a frame."""
    live_event = get_site().live.event(event_id)
    session = session_of(live_event, session_id)
    if session is None:
        raise Gone("This session is no longer on the agenda.")
    context = session_context(live_event, session)
    state = state_of(live_event.event, datetime.now(UTC))
    return _page("embed_session_page.html", **context, **state._asdict())


@bp.get("/events/<event_id>/embed/help")
def embed_help_page(event_id: str) -> Response:
    """Return the page of all that another site can show of an event, live and as code."""
    schedule = get_site().live.event(event_id).schedule
    response = _page(
        "embed_help_page.html",
        event=schedule.event,
        filters=[*FILTERS, "parts", "cancelled"],
        example=_example(schedule),
    )
    direct(response, "frame-src", "'self'")
    return response


def _example(schedule: Schedule) -> str | None:
    """Return the id of a session with a time, if possible one with people; None without one."""
    timed = [each for each in schedule.entries if each.content.slot and not each.is_part]
    timed.sort(key=lambda each: (each.is_cancelled, not each.content.people))
    return timed[0].session if timed else None


def _page(template: str, **context: object) -> Response:
    return Page(render_template(template, **context)).response()


# --- the script of elements ---------------------------------------------------------------


@bp.get("/embed.js")
def embed_script() -> Response:
    """Return the script that other sites load."""
    response = current_app.send_static_file("embed.js")
    if response.headers["Cache-Control"] != Cache.NEVER:
        response.headers["Cache-Control"] = Cache.SCRIPT
    return response


# --- oEmbed 1.0 (oembed.com) --------------------------------------------------------------

NOT_HERE = "Give url= the address of an agenda, or of a session, of this site."


@bp.get("/oembed")
def oembed() -> Response:
    """Describe how to show the page of ``?url=``: an agenda, a session, or how to subscribe."""
    write = OEMBED_FORMATS.get(request.args.get("format", "json"))
    if write is None:
        abort(501, "There is format=json, and format=xml.")
    home = get_site().addresses.site
    description = {
        "version": "1.0",
        "provider_name": urlsplit(home).netloc,
        "provider_url": home,
        "cache_age": 3600,  # seconds
        **_described(request.args.get("url", home)),
    }
    return cached(write(description), Cache.PAGE)


def _described(url: str) -> dict[str, object]:
    """Return what oEmbed says of one page of this site.

    Raises ``NotFound`` if it cannot be shown, and whatever the page itself raises.
    """
    endpoint, names, query = _page_at(url)
    if endpoint == "pages.site_page":
        return {"type": "link"}
    if endpoint not in FRAMES:
        raise NotFound(NOT_HERE)
    frame = FRAMES[endpoint]
    event = get_site().live.event(names["event_id"]).event
    names = {**names, "event_id": event.id}  # the address may have a former one
    title = _title(event, names)
    filters = [each for each in query if each[0] in PARAMETERS and "session_id" not in names]
    filters += [("day", value) for name, value in names.items() if name == "day"]
    names = {name: value for name, value in names.items() if name != "day"}
    kept = {name: value for name, value in query if name in CARRIED}
    parameters = {**selection_of(filters).parameters, **kept}
    address = frame.address(get_site().addresses, **names)
    if parameters:
        address += f"?{urlencode(parameters, doseq=True, safe=IN_QUERIES)}"
    width = _room("maxwidth", WIDTH)
    height = _room("maxheight", frame.height)
    iframe = Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>')
    html = iframe.format(address, title, width, height)
    return {"type": "rich", "title": title, "html": html, "width": width, "height": height}


def _page_at(url: str) -> tuple[str, Mapping[str, str], list[tuple[str, str]]]:
    """Return the endpoint, its arguments and the query pairs of an address of this site.

    Raises ``NotFound``.
    """
    home = urlsplit(get_site().addresses.base_url)
    try:
        parts = urlsplit(url)
        if parts.netloc != home.netloc or not parts.path.startswith(f"{home.path}/"):
            raise NotFound(NOT_HERE)
        path = parts.path.removeprefix(home.path).rstrip("/")
        endpoint, names = current_app.url_map.bind("").match(f"{path}/")
    except (ValueError, HTTPException) as error:
        raise NotFound(NOT_HERE) from error
    return endpoint, names, parse_qsl(parts.query)


def _title(event: Event, names: Mapping[str, str]) -> str:
    if "session_id" not in names:
        return event.name
    session = event.session(names["session_id"])
    if session is None:
        raise NotFound(NOT_HERE)
    return f"{session.title} – {event.name}"


def _room(name: str, wanted: int) -> int:
    """Return the pixels of a frame: ``wanted``, or less if the address asks for less."""
    return max(1, min(wanted, request.args.get(name, wanted, type=int)))


def _json(description: Mapping[str, Any]) -> Response:
    return Response(json.dumps(description, ensure_ascii=False), mimetype="application/json")


def _xml(description: Mapping[str, Any]) -> Response:
    root = ElementTree.Element("oembed")
    for name, value in description.items():
        ElementTree.SubElement(root, name).text = str(value)
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, mimetype="text/xml")


OEMBED_FORMATS = {"json": _json, "xml": _xml}
