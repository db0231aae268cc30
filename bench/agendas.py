"""The events that are served: a real one of 48 sessions, and made ones of any size."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event, Session

AI_DATA = Path(__file__).parent.parent / "events" / "ai-data-2025.yaml"
BASE_URL = "https://calendar.example.org"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_DAY = date(2026, 6, 1)
MOST_IN_A_FILE = 5000
HOURS = 8  # a day, with a session of each room in each of them
KINDS = ("talk", "panel", "workshop", "break")
ABOUT = "What this talk is about, at some length. " * 10


def made(event_id: str, sessions: int, rooms: int = 20) -> Event:
    """Return an event of that many sessions."""
    number = min(sessions, MOST_IN_A_FILE)
    text = "\n".join((*_head(number, rooms), *_sessions(number, rooms)))
    event, _ = eventfile.parse(text, event_id, f"{event_id}.yaml")
    return event.model_copy(update={"sessions": (*event.sessions, *_more(event, sessions))})


def _more(event: Event, sessions: int) -> Iterator[Session]:
    """Return copies of sessions, where a file cannot hold as many as are wanted."""
    known = len(event.sessions)
    for number in range(known, sessions):
        copied = event.sessions[number % known]
        yield copied.model_copy(update={"id": f"{copied.id}-{number}"})


def numbered(number: int, sessions: int) -> str:
    """Return an event file whose titles have a number, so that each answer tells how new it is."""
    head = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\nsessions:\n"
    return head + "".join(
        f"  - {{id: s-{place}, title: Talk {place} of state {number},"
        f" when: {place // 20:02}:{place % 20:02}-22:00}}\n"
        for place in range(sessions)
    )


def ai_data() -> Event:
    """Return the real event."""
    return eventfile.read(AI_DATA)


def _day(hour: int) -> date:
    return FIRST_DAY + timedelta(days=hour // HOURS)


def _head(sessions: int, rooms: int) -> tuple[str, ...]:
    last = _day((sessions - 1) // rooms)
    dates = f"dates: {{from: {FIRST_DAY}, to: {last}}}"
    return "name: Generated", "timezone: Europe/Berlin", dates, "sessions:"


def _sessions(sessions: int, rooms: int) -> list[str]:
    lines = []
    for number in range(sessions):
        hour, room = divmod(number, rooms)
        start = f"{_day(hour)} {hour % HOURS + 9:02}"
        lines.append(
            f"  - {{id: talk-{number}, title: Talk {hour} of hall {room}, kind: {_kind(number)},"
            f" when: '{start}:00-{hour % HOURS + 9:02}:45', room: Hall {room},"
            f" people: ['Ada {room}, Engines'], description: '{ABOUT}'}}"
        )
    return lines


def _kind(number: int) -> str:
    return KINDS[number % len(KINDS)]
