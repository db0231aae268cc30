"""A database that goes away: a server goes on from memory, and heals."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import event_of
from databases import PostgreSQL, moved_away
from tiers import slow
from waiting import eventually
from workers import FEED, Serve, agenda, feed_of, newest

from calsvc.releases import publish_event, publish_files
from calsvc.storage.schedules import Storage


@contextmanager
def shut_down(postgresql: PostgreSQL, *, abruptly: bool) -> Iterator[None]:
    """Stop a PostgreSQL for a while."""
    postgresql.stop(abruptly=abruptly)
    yield
    postgresql.start()


@pytest.mark.parametrize("kind", ["sqlite", slow("postgresql"), slow("postgresql, abruptly")])
def test_server_goes_on_without_its_database_and_heals(
    kind: str,
    request: pytest.FixtureRequest,
    open_storage: Callable[[str], Storage],
    events: Path,
    serve: Serve,
) -> None:
    if kind == "sqlite":
        url = request.getfixturevalue("sqlite_url")
        outage = moved_away(url)
        reason = "unable to open database file"
    else:
        postgresql = request.getfixturevalue("postgresql")
        url = postgresql.fresh_url()
        outage = shut_down(postgresql, abruptly=kind.endswith("abruptly"))
        reason = "Connection refused"
    storage = open_storage(url)
    publish_files(storage, [events / "conf.yaml"])
    server = serve(url)
    feed = feed_of(newest(storage))
    assert server.all_answer("/readyz", 200, b"ok\n")
    assert server.all_answer(FEED, 200, feed)  # it is in the memory of each worker from now on

    def all_are_in_trouble() -> bool:
        answers = server.ask_each("/readyz")
        return {(each.status, reason in each.body.decode()) for each in answers} == {(503, True)}

    with outage:
        eventually(all_are_in_trouble)
        (said,) = {each.body.decode() for each in server.ask_each("/readyz")}
        front = server.ask("/")

        assert said.startswith("not ready\nThe database does not answer: ")
        assert said.endswith("Calendars go on from memory.\n")
        page = front.body.decode()
        # Everybody reads that page, and the reason may name a host.
        assert (front.status, reason in page) == (200, False)
        assert server.all_answer(FEED, 200, feed)
        assert server.all_answer("/healthz", 200, b"ok\n")

        # A worker that starts now cannot know what is right, so it says nothing of it.
        first, *_ = server.workers()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: len(set(server.workers()) - {first}) == 2)
        eventually(lambda: {each.status for each in server.ask_each(FEED)} == {200, 503})
        for path in (FEED, "/events.ics", "/events/conf/", "/events/conf.atom"):
            answers = {(each.status, each.retry_after) for each in server.ask_each(path)}
            assert answers == {(200, None), (503, "30")}

    eventually(lambda: server.all_answer("/readyz", 200, b"ok\n"))
    assert server.all_answer(FEED, 200, feed)
    publish_event(storage, event_of(agenda(3)), "later")
    eventually(lambda: server.all_answer(FEED, 200, feed_of(newest(storage))))
