"""The pages that people read: plain HTML, which a script makes quicker to use."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, render_template, url_for

from calsvc.answers import Cache
from calsvc.exporters import jsonld
from calsvc.exporters.jsonld import Programme
from calsvc.exporters.table import EXPORTERS
from calsvc.live.event import LiveEvent
from calsvc.schedule.query import selection_of
from calsvc.web import grid
from calsvc.web.caching import Page, cached
from calsvc.web.contexts import (
    agenda_context,
    known_day,
    session_context,
    session_of,
    today,
    variant,
    view_asked_for,
)
from calsvc.web.dates import reader_zone
from calsvc.web.error_handlers import RETRY_AFTER
from calsvc.web.filters import chips, offered, pairs_of, searched, typed_words, unseen
from calsvc.web.locale import query_pairs
from calsvc.web.operators import FOR_EVERYBODY, is_operator
from calsvc.web.personal import chosen_slots
from calsvc.web.present import present
from calsvc.web.site import get_site
from calsvc.web.stars import pressed

bp = Blueprint("pages", __name__)

LONG = 150
"""Entries above which an agenda's JSON-LD is split, each piece beside its rows: gzip looks
back 32 KiB, and finds the titles there again."""
ROBOTS = "User-agent: *\nAllow: /\n"  # Google's feed fetcher obeys this file


@bp.get("/")
def site_page() -> Response:
    """Return the page of all events, with what operators should know about event files."""
    live = get_site().live
    yesterday = datetime.now(UTC).date() - timedelta(days=1)  # somewhere it is still yesterday
    events = [each.event for each in live.events]
    past = [each for each in events if each.last_day < yesterday]
    coming = [each for each in events if each.last_day >= yesterday]
    # Why the database is away is for /readyz: the reason may name a host.
    is_told = is_operator()
    notices = [each for each in live.notices if is_told or each in FOR_EVERYBODY]
    content = render_template(
        "site_page.html",
        coming=coming,
        past=past[::-1],
        is_late=bool(live.trouble),
        notices=notices,
    )
    if not live.is_waiting:
        return Page(content).response(Cache.NEVER if is_told and notices else Cache.PAGE)
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
    on = grid.on_now(schedule.worked_out(grid.timed_of), now)
    here_and_now = None if selection.is_filtered else present(schedule, now)
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
            feed=selection.on(get_site().addresses.feed(event_id)),
            exporters=EXPORTERS.values(),
            jsonld=jsonld.of_event(programme, has_parts=not is_long),
            parts_jsonld=parts_jsonld if is_long else None,
            now=on,
            present=here_and_now,
        )

    # What is shown first changes at the end of a day; what is on, at starts and ends.
    moment = today(live_event.event, now), frozenset(on), here_and_now
    shown = wanted, is_whole, view_asked_for(), *typed_words().values()
    key = event_id, schedule.version, *variant(selection), moment, shown
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
    return _page(
        "changes_page.html", event=event, zone=reader_zone(event), history=live_event.history
    )


@bp.get("/robots.txt")
def robots() -> Response:
    """Let crawlers and feed fetchers in."""
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": Cache.PAGE})


def _page(template: str, **context: object) -> Response:
    return Page(render_template(template, **context)).response()


def _starred(page: Page, event_id: str) -> Response:
    """Return a response with a page of an event, with the reader's own stars if any."""
    chosen = chosen_slots(event_id)
    if chosen is None:
        response = page.response()
    else:
        response = Response(pressed(page.octets, chosen, url_for("my.remove")))
        response.vary.add("Accept-Language")
        response = cached(response, Cache.PERSONAL_PAGE)
    response.vary.add("Cookie")
    return response
