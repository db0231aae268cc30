"""The answers for errors: a page, a short text or problem details, depending on the address."""

import logging
from collections.abc import Iterable
from http import HTTPStatus
from time import monotonic
from typing import NamedTuple
from urllib.parse import quote

from flask import Flask, Response, render_template, request, url_for
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed

from calsvc.addresses import PATHS
from calsvc.answers import Cache
from calsvc.errors import (
    CalsvcError,
    NoCalendarsError,
    NoEventsError,
    NothingPublishedError,
    QueryError,
    RetiredKeyError,
    StorageError,
    TooManyCallsError,
    TooManySessionsError,
    UnknownKeyError,
    UnknownNameError,
    UnknownZoneError,
    WithdrawnEventError,
    nearest,
)
from calsvc.translations import N_
from calsvc.web.locale import gettext
from calsvc.web.models import ProblemDetails
from calsvc.web.near_misses import meant, title_of
from calsvc.web.operators import is_operator
from calsvc.web.site import get_site

HTTP_STATUS: dict[type[CalsvcError], int] = {
    QueryError: 400,
    UnknownZoneError: 400,
    NoEventsError: 404,
    UnknownNameError: 404,
    UnknownKeyError: 404,
    TooManySessionsError: 409,
    WithdrawnEventError: 410,
    RetiredKeyError: 410,
    TooManyCallsError: 429,
    StorageError: 503,
    NoCalendarsError: 503,
    NothingPublishedError: 503,
}
RETRY_AFTER = {429: 600, 500: 300, 503: 30}  # seconds
TITLES = {
    400: N_("This link has something we don't know."),
    401: N_("This needs the key of your calendar."),
    403: N_("This form was sent from another website, so it was refused."),
    404: N_("There is nothing at this address."),
    405: N_("This cannot be done with this address."),
    409: N_("This is more than a calendar can hold."),
    410: N_("This is no longer here."),
    413: N_("This is too much at once."),
    429: N_("Please wait a little, and try again."),
    500: N_("Something went wrong here. Please try again later."),
    501: N_("This is not known here."),
    503: N_("Please try again in a moment."),
}
PROGRAMS = {"embed.oembed", "health.healthz", "health.readyz", "health.metrics"}
"""Endpoints for programs, besides the addresses that end in a file name."""
DETAILS: dict[type[CalsvcError], str] = {
    QueryError: N_("Something behind the question mark of its address cannot be used."),
    NoEventsError: N_("There are no events here yet."),
    NothingPublishedError: N_("There are no events here yet."),
    UnknownKeyError: N_("There is no such calendar."),
    RetiredKeyError: N_("This calendar's address is no longer in use."),
    TooManyCallsError: N_("Too much was made or changed from here."),
    StorageError: N_("Calendars keep working meanwhile."),
    NoCalendarsError: N_("Calendars keep working meanwhile."),
    WithdrawnEventError: N_("The event has been withdrawn."),
}
WHICH_ZONE = N_("Which time zone do you mean?")
ZONES = (
    N_("We know no city and no time zone “%(name)s”. Please try a larger city nearby."),
    N_("There is no time zone “%(name)s”. You may mean:"),
    N_("“%(name)s” can mean several time zones:"),
)
"""What a page says of an unknown zone for which there is none, one and several suggestions."""
QUIET = 60.0  # seconds in which the log says nothing twice
AWAY = "This cannot be read or stored now; please try again in a moment."
UNKNOWN = {
    "event": N_("There is no event “%(name)s”."),
    "session": N_("There is no session “%(name)s”."),
    "slot": N_("There is no such time of this session."),
}
"""What a page says of each; an address for programs says it in English, with all known names."""

log = logging.getLogger(__name__)


class Link(NamedTuple):
    """Where an error page leads on to."""

    address: str
    title: str
    is_guess: bool = True
    """Whether the address that was asked for may mean it."""


def init_app(app: Flask) -> None:
    """Register the error handlers of an application."""
    app.register_error_handler(CalsvcError, _calsvc_error)
    app.register_error_handler(HTTPException, _http_error)


def unavailable() -> Response:
    """Return the answer that there is none now, to whatever is asked."""
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, gettext(DETAILS[StorageError]))


def _calsvc_error(error: CalsvcError) -> Response:
    if type(error) not in HTTP_STATUS:
        raise error
    zones = error.suggestions if isinstance(error, UnknownZoneError) else None
    guesses = _guesses(error) if isinstance(error, UnknownNameError) else ()
    detail = _of_storage(error) if type(error) is StorageError else str(error)
    return _answer(HTTP_STATUS[type(error)], detail, _told(error), zones, guesses)


def _of_storage(error: StorageError) -> str:
    """Return what anybody may know of storage that is away; its own words go to operators.

    They stand in the log once a minute: a site whose storage is away has many requests.
    """
    site, words, now = get_site(), str(error), monotonic()
    if words != site.live.trouble and now >= site.told_of_storage.get(words, now):
        site.told_of_storage.clear()
        site.told_of_storage[words] = now + QUIET
        log.warning("A request was not answered: %s", words)
    return words if is_operator() else AWAY


def _told(error: CalsvcError) -> str | None:
    """Return what a page says of an error in the reader's language; None if only in English.

    Which name may be meant stands below it, as a link.
    """
    match error:
        case UnknownNameError():
            words = UNKNOWN[error.noun]
        case UnknownZoneError():
            words = ZONES[min(len(error.suggestions), len(ZONES) - 1)]
        case _:
            words = DETAILS.get(type(error), "")
    return gettext(words) % {"name": getattr(error, "name", "")} if words else None


def _guesses(error: UnknownNameError) -> list[Link]:
    """Return links to what an address with an unknown name may mean, and to its event."""
    event_id = (request.view_args or {}).get("event_id")
    guess = nearest(error.name, error.known)
    if error.noun == "event":
        event = get_site().live.event(guess).event if guess else None
        return [Link(url_for("pages.event_page", event_id=event.id), event.name)] if event else []
    if error.noun != "session" or event_id is None:
        return []
    event = get_site().live.event(event_id).event
    links = [Link(url_for("pages.event_page", event_id=event.id), event.name, is_guess=False)]
    if guess and (session := event.session(guess)):
        address = url_for("pages.session_page", event_id=event.id, session_id=guess)
        links.insert(0, Link(address, session.title))
    return links


def _http_error(error: HTTPException) -> Response:
    # The title already says what werkzeug's own description says.
    is_ours = error.description != type(error).description
    detail = error.description or error.name
    told = gettext(detail) if is_ours else ""
    response = _answer(error.code or 500, detail, told)
    for name, value in error.get_headers():
        if name in {"Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _answer(
    status: int,
    detail: str,
    told: str | None,
    zones: Iterable[str] | None = None,
    guesses: Iterable[Link] = (),
) -> Response:
    """Return an answer that says ``detail`` to programs, and ``told`` to people.

    ``zones`` are those that an unknown zone may mean, and ``guesses`` lead to other pages.
    """
    other = meant(request.path) if status == HTTPStatus.NOT_FOUND else None
    if other:
        address = get_site().addresses.of_path(other)
        detail = f"There is nothing at this address. Did you mean {address}?"
        told = ""
    if PATHS.is_of_api(request.path):
        problem = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail)
        content = problem.model_dump_json()
        response = Response(content, status, mimetype="application/problem+json")
    elif _is_for_programs():
        response = Response(f"{detail}\n", status, mimetype="text/plain")
    else:
        title = gettext(TITLES.get(status, TITLES[500]) if zones is None else WHICH_ZONE)
        page = render_template(
            "error_page.html",
            title=title,
            told=told,
            detail=detail,
            zones=zones,
            guesses=list(guesses),
            has_query=status == HTTPStatus.BAD_REQUEST and request.method == "GET",
            other=other and Link(f"{request.script_root}{quote(other)}", title_of(other)),
        )
        response = Response(page, status)
    response.headers["Cache-Control"] = Cache.NEVER
    if wait := RETRY_AFTER.get(status):
        response.headers["Retry-After"] = str(wait)
    return response


def _is_for_programs() -> bool:
    """Tell whether an address is of a file, or of programs; no page has links to a bad host."""
    has_bad_host = isinstance(request.routing_exception, BadHost)
    return is_file(request.path) or has_bad_host or request.endpoint in PROGRAMS


def is_file(path: str) -> bool:
    """Tell whether a path ends in the name of a file, which programs ask for."""
    return "." in path.rpartition("/")[2]
