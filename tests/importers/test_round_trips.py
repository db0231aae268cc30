"""What calsvc publishes, imported again, is the same event: in each format as far as it goes."""

import json
import re
from collections import Counter
from html import unescape
from typing import Any, NamedTuple

import pytest
from conftest import NOW, schedule_of
from documents import SHORT, document
from feeds import RICH

from calsvc.agenda import eventfile
from calsvc.agenda.kinds import DEFAULT_ROLES
from calsvc.agenda.model import Event, Session
from calsvc.agenda.plaintext import plain
from calsvc.agenda.slots import Slot
from calsvc.errors import SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read
from calsvc.importers.updating.sheets import sheet
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

FORMATS = ("ics", "jcal", "csv", "json", "xml")
CALENDARS = ("ics", "jcal")
FRAB = ("json", "xml")
READERS = {"ics": "ics", "jcal": "jcal", "csv": "csv", "json": "frab-json", "xml": "frab-xml"}


class Told(NamedTuple):
    """A showing of a session, as far as the format of a round trip can tell it."""

    title: str
    start: str
    end: str
    timezone: str
    room: str | None
    kind: str
    track: str | None
    people: tuple[Any, ...]
    description: str | None
    tags: tuple[str, ...]
    language: str | None
    level: str | None
    url: str | None
    links: tuple[Any, ...]
    stream: str | None
    status: str
    wholes: tuple[str, ...]


def told(event: Event, suffix: str) -> Counter[Told]:
    """Return the showings of an event's sessions, without what a format has no place for."""
    found: Counter[Told] = Counter()
    for session in event.sessions:
        if suffix in FRAB and session.status == "cancelled":
            continue
        slots: tuple[Slot | None, ...] = event.slots(session)
        if not slots and suffix == "csv":
            slots = (None,)
        for slot in slots:
            found[_told(event, session, slot, suffix)] += 1
    return found


def _told(event: Event, session: Session, slot: Slot | None, suffix: str) -> Told:
    title, room = session.title, slot.room if slot else session.room
    description, language = session.description, session.language
    people = [(each.name, each.organization, each.role, each.url) for each in session.people]
    if suffix != "json":  # the others have no place for the addresses of persons
        people = [(*each[:3], None) for each in people]
    if suffix == "csv":  # where they stand by their roles
        people.sort(key=str)
    if suffix == "xml":  # where their roles are those of the kind of session
        default = DEFAULT_ROLES.get(session.kind, "speaker")
        people = [(name, organization, default, None) for name, organization, *_ in people]
    if suffix in CALENDARS:
        description = plain(description) if description else None
        room = room and re.sub("</?b>", "", unescape(room))  # as others have HTML in places
    if suffix in FRAB:
        language = language or event.language
    return Told(
        title=title,
        start=f"{slot.start:%F %T}" if slot else "",
        end=f"{slot.end:%F %T}" if slot else "",
        timezone=slot.timezone if slot and suffix == "csv" else "",
        room=room,
        kind=str(session.kind),
        track=session.track,
        people=tuple(people),
        description=description,
        tags=() if suffix in FRAB else session.tags,
        language=None if suffix in CALENDARS else language,
        level=session.level if suffix == "csv" else None,
        url=session.url,
        links=tuple((link.url, link.title) for link in session.links),
        stream=session.stream,
        status="confirmed" if suffix in FRAB else session.status,
        wholes=() if suffix in FRAB else tuple(each.title for each in event.wholes(session)),
    )


def again(schedule: Schedule, suffix: str) -> Event:
    """Return the event that is imported from what an event is published as."""
    event = schedule.event
    source = Source(f"{event.id}.{suffix}", document(schedule, suffix, "parts=yes").body)
    # CSV says nothing of the event itself.
    wishes = Wishes(timezone=event.timezone, name=event.name, date=event.first_day)
    draft, reader = read(source, wishes if suffix == "csv" else Wishes())
    drawing = draw(draft, wishes if suffix == "csv" else Wishes(), source.name)
    assert reader.name == READERS[suffix]
    found, _ = eventfile.parse(sheet(drawing.mapping, drawing.guesses), event.id, "conf.yaml")
    return found


# --- events -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_real_event_is_the_same(ai_data: Schedule, suffix: str) -> None:
    found = again(ai_data, suffix)

    assert told(found, suffix) == told(ai_data.event, suffix)
    assert len(found.sessions) == len(ai_data.event.sessions) == 48
    about = ("name", "timezone", "first_day", "last_day")
    assert [getattr(found, name) for name in about] == [
        getattr(ai_data.event, name) for name in about
    ]


@pytest.mark.parametrize("suffix", ["csv", *CALENDARS])
def test_titles_of_what_has_no_time_yet_come_again(
    real_schedules: list[Schedule], suffix: str
) -> None:
    [schedule] = [each for each in real_schedules if each.event.id == "systems-reliability-2026"]
    found = again(schedule, suffix)

    titles = [sorted(each.title for each in event.sessions) for event in (found, schedule.event)]
    assert titles[0] == titles[1]
    assert not any(each.when for each in found.sessions)
    if suffix == "csv":  # calendars have no more than the title
        assert told(found, suffix) == told(schedule.event, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
def test_event_without_sessions_is_no_agenda(real_schedules: list[Schedule], suffix: str) -> None:
    [schedule] = [each for each in real_schedules if each.event.id == "networking-2025"]

    with pytest.raises(SourceError):
        again(schedule, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("agenda", [SHORT, RICH], ids=["short", "rich"])
def test_event_with_something_of_everything_is_the_same(agenda: str, suffix: str) -> None:
    if suffix in CALENDARS:  # where a place of its own is told from a room by nothing
        agenda = agenda.replace("place: {name: Other house, address: Elsewhere 2}", "geo: [1, 2]")
    event = schedule_of(agenda).event

    assert told(again(schedule_of(agenda), suffix), suffix) == told(event, suffix)


@pytest.mark.parametrize("suffix", CALENDARS)
def test_uids_come_again(ai_data: Schedule, suffix: str) -> None:
    imported = publish(again(ai_data, suffix), None, NOW)

    before = {entry.uid: entry.title for entry in ai_data.entries if not entry.is_banner}
    assert {entry.uid: entry.title for entry in imported.entries if not entry.is_banner} == before


# --- texts --------------------------------------------------------------------------------

NASTY = (
    *("C:\\New\\N", "\\n", "a; b, c", 'He said "so"', "'=1+1", "=1+1", "-1", "@home", "+49 30"),
    *("<b>bold</b> & co", "&amp;", "x < y > z", "]]>", "^n ^' ^^", "100 %", "a:b;c=d"),
    *("日本語", "שלום עולם", "مرحبا", "👩\u200d👩\u200d👧 🇩🇪", "e\u0301é", "İstanbul", "ﬀ"),
    *("END:VEVENT", "BEGIN:VEVENT", "Watch", "09:00-10:00", "Lunch", "x" * 500, "😀" * 250),
)
ABOUT = (
    "One\n\nTwo",
    "# Head\n\n- a *b*\n- c [d](https://example.org/)\n\n```\n=1+1\n```",
    "Speaker: Nobody, Nowhere",
    "<script>alert(1)</script> &lt; &amp;",
    "=SUM(A1)\n=2+2",
    "C:\\New\\N \\n",
)


def nasty() -> Schedule:
    """Return an event with each text in every kind of place."""

    def text(number: int) -> str:
        return NASTY[number % len(NASTY)]

    rows = [
        {
            "id": f"s{number}",
            "title": title,
            "when": f"{9 + number % 12:02}:00-{9 + number % 12:02}:30",
            "room": text(number + 1),
            "track": text(number + 2),
            "tags": [text(number + 3), text(number + 4)],
            "people": [
                {"name": f"Ada {number}", "organization": text(number + 5)},
                {"name": text(number).replace(", ", " "), "role": "host"},
            ],
            "description": ABOUT[number % len(ABOUT)],
        }
        for number, title in enumerate(NASTY)
    ]
    head = {"name": "Nasty; \\N, <b>", "timezone": "Europe/Berlin", "date": "2027-06-15"}
    return schedule_of(json.dumps({**head, "sessions": rows}, ensure_ascii=False))


@pytest.mark.parametrize("suffix", FORMATS)
def test_nasty_texts_are_the_same(suffix: str) -> None:
    schedule = nasty()

    assert told(again(schedule, suffix), suffix) == told(schedule.event, suffix)
