"""The pages that people read: plain HTML, without JavaScript."""

from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, Response, render_template

from calsvc.errors import UnknownNameError
from calsvc.live import Live, LiveEvent
from calsvc.model import Event, Session
from calsvc.slots import Slot
from calsvc.web.caching import cached
from calsvc.web.desk import desk

bp = Blueprint("pages", __name__)

CACHE = "public, max-age=300"
ROBOTS = "User-agent: *\nAllow: /\n"  # Google's feed fetcher obeys this file


class Showing(NamedTuple):
    """A session at one of its times."""

    session: Session
    slot: Slot


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
    """An event's agenda, with its feeds."""
    live_event = desk().live.event(event_id)
    event = live_event.schedule.event
    showings = sorted(
        (
            Showing(session, slot)
            for session in event.sessions
            if not session.part_of
            for slot in event.slots(session)
        ),
        key=lambda showing: (showing.slot.start, showing.slot.end),
    )
    days = groupby(showings, key=lambda showing: showing.slot.local_start.date())
    return _page(
        "event_page.html",
        event=event,
        days=[(day, list(group)) for day, group in days],
        waiting=[each for each in event.sessions if not event.slots(each)],
        kinds=sorted({session.kind for session in event.sessions}),
        feed=f"{desk().live.base_url}/events/{event.id}.ics",
    )


@bp.get("/events/<event_id>/sessions/<session_id>/")
def session_page(event_id: str, session_id: str) -> Response:
    """One session."""
    live_event = desk().live.event(event_id)
    event = live_event.schedule.event
    session = event.session(session_id)
    if session is None:
        return _gone_page(live_event, session_id)
    slots = event.slots(session)
    entries = live_event.schedule.of_session(session_id)
    return _page(
        "session_page.html",
        event=event,
        session=session,
        entries=[each for each in entries if slots and each.content.slot],
        parts=event.parts(session),
        wholes=event.wholes(session),
    )


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
    return _page("changes_page.html", event=event.schedule.event, history=event.history)


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
    return cached(Response(render_template(template, **context)), CACHE)
