"""Feeds of schedules, each at an address with a query string."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from readers import Component, component_of

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, session_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import DISPLAY_OPTIONS


def feed(schedule: Schedule, query: str = "") -> bytes:
    """Return an event's feed at an address with this query string."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), selection_of(parse_qsl(query))).body


def download(schedule: Schedule, session_id: str, query: str = "") -> bytes:
    """Return one session's download at an address with this query string."""
    chosen = selection_of(parse_qsl(query), options=DISPLAY_OPTIONS)
    return session_feed(Blocks(schedule, Addresses(BASE_URL)), session_id, chosen).body


def entries_of(body: bytes) -> dict[str, Component]:
    """Return the entries of a feed by their titles as they stand there."""
    return {entry.value("SUMMARY") or "": entry for entry in component_of(body).inside("VEVENT")}


# --- agendas ------------------------------------------------------------------------------

THREE = """
    name: Conf
    timezone: Europe/Berlin
    date: 2026-06-25
    sessions:
      - {id: sure, title: Sure, when: "09:00-10:00"}
      - {id: maybe, title: Maybe, when: "10:00-11:00", status: tentative}
      - {id: off, title: "Off", when: "11:00-12:00", status: cancelled}
    """
RICH = """
    name: "Conf, \\"quoted\\"; 日本"
    series: Confs
    timezone: Europe/Berlin
    dates: {from: 2026-10-23, to: 2026-10-26}
    language: de
    description: "About\\n\\nit."
    color: teal
    image: https://example.org/logo.png
    stream: https://example.org/live
    registration: https://example.org/tickets
    notes_url: https://example.org/notes
    url: https://example.org/
    venue: {name: "Haus, \\"Mitte\\" ^1", address: "Straße 1; Berlin", geo: [52.52, 13.405]}
    organizer: {name: Club, email: club@example.org}
    tracks: [{name: Main, color: Red}]
    rooms:
      - name: Saal
        geo: [52.5, -13.25]
      - name: Annex
        place: {name: Other house, address: Elsewhere 2}
    sessions:
      - {id: opening, title: Opening, kind: opening, when: "2026-10-24 09:00-09:30", room: Saal}
      - id: night
        title: Night hike
        kind: social
        when: "2026-10-24 22:00-01:00+1"
        people: [Ada]
      - id: repeated
        title: The repeated hour
        when: {start: "2026-10-25T02:15+02:00", end: "2026-10-25T02:15+01:00"}
      - id: remote
        title: From Los Angeles
        when: {start: "2026-10-24 09:00", duration: 45, timezone: America/Los_Angeles}
        stream: https://example.org/remote
      - id: ramadan
        title: From Casablanca
        when: {start: "2026-10-24 10:00", duration: 45, timezone: Africa/Casablanca}
      - id: cancelled
        title: Cancelled from the start
        status: cancelled
        when: 2026-10-24 11:00-12:00
      - {id: maybe, title: Maybe, status: tentative, when: "2026-10-24 12:00-13:00", track: Main}
      - {id: leaves, title: Leaves, when: "2026-10-24 13:00-14:00"}
      - {id: postponed, title: Postponed, when: "2026-10-24 14:00-15:00", room: Annex}
      - id: posters
        title: Posters
        kind: poster-session
        when: [2026-10-24 15:00-16:00, 2026-10-26 15:00-16:00]
        room: Saal
      - {id: poster-1, title: "Poster, one", kind: poster, part_of: posters, people: ["B, C"]}
      - {id: poster-2, title: "Poster; two", kind: poster, part_of: posters, tags: [x, "y z"]}
      - {id: waiting, title: Waiting, links: [{url: "https://example.org/a,b;c", title: Paper}]}
    """


@pytest.fixture(scope="session")
def rich() -> Schedule:
    """An event with something of everything, published twice."""
    before = schedule_of(RICH)
    changed = "".join(
        line.replace(', when: "2026-10-24 14:00-15:00"', "")
        for line in RICH.splitlines(keepends=True)
        if "id: leaves" not in line
    )
    return publish(event_of(changed), before, NOW + timedelta(days=1))
