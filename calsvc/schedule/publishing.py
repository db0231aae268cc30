"""Publishing: an event and the schedule before → the next schedule.

Calendar programs know an entry by its uid, and notice a change by its stamps:
Evolution compares DTSTAMP, LAST-MODIFIED and SEQUENCE, ICSx5 skips what is not newer,
KDE keeps the higher sequence.  So all three move together on every visible change, and
never without one.  ``publish`` is pure.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytz

from calsvc.agenda.model import Event, Reference, Session
from calsvc.agenda.places import Place
from calsvc.schedule.entries import Content, Entry, Schedule
from calsvc.schedule.identity import Identities, Identity, banner_uid

CANCELLED_FOR = timedelta(days=30)
"""How long after its event a cancelled entry stays in feeds (w3c/calendar#90)."""


def publish(event: Event, previous: Schedule | None, now: datetime) -> Schedule:
    """Return the schedule that follows ``previous``; ``previous`` itself if nothing changed.

    ``now`` is an aware instant; stamps have whole seconds, and are later than those of
    ``previous`` even when the clock is not.
    """
    now = now.astimezone(pytz.utc).replace(microsecond=0)
    if previous:
        now = max(now, previous.revised + timedelta(seconds=1))
    before = {entry.uid: entry for entry in previous.entries} if previous else {}
    identities = Identities(event, tuple(before.values()))
    present = tuple(
        _revised(entry, before, now)
        for entry in (_banner(event, identities, now), *_sessions(event, identities, now))
    )
    gone = _gone(present, before, event, identities, now)
    entries = tuple(sorted((*present, *gone), key=_order))
    if previous and previous.event == event and previous.entries == entries:
        return previous
    changed = not previous or previous.entries != entries
    return Schedule(
        event=event,
        version=previous.version + 1 if previous else 1,
        published=now,
        revised=now if changed or not previous else previous.revised,
        entries=entries,
    )


def _order(entry: Entry) -> tuple[bool, bool, datetime, str, str]:
    """Sort by time, so that an agenda in another order is the same schedule."""
    slot = entry.content.slot
    start = slot.start if slot else datetime.min.replace(tzinfo=pytz.utc)
    return not entry.is_banner, slot is None, start, entry.session or "", entry.key


def _revised(entry: Entry, before: Mapping[UUID, Entry], now: datetime) -> Entry:
    """Return the entry with the stamps that its own past asks for."""
    past = before.get(entry.uid)
    if past is None:
        return entry
    if past.content == entry.content:
        return past.model_copy(update={"key": entry.key})
    return entry.model_copy(
        update={"sequence": past.sequence + 1, "created": past.created, "revised": now}
    )


def _gone(
    entries: tuple[Entry, ...],
    before: Mapping[UUID, Entry],
    event: Event,
    identities: Identities,
    now: datetime,
) -> Iterator[Entry]:
    """Yield what was in the schedule before and is no longer on the agenda, as cancelled."""
    if now.date() > event.last_day + CANCELLED_FOR:
        return
    present = {entry.uid for entry in entries}
    for uid, past in before.items():
        if uid in present:
            continue
        session = event.session(past.session or "")
        waits = session is not None and identities.is_waiting(session)
        postponed = session is not None and waits and session.status != "cancelled"
        content = past.content.model_copy(
            update={"status": "cancelled", "note": "postponed" if postponed else ""}
        )
        yield _revised(past.model_copy(update={"content": content}), before, now)


def _banner(event: Event, identities: Identities, now: datetime) -> Entry:
    waiting = [
        session.title
        for session in event.sessions
        if session.status != "cancelled" and identities.is_waiting(session)
    ]
    content = Content(
        title=event.name,
        day=event.first_day,
        last_day=event.last_day,
        status=event.status,
        place=event.venue,
        color=event.color,
        language=event.language,
        description=event.description,
        titles=tuple(waiting),
        url=event.url,
        links=_event_links(event),
        stream=event.stream,
        image=event.image,
    )
    uid = banner_uid(event)
    return Entry(uid=uid, session=None, key="", created=now, revised=now, content=content)


def _event_links(event: Event) -> tuple[Reference, ...]:
    named = (("Registration", event.registration), ("Notes", event.notes_url))
    return tuple(Reference(url=url, title=title) for title, url in named if url)


def _sessions(event: Event, identities: Identities, now: datetime) -> Iterator[Entry]:
    """Yield an entry for each slot of each session on the agenda."""
    for session in event.sessions:
        if identities.is_waiting(session) and identities.had_a_time(session):
            continue  # postponed: the old entry stays, cancelled, until there is a time
        for identity in identities.of(session):
            yield Entry(
                uid=identity.uid,
                session=session.id,
                key=identity.key,
                created=now,
                revised=now,
                content=_content(event, session, identity),
            )


def _content(event: Event, session: Session, identity: Identity) -> Content:
    slot = identity.slot
    room = event.room(slot.room if slot else session.room)
    building = (room and room.place) or event.venue
    if room and room.geo:
        building = (building or Place(name=room.name)).model_copy(update={"geo": room.geo})
    track = next((each for each in event.tracks if each.name == session.track), None)
    stated = {event.status, session.status} | identity.statuses
    status = next((each for each in ("cancelled", "tentative") if each in stated), "confirmed")
    return Content(
        title=session.title,
        day=None if slot else event.first_day,
        last_day=None if slot else event.last_day,
        slot=slot and slot.model_copy(update={"room": None, "id": None}),
        status=status,
        kind=session.kind,
        room=slot.room if slot else session.room,
        place=building,
        track=session.track,
        color=track and track.color,
        tags=session.tags,
        language=session.language,
        level=session.level,
        people=session.people,
        description=session.description,
        titles=tuple(part.title for part in event.parts(session) if part.status != "cancelled"),
        parents=identity.parents,
        url=session.url,
        links=session.links,
        stream=session.stream,
    )
