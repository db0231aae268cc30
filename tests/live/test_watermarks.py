"""Workers know what the others of their server have served."""

import multiprocessing
from collections.abc import Callable

import pytest
from conftest import BASE_URL, NOW, event_of

from calsvc.errors import StorageError
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.live.watermarks import SLOTS, Watermarks
from calsvc.releases import publish_event
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions: [{id: talk, title: TITLE, when: "09:00-10:00"}]
"""


def reach(marks: Watermarks, event_id: str, number: int) -> None:
    """Serve a version, as a worker does."""
    marks.announce(event_id, number)
    marks.reach(event_id, number)


def test_worker_is_behind_what_another_one_served() -> None:
    fork = multiprocessing.get_context("fork")
    marks = Watermarks()
    reach(marks, "conf", 1)
    reach(marks, "other", 7)

    other = fork.Process(target=reach, args=(marks, "conf", 300))
    other.start()
    other.join()

    assert (marks.is_behind("conf"), marks.is_behind("other")) == (True, False)
    assert marks.is_behind_anywhere()
    reach(marks, "conf", 300)
    assert not marks.is_behind("conf")
    assert not marks.is_behind_anywhere()


def test_worker_is_behind_itself_until_it_serves_what_it_announced() -> None:
    live = Live((), BASE_URL)
    live.put(publish(event_of(AGENDA), None, NOW), ())
    second = publish(event_of(AGENDA.replace("TITLE", "Changed")), live.event("conf").schedule, NOW)
    own = live.event("conf").own
    seen: list[bool] = []
    announce = live.watermarks.announce

    def announced(event_id: str, number: int) -> None:
        announce(event_id, number)  # others may serve it from here on
        seen.append(live.serves("conf", own))

    live.watermarks.announce = announced  # type: ignore[method-assign]
    live.put(second, ())

    assert seen == [False]
    assert live.serves("conf", live.event("conf").own)
    assert not live.watermarks.is_behind("conf")


def test_older_version_lowers_no_mark() -> None:
    marks = Watermarks()
    reach(marks, "conf", 5)
    reach(marks, "conf", 4)

    assert not marks.is_behind("conf")
    assert not marks.is_behind_anywhere()


def test_there_is_room_for_any_number_of_events() -> None:
    marks = Watermarks()
    for number in range(2 * SLOTS):
        reach(marks, f"event-{number}", number % 70_000 + 1)

    assert not marks.is_behind_anywhere()


def served(storage: Storage) -> tuple[Live, Live]:
    """Return two workers of one server, of which the first alone knows the second version."""
    first, second = Live((), BASE_URL), Live((), BASE_URL)
    for live in (first, second):
        publish_event(storage, event_of(AGENDA), "conf.yaml")
        Follower(live, storage).step()
    second.watermarks._shared = first.watermarks._shared
    publish_event(storage, event_of(AGENDA.replace("TITLE", "Changed")), "conf.yaml")
    Follower(first, storage).step()
    return first, second


@pytest.mark.parametrize(
    "ask",
    [
        lambda live: live.event("conf").feed(Selection()).body.count(b"SUMMARY:Changed"),
        lambda live: [each.schedule.version for each in live.events] == [2],
        lambda live: live.site_feed(Selection()) and live.version("conf") == 2,
    ],
)
def test_worker_that_is_behind_catches_up_before_it_answers(
    storage: Storage, ask: Callable[[Live], object]
) -> None:
    _, second = served(storage)

    assert second.version("conf") == 1
    assert ask(second)


def test_worker_that_cannot_catch_up_says_so_and_tells_nothing_older(storage: Storage) -> None:
    _, second = served(storage)

    def fail() -> None:
        second.fault = "The database does not answer."

    second.catch_up = fail

    with pytest.raises(StorageError):
        second.event("conf")


@pytest.mark.parametrize(
    "ask", [lambda live: live.event("conf"), lambda live: live.site_feed(Selection())]
)
def test_worker_that_is_behind_while_storage_is_in_trouble_tells_nothing_older(
    storage: Storage, ask: Callable[[Live], object]
) -> None:
    _, second = served(storage)

    storage.database.gate.trouble = "The database does not answer: for a test."
    with pytest.raises(StorageError, match=r"for a test\.$"):
        ask(second)
    shown = [each.schedule.version for each in second.events]  # pages go on
    storage.database.gate.trouble = None

    assert shown == [1]
    assert ask(second)
    assert second.version("conf") == 2


def test_site_feed_is_no_older_where_the_database_is_away(storage: Storage) -> None:
    _, second = served(storage)

    def fail() -> None:
        second.fault = "The database does not answer."

    second.catch_up = fail

    with pytest.raises(StorageError):
        second.site_feed(Selection())
