"""The pages that people read: plain HTML, which a script makes quicker to use."""

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for

from calsvc import jsonld, selection
from calsvc.errors import UnknownNameError
from calsvc.links import add_links
from calsvc.live import Live, LiveEvent
from calsvc.model import Event
from calsvc.selection import Selection
from calsvc.web import agenda
from calsvc.web.caching import cached
from calsvc.web.desk import desk, mine
from calsvc.web.filters import chips, offered, unseen
from calsvc.web.stars import pressed
from calsvc.web.words import asked, reader_zone, tag

bp = Blueprint("pages", __name__)

CACHE = "public, max-age=300"
PRIVATE = "private, no-cache"
LONG = 150
"""Entries from which an agenda's JSON-LD stands in pieces beside its rows: gzip sees back
32 KiB, and finds the titles there again."""
ROBOTS = "User-agent: *\nAllow: /\n"  # Google's feed fetcher obeys this file


@bp.get("/")
def site_page() -> Response:
    """The site's events."""
    events = [each.schedule.event for each in desk().live.events]
    notices = _notices(desk().live)
    return _page("site_page.html", events=events, notices=notices)


def _notices(live: Live) -> list[str]:
    trouble = [f"{live.trouble} Calendars go on from memory."] if live.trouble else []
    return [*trouble, *live.notices]


@bp.get("/events/<event_id>/")
def event_page(event_id: str) -> Response:
    """An event's agenda: as a whole, or what the filters of the address leave of it."""
    live_event = desk().live.event(event_id)
    schedule = live_event.schedule
    chosen = selection.parse(asked())
    now = agenda.on_now(schedule.entries, datetime.now(UTC))

    def render() -> str:
        return render_template(
            "event_page.html",
            **agenda_of(live_event, chosen),
            filters=(filters := offered(schedule, chosen)),
            unseen=unseen(chosen, filters),
            chips=list(chips(schedule, chosen)),
            feed=desk().feed_address(event_id, chosen),
            now=now,
        )

    key = (event_id, schedule.version, tag(), request.full_path, frozenset(now))
    return _starred(desk().memory.page(key, render), event_id)


def agenda_of(live_event: LiveEvent, chosen: Selection) -> dict[str, object]:
    """Return what the template of an agenda shows.  Raises ``UnknownZoneError``."""
    schedule, home = live_event.schedule, live_event.blocks.home
    zone = reader_zone(schedule.event)
    entries = chosen.entries(schedule)
    days = agenda.days(entries, zone, [room.name for room in schedule.event.rooms])
    is_long = len(schedule.entries) > LONG
    return {
        "event": schedule.event,
        "schedule": schedule,
        "selection": chosen,
        "zone": zone,
        "days": days,
        "anchors": agenda.anchors(days),
        "several": agenda.several(schedule.entries),
        "moved": live_event.moved,
        "number": len({entry.session for entry in entries}),
        "announced": chosen.announced(schedule),
        "jsonld": jsonld.of_event(schedule, home, has_parts=not is_long),
        "parts_jsonld": is_long
        and (lambda placed: jsonld.parts_of([each.entry for each in placed], home)),
    }


@bp.get("/events/<event_id>/sessions/<session_id>/")
def session_page(event_id: str, session_id: str) -> Response:
    """One session."""
    live_event = desk().live.event(event_id)
    event = live_event.schedule.event
    session = event.session(session_id)
    if session is None:
        return _gone_page(live_event, session_id)
    entries = live_event.schedule.of_session(session_id)
    timed = [each for each in entries if each.content.slot] if event.slots(session) else []
    page = render_template(
        "session_page.html",
        event=event,
        session=session,
        zone=reader_zone(event),
        entries=timed,
        moved=live_event.moved,
        parts=event.parts(session),
        wholes=event.wholes(session),
        add_links=lambda entry: add_links(entry, live_event.blocks.home),
        jsonld=jsonld.of_session(live_event.schedule, timed, live_event.blocks.home),
    )
    return _starred(page, event_id)


def _gone_page(live_event: LiveEvent, session_id: str) -> Response:
    """Answer for a session that left the agenda, while calendars still announce that."""
    event: Event = live_event.schedule.event
    entries = live_event.schedule.of_session(session_id)
    if not entries:
        raise UnknownNameError("session", session_id, [each.id for each in event.sessions])
    return _page("gone_page.html", event=event, title=entries[0].content.title)


@bp.get("/events/<event_id>/changes/")
def changes_page(event_id: str) -> Response:
    """What changed in an event, version by version."""
    event = desk().live.event(event_id)
    agenda = event.schedule.event
    return _page("changes_page.html", event=agenda, zone=reader_zone(agenda), history=event.history)


@bp.get("/healthz")
def healthz() -> Response:
    """Tell that the process answers."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/readyz")
def readyz() -> Response:
    """Tell whether storage answers, and what operators should know of the event files."""
    status = 503 if desk().live.trouble else 200
    lines = ["ok" if status == 200 else "not ready", *_notices(desk().live)]
    response = Response("".join(f"{line}\n" for line in lines), status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/robots.txt")
def robots() -> Response:
    """Let crawlers and feed fetchers in."""
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": CACHE})


def _page(template: str, **context: object) -> Response:
    return _answer(render_template(template, **context), CACHE)


def _starred(page: str, event_id: str) -> Response:
    """Return a page of an event, with the reader's own stars where there are some."""
    chosen = mine(event_id)
    if chosen is None:
        return _answer(page, CACHE)
    return _answer(pressed(page, chosen, url_for("my.remove")), PRIVATE)


def _answer(page: str, cache: str) -> Response:
    response = Response(page)
    response.vary.update(("Accept-Language", "Cookie"))
    return cached(response, cache)
