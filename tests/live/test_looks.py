"""A look for new versions costs little while nothing is stored, and misses nothing that is."""

import shutil
from pathlib import Path

import pytest
from conftest import BASE_URL, event_of

from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
    """


class Counting(Storage):
    """A storage that counts how often it was asked for all numbers."""

    asked = 0

    def numbers(self) -> dict[str, int]:
        self.asked += 1
        return super().numbers()


@pytest.fixture
def storage(tmp_path: Path) -> Counting:
    """A new database, with one event."""
    storage = Counting(f"sqlite:///{tmp_path}/calsvc.db")
    storage.migrate()
    publish_event(storage, event_of(AGENDA), "here")
    return storage


def test_nothing_is_read_again_until_something_is_stored(storage: Counting, tmp_path: Path) -> None:
    live = Live((), BASE_URL)
    follower = Follower(live, storage)

    for _ in range(3):
        follower.step()
    asked = storage.asked
    other = Storage(f"sqlite:///{tmp_path}/calsvc.db")  # as another process has it
    publish_event(other, event_of(AGENDA.replace("Talk", "Speech")), "there")
    follower.step()

    assert asked == 1
    assert live.version("conf") == 2
    follower.step()
    assert storage.asked == 2


def test_what_the_same_process_stores_is_served(storage: Counting) -> None:
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()

    publish_event(storage, event_of(AGENDA, "other"), "here")
    follower.step()

    assert live.version("other") == 1


def test_file_that_is_gone_is_told_of_at_the_next_look(storage: Counting, tmp_path: Path) -> None:
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()
    assert live.trouble is None

    (tmp_path / "calsvc.db").rename(tmp_path / "away.db")
    follower.step()
    trouble = live.trouble
    (tmp_path / "away.db").rename(tmp_path / "calsvc.db")
    follower.step()

    assert trouble is not None
    assert live.trouble is None


def test_another_file_in_its_place_is_read(storage: Counting, tmp_path: Path) -> None:
    other = Storage(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    for title in ("Talk", "Speech", "Lecture"):
        publish_event(other, event_of(AGENDA.replace("Talk", title)), "there")
    other.close()
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    follower.step()
    assert live.version("conf") == 1

    shutil.move(tmp_path / "other.db", tmp_path / "calsvc.db")
    follower.step()

    assert live.version("conf") == 3


def test_look_after_a_close_is_taken(storage: Counting) -> None:
    follower = Follower(Live((), BASE_URL), storage)
    follower.step()

    storage.close()  # as before a fork
    follower.step()

    assert storage.asked == 2


def test_failed_look_is_repeated_though_nothing_is_stored(
    storage: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live((), BASE_URL)
    follower = Follower(live, storage)
    with monkeypatch.context() as patched:
        patched.setattr(storage, "summaries", lambda event_ids: None)  # as a fault of its own
        follower.step()
    assert live.trouble is not None

    follower.step()

    assert live.trouble is None
    assert live.version("conf") == 1
