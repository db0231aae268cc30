"""What is new in storage is served event by event, whatever is wrong with another."""

import logging
from collections.abc import Callable
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
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.schedules import Storage
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

    with caplog.at_level(logging.WARNING):
        follower.step()
        follower.step()

    good = {"a", "b", "c"} - {bad}
    assert {each.event.id for each in live.events} == good
    assert live.fault is not None
    assert len(caplog.records) == 1  # told of once
    with pytest.raises(StorageError):
        live.event(bad)

    damage(storage, bad, published="2027-01-01T00:00:00+00:00")
    if "published" in columns:
        follower.step()
        assert (live.fault, len(live.events)) == (None, 3)


class Noting(Storage):
    """A storage that notes what a site serves whenever an event is read."""

    live: Live
    served: list[set[str]]

    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        """Note it, and read."""
        self.served.append({each.event.id for each in self.live.events})
        return super().newest(event_id)


def test_event_is_served_before_the_next_one_is_read(sqlite_url: str) -> None:
    storage = Noting(sqlite_url)
    storage.migrate()
    store(storage, "a", "b", "c")
    storage.live, storage.served = Live((), BASE_URL), []

    Follower(storage.live, storage).step()

    assert [len(each) for each in storage.served] == [0, 1, 2]


class Overtaken(Storage):
    """A storage in which a version is published, and served, right after the one before is read."""

    meanwhile: Callable[[], None] | None = None

    def newest(self, event_id: str) -> tuple[Version, Schedule] | None:
        """Read, and let others go on."""
        found = super().newest(event_id)
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

    mine.meanwhile = meanwhile
    Follower(here, mine, renderer=copy).step()

    (event_id,) = others.numbers()
    one, other = here.event(event_id), elsewhere.event(event_id)
    assert one.modified == other.modified
    assert one.feed(Selection()).body == other.feed(Selection()).body
