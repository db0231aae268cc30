"""The pages that people read: plain HTML, which a script makes quicker to use."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request, url_for

from calsvc import jsonld, selection
from calsvc.errors import UnknownNameError
from calsvc.jsonld import Programme
from calsvc.links import add_links
from calsvc.live import LiveEvent
from calsvc.model import Session
from calsvc.selection import Selection
from calsvc.web import agenda
from calsvc.web.caching import Page, cached
from calsvc.web.desk import desk, mine
from calsvc.web.filters import chips, offered, unseen
from calsvc.web.stars import pressed
from calsvc.web.words import KEPT, asked, reader_zone, tag

bp = Blueprint("pages", __name__)

CACHE = "public, max-age=300"
OWN = "private, no-store"  # or Back would show the stars of a while ago
LONG = 150
"""Entries from which an agenda's JSON-LD stands in pieces beside its rows: gzip sees back
32 KiB, and finds the titles there again."""
ROBOTS = "User-agent: *\nAllow: /\n"  # Google's feed fetcher obeys this file


@bp.get("/")
def site_page() -> Response:
    """The site's events, and what operators should know of the event files."""
    live = desk().live
    yesterday = datetime.now(UTC).date() - timedelta(days=1)  # somewhere it is still that day
    events = [each.schedule.event for each in live.events]
    past = [each for each in events if each.last_day < yesterday]
    coming = [each for each in events if each.last_day >= yesterday]
    # Why the database is away is for /readyz: the reason may name a host.
    return _page(
        "site_page.html",
        coming=coming,
        past=past[::-1],
        is_late=bool(live.trouble),
        notices=live.notices,
    )


@bp.get("/events/<event_id>/")
def event_page(event_id: str) -> Response:
    """An event's agenda: as a whole, or what the filters of the address leave of it."""
    live_event = desk().live.event(event_id)
    schedule = live_event.schedule
    chosen = selection.parse(asked())
    now = agenda.on_now(schedule.entries, datetime.now(UTC))
    is_long = len(schedule.entries) > LONG
    programme = Programme(schedule, live_event.blocks.home, live_event.moved)

    def parts_jsonld(placed: list[agenda.Placed]) -> dict[str, object]:
        return jsonld.parts_of(programme, [each.entry for each in placed])

    def render() -> str:
        return render_template(
            "event_page.html",
            **shown_agenda(live_event, chosen),
            filters=(filters := offered(schedule, chosen)),
            unseen=unseen(chosen, filters),
            chips=list(chips(schedule, chosen)),
            feed=desk().feed_address(event_id, chosen),
            jsonld=jsonld.of_event(programme, has_parts=not is_long),
            parts_jsonld=parts_jsonld if is_long else None,
            now=now,
        )

    page = desk().memory.page((event_id, schedule.version, *state(chosen), frozenset(now)), render)
    return _starred(page, event_id)


def state(chosen: Selection) -> tuple[str, ...]:
    """Return all that the address and the headers of a request change on an agenda."""
    return tag(), chosen.query, *(request.args.get(name, "") for name in KEPT)


def shown_agenda(live_event: LiveEvent, chosen: Selection) -> dict[str, object]:
    """Return what the template of an agenda shows.  Raises ``UnknownZoneError``."""
    schedule = live_event.schedule
    event = schedule.event
    zone = reader_zone(event)
    entries = chosen.entries(schedule)
    days = agenda.days(entries, zone, [room.name for room in event.rooms])
    return {
        "event": event,
        "schedule": schedule,
        "selection": chosen,
        "zone": zone,
        "days": days,
        "anchors": agenda.anchors(days),
        "several": agenda.several(schedule.entries),
        "moved": live_event.moved,
        "number": len({entry.session for entry in entries}),
        "announced": chosen.announced(schedule),
    }


@bp.get("/events/<event_id>/sessions/<session_id>/")
def session_page(event_id: str, session_id: str) -> Response:
    """One session."""
    live_event = desk().live.event(event_id)
    schedule = live_event.schedule
    session = session_of(live_event, session_id)
    if session is None:
        return _gone_page(live_event, session_id)
    programme = Programme(schedule, live_event.blocks.home, live_event.moved)
    page = render_template(
        "session_page.html",
        **shown_session(live_event, session),
        parts=schedule.event.parts(session),
        wholes=schedule.event.wholes(session),
        jsonld=jsonld.of_session(programme, schedule.of_session(session_id)),
    )
    return _starred(Page(page), event_id)


def session_of(live_event: LiveEvent, session_id: str) -> Session | None:
    """Return a session; None where it left the agenda, while calendars still announce that.

    Raises ``UnknownNameError`` for what was never there.
    """
    event = live_event.schedule.event
    session = event.session(session_id)
    if session is None and not live_event.schedule.of_session(session_id):
        raise UnknownNameError("session", session_id, [each.id for each in event.sessions])
    return session


def shown_session(live_event: LiveEvent, session: Session) -> dict[str, object]:
    """Return what the templates of a session show.  Raises ``UnknownZoneError``."""
    event = live_event.schedule.event
    entries = live_event.schedule.of_session(session.id)
    return {
        "event": event,
        "session": session,
        "zone": reader_zone(event),
        "entries": [each for each in entries if each.content.slot],
        "is_waiting": not event.slots(session),
        "moved": live_event.moved,
        "add_links": lambda entry: add_links(entry, live_event.blocks.home),
    }


def _gone_page(live_event: LiveEvent, session_id: str) -> Response:
    schedule = live_event.schedule
    page = render_template(
        "gone_page.html",
        event=schedule.event,
        zone=reader_zone(schedule.event),
        entries=schedule.of_session(session_id),
    )
    return Page(page).sent(CACHE, HTTPStatus.GONE)


@bp.get("/events/<event_id>/changes/")
def changes_page(event_id: str) -> Response:
    """What changed in an event, version by version."""
    live_event = desk().live.event(event_id)
    event = live_event.schedule.event
    return _page(
        "changes_page.html", event=event, zone=reader_zone(event), history=live_event.history
    )


@bp.get("/healthz")
def healthz() -> Response:
    """Tell that the process answers."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/readyz")
def readyz() -> Response:
    """Tell whether storage answers, and what operators should know of the event files."""
    live = desk().live
    trouble = [f"{live.trouble} Calendars go on from memory."] if live.trouble else []
    lines = ["not ready" if trouble else "ok", *trouble, *live.notices]
    text = "".join(f"{line}\n" for line in lines)
    response = Response(text, 503 if trouble else 200, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/robots.txt")
def robots() -> Response:
    """Let crawlers and feed fetchers in."""
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": CACHE})


def _page(template: str, **context: object) -> Response:
    return Page(render_template(template, **context)).sent(CACHE)


def _starred(page: Page, event_id: str) -> Response:
    """Return a page of an event, with the reader's own stars where there are some."""
    chosen = mine(event_id)
    if chosen is None:
        response = page.sent(CACHE)
    else:
        response = Response(pressed(page.content, chosen, url_for("my.remove")))
        response.vary.add("Accept-Language")
        response = cached(response, OWN)
    response.vary.add("Cookie")
    return response
