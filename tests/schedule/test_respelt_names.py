"""A room or a track that is spelt in another way has not changed, and nobody is told of it."""

from datetime import timedelta

from conftest import NOW, event_of

from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish

EVENT = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {{id: one, title: One, when: 09:00-10:00, room: "{room}", track: "{track}"}}
    """


def told(room: str, track: str) -> list[str]:
    """Return what is told of a new version with this room and this track."""
    first = publish(event_of(EVENT.format(room="Café Süd", track="Web")), None, NOW)
    event = event_of(EVENT.format(room=room, track=track))
    second = publish(event, first, NOW + timedelta(hours=1))
    return [change.told() for change in changes(first, second)]


def test_other_spelling_is_no_change_to_tell() -> None:
    assert told("Cafe\u0301\u00a0SÜD", "WEB") == []


def test_other_room_and_track_are_told() -> None:
    assert told("Cafe Sud", "Web 2") == ["One: room Café Süd → Cafe Sud, track changed"]
