"""A database that hangs: what is in memory goes on, and the rest says at once to ask again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from databases import PostgreSQL
from faults import hanging
from itineraries import EMPTY, adding, made
from waiting import eventually
from workers import FEED, Answer, Serve, feed_of, newest

from calsvc.releases import publish_files
from calsvc.schedule.itineraries import keys
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage

POLLS = 40


@pytest.mark.slow
def test_feeds_go_on_while_the_database_hangs_under_personal_polls(
    postgresql: PostgreSQL,
    open_storage: Callable[[str], Storage],
    events: Path,
    serve: Serve,
) -> None:
    """All is answered before the database goes on, or this would wait for it for ever."""
    url = postgresql.fresh_url()
    storage = open_storage(url)
    publish_files(storage, [events / "conf.yaml"])
    calendars = Calendars(storage.database)
    personal = f"/my/{keys(made(calendars, adding('talk-1')(EMPTY)), EMPTY).feed}/x.ics"
    server = serve(url)
    feed, own = feed_of(newest(storage)), server.ask(personal)
    assert (own.status, b"SUMMARY:Talk 1\r\n" in own.body) == (200, True)

    assert server.all_answer(FEED, 200, feed)  # it is in the memory of each worker from now on

    with hanging(postgresql), ThreadPoolExecutor(POLLS) as threads:
        polls = [threads.submit(server.ask, personal) for _ in range(POLLS)]
        during = [server.ask(FEED) for _ in range(20)]
        refused = [poll.result() for poll in polls]
        eventually(lambda: server.ask("/readyz").status == 503)
        known = [server.ask(personal) for _ in range(20)]

    assert {(each.status, each.body) for each in during} == {(200, feed)}
    for answers in (refused, known):
        assert {(each.status, each.retry_after) for each in answers} == {(503, "30")}
    eventually(lambda: server.all_answer("/readyz", 200, b"ok\n"))
    eventually(lambda: all(_is(own, server.ask(personal)) for _ in range(10)))


def _is(one: Answer, other: Answer) -> bool:
    return (one.status, one.body) == (other.status, other.body)
