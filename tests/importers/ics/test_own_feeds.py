"""calsvc's own calendars, imported again, are the events that they were made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW, PROJECT, event_of

from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, session_feed
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read
from calsvc.importers.updating.sheets import sheet
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

SITE = "https://calendar.example"
EVENTS = sorted((PROJECT / "events").glob("*.yaml"))
GERMAN = r"""
    name: Kleine Konferenz
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    language: de
    venue: {name: Zentrum, address: "Straße 1, 12345 Stadt", geo: [52.5, 13.4]}
    url: https://conf.example/
    registration: https://conf.example/register
    stream: https://video.example/all
    description: "Über Zahlen.\n\nUnd mehr."
    sessions:
      - id: eins
        title: "C:\\New, oder; was"
        kind: panel
        track: Daten
        tags: [SQL, "a, b"]
        room: Saal A
        when: 2027-06-15 09:00-09:45
        people:
          - {name: Ada Beispiel, organization: Werke, role: moderator}
          - Bo Test
        description: "Erster Absatz.\n\nZweiter: https://a.example/x"
        links: [{url: "https://a.example/folien.pdf", title: "Folien: alle"}]
        stream: https://video.example/1
      - {id: zwei, title: Abgesagtes, when: 2027-06-15 10:00-10:30, status: cancelled}
      - {id: drei, title: Vielleicht, when: 2027-06-16 10:00-10:30, status: tentative}
      - {id: nacht, title: Nachts, kind: social, when: 2027-06-16 23:00-01:00+1, room: Bar}
      - id: oft
        title: Mehrmals
        when: [2027-06-15 12:00-13:00, {start: 2027-06-16 12:00, end: "13:00", room: Bar}]
      - {id: spaeter, title: Noch ohne Zeit}
"""


def fed(event: Event, selection: Selection) -> bytes:
    """Return the feed of an event."""
    return event_feed(Blocks(publish(event, None, NOW), Addresses(SITE)), selection).body


def drafted(octets: bytes) -> Draft:
    """Return what is found in a calendar."""
    return read(Source("feed.ics", octets), Wishes())[0]


def imported(event: Event, selection: Selection) -> Event:
    """Return the event that is made of an event's own feed."""
    drawing = draw(drafted(fed(event, selection)), Wishes(), "feed.ics")
    return eventfile.parse(sheet(drawing.mapping, drawing.guesses), event.id, "feed.yaml")[0]


def facts(event: Event) -> Iterator[tuple[object, ...]]:
    """Yield what a calendar shows of each session: its title alone while it has no time."""
    titles = {session.id: session.title for session in event.sessions}
    for session in event.sessions:
        if not event.slots(session):
            yield (session.title,)
            continue
        slots = sorted((each.start, each.end, each.room or "") for each in event.slots(session))
        people = [(each.name, each.organization, each.role) for each in session.people]
        links = [(str(each.url), each.title) for each in session.links]
        wholes = [titles[name] for name in session.part_of]
        yield (
            session.title, session.kind, slots, people, session.track, session.tags,
            session.description, session.url, links, session.stream, session.status, wholes,
        )  # fmt: skip


def place_of(event: Event) -> str:
    """Return where an event is, on one line."""
    assert event.venue
    return ", ".join(filter(None, (event.venue.name, event.venue.address)))


def by_title(event: Event) -> list[tuple[object, ...]]:
    """Return the facts of all sessions, in an order that the agenda's does not change."""
    return sorted(facts(event), key=lambda each: str(each[0]))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_feed_of_an_event_makes_the_same_event(path: Path) -> None:
    event = eventfile.read(path)
    if not event.sessions:
        draft = drafted(fed(event, Selection()))
        assert (draft.name, draft.first_day, draft.last_day) == (
            event.name,
            event.first_day,
            event.last_day,
        )
        return

    again = imported(event, Selection(parts=True))

    assert by_title(again) == by_title(event)
    for field in ("name", "timezone", "first_day", "last_day", "url"):
        assert getattr(again, field) == getattr(event, field), field
    # A comma of the name is one like that before the address.
    assert place_of(again) == place_of(event)


def test_feed_in_german_makes_the_same_event() -> None:
    event = event_of(GERMAN)

    again = imported(event, Selection())

    assert by_title(again) == by_title(event)
    for field in ("name", "description", "venue", "url", "registration", "stream", "dates"):
        assert getattr(again, field) == getattr(event, field), field


def test_parts_that_are_only_listed_are_sessions_too() -> None:
    event = event_of(
        """
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        sessions:
          - {id: one, title: Posters, kind: poster-session, when: 09:00-10:00}
          - {id: two, title: Again, kind: poster-session, when: 11:00-12:00}
          - {id: part, title: A Poster, kind: poster, part_of: [one, two]}
        """
    )

    again = imported(event, Selection())

    assert by_title(again) == by_title(event)


def test_sessions_of_a_feed_have_the_keys_and_uids_that_they_had() -> None:
    schedule = publish(event_of(GERMAN), None, NOW)

    draft = drafted(fed(event_of(GERMAN), Selection()))

    known = {(entry.session, entry.uid) for entry in schedule.entries if entry.content.slot}
    assert {(each.key, each.uid) for each in draft.sessions if each.start} == known


def test_download_of_one_session_is_read() -> None:
    blocks = Blocks(publish(event_of(GERMAN), None, NOW), Addresses(SITE))

    draft = drafted(session_feed(blocks, "eins", Selection()).body)

    [session] = draft.sessions
    assert (session.title, session.kind, session.description) == (
        "C:\\New, oder; was",
        "panel",
        "Erster Absatz.\n\nZweiter: https://a.example/x",
    )
