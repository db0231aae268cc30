"""What is new in storage is served event by event, whatever is wrong with another."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from conftest import BASE_URL, event_of, schedule_of
from drafts import give

from calsvc.errors import StorageError
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Draft, Summary, Version
from calsvc.storage.schedules import Storage
from calsvc.storage.stored import StoredEvent
from calsvc.storage.versions import versions

EVENT = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"


def store(storage: Storage, *event_ids: str) -> None:
    """Publish an event under each of these ids."""
    for event_id in event_ids:
        storage.append(event_id, give(Draft(schedule_of(EVENT, event_id), "")))


def damage(storage: Storage, event_id: str, **columns: str) -> None:
    """Change what is stored of an event to what nobody wrote."""
    with storage.database.transaction(write=True) as connection:
        connection.execute(
            sa.update(versions).where(versions.c.event_id == event_id).values(columns)
        )


@pytest.mark.parametrize(
    "columns",
    [
        {"published": "never"},  # which reading does not expect
        {"schedule": "{}"},
    ],
)
@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_event_that_cannot_be_read_delays_no_other(
    storage: Storage, caplog: pytest.LogCaptureFixture, bad: str, columns: dict[str, str]
) -> None:
    store(storage, "a", "b", "c")
    damage(storage, bad, **columns)
    live = Live((), BASE_URL)
    follower = Follower(live, storage)

    good = {"a", "b", "c"} - {bad}
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            follower.step()
            with pytest.raises(StorageError):
                live.event(bad)

    assert {live.event(each).event.id for each in good} == good
    assert len(caplog.records) == 1  # told of once
    assert live.notices == (caplog.records[0].getMessage(),)
    damage(storage, bad, published="2027-01-01T00:00:00+00:00")
    if "published" in columns:
        assert live.event(bad).event.id == bad
        assert live.notices == ()


@pytest.mark.parametrize("bad", ["a", "b", "c"])
def test_version_that_cannot_be_read_leaves_the_one_before_and_delays_no_other(
    storage: Storage, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    store(storage, "a", "b", "c")
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()
    follower.complete()
    store(storage, "a", "b", "c")
    damage(storage, bad, schedule="{}")

    with caplog.at_level(logging.WARNING):
        follower.step()
        follower.step()

    served = {each: live.event(each).schedule.version for each in ("a", "b", "c")}
    assert served == {"a": 2, "b": 2, "c": 2, bad: 1}
    assert live.fault == f"{bad} version 2 cannot be read; update calsvc."
    assert len(caplog.records) == 1


def test_event_that_cannot_be_summarized_is_read_whole(storage: Storage) -> None:
    store(storage, "a", "b")
    with storage.database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE summaries SET summary = '{}' WHERE event_id = 'a'"))
    live = Live((), BASE_URL)

    Follower(live, storage).step()

    assert ([each.event.id for each in live.events], live.fault) == (["a", "b"], None)


class Noting(Storage):
    """A storage that notes which new versions a site serves whenever an event is read."""

    live: Live
    served: list[set[str]]

    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        """Note it, and read."""
        self.served.append(
            {each.event.id for each in self.live.events if each.schedule.version > 1}
        )
        return super().newest(event_id)


def test_event_is_served_before_the_next_one_is_read(sqlite_url: str) -> None:
    storage = Noting(sqlite_url)
    storage.migrate()
    store(storage, "a", "b", "c")
    storage.live, storage.served = Live((), BASE_URL), []
    follower = Follower(storage.live, storage)
    follower.step()
    store(storage, "a", "b", "c")

    follower.step()

    assert [len(each) for each in storage.served] == [0, 1, 2]


class Overtaken(Storage):
    """A storage in which a version is published, and served, right after the one before is read."""

    meanwhile: Callable[[], None] | None = None

    def stored(self, wanted: Iterable[Summary]) -> list[StoredEvent]:
        """Read, and let others go on."""
        found = super().stored(wanted)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return found


def test_old_version_is_never_served_with_the_dates_of_a_new_one(sqlite_url: str) -> None:
    mine, others = Overtaken(sqlite_url), Storage(sqlite_url)
    others.migrate()
    copy = renderer(BASE_URL, datetime.now(UTC))
    publish_event(others, event_of(EVENT), "conf.yaml")
    elsewhere, here = Live((), BASE_URL), Live((), BASE_URL)

    def meanwhile() -> None:
        publish_event(others, event_of(EVENT.replace("Conf", "Conference")), "conf.yaml")
        Follower(elsewhere, others, renderer=copy).step()
        elsewhere.event("conf")

    mine.meanwhile = meanwhile
    Follower(here, mine, renderer=copy).step()

    (event_id,) = others.numbers()
    one, other = here.event(event_id), elsewhere.event(event_id)
    assert here.version(event_id) == 2
    assert one.modified == other.modified
    assert one.feed(Selection()).body == other.feed(Selection()).body
