"""The crowd of a site on many machines notices what is wrong, and what is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from itineraries import EMPTY, adding, made
from servers import free_port

from bench.agendas import BASE_URL
from bench.crowd import EVENT_ID, FEED, Crowd, Person, Reader, digests
from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.selection import Selection
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    """Those who use a site of which nobody answers; two versions are published."""
    storage = Storage(f"sqlite:///{tmp_path}/calsvc.db")
    storage.migrate()
    crowd = Crowd(storage, free_port(), [free_port()])
    assert [crowd.publish(), crowd.publish()] == [1, 2]
    yield crowd
    storage.close()


def feed(crowd: Crowd, number: int) -> bytes:
    """Return what a version gives."""
    _, schedule = crowd.storage.version(EVENT_ID, number)
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body


def given(crowd: Crowd, *bodies: bytes) -> Reader:
    """Let a reader have been given these feeds."""
    reader = next(each for each in crowd.readers if each.path == FEED)
    reader.given += map(digests, bodies)
    return reader


def test_feeds_in_the_order_of_their_versions_are_right(crowd: Crowd) -> None:
    given(crowd, feed(crowd, 1), feed(crowd, 2))

    crowd.judge()

    assert crowd.tally.wrong == []


def test_feed_of_an_older_version_is_wrong_also_when_it_comes_later(crowd: Crowd) -> None:
    reader = given(crowd, feed(crowd, 2))
    crowd.judge()
    given(crowd, feed(crowd, 1))
    crowd.judge()

    assert crowd.tally.wrong == [f"{FEED} on port {reader.port} is of version 1, after 2"]


def test_feed_that_differs_by_an_octet_is_wrong(crowd: Crowd) -> None:
    given(crowd, feed(crowd, 1).replace(b"Talk 3", b"Talk 4"))
    crowd.judge()

    assert len(crowd.tally.wrong) == 1


def test_feed_a_moment_behind_is_right_only_while_copies_of_two_releases_run(crowd: Crowd) -> None:
    behind = feed(crowd, 2).replace(b"SEQUENCE:1", b"SEQUENCE:0")
    assert behind != feed(crowd, 2)

    given(crowd, behind)
    crowd.judge()
    wrong, crowd.is_mixed = len(crowd.tally.wrong), True
    given(crowd, behind)
    crowd.judge()

    assert wrong == 1
    assert len(crowd.tally.wrong) == wrong


def test_what_was_acknowledged_and_is_not_stored_is_lost(crowd: Crowd) -> None:
    calendars = Calendars(crowd.storage.database)
    edit_key = made(calendars, adding("s-1")(EMPTY))
    crowd.people = [Person(edit_key, "", {"s-1": True, "s-2": False})]
    before = crowd.lost()

    crowd.people[0].known = {"s-1": False, "s-2": True}
    crowd.published += [(2, "edition 3"), (3, "edition 4")]

    assert (before, crowd.lost()) == (0, 4)
