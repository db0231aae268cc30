"""An organizer's desk: event files in a folder, and the storage where they are published."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from conftest import BASE_URL, PROJECT, operator_of
from flask.testing import FlaskClient

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.cli import main
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, publish_files
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.storage.schedules import Storage


def storage_of_events(folder: Path) -> Storage:
    """Return storage in a folder, in which the events of ``events/`` are published."""
    storage = Storage(f"sqlite:///{folder / 'calsvc.db'}")
    storage.migrate()
    for path in event_files(PROJECT / "events"):
        publish_event(storage, eventfile.read(path), path.name)
    return storage


TALKS = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
venue: Old Hall
sessions:
  - {id: opening, title: Opening, when: 09:00-09:30, room: A}
  - {id: first, title: First Talk, when: 10:00-10:30, room: A}
  - {id: second, title: Second Talk, when: 11:00-11:30, room: A}
  - {id: closing, title: Closing, when: 12:00-12:30, room: A}
"""


class Desk(NamedTuple):
    """A storage, and a folder of event files beside it."""

    storage: Storage
    folder: Path
    url: str

    def write(self, text: str | bytes, event_id: str = "conf") -> Path:
        """Write an event file."""
        path = self.folder / f"{event_id}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def publish(self, text: str, event_id: str = "conf") -> Schedule:
        """Publish an event file as an act; return what is published then."""
        publish_files(self.storage, [self.write(text, event_id)])
        return self.schedule(event_id)

    def schedule(self, event_id: str = "conf") -> Schedule:
        """Return what is published of an event."""
        newest = self.storage.newest(event_id)
        assert newest
        return newest[1]

    def client(self) -> FlaskClient:
        """Return an HTTP client of a server that starts now, for its operators."""
        live = Live((), BASE_URL)
        Follower(live, self.storage).step()
        return operator_of(live)

    def feed(self, event_id: str = "conf") -> bytes:
        """Return the feed that a server which starts now gives."""
        return self.client().get(f"/events/{event_id}.ics").data

    def run(self, *words: str) -> Result:
        """Run a command on this storage."""
        return CliRunner().invoke(main, [*words, "--database", self.url])


@pytest.fixture
def desk(storage: Storage, database_url: str, tmp_path: Path) -> Desk:
    """A desk with either kind of database in turn."""
    return _desk(storage, database_url, tmp_path)


@pytest.fixture
def small_desk(sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path) -> Desk:
    """A desk for which the kind of database does not matter."""
    return _desk(open_storage(sqlite_url), sqlite_url, tmp_path)


def _desk(storage: Storage, url: str, tmp_path: Path) -> Desk:
    folder = tmp_path / "events"
    folder.mkdir()
    return Desk(storage, folder, url)


@pytest.fixture
def copies(desk: Desk, tmp_path: Path) -> tuple[Desk, Desk]:
    """Two desks with one storage, with event files of their own."""
    other = tmp_path / "other"
    other.mkdir()
    return desk, desk._replace(folder=other)


def agenda(number: int, *, without: range = range(0)) -> str:
    """Return an event file with a number of sessions."""
    sessions = "".join(
        f"  - {{id: talk-{each}, title: Talk {each}, when: 09:{each:02}-10:{each:02}}}\n"
        for each in range(number)
        if each not in without
    )
    return f"name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n{sessions}"


NEWER = TALKS.replace("First Talk", "Better Talk")
REAL = (PROJECT / "events" / "ai-data-2025.yaml").read_bytes()


def sentences(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Return changes as people read them."""
    return tuple(change.told() for change in changes)


def assert_rises(before: Schedule, after: Schedule) -> None:
    """Hold two schedules to what calendar programs notice changes by."""
    past = {entry.uid: entry for entry in before.entries}
    assert after.version > before.version
    assert (after.published, after.revised) >= (before.published, before.revised)
    for entry in after.entries:
        if old := past.pop(entry.uid, None):
            stamps = [(each.sequence, each.revised) for each in (old, entry)]
            assert entry.created == old.created
            if entry.content == old.content:
                assert stamps[0] == stamps[1]
            else:
                assert (stamps[0][0] + 1, stamps[0][1] < stamps[1][1]) == (stamps[1][0], True)
    assert past == {}


def three_versions(desk: Desk) -> Desk:
    """Publish three versions of an event."""
    desk.publish(TALKS)
    desk.write(NEWER.replace("room: A", "room: B", 1))
    desk.run("publish", str(desk.folder), "--message", "Rooms & <more>")
    desk.publish(NEWER.replace("09:00-09:30", "09:10-09:30"))
    return desk
