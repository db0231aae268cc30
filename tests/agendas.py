"""Small agendas, a long one, and one that is on."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

from conftest import event_of, schedule_of

from calsvc.agenda import eventfile
from calsvc.agenda.model import Session
from calsvc.errors import EventFileError
from calsvc.schedule.entries import Schedule

ONE_DAY = """\
name: Small Conference
timezone: Europe/Berlin
date: 2025-06-25
"""
SEVERAL_DAYS = """\
name: Small Conference
timezone: Europe/Berlin
dates: {from: 2025-06-25, to: 2025-06-27}
"""
POSTERS = """
name: Small Conference
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - id: lunch
    title: Lunch
    room: Hall A
    when: [12:00-13:00, {start: 18:00, duration: 30, room: Bar}]
  - id: tea
    title: Tea
    when: 15:00-15:30
  - id: cloning
    title: Cloning
    part_of: lunch
  - id: copying
    title: Copying
    part_of: [tea, lunch]
    room: Booth 7
  - id: pasting
    title: Pasting
    part_of: lunch
    room: Booth 8
    when: 12:10-12:20
  - id: gluing
    title: Gluing
    part_of: pasting
  - id: someday
    title: Some Day
    part_of: later
  - id: later
    title: Later
"""


def utc(text: str) -> datetime:
    """Return the instant of ``25 07:00``: day and time in June 2025, or ``2025-10-26 07:00``."""
    return datetime.fromisoformat(text if "-" in text else f"2025-06-{text}").replace(tzinfo=UTC)


def session_of(text: str, head: str = ONE_DAY) -> Session:
    """Return a session that says this, a line each key."""
    lines = "".join(f"    {line}\n" for line in dedent(text).splitlines())
    [session] = event_of(f"{head}sessions:\n  - id: talk\n    title: A Talk\n{lines}").sessions
    return session


def errors_of(text: str, path: str = "conf.yaml") -> str:
    """Return what is wrong with an event file's text; empty when nothing is."""
    try:
        eventfile.parse(text, Path(path).stem, path)
    except EventFileError as error:
        return str(error)
    return ""


def agenda_on_now() -> str:
    """Return an agenda of five days, of which today is the third: always one session is on.

    Each takes two hours.  That of 14 o'clock of June 25 is ``0625-14``, by its title;
    one and the next are in two rooms, and of two tracks.
    """
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=number) for number in range(-2, 3)]
    sessions = "".join(
        f"  - {{id: s{day:%m%d}-{hour}, title: {day:%m%d}-{hour},"
        f" when: '{day} {hour:02}:00-{hour + 2:02}:00',"
        f" track: {'odd' if hour % 4 else 'even'}, room: {'B' if hour % 4 else 'A'}}}\n"
        for day in days
        for hour in range(0, 24, 2)
    )
    dates = f"dates: {{from: {days[0]}, to: {days[-1]}}}"
    return f"name: Conf\ntimezone: UTC\nday_ends: '00:00'\n{dates}\nsessions:\n{sessions}"


# --- as schedules -------------------------------------------------------------------------


def agenda_of(*sessions: str) -> Schedule:
    """Return the schedule of sessions that are written as ``id 09:00-10:00 room``."""
    rows = [line.split(" ", 2) for line in sessions]
    return schedule_of(
        "name: Conf\ntimezone: Europe/Berlin\ndate: 2025-06-25\nsessions:\n"
        + "".join(
            f'  - {{id: {name}, title: {name}, when: "{when}", room: {room}}}\n'
            for name, when, room in rows
        )
    )


WORDS = (
    "scaling testing shipping secure open data storage network stream kernel model compiler"
    " garden museum library teaching design review index cache queue deploy observe migrate"
    " python rust type schema query planner vector graph search privacy consent policy energy"
    " robot sensor map city harbour weather music archive language grammar speech hearing"
).split()


def long_agenda(number: int) -> Schedule:
    """Return an agenda with titles, people and ids as different as those of real ones."""

    def some(salt: str, many: int) -> Iterator[int]:
        return iter(hashlib.sha256(salt.encode()).digest()[:many])

    rows = []
    for place in range(number):
        title = " ".join(WORDS[each % len(WORDS)] for each in some(f"title {place}", 7)).title()
        people = [
            bytes(97 + each % 26 for each in some(f"{place} {who}", 14)).decode().title()
            for who in range(1 + place % 2)
        ]
        rows.append(
            {
                "id": hashlib.sha256(f"id {place}".encode()).hexdigest()[:6],
                "title": f"{title} {place}",
                "when": f"2025-06-{25 + place % 3} {9 + place % 8:02}:{place % 4 * 15:02}-18:00",
                "room": f"Room {place % 7}",
                "track": WORDS[place % 6],
                "people": [f"{name[:6]} {name[6:]}, {name[::-1][:9]} GmbH" for name in people],
            }
        )
    dates = {"from": "2025-06-25", "to": "2025-06-27"}
    document = {"name": "Conf", "timezone": "Europe/Berlin", "dates": dates, "sessions": rows}
    return schedule_of(json.dumps(document))
