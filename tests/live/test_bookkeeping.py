"""What a server notes beside its work may fail: readers are served, and operators are told."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from conftest import BASE_URL, event_of
from faults import NO_WRITING, damage, run_sql
from itineraries import CREATED, DAYS, EMPTY, FULL, adding, made
from waiting import eventually

from calsvc.live import follower as follower_module
from calsvc.live.bulletin import UNWRITTEN
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event
from calsvc.schedule.itineraries import keys
from calsvc.storage import calendars as calendars_module
from calsvc.storage.calendars import Calendars
from calsvc.storage.patience import SESSION
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions: [{id: talk, title: Talk, when: "09:00-10:00"}]
"""


@pytest.mark.slow
@pytest.mark.parametrize("fault", NO_WRITING.values(), ids=NO_WRITING)
def test_server_of_a_database_that_cannot_be_written_is_ready_and_says_a_word(
    storage: Storage,
    database_url: str,
    fault: Callable[[str], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(follower_module, "BOOKS_AGAIN", 0.0)
    monkeypatch.setitem(SESSION, "lock_timeout", 0.1)
    publish_event(storage, event_of(AGENDA), "here")
    live, calendars = Live((), BASE_URL), Calendars(storage.database)
    follower = Follower(live, storage, calendars)
    client = create_app(live, calendars).test_client()
    address = f"/my/{keys(made(calendars, FULL), FULL).feed}/x.ics"
    follower.step()
    before = client.get("/events/conf.ics").data, client.get(address).data

    with fault(database_url), caplog.at_level(logging.WARNING):
        for _ in range(3):
            follower.step()
        ready, front = client.get("/readyz"), client.get("/")
        during = client.get("/events/conf.ics").data, client.get(address).data
    told = [record.getMessage() for record in caplog.records]

    def is_well() -> bool:
        follower.step()
        return client.get("/readyz").text == "ok\n"

    eventually(is_well)
    assert (ready.status_code, ready.text) == (200, f"ok\n{UNWRITTEN}\n")
    assert UNWRITTEN not in front.text
    assert during == before
    assert len(told) == 1
    assert told[0].endswith(" The day of each calendar's last fetch waits.")
    assert calendars.used_by_day().keys() != {str(CREATED)}  # the fetch was noted in the end


def test_failure_to_note_a_fetch_takes_no_version_from_readers(
    storage: Storage, database_url: str
) -> None:
    publish_event(storage, event_of(AGENDA), "here")
    live, calendars = Live((), BASE_URL), Calendars(storage.database)
    follower = Follower(live, storage, calendars)
    follower.step()
    calendars.used(keys(made(calendars), EMPTY).feed)
    run_sql(database_url, "ALTER TABLE calendars RENAME TO elsewhere")

    publish_event(storage, event_of(AGENDA.replace("Talk", "Speech")), "here")
    follower.step()

    assert live.version("conf") == 2
    assert live.trouble is None
    assert live.notices == (UNWRITTEN,)


def test_fault_of_ones_own_in_bookkeeping_stops_no_follower(
    sqlite_url: str, open_storage: Callable[[str], Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = open_storage(sqlite_url)
    live, calendars = Live((), BASE_URL), Calendars(storage.database)
    follower = Follower(live, storage, calendars)

    def fail(day: object) -> None:
        raise MemoryError

    monkeypatch.setattr(calendars, "flush", fail)
    for title in ("Talk", "Speech"):
        publish_event(storage, event_of(AGENDA.replace("Talk", title)), "here")
        follower.step()

    assert live.version("conf") == 2
    assert live.trouble is None


def test_what_waits_to_be_noted_is_bounded(
    sqlite_url: str, open_storage: Callable[[str], Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    calendars = Calendars(open_storage(sqlite_url).database)
    feeds = [keys(made(calendars), EMPTY).feed for _ in range(3)]
    monkeypatch.setattr(calendars_module, "NOTED", 2)

    for feed in feeds:
        calendars.used(feed)
    calendars.flush(DAYS[1])
    calendars.used(feeds[2])
    calendars.flush(DAYS[2])

    assert calendars.used_by_day() == {str(DAYS[2]): 1, str(DAYS[1]): 2}


def test_what_waits_is_noted_in_turns_of_batches(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes 65,535 values in a statement, SQLite half of it, and both take no more."""
    assert calendars_module.BATCH <= 32_000
    monkeypatch.setattr(calendars_module, "BATCH", 2)
    monkeypatch.setattr(calendars_module, "TURN", 5)
    calendars = Calendars(storage.database)
    for _ in range(8):
        calendars.used(keys(made(calendars), EMPTY).feed)

    noted = []
    for day in DAYS[1:4]:
        calendars.flush(day)
        noted.append(calendars.used_by_day())

    assert noted == [
        {"2025-06-02": 5, "2025-06-01": 3},
        {"2025-06-03": 3, "2025-06-02": 5},
        {"2025-06-03": 3, "2025-06-02": 5},
    ]


def test_look_that_fails_lets_no_request_in_until_one_succeeds(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(sqlite_url)
    publish_event(storage, event_of(AGENDA), "here")
    live, calendars = Live((), BASE_URL), Calendars(storage.database)
    follower = Follower(live, storage, calendars)
    client = create_app(live, calendars).test_client()
    key = made(calendars, FULL)
    paths = [f"/my/{keys(key, FULL).feed}/x.ics", "/events/conf.ics"]
    follower.step()
    follower.complete()  # as its thread does
    path = storage.database._path
    assert path

    away = path.rename(path.with_name("away.db"))
    follower.step()
    away.rename(path)  # it is there again, and nobody has looked yet
    answers = [client.get(each) for each in paths]
    change = client.patch("/api/calendars/me", json={}, headers={"Authorization": f"Bearer {key}"})
    follower.step()
    healed = [client.get(each).status_code for each in paths]

    assert [each.status_code for each in answers] == [503, 200]
    assert answers[0].headers["Retry-After"] == "30"
    assert (change.status_code, change.headers["Retry-After"]) == (503, "30")
    assert healed == [200, 200]
    assert calendars.change(key, adding("late")).choices[:-1] == FULL.choices


def test_server_goes_on_from_memory_when_its_file_is_damaged(
    sqlite_url: str, open_storage: Callable[[str], Storage]
) -> None:
    storage = open_storage(sqlite_url)
    publish_event(storage, event_of(AGENDA), "here")
    live, calendars = Live((), BASE_URL), Calendars(storage.database)
    follower = Follower(live, storage, calendars)
    client = create_app(live, calendars).test_client()
    key = made(calendars, FULL)
    follower.step()
    before = client.get("/events/conf.ics").data
    assert storage.database._path
    sound = storage.database._path.read_bytes()
    storage.close()

    damage(sqlite_url)
    follower.step()
    ready = client.get("/readyz").status_code
    feed = client.get("/events/conf.ics")
    personal = client.get(f"/my/{keys(key, FULL).feed}/x.ics")
    storage.close()
    storage.database._path.write_bytes(sound)  # a copy that was kept
    follower.step()

    assert ready == 503
    assert (feed.status_code, feed.data) == (200, before)
    assert (personal.status_code, personal.headers["Retry-After"]) == (503, "30")
    assert client.get("/readyz").status_code == 200
    assert client.get("/events/conf.ics").data == before


def test_older_copy_of_the_database_takes_no_version_back(
    storage: Storage, database_url: str
) -> None:
    """As after a restore, or where a standby that was behind took over."""
    for title in ("Talk", "Speech", "Lecture"):
        publish_event(storage, event_of(AGENDA.replace("Talk", title)), "here")
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    client = create_app(live).test_client()
    follower.step()
    before = client.get("/events/conf.ics").data

    run_sql(database_url, "DELETE FROM versions WHERE number > 1")
    follower.step()
    during = client.get("/events/conf.ics").data
    for number in range(3):
        publish_event(storage, event_of(AGENDA.replace("Talk", f"Talk {number}")), "here")
    follower.step()

    assert during == before
    assert b"SUMMARY:Talk 2\r\n" in client.get("/events/conf.ics").data
