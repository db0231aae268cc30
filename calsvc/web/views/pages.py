"""The pages that people read: plain HTML, which a script makes quicker to use."""

from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Blueprint, Response, current_app, render_template, request, url_for

from calsvc.answers import Cache
from calsvc.errors import StorageError
from calsvc.exporters import jsonld
from calsvc.exporters.jsonld import Programme
from calsvc.exporters.table import EXPORTERS
from calsvc.links import feed_code
from calsvc.live.event import LiveEvent
from calsvc.schedule.query import selection_of
from calsvc.web import grid
from calsvc.web.caching import Page, body_response, cached
from calsvc.web.coming import coming_and_past, is_on
from calsvc.web.contexts import (
    agenda_context,
    is_file_of_all_days,
    known_day,
    moment_of,
    session_context,
    session_of,
    variant,
    view_asked_for,
)
from calsvc.web.error_handlers import RETRY_AFTER
from calsvc.web.filters import chips, offered, pairs_of, searched, typed_words, unseen
from calsvc.web.locale import gettext, query_pairs
from calsvc.web.neighbours import neighbours
from calsvc.web.personal import reader_choice
from calsvc.web.site import get_site
from calsvc.web.stars import pressed
from calsvc.web.zones import reader_zone

bp = Blueprint("pages", __name__)

LONG = 150
"""Entries above which an agenda's JSON-LD is split, each piece beside its rows: gzip looks
back 32 KiB, and finds the titles there again."""
ALONE = "default-src 'none'; style-src 'unsafe-inline'"
"""The policy of a picture that is opened as a page of its own: SVG may hold a script."""
STARS = "X-Stars"  # offline.js reads it
ROBOTS = "User-agent: *\nAllow: /\n"  # Google's feed fetcher obeys this file


@bp.get("/")
def site_page() -> Response:
    """Return the page of all events.

    What operators should know is for /readyz and the log: visitors can do nothing about it.
    """
    live = get_site().live
    now = datetime.now(UTC)
    coming, past = coming_and_past(live.events, now)
    content = render_template(
        "site_page.html",
        coming=[each.event for each in coming],
        past=[each.event for each in past],
        numbers={each.event.id: each.summary.numbers for each in (*coming, *past)},
        on={each.event.id for each in coming if is_on(each.event, now)},
        is_late=bool(live.trouble),
    )
    if not live.is_waiting:
        return Page(content).response()
    response = Page(content).response(Cache.NEVER, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_AFTER[response.status_code])
    return response


@bp.get("/events/<event_id>/")
def event_page(event_id: str) -> Response:
    """Return the page of an event's agenda: one day, or all that the address's filters find."""
    return _agenda(event_id, is_whole=False)


@bp.get("/events/<event_id>/days/")
def days_page(event_id: str) -> Response:
    """Return the page of all days of an event's agenda."""
    return _agenda(event_id)


@bp.get("/events/<event_id>/days/<day>/")
def day_page(event_id: str, day: str) -> Response:
    """Return the page of one day of an event's agenda."""
    event = get_site().live.event(event_id).event
    return _agenda(event_id, wanted=known_day(event, day))


def _agenda(event_id: str, *, wanted: date | None = None, is_whole: bool = True) -> Response:
    """Return a page of an event's agenda, limited by the filters in the address."""
    live_event = get_site().live.event(event_id)
    schedule = live_event.schedule
    selection = selection_of(query_pairs()).meant(schedule)
    now = datetime.now(UTC)
    is_whole = is_whole or selection.is_filtered or is_file_of_all_days(schedule)
    # What else is on is not what was asked for.
    moment = moment_of(live_event, None if selection.is_filtered else selection, now)
    is_long = len(schedule.entries) > LONG
    programme = Programme(schedule, get_site().addresses, live_event.moved)

    def parts_jsonld(placed: list[grid.Placed]) -> dict[str, object]:
        return jsonld.parts_of(programme, [each.entry for each in placed])

    def render() -> str:
        return render_template(
            "event_page.html",
            **agenda_context(live_event, selection, wanted=wanted, is_whole=is_whole, now=now),
            filters=(filters := offered(schedule, selection)),
            unseen=unseen(selection, filters),
            pairs=pairs_of(selection),
            searched=searched(selection),
            chips=list(chips(schedule, selection)),
            feed=(feed := selection.on(get_site().addresses.feed(event_id))),
            feed_code=feed_code(feed, gettext("QR code of the calendar")),
            exporters=EXPORTERS.values(),
            jsonld=jsonld.of_event(programme, has_parts=not is_long),
            parts_jsonld=parts_jsonld if is_long else None,
            **moment.variables,
        )

    # What is shown first changes at the end of a day; what is on, at starts and ends.
    shown = wanted, is_whole, view_asked_for(), *typed_words().values()
    key = event_id, schedule.version, *variant(selection), moment.key, shown
    return _starred(get_site().memory.page(key, render), event_id)


@bp.get("/events/<event_id>/sessions/<session_id>/")
def session_page(event_id: str, session_id: str) -> Response:
    """Return the page of a session, or if it left the agenda the page that says so (410)."""
    live_event = get_site().live.event(event_id)
    schedule = live_event.schedule
    session = session_of(live_event, session_id)
    if session is None:
        return _gone_page(live_event, session_id)
    programme = Programme(schedule, get_site().addresses, live_event.moved)
    page = render_template(
        "session_page.html",
        **session_context(live_event, session),
        parts=schedule.event.parts(session),
        wholes=schedule.event.wholes(session),
        around=neighbours(schedule, session_id),
        jsonld=jsonld.of_session(programme, schedule.of_session(session_id)),
    )
    return _starred(Page(page), event_id)


def _gone_page(live_event: LiveEvent, session_id: str) -> Response:
    schedule = live_event.schedule
    page = render_template(
        "gone_page.html",
        event=schedule.event,
        zone=reader_zone(schedule.event),
        entries=schedule.of_session(session_id),
    )
    return Page(page).response(status=HTTPStatus.GONE)


@bp.get("/events/<event_id>/changes/")
def changes_page(event_id: str) -> Response:
    """Return the page of what changed in an event, version by version."""
    live_event = get_site().live.event(event_id)
    event = live_event.event
    page = render_template(
        "changes_page.html",
        event=event,
        schedule=live_event.schedule,
        zone=reader_zone(event),
        history=live_event.history,
    )
    return _starred(Page(page), event_id)


@bp.get("/logo")
def logo() -> Response:
    """Return the site's logo, else calsvc's own; with its digest, an address is immutable."""
    face = get_site().face
    if face.logo is None:
        return current_app.send_static_file("icon.svg")
    is_its_own = request.args.get("v") == face.digest
    cache = Cache.IMMUTABLE if is_its_own else Cache.ASK_FIRST
    return body_response(face.logo, face.logo_type, cache, also={"Content-Security-Policy": ALONE})


@bp.get("/robots.txt")
def robots() -> Response:
    """Let crawlers and feed fetchers in."""
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": Cache.PAGE})


def _starred(page: Page, event_id: str) -> Response:
    """Return a response with a page of an event, with the reader's own stars if any."""
    try:
        own = reader_choice()
    except StorageError:
        response = page.response(Cache.NEVER)
        response.headers[STARS] = "away"  # no copy that has them may be replaced by this one
        return response
    if own is None:
        response = page.response()
    else:
        remove = url_for("my.remove")
        octets = pressed(page.octets, own.slots(event_id), remove, len(own.sessions))
        response = Response(octets)
        response.vary.add("Accept-Language")
        response = cached(response, Cache.PERSONAL_PAGE)
    response.vary.add("Cookie")
    return response
