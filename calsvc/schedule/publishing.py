"""Publishing: an event and its previous schedule → its next schedule.

Calendar programs recognize an entry by its uid, and notice a change by its stamps:
Evolution compares DTSTAMP, LAST-MODIFIED and SEQUENCE, ICSx5 skips entries that are not
newer, KDE keeps the higher sequence.  So all three advance together on every visible
change, and never without one.  ``publish`` is pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from operator import attrgetter

import pytz

from calsvc.agenda.fields import STORED
from calsvc.agenda.mentions import Reference
from calsvc.agenda.model import Event, Session
from calsvc.agenda.places import Place
from calsvc.schedule.entries import Content, Entry, Schedule
from calsvc.schedule.identity import Identities, Identity, banner_uid
from calsvc.schedule.moves import REMEMBERED, remembering
from calsvc.translations import N_, spoken_language

_SEEN = attrgetter(*(Content.model_fields.keys() - {"slot", *REMEMBERED}))

SECOND = timedelta(seconds=1)
CANCELLED_FOR = timedelta(days=30)
"""How long after its event an entry that left the agenda stays in feeds (w3c/calendar#90), and
in calendars without an event, after its own time."""


def publish(event: Event, previous: Schedule | None, now: datetime) -> Schedule:
    """Return the schedule that follows ``previous``; ``previous`` itself if nothing changed.

    ``previous`` may be of a former id of the event: uids and stamps go on, and versions are
    counted from 1 again.  ``now`` is an aware instant.  New stamps are whole seconds in UTC,
    and later than those of ``previous`` even if the clock is not.
    """
    clock = now.astimezone(pytz.utc)  # decides what is past: stamps may have been ahead once
    now = now.astimezone(pytz.utc).replace(microsecond=0)
    if previous:
        now = max(now, previous.revised + SECOND, previous.published + SECOND)
    before = {entry.uid: entry for entry in previous.entries} if previous else {}
    identities = Identities(event, tuple(before.values()), clock)
    continues = _continued(event, previous)
    banner = _banner(event, continues[-1] if continues else event.id, identities, now)
    is_translated = previous is not None and _language(previous.event) != _language(event)
    present = [
        remembering(entry, before.get(entry.uid), clock)
        for entry in (banner, *_sessions(event, identities, now))
    ]
    if clock.date() <= event.last_day + CANCELLED_FOR:
        present += _gone(present, before, event, identities, clock)
    revised = (
        _revised(entry, before.get(entry.uid), now, is_translated=is_translated)
        for entry in present
    )
    entries = tuple(sorted(revised, key=_order))
    after = {entry.uid: entry for entry in entries}
    if previous and previous.event == event and before == after:
        return previous
    changed = _stamps(before) != _stamps(after)
    fields = {
        "event": event,
        "version": previous.version + 1 if previous and previous.event.id == event.id else 1,
        "published": now,
        "revised": now if changed or not previous else previous.revised,
        "entries": entries,
        "continues": continues,
    }
    # The rules of an agenda were looked at as the event was made, and take long.
    return Schedule.model_validate(fields, context=STORED)


def _continued(event: Event, previous: Schedule | None) -> tuple[str, ...]:
    """Return the ids under which an event was published before, the latest first."""
    if previous is None:
        return ()
    if previous.event.id == event.id:
        return previous.continues
    return tuple(dict.fromkeys((previous.event.id, *previous.continues)))


def withdrawn(schedule: Schedule, now: datetime) -> Schedule:
    """Return the next schedule of an event that is taken back: its own entry is cancelled.

    The other entries stay as they are, for the day on which the event returns.  ``now`` is an
    aware instant.
    """
    now = max(now.astimezone(pytz.utc).replace(microsecond=0), schedule.published + SECOND)
    entries = tuple(
        _cancelled(entry, max(now, entry.revised + SECOND))
        if entry.is_banner and not entry.is_cancelled
        else entry
        for entry in schedule.entries
    )
    revised = max(schedule.revised, *(entry.revised for entry in entries))
    update = {"version": schedule.version + 1, "published": now, "revised": revised}
    return schedule.model_copy(update={**update, "entries": entries})


def _cancelled(entry: Entry, now: datetime) -> Entry:
    content = entry.content.model_copy(update={"status": "cancelled"})
    return _revised(entry.model_copy(update={"content": content}), entry, now)


def announced_until(schedule: Schedule) -> datetime:
    """Return the UTC instant at which an event that was taken back leaves the site's feed.

    It is the end of the day 30 days after the event, or after its withdrawal if that is later.
    """
    last = max(schedule.event.last_day, schedule.published.date())
    return datetime.combine(last + CANCELLED_FOR + timedelta(days=1), time(), pytz.utc)


def _order(entry: Entry) -> tuple[bool, bool, datetime, str, str]:
    """Return a key that sorts by time, so that reordering an agenda changes no schedule."""
    slot = entry.content.slot
    start = slot.start if slot else datetime.min.replace(tzinfo=pytz.utc)
    return not entry.is_banner, slot is None, start, entry.session or "", entry.key


def _stamps(entries: Mapping[str, Entry]) -> dict[str, int]:
    """Return what tells whether people see anything changed: the sequence of each entry."""
    return {uid: entry.sequence for uid, entry in entries.items()}


def _language(event: Event) -> str:
    """Return the language of the words that calsvc adds to an event's entries."""
    return spoken_language(event.language)


def _revised(
    entry: Entry, past: Entry | None, now: datetime, *, is_translated: bool = False
) -> Entry:
    """Return the entry with the stamps that follow from its previous version.

    ``is_translated`` says that calsvc's own words in it are in another language now.
    """
    if past is None:
        return entry
    if _looks(past.content) == _looks(entry.content) and not is_translated:
        known, content = past.content, entry.content
        kept = {name: getattr(known, name) for name in REMEMBERED}
        if any(getattr(content, name) != value for name, value in kept.items()):
            content = content.model_copy(update=kept)
        if (entry.session, entry.key, content) == (past.session, past.key, known):
            return past
        update = {"session": entry.session, "key": entry.key, "content": content}
        return past.model_copy(update=update)
    return entry.model_copy(
        update={"sequence": past.sequence + 1, "created": past.created, "revised": now}
    )


def _looks(content: Content) -> tuple[object, ...]:
    """Return what people see of a content: an offset that changes no time is not seen.

    When and where it was before is no change of its own, and comes and goes with another one.
    """
    slot = content.slot
    times = slot and (slot.days or (slot.start, slot.end, slot.timezone))
    return times, *_SEEN(content)


def _gone(
    entries: Sequence[Entry],
    before: Mapping[str, Entry],
    event: Event,
    identities: Identities,
    clock: datetime,
) -> Iterator[Entry]:
    """Yield what was in the schedule before and is no longer on the agenda, as cancelled."""
    present = {entry.uid for entry in entries}
    for past in before.values():
        if past.uid in present:
            continue
        session = event.session(past.session or "")
        has_no_time = session is not None and identities.is_waiting(session)
        if not event.banner and not has_no_time and _is_forgotten(past, clock):
            continue
        is_postponed = session is not None and has_no_time and session.status != "cancelled"
        content = past.content.model_copy(
            update={"status": "cancelled", "note": "postponed" if is_postponed else ""}
        )
        yield past.model_copy(update={"content": content})


def _is_forgotten(past: Entry, clock: datetime) -> bool:
    """Tell whether an entry may leave a calendar: it took place, or was called off long ago.

    Many calendars that are repaired have only what is still to come.
    """
    slot = past.content.slot
    waits = CANCELLED_FOR if past.is_cancelled else timedelta(0)
    return slot is not None and slot.end + waits <= clock


def _banner(event: Event, first_id: str, identities: Identities, now: datetime) -> Entry:
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
    uid = banner_uid(first_id)
    return Entry(uid=uid, session=None, key="", created=now, revised=now, content=content)


def _event_links(event: Event) -> tuple[Reference, ...]:
    named = ((N_("Registration"), event.registration), (N_("Notes"), event.notes_url))
    return tuple(Reference(url=url, title=title) for title, url in named if url)


def _sessions(event: Event, identities: Identities, now: datetime) -> Iterator[Entry]:
    """Yield an entry for each slot of each session on the agenda."""
    for session in event.sessions:
        if identities.is_waiting(session) and identities.had_a_time(session):
            continue  # postponed: its old entries stay, as cancelled, until it has a time
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
    track = event.track(session.track)
    stated = {event.status, session.status} | identity.statuses
    status = next((each for each in ("cancelled", "tentative") if each in stated), "confirmed")
    room_name = slot.room if slot else session.room
    # A session of an event that is online alone is where the event is.
    stream = session.stream or (None if room_name or building else event.stream)
    return Content(
        title=session.title,
        day=None if slot else event.first_day,
        last_day=None if slot else event.last_day,
        slot=slot and slot.model_copy(update={"room": None, "id": None, "uid": None}),
        status=status,
        kind=session.kind,
        room=room_name,
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
        stream=stream,
    )
