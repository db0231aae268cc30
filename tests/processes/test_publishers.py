"""Publishers at once, with one copy of the files or with several."""

import multiprocessing
import os
from pathlib import Path
from threading import Barrier

import pytest
from conftest import event_of
from tiers import sqlite_first
from waiting import PATIENCE, eventually
from workers import FEED, PUBLISHERS, Serve, agenda, feed_of, newest, titles

from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def publish_one_change(url: str, barrier: Barrier, folder: Path, number: int) -> None:
    """Publish an agenda in which one session is changed, together with others."""
    folder.mkdir()
    path = folder / "conf.yaml"
    path.write_text(agenda(number))
    storage = Storage(url)
    barrier.wait()
    outcome = publish_files(storage, [path], f"publisher {number}")
    storage.close()
    assert len(outcome.published) == 1


@sqlite_first
def test_publishers_at_once_lose_nothing_and_every_worker_serves_the_last(
    storage: Storage, database_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    publish_files(storage, [events / "conf.yaml"])
    server = serve(database_url, workers=3)
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(PUBLISHERS)
    processes = [
        fork.Process(
            target=publish_one_change, args=(database_url, barrier, tmp_path / f"{number}", number)
        )
        for number in range(PUBLISHERS)
    ]

    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)

    history = storage.history("conf")
    stored = {version.number: storage.version("conf", version.number)[1] for version in history}
    assert [process.exitcode for process in processes] == [0] * PUBLISHERS
    assert [version.number for version in history] == [*range(PUBLISHERS + 1, 0, -1)]
    assert sorted(version.message for version in history) == [
        "",
        *(f"publisher {number}" for number in range(PUBLISHERS)),
    ]
    for version in history[:-1]:
        number = int(version.message.removeprefix("publisher "))
        assert stored[version.number].event == event_of(agenda(number))
        assert stored[version.number].version == version.number
    last = feed_of(stored[PUBLISHERS + 1])
    eventually(lambda: server.all_answer(FEED, 200, last))


@pytest.mark.slow
def test_servers_with_different_copies_do_not_fight(
    storage: Storage, database_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "conf.yaml").write_text(agenda(1))
    told = (
        "conf.yaml: warning: was published before, and something else is published now;"
        " to publish it again, run calsvc publish"
    )

    one, two = serve(database_url, events), serve(database_url, other)
    last = feed_of(newest(storage))
    for server in (one, two):
        eventually(lambda server=server: server.all_answer(FEED, 200, last))
    one.stop()
    one.start()
    eventually(lambda: one.all_answer("/readyz", 200, f"ok\n{told}\n".encode()))
    os.utime(events / "conf.yaml", (1, 1))
    (events / "new.yaml").write_text(agenda())
    eventually(lambda: storage.numbers() == {"conf": 2, "new": 1})

    assert storage.notices() == [told]
    assert titles(newest(storage).event) == titles(event_of(agenda(1)))
    assert all(server.all_answer(FEED, 200, last) for server in (one, two))
