"""Events are announced at once and made when somebody asks; what is told is the same."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import BASE_URL, event_of
from databases import moved_away

from calsvc.errors import StorageError
from calsvc.ical.digests import renderer
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.live.memory import MEBIBYTE
from calsvc.releases import publish_event, withdraw
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Summary, Version
from calsvc.storage.schedules import Storage
from calsvc.storage.stored import StoredEvent

NAMES = ("a", "b", "c")
AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    series: Confs
    venue: Hall
    sessions:
      - {id: one, title: One, when: 09:00-10:00}
      - {id: later, title: Later}
"""


class Noting(Storage):
    """A storage that notes which events were read with their sessions."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.read: list[str] = []

    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        self.read.append(event_id)
        return super().newest(event_id)

    def stored(self, wanted: Iterable[Summary]) -> list[StoredEvent]:
        wanted = [*wanted]
        self.read += [each.schedule.event.id for each in wanted]
        return super().stored(wanted)


@pytest.fixture
def storage(sqlite_url: str) -> Noting:
    """A database with three events."""
    storage = Noting(sqlite_url)
    storage.migrate()
    for name in NAMES:
        publish_event(storage, event_of(AGENDA.replace("Conf", f"Conf {name}"), name), name)
    storage.read.clear()
    return storage


def copy_of(
    storage: Storage, base_url: str = BASE_URL, started: datetime | None = None, *, memory: int = 96
) -> tuple[Live, Follower]:
    """Return what a copy of calsvc serves as soon as it has started."""
    live = Live((), base_url, event_memory=memory)
    copy = renderer(base_url, started or datetime.now(UTC))
    follower = Follower(live, storage, renderer=copy)
    follower.step()
    assert live.fault is None
    return live, follower


def recorded(storage: Storage, base_url: str = BASE_URL) -> Live:
    """Return what a copy serves that has read and recorded all."""
    live, follower = copy_of(storage, base_url)
    assert not follower.complete()
    return live


def test_start_reads_no_sessions_and_a_request_those_of_its_event(storage: Noting) -> None:
    live, _ = copy_of(storage)
    told = [(each.event.name, each.event.series, str(each.event.first_day)) for each in live.events]
    before = [*storage.read]

    live.event("b").feed(Selection())
    live.event("b").feed(Selection(parts=True))

    assert told == [(f"Conf {name}", f"Conf {name}s", "2027-06-15") for name in NAMES]
    assert (before, storage.read) == ([], ["b"])


def test_whole_that_is_made_is_the_one_that_was_published(storage: Noting) -> None:
    recorded(storage)
    live, _ = copy_of(storage)

    made = live.event("a")

    version, schedule = storage.newest("a") or (None, None)
    assert (made.schedule, made.history) == (schedule, (version,))


def test_what_is_complete_is_answered_while_storage_is_away(
    storage: Noting, sqlite_url: str
) -> None:
    live = recorded(storage)
    feeds = {name: recorded(storage).event(name).feed(Selection()).body for name in NAMES}
    first = [*storage.read]

    with moved_away(sqlite_url):
        answered = {name: live.event(name).feed(Selection()).body for name in NAMES}

    assert answered == feeds
    assert storage.read == first


def test_what_was_never_read_is_not_unknown_while_storage_is_away(
    storage: Noting, sqlite_url: str
) -> None:
    live, follower = copy_of(storage)
    with moved_away(sqlite_url):
        assert not follower.complete()
        for _ in range(2):
            with pytest.raises(StorageError, match="unable to open"):
                live.event("a")

    assert not follower.complete()
    with moved_away(sqlite_url):
        assert live.event("a").event.name == "Conf a"


def test_forgotten_event_is_made_again_with_the_same_bytes(storage: Noting) -> None:
    live, follower = copy_of(storage)
    follower.complete()
    first = live.event("a")
    feed, dates = first.feed(Selection()), (first.modified, first.revised)
    (served,) = (each for each in live.served() if each.event_id == "a")

    live.wholes.forget(served)
    again = live.event("a")

    assert again is not first
    assert again.feed(Selection()) is feed  # it is remembered by its version
    assert again.feed(Selection(parts=True)).body == first.feed(Selection(parts=True)).body
    assert (again.modified, again.revised) == dates
    assert live.serves("a", first.own)
    publish_event(storage, event_of(AGENDA, "a"), "a")
    follower.step()
    assert not live.serves("a", first.own)
    assert live.event("a").feed(Selection()).body != feed.body


def test_wholes_stay_within_their_memory_but_for_a_large_one(storage: Noting) -> None:
    sessions = "".join(
        f"\n      - {{id: s{each}, title: Talk, when: 09:00-10:00, description: {'x' * 200}}}"
        for each in range(60)
    )
    names = [f"many-{each}" for each in range(8)]
    for name in names:
        publish_event(storage, event_of(AGENDA.rstrip() + sessions, name), name)
    large = event_of(AGENDA.rstrip() + sessions.replace("x" * 200, "x" * 1500), "large")
    publish_event(storage, large, "large")
    live, _ = copy_of(storage, memory=1)

    first = live.event("large")
    wholes = {name: live.event(name) for name in names}

    size = wholes["many-0"].octets
    assert 100_000 < size < MEBIBYTE // 2 < first.octets
    assert live.wholes.octets <= MEBIBYTE
    assert live.event("large") is first
    assert live.event(names[-1]) is wholes[names[-1]]
    assert live.event(names[0]) is not wholes[names[0]]


def test_site_tells_the_same_by_summaries_as_after_all_was_made(storage: Noting) -> None:
    withdraw(storage, "c")
    old = recorded(storage, "http://old.example")
    new = recorded(storage)

    light, _ = copy_of(storage)
    behind, _ = copy_of(storage, "http://old.example", datetime(2026, 1, 1, tzinfo=UTC))

    feeds = [each.site_feed(Selection()) for each in (new, light)]
    assert feeds[0].body == feeds[1].body
    assert (
        feeds[0].last_modified == feeds[1].last_modified > old.site_feed(Selection()).last_modified
    )
    # A copy that does not decide tells of each event what it would tell had it read all.
    summaries = {each.event.id: each for each in behind.events}
    for name in ("a", "b"):
        whole = behind.event(name)
        assert summaries[name].schedule.entries == whole.schedule.banners
        assert summaries[name].modified == whole.modified < light.event(name).modified


def test_stamps_are_known_before_the_site_is_told(storage: Noting) -> None:
    agenda = AGENDA.replace("sessions", "image: https://x.example/a.png\n    sessions")
    publish_event(storage, event_of(agenda, "a"), "a")
    first = recorded(storage, "http://old.example")
    before = {each.event.id: each for each in first.events}

    live, _ = copy_of(storage)
    assert not any(each.announced.is_recorded for each in live.served())
    feed = live.site_feed(Selection())

    assert all(each.announced.is_recorded for each in live.served())
    assert feed.last_modified > first.site_feed(Selection()).last_modified
    for each in live.events:
        assert each.modified > before[each.event.id].modified
        assert each.schedule.banners == live.event(each.event.id).schedule.banners


def test_event_that_cannot_be_read_keeps_no_other_off_the_site(storage: Noting) -> None:
    with storage.database.transaction(write=True) as connection:
        connection.exec_driver_sql("UPDATE versions SET schedule = '{}' WHERE event_id = 'b'")
    live, follower = copy_of(storage)

    body = live.site_feed(Selection()).body
    follower.complete()

    assert [name for name in NAMES if f"SUMMARY:Conf {name}".encode() in body] == ["a", "c"]
    assert live.notices == ("b version 1 cannot be read; update calsvc.",)


def test_those_who_ask_at_once_wait_for_one(storage: Noting) -> None:
    live, _ = copy_of(storage)
    barrier, found = threading.Barrier(8), list[LiveEvent]()

    def ask() -> None:
        barrier.wait()
        found.append(live.event("a"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each is found[0] for each in found] == [True] * 8
    assert storage.read == ["a"]


def test_workers_record_what_others_have_not(storage: Noting, tmp_path: Path) -> None:
    first, follower = copy_of(storage)
    second, other = copy_of(storage)
    first.event("a")
    second.event("b")

    assert (follower.complete(), other.complete()) == (False, False)

    assert {each.event.id: each.modified for each in first.events} == {
        each.event.id: each.modified for each in second.events
    }
    assert all(each.is_complete for live in (first, second) for each in live.served())
