"""What requests read: brought from storage, and remembered, no more of it than fits."""

import signal
from collections.abc import Callable
from threading import Thread

import pytest
import sqlalchemy as sa
from conftest import BASE_URL, NOW, event_of, schedule_of
from databases import PostgreSQL
from desk import TALKS, Desk
from waiting import PATIENCE, eventually
from workers import agenda

from calsvc.addresses import Addresses
from calsvc.errors import StorageError
from calsvc.live import events as live_module
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.live.memory import MEBIBYTE
from calsvc.releases import publish_event
from calsvc.schedule.differences import Former
from calsvc.schedule.display import Display
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
"""


def with_alarm(minutes: int) -> Selection:
    """Return the selection of all, with a reminder."""
    return Selection(display=Display(alarm=minutes))


def test_feed_is_made_once_and_feeds_that_are_remembered_are_bounded() -> None:
    live = Live([schedule_of(AGENDA), schedule_of(AGENDA, "other")], BASE_URL, memory=1)
    conf, other = live.event("conf"), live.event("other")
    first = conf.feed(with_alarm(0))

    assert conf.feed(with_alarm(0)) is first
    for minutes in range(MEBIBYTE // len(first.body)):
        other.feed(with_alarm(minutes))
    again = conf.feed(with_alarm(0))

    assert again is not first
    assert again.body == first.body


def test_feeds_of_two_versions_are_two() -> None:
    live = Live([schedule_of(AGENDA)], BASE_URL)
    before = live.event("conf").feed(Selection())

    changed = publish(event_of(AGENDA.replace("Talk", "Speech")), schedule_of(AGENDA), NOW)
    live.put(changed, ())

    assert b"SUMMARY:Talk" in before.body
    assert b"SUMMARY:Speech" in live.event("conf").feed(Selection()).body


def test_etag_of_a_feed_is_made_once() -> None:
    feed = LiveEvent(schedule_of(AGENDA), Addresses(BASE_URL)).feed(Selection())

    assert feed.content.etag is feed.content.etag
    assert feed.content.compressed is feed.content.compressed


# --- what a follower brings --------------------------------------------------------------


def test_server_knows_what_moved_and_where_from(desk: Desk) -> None:
    first = desk.publish(TALKS)
    desk.publish(TALKS.replace("09:00-09:30", "08:00-08:30"))
    desk.publish(TALKS.replace("09:00-09:30, room: A", "08:00-08:30, room: B"))
    live = Live((), BASE_URL)

    Follower(live, desk.storage).step()

    (opening,) = first.of_session("opening")
    assert opening.content.slot
    assert live.event("conf").moved == {
        opening.uid: Former(uid=opening.uid, start=opening.content.slot.start, room="A")
    }


def test_database_that_hangs_counts_as_away(
    postgresql: PostgreSQL,
    open_storage: Callable[[str], Storage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_module, "HUNG", 0.2)
    storage = open_storage(postgresql.fresh_url())
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()
    before = live.trouble
    thread = Thread(target=follower.step)

    postgresql.signal(signal.SIGSTOP)
    thread.start()
    eventually(lambda: live.trouble is not None)
    during = live.trouble
    postgresql.signal(signal.SIGCONT)
    thread.join(PATIENCE)

    assert (before, live.trouble) == (None, None)
    assert during == "The database has not answered for 0.2 seconds."


def test_follower_brings_the_others_when_one_version_cannot_be_read(
    storage: Storage, database_url: str
) -> None:
    for event_id in ("a", "b", "c"):
        publish_event(storage, event_of(agenda(), event_id), "")
    database = Database(database_url)
    with database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE versions SET schedule = '{}' WHERE event_id = 'b'"))
    database.close()
    live = Live((), BASE_URL)

    Follower(live, storage).step()

    assert [live.event(each).event.id for each in ("a", "c")] == ["a", "c"]
    with pytest.raises(StorageError, match=r"b version 1 cannot be read; update calsvc\."):
        live.event("b")
    assert live.trouble is None
