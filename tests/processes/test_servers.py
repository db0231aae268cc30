"""A server with its workers and its watcher: started, changed, stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import event_of
from databases import moved_away
from tiers import sqlite_first
from waiting import PATIENCE, eventually
from workers import FEED, Serve, agenda, feed_of, newest, titles, words_of, write

from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage


@sqlite_first
def test_server_publishes_what_changes_in_its_folder(
    database_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    server = serve(database_url, events, workers=3)
    storage = open_storage(database_url)
    path = events / "conf.yaml"

    path.write_text(agenda(0, 1))
    eventually(lambda: storage.numbers() == {"conf": 2})
    changed = feed_of(newest(storage))
    eventually(lambda: server.all_answer(FEED, 200, changed))
    path.write_text(agenda(2).replace("Europe/Berlin", "Berlin"))
    told = "conf.yaml:2:11: timezone: there is no time zone 'Berlin'; did you mean Europe/Berlin?"
    eventually(lambda: server.all_answer("/readyz", 200, f"ok\n{told}\n".encode()))
    kept = server.all_answer(FEED, 200, changed)
    path.write_text(agenda(2))
    eventually(lambda: server.all_answer("/readyz", 200, b"ok\n"))
    eventually(lambda: server.all_answer(FEED, 200, feed_of(newest(storage))))

    assert kept
    assert titles(newest(storage).event) == titles(event_of(agenda(2)))
    assert storage.numbers() == {"conf": 3}


@pytest.mark.slow
def test_server_starts_its_watcher_again(sqlite_url: str, events: Path, serve: Serve) -> None:
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    (first,) = server.watchers()

    os.kill(first, signal.SIGKILL)
    write(events / "conf.yaml", agenda(1))
    eventually(lambda: b"Changed 1" in server.ask(FEED).body)
    (second,) = server.watchers()

    assert first != second


@pytest.mark.slow
def test_watcher_that_starts_without_the_database_makes_no_new_one(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    (first,) = server.watchers()

    with moved_away(sqlite_url):
        os.kill(first, signal.SIGKILL)
        before = server.log.stat().st_size
        eventually(lambda: server.watchers() not in ([], [first]))
        eventually(lambda: b"open database file.\n" in server.log.read_bytes()[before:])
        was_made = database.exists()

    assert not was_made


@pytest.mark.slow
def test_server_that_is_told_to_stop_leaves_nothing_behind(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    (events / "broken.yaml").write_text("name: [")
    storage = open_storage(sqlite_url)
    eventually(lambda: len(storage.notices()) == 1)
    processes = server.processes()

    code = server.stop()

    assert len(processes) == 4  # the one that sees to the others, two workers, the watcher
    assert code == 0
    assert [pid for pid in processes if words_of(pid)] == []
    assert not server.answers("/healthz")
    assert storage.notices() == []


@pytest.mark.slow
def test_server_whose_first_process_is_killed_leaves_nothing_behind(
    sqlite_url: str, events: Path, serve: Serve
) -> None:
    server = serve(sqlite_url, events)
    eventually(lambda: len(server.watchers()) == 1)
    processes = server.processes()

    os.kill(server.pid, signal.SIGKILL)

    assert len(processes) == 4
    eventually(lambda: [pid for pid in processes if words_of(pid)] == [])


@pytest.mark.slow
def test_watcher_alone_publishes_until_it_is_told_to_stop(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path
) -> None:
    storage = open_storage(sqlite_url)
    command = [sys.executable, "-m", "calsvc", "publish", str(events), "--watch"]
    process = subprocess.Popen(
        [*command, "--database", sqlite_url], stderr=subprocess.PIPE, text=True
    )

    eventually(lambda: storage.numbers() == {"conf": 1})
    write(events / "conf.yaml", agenda(1))
    eventually(lambda: storage.numbers() == {"conf": 2})
    write(events / "conf.yaml", "name: [")
    eventually(lambda: len(storage.notices()) == 1)
    process.terminate()
    _, errors = process.communicate(timeout=PATIENCE)

    problem = errors.splitlines()[-1]
    assert process.returncode == 0
    assert errors == (
        "conf version 1\n  First published, with 8 sessions\n"
        "conf version 2\n  Changed 1: renamed, was Talk 1\n"
        f"{problem}\n"
    )
    assert problem.startswith(f"{events}/conf.yaml:")
    assert storage.notices() == []


# --- starting -----------------------------------------------------------------------------


@pytest.mark.slow
def test_server_whose_folder_was_emptied_serves_what_is_published(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    storage = open_storage(sqlite_url)
    publish_files(storage, [events / "conf.yaml"])
    (events / "conf.yaml").unlink()

    server = serve(sqlite_url, events)

    assert server.all_answer(FEED, 200, feed_of(newest(storage)))
    assert server.ask("/readyz").body.decode().splitlines()[:2] == [
        "ok",
        "events: holds no event file; start one with calsvc new",
    ]


@pytest.mark.slow
def test_server_of_a_withdrawn_event_starts_and_says_that_it_is_gone(
    sqlite_url: str, open_storage: Callable[[str], Storage], events: Path, serve: Serve
) -> None:
    storage = open_storage(sqlite_url)
    publish_files(storage, [events / "conf.yaml"])
    command = [sys.executable, "-m", "calsvc", "publish", "--withdraw", "conf"]
    subprocess.run([*command, "--database", sqlite_url], check=True, capture_output=True)

    server = serve(sqlite_url)

    assert {each.status for each in server.ask_each(FEED)} == {410}
