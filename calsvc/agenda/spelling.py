"""One spelling for each room and each track of an agenda."""

from calsvc.agenda.model import Event, Session
from calsvc.agenda.names import listed_spellings


def spelled_as_listed(event: Event) -> Event:
    """Return an event whose sessions have one spelling for each room and each track.

    That of the event's own list counts (``listed_spellings``).
    """
    tracks = listed_spellings(
        [track.name for track in event.tracks],
        [each.track for each in event.sessions if each.track],
    )
    in_sessions = [each.room for each in event.sessions if each.room]
    in_slots = [slot.room for each in event.sessions for slot in each.when if slot.room]
    rooms = listed_spellings([room.name for room in event.rooms], in_sessions + in_slots)
    if all(name == spelling for name, spelling in (*rooms.items(), *tracks.items())):
        return event

    def spelled(session: Session) -> Session:
        when = tuple(
            slot.model_copy(update={"room": rooms.get(slot.room or "")}) for slot in session.when
        )
        room, track = rooms.get(session.room or ""), tracks.get(session.track or "")
        return session.model_copy(update={"when": when, "room": room, "track": track})

    return event.model_copy(update={"sessions": tuple(map(spelled, event.sessions))})
