"""Schedules to append, and a storage that is filled with them."""

from collections.abc import Callable

from conftest import event_of, schedule_of

from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    organizer: {name: Org, email: org@example.org}
    color: navy
    tracks: [{name: Data, color: red}]
    rooms: [{name: Hall A, place: Old Hall, geo: [48.1, 11.5]}]
    venue: {name: "Zentrum Grün", address: "Straße 1, 12345 Stadt", geo: [48.2, 11.6]}
    sessions:
      - {id: start, title: "Start 🎉", kind: opening, when: 2027-06-15 09:00-09:30, room: Hall A}
      - id: posters
        title: Posters
        kind: poster-session
        when: [{start: 2027-06-15 12:00, duration: 60, id: noon}, 2027-06-16 12:00-13:00]
      - {id: one, title: One, kind: poster, part_of: posters, people: ["Ada Example, Engines"]}
      - {id: party, title: Party, kind: social, when: 2027-06-15 22:00-01:00+1, track: Data}
      - id: abroad
        title: Abroad
        status: tentative
        description: |
          Two *lines*,
          and \\N of them.
        when: {start: 2027-06-16 10:00, end: 2027-06-16 11:00, timezone: America/New_York}
        links: [{url: "https://example.org/?a=1&b=2", title: Slides}]
      - {id: gone, title: Gone, status: cancelled, when: 2027-06-16 14:00-15:00}
      - {id: later, title: To be announced}
"""
FIRST = schedule_of(AGENDA)
SECOND = publish(event_of(AGENDA.replace("Party", "Feast")), FIRST, FIRST.published)
OTHER = schedule_of(AGENDA, "other")
RENAMED = changes(FIRST, SECOND)


def give(*drafts: Draft) -> Callable[[Version | None, Schedule | None], Draft | None]:
    """Return a maker of drafts that hands out these, one after the other."""
    left = iter(drafts)
    return lambda version, previous: next(left, None)


def filled(storage: Storage) -> Storage:
    """Return a storage with two versions of one event, and one of another."""
    storage.append("conf", give(Draft(FIRST, "conf.yaml on a")))
    storage.append("conf", give(Draft(SECOND, "conf.yaml on b", "A feast", RENAMED)))
    storage.append("other", give(Draft(OTHER, "other.yaml on a", is_withdrawn=True)))
    return storage


FIRST_RECORD = Version(
    "conf", 1, FIRST.published, "conf.yaml on a", digest(FIRST.event), "", (), False
)
SECOND_RECORD = Version(
    "conf",
    2,
    SECOND.published,
    "conf.yaml on b",
    digest(SECOND.event),
    "A feast",
    RENAMED,
    False,
)
