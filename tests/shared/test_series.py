"""Real agendas, days apart, published one after the other: few uids change.

The readers here know just enough of the two formats for that.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import vobject
from conftest import BASE_URL, SHARED
from subscriber import Subscriber

from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.agenda.fields import slug
from calsvc.agenda.model import Event, Session
from calsvc.agenda.slots import Slot
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

SERIES = SHARED / "schedules" / "series"
BEFORE = datetime(2015, 9, 1, tzinfo=UTC)


def slot_of(start: datetime, end: datetime, zone: str, room: str | None) -> Slot:
    start, end = (
        moment if moment.tzinfo else timezones.instant(moment, zone) for moment in (start, end)
    )
    return Slot(start=start, end=end, timezone=zone, room=room or None)


def sessionize(path: Path) -> Event:
    """Read a Sessionize grid: its own ids are the ids."""
    sessions = {}
    for day in json.loads(path.read_text(encoding="utf-8")):
        for room in day["rooms"]:
            for each in room["sessions"]:
                start, end = (datetime.fromisoformat(each[key]) for key in ("startsAt", "endsAt"))
                slot = slot_of(start, end, "Europe/Berlin", room["name"].strip())
                sessions[each["id"]] = Session(id=each["id"], title=each["title"], when=(slot,))
    return event_of_days("droidcon", "Europe/Berlin", list(sessions.values()))


def icalendar_file(path: Path) -> Event:
    """Read an iCalendar file whose uids are new each time: equal titles are one session."""
    calendar = vobject.readOne(path.read_text(encoding="utf-8"))
    by_title: dict[str, list[Slot]] = {}
    for each in calendar.vevent_list:
        start = each.dtstart.value
        end = each.dtend.value if hasattr(each, "dtend") else start + timedelta(hours=1)
        room = each.location.value if hasattr(each, "location") else None
        title = " ".join(each.summary.value.split())[:400] or "Untitled"
        slots = by_title.setdefault(title, [])
        slot = slot_of(start, end, "Europe/London", room)
        if slot not in slots:
            slots.append(slot)
    taken: Counter[str] = Counter()
    sessions = []
    for title, slots in by_title.items():
        name = re.sub(r"[^a-z0-9-]", "", slug(title))[:70].strip("-")
        taken[name] += 1
        again = f"-{taken[name]}" if taken[name] > 1 else ""
        sessions.append(Session(id=f"{name}{again}", title=title, when=tuple(slots)))
    return event_of_days("pyconuk", "Europe/London", sessions)


def event_of_days(event_id: str, zone: str, sessions: list[Session]) -> Event:
    days = sorted(slot.local_start.date() for each in sessions for slot in each.when)
    dates = {"from": days[0], "to": days[-1]}
    return Event(id=event_id, name=event_id, timezone=zone, dates=dates, sessions=sessions)


def published(paths: list[Path], read: Callable[[Path], Event]) -> Iterator[Schedule]:
    """Publish one state after the other, on the days before the event."""
    schedule = None
    for hours, path in enumerate(paths):
        event = read(path)
        schedule = publish(event, schedule, BEFORE + timedelta(hours=hours))
        yield schedule


def uids(schedule: Schedule) -> set[str]:
    return {
        str(entry.uid)
        for entry in schedule.entries
        if not entry.is_cancelled and not entry.is_banner
    }


def test_source_with_ids_keeps_the_uid_of_each_id() -> None:
    paths = sorted((SERIES / "droidcon-berlin-2021").glob("*.json"))
    first, second = (sessionize(path) for path in paths)
    ids = [{session.id for session in event.sessions} for event in (first, second)]

    before, after = published(paths, sessionize)

    assert (len(ids[0] & ids[1]), len(ids[0] - ids[1]), len(ids[1] - ids[0])) == (118, 8, 5)
    kept = uids(before) & uids(after)
    assert (len(kept), len(uids(before) - kept), len(uids(after) - kept)) == (118, 8, 5)
    for session_id in ids[0] & ids[1]:
        assert before.of_session(session_id)[0].uid == after.of_session(session_id)[0].uid


def test_source_without_ids_keeps_the_uid_of_each_title() -> None:
    """Each title whose first words stay keeps its uids."""
    paths = sorted((SERIES / "pyconuk-2015-ics").glob("*.ics"))
    titles = [
        Counter(
            slug(session.title)[:60]
            for session in icalendar_file(path).sessions
            for _ in session.when
        )
        for path in paths
    ]

    states = [uids(schedule) for schedule in published(paths, icalendar_file)]

    kept = [len(before & after) for before, after in pairwise(states)]
    assert kept == [(before & after).total() for before, after in pairwise(titles)]
    assert kept == [156, 155, 160]
    assert [len(state) for state in states] == [159, 159, 161, 162]


@pytest.mark.parametrize(
    ("folder", "read"), [("droidcon-berlin-2021", sessionize), ("pyconuk-2015-ics", icalendar_file)]
)
def test_subscriber_of_a_series_ends_with_its_last_state(
    folder: str, read: Callable[[Path], Event]
) -> None:
    paths = sorted((SERIES / folder).iterdir())
    subscriber = Subscriber()

    for schedule in published(paths, read):
        subscriber.fetch(event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body)

    last = read(paths[-1])
    expected = {
        (session.title, f"{slot.local_start:%Y%m%dT%H%M%S}", f"{slot.local_end:%Y%m%dT%H%M%S}")
        for session in last.sessions
        for slot in session.when
    }
    plain = {
        (re.sub(r"\\(.)", r"\1", title), start, end) for title, start, end in subscriber.agenda()
    }
    assert plain == expected
