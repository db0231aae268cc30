"""What entries were before they moved, through storage."""

from datetime import timedelta

from conftest import NOW, event_of
from drafts import give

from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.schedules import Storage

HEAD = "name: Conf\ndate: 2025-06-25\ntimezone: Europe/Berlin\nsessions:\n"


def published(when: str, room: str, previous: Schedule | None) -> Schedule:
    """Return the schedule that follows, with a session at this time in this room."""
    text = f"{HEAD}  - {{id: talk, title: Talk, when: '{when}', room: {room}}}\n"
    return publish(event_of(text), previous, NOW + timedelta(hours=1 if previous else 0))


def test_former_time_and_room_come_back_from_storage(storage: Storage) -> None:
    first = published("10:00-10:30", "A", None)
    second = published("11:00-11:30", "B", first)

    for schedule in (first, second):
        storage.append("conf", give(Draft(schedule, "")))
    newest = storage.newest("conf")
    _, oldest = storage.version("conf", 1)

    assert newest
    [moved], [there] = newest[1].of_session("talk"), oldest.of_session("talk")
    assert newest[1] == second
    assert moved.content.former_slot == there.content.slot
    assert (moved.content.former_room, there.content.former_room) == ("A", None)
    assert publish(second.event, newest[1], NOW + timedelta(days=1)) is newest[1]
