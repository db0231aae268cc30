"""The variables of the templates of agendas and sessions, on this site and on others."""

from flask import request

from calsvc.agenda.model import Session
from calsvc.errors import UnknownNameError
from calsvc.links import add_links
from calsvc.live.event import LiveEvent
from calsvc.schedule.selection import Selection
from calsvc.web import grid
from calsvc.web.dates import reader_zone
from calsvc.web.locale import CARRIED, language_tag
from calsvc.web.site import get_site


def variant(selection: Selection) -> tuple[str, ...]:
    """Return all parts of a request's address and headers that change an agenda's page."""
    return language_tag(), selection.query, *(request.args.get(name, "") for name in CARRIED)


def agenda_context(live_event: LiveEvent, selection: Selection) -> dict[str, object]:
    """Return the variables of an agenda's template.  Raises ``UnknownZoneError``."""
    schedule = live_event.schedule
    event = schedule.event
    zone = reader_zone(event)
    entries = selection.entries(schedule)
    rooms = [room.name for room in event.rooms]
    days = grid.days(entries, zone, rooms, {entry.uid: event for entry in entries})
    return {
        "event": event,
        "schedule": schedule,
        "selection": selection,
        "zone": zone,
        "days": days,
        "anchors": grid.anchors(days),
        "several": grid.several(schedule.entries),
        "moved": live_event.moved,
        "number": len({entry.session for entry in entries}),
        "announced": selection.announced(schedule),
    }


def session_of(live_event: LiveEvent, session_id: str) -> Session | None:
    """Return a session; None if it left the agenda, and calendars still show it as cancelled.

    Raises ``UnknownNameError`` for any other id.
    """
    event = live_event.event
    session = event.session(session_id)
    if session is None and not live_event.schedule.of_session(session_id):
        raise UnknownNameError("session", session_id, [each.id for each in event.sessions])
    return session


def session_context(live_event: LiveEvent, session: Session) -> dict[str, object]:
    """Return the variables of a session's templates.  Raises ``UnknownZoneError``."""
    event = live_event.event
    entries = live_event.schedule.of_session(session.id)
    return {
        "event": event,
        "session": session,
        "zone": reader_zone(event),
        "entries": [each for each in entries if each.content.slot],
        "is_waiting": not event.slots(session),
        "moved": live_event.moved,
        "add_links": lambda entry: add_links(entry, event.id, get_site().addresses, event.language),
    }
