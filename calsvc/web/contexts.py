"""The variables of the templates of agendas and sessions, on this site and on others."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import request, url_for
from werkzeug.exceptions import NotFound

from calsvc.agenda.model import Event, Session
from calsvc.errors import UnknownNameError
from calsvc.links import add_links
from calsvc.live.event import LiveEvent
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.numbers import is_poster, numbers_of
from calsvc.schedule.selection import Selection
from calsvc.web import grid
from calsvc.web.coming import is_over, next_of_series
from calsvc.web.locale import CARRIED, language_tag
from calsvc.web.plan import plan
from calsvc.web.present import Present, present
from calsvc.web.site import get_site
from calsvc.web.zones import reader_zone

LIST = "list"
"""The value of ``view`` in an address by which a wide screen shows no table of rooms."""
MOST_IN_A_FILE = 150
"""Entries above which a file has one day of an agenda."""
MANY = 150
"""Entries of a day above which each takes two lines."""


class State(NamedTuple):
    """The variables of ``event_state.html``."""

    is_over: bool
    following: Event | None
    """The next event of the series."""


def state_of(event: Event, now: datetime) -> State:
    """Return whether an event is over, and which one follows."""
    events = get_site().live.events
    return State(is_over(event, now), next_of_series(event, events, now))


class Moment(NamedTuple):
    """What of an agenda's page depends on the time."""

    today: date | None
    """The day of the event that is today, for the reader; None if it is not on."""
    now: frozenset[str]
    """Uids of the entries that are on."""
    present: Present | None
    """What is on and what comes next of that which the page shows."""
    state: State

    @property
    def variables(self) -> dict[str, object]:
        """Return the variables of the templates."""
        return {"now": self.now, "present": self.present, **self.state._asdict()}

    @property
    def key(self) -> Hashable:
        """Return what differs between moments at which the page differs."""
        then = self.state.following
        return (
            *(self.today, self.now, self.present, self.state.is_over),
            then and (then.id, then.name, then.first_day, then.last_day),
        )


def moment_of(live_event: LiveEvent, selection: Selection | None, now: datetime) -> Moment:
    """Return what an agenda's page says of the instant ``now``.

    ``selection`` is what it tells the present of; without one it tells none.
    """
    schedule = live_event.schedule
    if get_site().is_static:  # which nobody writes again when a session begins
        return Moment(None, frozenset(), None, state_of(schedule.event, now))
    told = None
    if selection and selection.is_filtered:
        told = present(schedule, now, {entry.uid for entry in selection.entries(schedule)})
    elif selection:
        told = present(schedule, now)
    return Moment(
        today(schedule.event, now),
        frozenset(grid.on_now(schedule.worked_out(grid.timed_of), now)),
        told,
        state_of(schedule.event, now),
    )


def variant(selection: Selection) -> tuple[str, ...]:
    """Return all parts of a request's address and headers that change an agenda's page."""
    return language_tag(), selection.query, *(request.args.get(name, "") for name in CARRIED)


def view_asked_for() -> str | None:
    """Return how the reader wants to see days, if not as the page is wide."""
    return LIST if request.args.get("view") == LIST else None


def is_file_of_all_days(schedule: Schedule) -> bool:
    """Return whether an agenda's page is a file, in which nothing leads to today, and not long."""
    return get_site().is_static and len(schedule.entries) <= MOST_IN_A_FILE


def known_day(event: Event, text: str) -> date:
    """Return the day of an address.  Raises ``NotFound`` for what is no day of an event.

    In another time zone an event can begin a day before, and end a day after.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    around = timedelta(days=1)
    if day.isoformat() != text or not event.first_day - around <= day <= event.last_day + around:
        raise NotFound
    return day


def today(event: Event, now: datetime) -> date | None:
    """Return the day of an event that is today, for the reader; None if it is not on."""
    day = event.day_of(now.astimezone(reader_zone(event)))
    return day if event.first_day <= day <= event.last_day else None


def agenda_context(
    live_event: LiveEvent,
    selection: Selection,
    *,
    wanted: date | None = None,
    is_whole: bool = True,
    now: datetime | None = None,
) -> dict[str, object]:
    """Return the variables of an agenda's template.  Raises ``UnknownZoneError``.

    ``wanted`` is the day to show.  Without it all are shown if ``is_whole``, else one: the first
    that is not over at ``now``.
    """
    schedule = live_event.schedule
    event = schedule.event
    zone = reader_zone(event)
    entries = selection.entries(schedule)
    announced = selection.announced(schedule)
    rooms = [room.name for room in event.rooms]
    single, again = _posters_once(entries) if selection.is_filtered else (entries, {})
    days = grid.days(single, zone, rooms, {entry.uid: event for entry in entries})
    shown: Sequence[grid.Day] = days
    if wanted:
        shown = [day for day in days if day.date == wanted]
    elif not is_whole:
        shown = _first(days, today(event, now) if now else None)
    numbers = numbers_of([*entries, *announced] if selection.is_filtered else schedule.entries)
    return {
        "event": event,
        "schedule": schedule,
        "selection": selection,
        "zone": zone,
        "days": days,
        "shown": shown,
        "wanted": wanted,
        "plans": {day.date: plan(day, rooms) for day in shown},
        "is_brief": any(len(day.placed) > MANY for day in shown),
        "view": view_asked_for(),
        "is_list": selection.is_filtered or view_asked_for() == LIST,
        "today": today(event, now) if now else None,
        "again": again,
        "by_uid": {entry.uid: entry for entry in entries},
        "anchors": grid.anchors(shown),
        "several": grid.several(schedule.entries),
        "is_frame": False,
        "moved": live_event.moved,
        "numbers": numbers,
        "announced": announced,
    }


def _first(days: Sequence[grid.Day], today: date | None) -> Sequence[grid.Day]:
    """Return the day that is shown before a reader asks for one, as a list of one."""
    coming = [day for day in days if today and day.date >= today]
    return coming[:1] or days[:1]


def _posters_once(entries: Iterable[Entry]) -> tuple[list[Entry], dict[str | None, list[Entry]]]:
    """Return entries with each poster once, and by their sessions where posters are again."""
    single: list[Entry] = []
    again: dict[str | None, list[Entry]] = {}
    for entry in entries:
        if is_poster(entry) and entry.session in again:
            again[entry.session].append(entry)
        else:
            single.append(entry)
            if is_poster(entry):
                again[entry.session] = []
    return single, again


def session_of(live_event: LiveEvent, session_id: str) -> Session | None:
    """Return a session; None if it left the agenda, and calendars still show it as cancelled.

    Raises ``UnknownNameError`` for any other id.
    """
    event = live_event.event
    session = event.session(session_id)
    if session is None and not live_event.schedule.of_session(session_id):
        raise UnknownNameError("session", session_id, [each.id for each in event.sessions])
    return session


def _place(schedule: Schedule, session: Session) -> str:
    """Return the address of a session on the agenda: on the page of its first day.

    A part stands there with its whole.
    """
    event = schedule.event
    shown = next(iter(event.wholes(session)), session)
    slots = [each.content.slot for each in schedule.of_session(shown.id)]
    on = [event.days_of(slot, reader_zone(event))[0] for slot in slots if slot]
    anchor = f"s-{shown.id}"
    if not on or {event.first_day, event.last_day, on[0]} == {event.first_day}:
        return url_for("pages.event_page", event_id=event.id, _anchor=anchor)
    return url_for("pages.day_page", event_id=event.id, day=on[0], _anchor=anchor)


def session_context(live_event: LiveEvent, session: Session) -> dict[str, object]:
    """Return the variables of a session's templates.  Raises ``UnknownZoneError``."""
    event = live_event.event
    entries = live_event.schedule.of_session(session.id)
    return {
        "event": event,
        "session": session,
        "place": _place(live_event.schedule, session),
        "zone": reader_zone(event),
        "entries": [each for each in entries if each.content.slot],
        "is_waiting": not event.slots(session),
        "moved": live_event.moved,
        "add_links": lambda entry: add_links(entry, event.id, get_site().addresses, event.language),
    }
