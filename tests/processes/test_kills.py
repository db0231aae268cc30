"""Killed at any moment, a process loses nothing that it said it had done."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import NOW, event_of
from tiers import slow
from waiting import PATIENCE, eventually
from workers import FEED, PUBLISHERS, Answer, Serve, agenda, feed_of, newest, write

from calsvc.releases import publish_event
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.storage.database import Database
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def publish_again_and_again(url: str, pipe: Connection) -> None:
    """Publish two agendas in turn, and acknowledge each version, until killed."""
    storage = Storage(url)
    texts = [event_of(agenda(*range(number))) for number in (0, PUBLISHERS)]
    turn = 0
    pipe.send(0)
    while True:
        turn += 1
        if version := publish_event(storage, texts[turn % 2], "loop"):
            pipe.send(version.number)


def killed_after(seconds: float, url: str, fork: ForkContext, *, is_sure: bool) -> list[int]:
    """Let a publisher work for a while, and kill it; return what it acknowledged.

    ``is_sure`` lets the while begin with its first version, of which there may be none else.
    """
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=publish_again_and_again, args=(url, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    ours.recv()
    assert not is_sure or ours.poll(PATIENCE)
    time.sleep(seconds)
    process.kill()
    process.join(PATIENCE)
    acknowledged = []
    try:
        while True:
            acknowledged.append(ours.recv())
    except (EOFError, OSError):  # OSError: half of the last word was written
        ours.close()
    return acknowledged


def stamps(schedule: Schedule) -> dict[str, tuple[int, str]]:
    """Return what calendar programs notice changes by."""
    return {
        str(entry.uid): (entry.sequence, entry.revised.isoformat()) for entry in schedule.entries
    }


@pytest.mark.parametrize("kills", [10, slow(200)])
def test_publisher_killed_at_any_moment_loses_no_acknowledged_version(
    sqlite_url: str, open_storage: Callable[[str], Storage], kills: int
) -> None:
    storage = open_storage(sqlite_url)
    publish_event(storage, event_of(agenda()), "start")
    fork = multiprocessing.get_context("fork")
    before = stamps(newest(storage))
    acknowledged = []

    for number in range(kills):
        # From 0 to 150 ms, in no order; the machine adds chance enough.
        after = number * 67 % 151 / 1000
        acknowledged += killed_after(after, sqlite_url, fork, is_sure=number % 2 == 1)
        schedule = newest(storage)
        now = stamps(schedule)
        assert schedule.version >= max(acknowledged, default=1)
        assert {uid: each for uid, each in now.items() if each < before[uid]} == {}
        before = now

    versions = all_versions(sqlite_url)
    assert [number for number, _ in versions] == [*range(1, len(versions) + 1)]
    assert [schedule.version for _, schedule in versions] == [number for number, _ in versions]
    assert set(acknowledged) <= {number for number, _ in versions}
    assert len(acknowledged) == len(set(acknowledged)) > 0
    both = [event_of(agenda(*range(number))) for number in (0, PUBLISHERS)]
    assert [schedule.event for _, schedule in versions] == [
        both[(number + 1) % 2] for number, _ in versions
    ]


def all_versions(url: str) -> list[tuple[int, Schedule]]:
    """Return every stored version, each read whole, from a database that is sound."""
    database = Database(url)
    with database.transaction() as connection:
        check = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        rows = connection.execute(sa.text("SELECT number, schedule FROM versions ORDER BY number"))
        versions = [(number, Schedule.model_validate_json(text)) for number, text in rows]
    database.close()
    assert check == "ok"
    return versions


@pytest.mark.slow
def test_server_killed_at_any_moment_starts_again_where_it_was(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    seen: list[tuple[str, int]] = []

    for turn in range(10):
        write(events / "conf.yaml", agenda(turn % PUBLISHERS, title=f"Title {turn}"))
        started = time.monotonic()
        while time.monotonic() - started < turn * 37 % 10 / 10:
            seen.append(version_of(server.ask(FEED)))
        if turn % 3:
            lost = server.workers()
            for pid in lost:
                os.kill(pid, signal.SIGKILL)
            eventually(lambda lost=lost: len(set(server.workers()) - set(lost)) == 2)
        else:
            server.kill()
            server.start()
        answers = [version_of(answer) for answer in server.ask_each(FEED)]
        assert min(answers) >= max(seen, default=answers[0])

    last = feed_of(publish(event_of(agenda(1, title="Title 9")), None, NOW))
    eventually(lambda: summaries(server.ask(FEED).body) == summaries(last))
    assert max(seen) > min(seen)


def version_of(answer: Answer) -> tuple[str, int]:
    """Return what tells that a feed is not older than another one."""
    assert answer.status == 200
    lines = answer.body.split(b"\r\n")
    revised = next(line for line in lines if line.startswith(b"LAST-MODIFIED:"))
    sequences = [int(line[9:]) for line in lines if line.startswith(b"SEQUENCE:")]
    return revised.decode(), sum(sequences)


def summaries(body: bytes) -> list[bytes]:
    """Return the titles in a feed."""
    return [line for line in body.split(b"\r\n") if line.startswith(b"SUMMARY:")]
