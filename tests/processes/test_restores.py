"""A database that is backed up and brought back while a server reads and writes it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from conftest import event_of
from faults import file_of
from servers import caller
from subscriber import Subscriber, read
from waiting import eventually
from workers import FEED, Running, Serve, agenda, write

from calsvc.cli import main
from calsvc.releases import publish_event
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.slow
VERSIONS = 30


def calsvc(*words: str | Path) -> None:
    """Run a command in this process; it must succeed."""
    main([*map(str, words)], standalone_mode=False)


def gone(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def overwritten(path: Path) -> None:
    path.write_bytes(b"no database at all" * 5000)


def rows_lost(path: Path) -> None:
    """As after a hand that slipped: the file is sound, and is not what it was."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM versions WHERE number > 1")
        database.execute("UPDATE versions SET published = '2026-01-01T00:00:00+00:00'")


@pytest.mark.parametrize("lose", [gone, overwritten, rows_lost], ids=lambda each: each.__name__)
def test_server_goes_on_when_its_database_is_brought_back(
    lose: Callable[[Path], None], sqlite_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    server, path, file = serve(sqlite_url, events, workers=3), events / "conf.yaml", tmp_path / "b"
    subscriber = Subscriber()
    subscriber.fetch(server.ask(FEED).body)
    calsvc("backup", file, "--database", sqlite_url)
    for number in (1, 2):
        write(path, agenda(number))
        eventually(lambda number=number: f"Changed {number}".encode() in server.ask(FEED).body)
        subscriber.fetch(server.ask(FEED).body)
    before = dict(subscriber.kept)
    dates = server.ask(FEED).last_modified

    lose(file_of(sqlite_url))
    calsvc("restore", file, "--database", sqlite_url)
    # All that is told from now on is newer; in the end it is what the event file says.
    eventually(lambda: _is_brought_again(server, subscriber, before))
    write(path, agenda(3))
    eventually(lambda: all(b"Changed 3" in each.body for each in server.ask_each(FEED)))
    subscriber.fetch(server.ask(FEED).body)
    made = caller(server.port)("POST", "/api/calendars", body={})

    assert dates and server.ask(FEED).last_modified != dates
    assert {each[0] for each in subscriber.agenda()} == {
        "Changed 3" if number == 3 else f"Talk {number}" for number in range(8)
    }
    assert subscriber.kept.keys() == before.keys()
    assert made.status == 201
    ready = server.ask("/readyz")
    assert (ready.status, ready.body[:3]) == (200, b"ok\n")
    assert b"was brought back at" in ready.body


def _is_brought_again(server: Running, subscriber: Subscriber, before: dict[str, object]) -> bool:
    """Look as a program does; tell whether what was lost is there again, above what was told."""
    answer = server.ask(FEED)
    if answer.status == 503:  # a worker that knows of a newer version, and has not read it yet
        assert answer.retry_after
        return False
    assert answer.status == 200
    entries = read(answer.body)
    for uid, entry in entries.items():
        told = subscriber.kept[uid]
        assert (entry.sequence, entry.stamp) >= (told.sequence, told.stamp), uid
    subscriber.fetch(answer.body)
    is_newer = all(entries[uid].sequence > 1000 for uid in before)
    return is_newer and b"Changed 2" in answer.body


def test_server_that_starts_on_a_database_brought_back_takes_nothing_back(
    sqlite_url: str, events: Path, serve: Serve, tmp_path: Path
) -> None:
    file, path = tmp_path / "b", events / "conf.yaml"
    server = serve(sqlite_url, events)
    calsvc("backup", file, "--database", sqlite_url)
    write(path, agenda(1))
    eventually(lambda: b"Changed 1" in server.ask(FEED).body)
    before = read(server.ask(FEED).body)
    server.stop()
    gone(file_of(sqlite_url))

    calsvc("restore", file, "--database", sqlite_url)
    after = read(serve(sqlite_url, events).ask(FEED).body)

    assert before.keys() == after.keys()
    for uid, entry in after.items():
        assert entry.sequence > before[uid].sequence
        assert entry.stamp > before[uid].stamp
    assert "Changed 1" in {entry["SUMMARY"] for entry in after.values()}


def test_backups_while_others_publish_are_whole(
    sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path
) -> None:
    storage = open_storage(sqlite_url)

    def publish() -> None:
        for number in range(VERSIONS):
            publish_event(storage, event_of(agenda(0, title=f"Title {number}")), "here")

    publisher = Thread(target=publish)
    publisher.start()
    found = []
    while publisher.is_alive() and len(found) < 1000:
        calsvc("backup", tmp_path / "b", "--force", "--database", sqlite_url)
        with closing(sqlite3.connect(tmp_path / "b")) as copy:
            numbers = [number for (number,) in copy.execute("SELECT number FROM versions")]
        found.append(sorted(numbers))
    publisher.join()

    assert storage.numbers() == {"conf": VERSIONS}
    assert len(found) > 1
    assert found == [[*range(1, len(numbers) + 1)] for numbers in found]
    assert found == sorted(found)
