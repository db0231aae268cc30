"""What a copy writes is told and dated as ever where it cannot be recorded, and recorded later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import subscriber
from conftest import event_of
from faults import NO_WRITING, is_sqlite, read_only
from waiting import PATIENCE

from calsvc.answers import Feed, Request, feed_answer
from calsvc.errors import StorageError
from calsvc.ical.digests import renderer
from calsvc.live.bulletin import UNRECORDED
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event
from calsvc.schedule.selection import Selection
from calsvc.storage.gate import READERS
from calsvc.storage.patience import SESSION
from calsvc.storage.renditions import SITE, Renditions
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: one, title: One, when: 09:00-10:00}
      - {id: two, title: Two, when: 10:00-11:00, level: Easy}
"""
STARTED = datetime.now(UTC) - timedelta(minutes=5)
HTTP, HTTPS = "http://calendar.example.org", "https://calendar.example.org"


class Worker:
    """One of the processes of a copy of calsvc."""

    def __init__(self, storage: Storage, base_url: str = HTTP, started: datetime = STARTED) -> None:
        self.live = Live((), base_url)
        self.follower = Follower(self.live, storage, renderer=renderer(base_url, started))
        self.look()

    def look(self) -> None:
        """Look for what is new, and for all that has to be recorded."""
        self.follower.step()
        self.follower.complete()
        assert self.live.fault is None

    def feed(self, suffix: str = "ics") -> Feed:
        """Return the event in some format."""
        return self.live.event("conf").feed(Selection(), suffix)


@pytest.fixture(autouse=True)
def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for locks a tenth of a second where that can be set."""
    monkeypatch.setitem(SESSION, "lock_timeout", 0.1)
    if is_sqlite(database_url):
        monkeypatch.setattr("calsvc.storage.readers.ANSWER", 0.1)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at each look."""
    monkeypatch.setattr("calsvc.live.recorder.AGAIN", 0)
    monkeypatch.setattr("calsvc.live.follower.SURELY", 0)


def publish(storage: Storage, old: str = "", new: str = "") -> None:
    """Publish the event with something changed."""
    assert old in AGENDA
    publish_event(storage, event_of(AGENDA.replace(old, new) if old else AGENDA), "conf.yaml")


def is_told_by_date(before: Feed, after: Feed) -> bool:
    """Tell whether who holds the one, and knows its date alone, is given the other."""
    now = datetime.now(UTC) + timedelta(minutes=1)
    date = dict(feed_answer(before, Request(), now).headers)["Last-Modified"]
    return feed_answer(after, Request(if_modified_since=date), now).status == 200


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("fault", NO_WRITING.values(), ids=NO_WRITING)
@pytest.mark.parametrize(
    ("old", "new", "suffix"),
    [("title: Two", "title: Other", "ics"), ("Easy", "Hard", "csv")],
    ids=["what people see", "what one format shows"],
)
def test_version_that_cannot_be_recorded_has_a_date_of_its_own(
    storage: Storage,
    database_url: str,
    fault: Callable[[str], object],
    old: str,
    new: str,
    suffix: str,
) -> None:
    publish(storage)
    workers = [Worker(storage), Worker(storage)]
    before = workers[0].feed(suffix)
    publish(storage, old, new)

    with fault(database_url):  # type: ignore[attr-defined]
        for each in workers:
            each.look()
        told = [each.feed(suffix) for each in workers]
        notices = [each.live.notices for each in workers]

    assert notices == [(UNRECORDED.format("conf"),)] * 2
    assert told[0].body == told[1].body != before.body
    assert told[0].last_modified == told[1].last_modified
    assert is_told_by_date(before, told[0])
    unrecorded = Renditions(storage.database).of("conf")
    for each in workers:
        each.look()
    recorded = Renditions(storage.database).of("conf")
    assert (unrecorded and unrecorded.version, recorded and recorded.version) == (1, 2)
    for each in (*workers, Worker(storage)):
        assert each.feed(suffix).body == told[0].body
        assert each.feed(suffix).last_modified == told[0].last_modified
        assert each.live.notices == ()


@pytest.mark.usefixtures("at_once")
def test_new_address_moves_the_date_at_once_and_stamps_when_they_can_be_recorded(
    storage: Storage, database_url: str
) -> None:
    publish(storage)
    first = Worker(storage, started=STARTED - timedelta(days=1))
    before, site = first.feed(), first.live.site_feed(Selection())

    with read_only(database_url):
        workers = [Worker(storage, HTTPS), Worker(storage, HTTPS)]
        told = [each.feed() for each in workers]
        sites = [each.live.site_feed(Selection()) for each in workers]

    assert told[0].body == told[1].body
    assert (sites[0].body, sites[0].last_modified) == (sites[1].body, sites[1].last_modified)
    assert is_told_by_date(before, told[0])
    assert sites[0].last_modified > site.last_modified
    for each in workers:
        each.look()
    after, known = workers[0].feed(), Renditions(storage.database)
    assert {name: found.renderer for name, found in known.of_all(["conf", SITE]).items()} == (
        dict.fromkeys(["conf", SITE], renderer(HTTPS, STARTED).fingerprint)
    )
    was, meanwhile, now = (subscriber.read(each.body) for each in (before, told[0], after))
    (uid,) = (uid for uid, entry in was.items() if entry["SUMMARY"] == "One")
    assert was[uid].sequence == meanwhile[uid].sequence == now[uid].sequence - 1
    assert was[uid].stamp == meanwhile[uid].stamp < now[uid].stamp
    assert after.last_modified >= told[0].last_modified
    assert after.body == workers[1].feed().body


@pytest.mark.usefixtures("at_once")
def test_two_versions_that_were_told_without_a_record_take_no_sequence_back(
    storage: Storage, database_url: str
) -> None:
    publish(storage)
    worker = Worker(storage)
    publish(storage, "title: Two", "title: Second")
    publish(storage, "title: Two", "title: Third")

    with read_only(database_url):
        worker.look()
        told = subscriber.read(worker.feed().body)
    worker.look()

    now = subscriber.read(worker.feed().body)
    (uid,) = (uid for uid, entry in told.items() if entry["SUMMARY"] == "Third")
    assert now[uid].sequence == told[uid].sequence == 2
    assert now[uid].stamp == told[uid].stamp


def test_record_that_fails_is_not_tried_for_each_event(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a", "b", "c"]
    for name in names:
        publish_event(storage, event_of(AGENDA, name), name)
    tried = []
    renew = Renditions.renew

    def counted(self: Renditions, event_id: str, *others: object) -> object:
        tried.append(event_id)
        return renew(self, event_id, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Renditions, "renew", counted)
    with read_only(database_url):
        worker = Worker(storage)
        told = {name: worker.live.event(name).modified for name in names}
        for _ in range(3):
            worker.look()
    assert len(tried) == 1

    monkeypatch.setattr("calsvc.live.recorder.AGAIN", 0)
    monkeypatch.setattr("calsvc.live.follower.SURELY", 0)
    worker.look()

    assert set(Renditions(storage.database).of_all(names)) == set(names)
    assert {name: worker.live.event(name).modified for name in names} == told


@pytest.mark.usefixtures("at_once")
def test_entry_that_changes_twice_without_a_record_has_two_stamps(
    storage: Storage, database_url: str
) -> None:
    publish(storage)
    Worker(storage, started=STARTED - timedelta(days=1))

    told = []
    with read_only(database_url):
        worker = Worker(storage, HTTPS)  # which writes other links
        told.append(subscriber.read(worker.feed().body))
    publish(storage, "title: One", "title: First")
    with read_only(database_url):
        worker.look()
        told.append(subscriber.read(worker.feed().body))
    worker.look()
    told.append(subscriber.read(worker.feed().body))

    (uid,) = (uid for uid, entry in told[1].items() if entry["SUMMARY"] == "First")
    assert [entries[uid].sequence for entries in told] == [0, 1, 1]
    assert told[0][uid].stamp < told[1][uid].stamp == told[2][uid].stamp


@pytest.mark.usefixtures("at_once")
def test_record_that_fails_halfway_is_tried_again(
    storage: Storage, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(storage)
    worker = Worker(storage)
    publish(storage, "title: Two", "title: Second")
    with read_only(database_url):
        worker.look()

    def gone(*words: object) -> None:
        raise StorageError("The database does not answer.")

    for name in ("newest", "stored"):  # before and after it is recorded
        with monkeypatch.context() as broken:
            broken.setattr(storage, name, gone)
            worker.follower.step()
        assert worker.live.trouble
    served = worker.live.version_of("conf")
    worker.look()

    assert worker.live.version_of("conf") is not served
    recorded = Renditions(storage.database).of("conf")
    assert recorded and recorded.version == 2
    assert worker.live.event("conf").modified == recorded.modified


def test_site_has_the_events_that_another_worker_recorded_meanwhile(storage: Storage) -> None:
    names = ["a", "b", "c"]
    for name in names:
        publish_event(storage, event_of(AGENDA.replace("Conf", f"Conf {name}"), name), name)
    workers = [Live((), HTTP) for _ in range(2)]
    for live in workers:
        Follower(live, storage, renderer=renderer(HTTP, STARTED)).step()
    first, second = workers

    for name in names[:2]:
        first.event(name)  # which records it

    found = subscriber.read(second.site_feed(Selection()).body)
    assert {entry["SUMMARY"] for entry in found.values()} == {f"Conf {name}" for name in names}


def test_event_that_is_renamed_while_its_site_is_told_is_there(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(storage)
    live = Live((), HTTP)
    follower = Follower(live, storage, renderer=renderer(HTTP, STARTED))
    follower.step()
    whole = live.whole

    def meanwhile(*words: object) -> object:
        monkeypatch.setattr(live, "whole", whole)
        renamed = event_of(f"{AGENDA}\n    formerly: conf\n", "new")
        publish_event(storage, renamed, "new.yaml")
        follower.step()
        return whole(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "whole", meanwhile)
    during = subscriber.read(live.site_feed(Selection()).body)
    after = subscriber.read(live.site_feed(Selection()).body)

    assert live.present_id("conf") == "new"
    assert [entry["SUMMARY"] for entry in during.values()] == ["Conf"]
    assert during.keys() == after.keys()


def test_all_events_are_in_the_feed_of_a_site_that_cannot_record_them(
    storage: Storage, database_url: str
) -> None:
    names = ["a", "b", "c"]
    for name in names:
        publish_event(storage, event_of(AGENDA.replace("Conf", f"Conf {name}"), name), name)

    with read_only(database_url):
        found = subscriber.read(Worker(storage).live.site_feed(Selection()).body)

    assert {entry["SUMMARY"] for entry in found.values()} == {f"Conf {name}" for name in names}


# --- who waits ----------------------------------------------------------------------------


def test_requests_that_wait_for_a_look_take_no_place_from_those_who_read(storage: Storage) -> None:
    publish(storage)
    worker = Worker(storage)
    begun, done = Event(), Event()
    numbers = storage.numbers

    def slow() -> dict[str, int]:
        begun.set()
        done.wait(PATIENCE)
        return numbers()

    storage.numbers = slow  # type: ignore[method-assign]
    threads = [Thread(target=worker.live.look) for _ in range(READERS + 2)]
    for each in threads:
        each.start()
    begun.wait(PATIENCE)
    gate = storage.database.gate
    try:
        for _ in range(READERS - 1):  # one place is that of the look
            gate.reading.__enter__()
    finally:
        done.set()
        for each in threads:
            each.join(PATIENCE)

    assert not any(each.is_alive() for each in threads)


def test_who_waits_too_long_for_an_event_that_is_being_made_is_told_so(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(storage)
    worker = Worker(storage)
    (served,) = worker.live.served()
    monkeypatch.setattr("calsvc.live.served.ANSWER", 0.05)
    said: list[str] = []

    def ask() -> None:
        try:
            worker.live.whole(served)
        except StorageError as error:
            said.append(str(error))

    with served.in_turn():
        thread = Thread(target=ask)
        thread.start()
        thread.join(PATIENCE)

    assert said == ["conf takes long to be read."]
    ask()
    assert len(said) == 1
