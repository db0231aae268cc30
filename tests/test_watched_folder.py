"""What files and folders can do to a watcher: the good events go on, and it heals by itself."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from calsvc import releases as releases_module
from calsvc import watcher as watcher_module
from calsvc.agenda.eventfile import MAX_OCTETS
from calsvc.releases import roll_back, withdraw
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher

HEAD = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\nsessions:\n"
FIRST = HEAD + "  - {id: one, title: One, room: Hall A, when: 09:00-10:00}\n"
SECOND = FIRST.replace("Hall A", "Hall B")
OLD_COPY = (
    "conf.yaml: warning: was published before, and something else is published now;"
    " to publish it again, run calsvc publish"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good event file."""
    events = tmp_path / "events"
    events.mkdir()
    (events / "conf.yaml").write_text(FIRST)
    return events


@pytest.fixture
def small_storage(sqlite_url: str, open_storage: Callable[[str], Storage]) -> Storage:
    """A storage where the kind of database does not matter."""
    return open_storage(sqlite_url)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a watcher look again at once at what it could not publish."""
    monkeypatch.setattr(watcher_module, "RETRY", 0.0)


def room(storage: Storage) -> str | None:
    """Return the room that is published."""
    newest = storage.newest("conf")
    assert newest
    return newest[1].event.sessions[0].room


# --- what is no good event file -----------------------------------------------------------


def conflict_copy(path: Path) -> None:
    path.with_name("conf.sync-conflict-20270601-120000-ABCDEFG.yaml").write_text(FIRST)


def draft(path: Path) -> None:
    path.with_name("draft.yaml").write_text("name: [")


def folder_of_that_name(path: Path) -> None:
    path.with_name("x.yaml").mkdir()


def dangling_link(path: Path) -> None:
    path.with_name("x.yaml").symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.with_name("x.yaml").symlink_to("x.yaml")


def pipe(path: Path) -> None:
    os.mkfifo(path.with_name("x.yaml"))


def device(path: Path) -> None:
    path.with_name("x.yaml").symlink_to("/dev/zero")


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # the address of a socket is short
        listener.bind("x.yaml")
        os.chdir(here)


def huge_file(path: Path) -> None:
    with path.with_name("x.yaml").open("wb") as file:
        file.truncate(MAX_OCTETS + 1)


def other_encoding(path: Path) -> None:
    path.with_name("x.yaml").write_bytes(FIRST.encode("utf-16"))


def name_that_is_no_text(path: Path) -> None:
    Path(os.fsdecode(os.fsencode(path.parent) + b"/caf\xe9.yaml.txt")).write_text(FIRST)


def second_file(path: Path) -> None:
    path.with_suffix(".YML").write_text(SECOND)


@pytest.mark.parametrize(
    "stray",
    [
        conflict_copy,
        draft,
        folder_of_that_name,
        dangling_link,
        link_to_itself,
        pipe,
        device,
        bound_socket,
        huge_file,
        other_encoding,
        name_that_is_no_text,
        second_file,
    ],
)
def test_stray_file_is_told_of_once_and_hurts_no_other(
    small_storage: Storage, folder: Path, stray: Callable[[Path], None]
) -> None:
    path = folder / "conf.yaml"
    good = {path, folder / "new.yaml"}
    stray(path)

    watcher = Watcher(small_storage, folder)
    started = watcher.look()
    again = watcher.look()
    notices = small_storage.notices()
    (folder / "new.yaml").write_text(FIRST)
    later = watcher.look()
    for each in {*folder.iterdir()} - good:
        each.rmdir() if each.is_dir() else each.unlink()
    watcher.look()

    assert [version.event_id for version in started.published] == ["conf"]
    assert len(started.problems) == 1
    assert again.problems in ([], started.problems)
    assert len(notices) == 1
    assert [version.event_id for version in later.published] == ["new"]
    assert small_storage.notices() == []
    assert room(small_storage) == "Hall A"


def test_link_is_published_as_soon_as_it_leads_somewhere(
    small_storage: Storage, folder: Path
) -> None:
    (folder / "linked.yaml").symlink_to("target")
    watcher = Watcher(small_storage, folder)
    watcher.look()

    (folder / "target").write_text(FIRST)
    outcome = watcher.look()

    assert [version.event_id for version in outcome.published] == ["linked"]
    assert small_storage.notices() == []


def test_file_whose_rights_are_given_back_is_looked_at_again(
    small_storage: Storage, folder: Path
) -> None:
    path = folder / "conf.yaml"
    watcher = Watcher(small_storage, folder)
    watcher.look()
    before = watcher_module._stamp(path)

    path.chmod(0o600)

    assert watcher_module._stamp(path) != before


def test_folder_that_is_not_there_yet_is_published_when_it_comes(
    small_storage: Storage, folder: Path
) -> None:
    away = folder.rename(folder.with_name("away"))
    watcher = Watcher(small_storage, folder)

    watcher.look()
    before = small_storage.notices(), small_storage.numbers()
    away.rename(folder)
    watcher.look()

    assert before == (["events: is not a folder; name a folder of event files"], {})
    assert (small_storage.notices(), small_storage.numbers()) == ([], {"conf": 1})


def test_folder_whose_name_is_no_text_is_published(small_storage: Storage, folder: Path) -> None:
    odd = folder.rename(os.fsdecode(os.fsencode(folder) + b"\xe9"))

    outcome = Watcher(small_storage, odd).look()

    assert (len(outcome.published), outcome.problems) == (1, [])


def test_event_in_a_file_that_ends_in_capitals_is_not_gone(
    small_storage: Storage, folder: Path
) -> None:
    (folder / "conf.yaml").rename(folder / "conf.YAML")
    watcher = Watcher(small_storage, folder)
    watcher.look()
    again = Watcher(small_storage, folder).look()
    (folder / "conf.YAML").unlink()
    watcher.look()

    assert (again.unchanged, again.problems) == (["conf"], [])
    assert small_storage.notices()[-1].startswith("conf.yaml: warning: is gone")


# --- a file that goes back to what it said ------------------------------------------------


def started(storage: Storage, folder: Path, text: str) -> Watcher:
    """Return a watcher that starts with a file that says this."""
    (folder / "conf.yaml").write_text(text)
    watcher = Watcher(storage, folder)
    watcher.look()
    return watcher


def test_file_that_was_reverted_is_published_after_a_restart(
    storage: Storage, folder: Path
) -> None:
    for text in (FIRST, SECOND, FIRST, SECOND):
        started(storage, folder, text)

    assert storage.numbers() == {"conf": 4}
    assert (room(storage), storage.notices()) == ("Hall B", [])


def test_file_that_was_reverted_is_published_by_a_new_container(
    storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, text in enumerate((FIRST, SECOND, FIRST)):
        monkeypatch.setattr(socket, "gethostname", lambda number=number: f"container-{number}")
        started(storage, folder, text).run(lambda: True)  # and stops

    assert storage.numbers() == {"conf": 3}
    assert (room(storage), storage.notices()) == ("Hall A", [])


def test_new_container_with_an_old_copy_leaves_what_a_running_one_holds(
    storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(storage, folder, FIRST)
    started(storage, folder, SECOND)
    monkeypatch.setattr(socket, "gethostname", lambda: "container")

    lagging = started(storage, folder, FIRST)
    lagging.look()

    assert storage.numbers() == {"conf": 2}
    assert (room(storage), storage.notices()) == ("Hall B", [OLD_COPY])


@pytest.mark.parametrize(
    ("act", "now"),
    [
        (lambda storage: roll_back(storage, "conf", 1), "something else is published"),
        (lambda storage: withdraw(storage, "conf"), "the event is withdrawn"),
    ],
)
def test_new_container_with_the_same_file_leaves_what_a_person_did(
    storage: Storage,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Storage], object],
    now: str,
) -> None:
    started(storage, folder, FIRST)
    started(storage, folder, SECOND).run(lambda: True)
    act(storage)
    monkeypatch.setattr(socket, "gethostname", lambda: "container")

    again = started(storage, folder, SECOND)
    again.look()

    assert storage.numbers() == {"conf": 3}
    assert storage.notices() == [OLD_COPY.replace("something else is published", now)]


def test_old_copy_stays_one_when_the_newer_machine_stops(
    storage: Storage, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    lagging = started(storage, folder, FIRST)
    newer = started(storage, other, SECOND)
    newer.run(lambda: True)

    lagging.look()
    started(storage, folder, FIRST)

    assert storage.numbers() == {"conf": 2}
    assert room(storage) == "Hall B"


# --- edits that may be accidents ----------------------------------------------------------

TWO = FIRST + "  - {id: two, title: Two and more, when: 10:00-11:00}\n"
HALF = FIRST + "  - {id: two, title: Two}"


def test_edit_that_looks_half_written_is_published_once_its_file_rests(
    small_storage: Storage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases_module, "RESTS", 3600)
    watcher = started(small_storage, folder, TWO)
    (folder / "conf.yaml").write_text(HALF)

    watcher.look()
    held = small_storage.numbers(), small_storage.notices()
    monkeypatch.setattr(releases_module, "RESTS", 0)
    watcher.look()

    assert held == (
        {"conf": 1},
        [
            "conf.yaml: looks half-written: it ends with session two;"
            " it is published as soon as it has not changed for 3600 seconds"
        ],
    )
    assert (small_storage.numbers(), small_storage.notices()) == ({"conf": 2}, [])


def test_deletion_of_the_last_session_without_a_final_newline_is_published_at_once(
    small_storage: Storage, folder: Path
) -> None:
    watcher = started(small_storage, folder, TWO.removesuffix("\n"))

    (folder / "conf.yaml").write_text(FIRST.removesuffix("\n"))
    outcome = watcher.look()

    assert [version.told() for version in outcome.published] == [
        "conf version 2\n  Two and more: cancelled"
    ]
