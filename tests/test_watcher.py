"""What is published stays right, whatever becomes of the files in a folder that is watched."""

import os
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import event_of
from desk import NEWER, REAL, TALKS, Desk, agenda, assert_rises

from calsvc import releases as releases_module
from calsvc import watcher as watcher_module
from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.errors import EventFileError
from calsvc.releases import publish_files, roll_back, withdraw
from calsvc.schedule.copies import Copy
from calsvc.schedule.entries import Schedule
from calsvc.schedule.losses import FEW
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher

Make = Callable[[Version | None, Schedule | None], Draft | None]


# --- files that go wrong ------------------------------------------------------------------


def assert_stays(desk: Desk, path: Path, damage: Callable[[], object], told: str) -> None:
    """Hold a watcher to the last good version, and to what it tells, until a file is mended."""
    event_id, octets = path.stem, path.read_bytes()
    watcher = Watcher(desk.storage, desk.folder)
    started = watcher.look()
    feed = desk.feed(event_id)

    damage()
    damaged = watcher.look()
    restarted = Watcher(desk.storage, desk.folder).look()
    notices = desk.storage.notices()
    front, ready = desk.client().get("/"), desk.client().get("/readyz")

    assert [version.number for version in started.published] == [1]
    assert (damaged.published, restarted.published) == ([], [])
    assert [str(each) for each in damaged.problems] == [f"{desk.folder}/{told}"]
    assert restarted.problems == damaged.problems
    assert notices == [told]
    assert desk.storage.numbers() == {event_id: 1}
    assert desk.feed(event_id) == feed
    assert told not in front.text.replace("&#39;", "'")  # visitors could do nothing about it
    assert (ready.status_code, ready.text) == (200, f"ok\n{told}\n")

    path.write_bytes(octets)
    mended = watcher.look()

    assert (mended.published, mended.unchanged, mended.problems) == ([], [event_id], [])
    assert desk.storage.notices() == []


@pytest.mark.parametrize(
    "octets",
    [
        b"name: [",
        b"",
        b"# Soon\n",
        TALKS.replace("Europe/Berlin", "Berlin").encode(),
        TALKS.encode("utf-16"),
    ],
    ids=["broken", "no octets", "a remark", "a mistake", "another encoding"],
)
def test_watcher_keeps_the_last_good_version_of_a_file_with(desk: Desk, octets: bytes) -> None:
    path = desk.write(octets)
    with pytest.raises(EventFileError) as raised:
        eventfile.read(path)
    (problem,) = raised.value.problems
    told = str(problem).removeprefix(f"{desk.folder}/")
    desk.write(TALKS)

    assert_stays(desk, path, lambda: path.write_bytes(octets), told)


def test_watcher_keeps_the_last_good_version_of_a_file_without_sessions(desk: Desk) -> None:
    path = desk.write(TALKS)

    assert_stays(
        desk,
        path,
        lambda: desk.write(agenda(0) + "  []\n"),
        "conf.yaml: has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf",
    )


def test_watcher_keeps_the_last_good_version_of_a_file_that_is_gone(desk: Desk) -> None:
    desk.write(agenda(3), "other")
    path = desk.write(TALKS)
    publish_files(desk.storage, [desk.folder / "other.yaml"])

    watcher = Watcher(desk.storage, desk.folder)
    watcher.look()
    feed = desk.feed()
    path.unlink()
    gone = watcher.look()
    restarted = Watcher(desk.storage, desk.folder).look()

    told = (
        "conf.yaml: warning: is gone, and its event stays as it was published;"
        " to take it back, run calsvc publish --withdraw conf"
    )
    assert [str(each) for each in gone.problems] == [f"{desk.folder}/{told}"]
    assert restarted.problems == gone.problems
    assert desk.storage.notices() == [told]
    assert desk.feed() == feed


def test_watcher_tells_nothing_of_the_files_of_another_folder(
    copies: tuple[Desk, Desk],
) -> None:
    a, b = copies
    a.write(TALKS)
    a.write(agenda(1), "other")
    b.write(TALKS)

    outcomes = [Watcher(each.storage, each.folder).look() for each in copies]

    assert [version.event_id for version in outcomes[0].published] == ["conf", "other"]
    assert (outcomes[1].unchanged, outcomes[1].problems) == (["conf"], [])
    assert a.storage.notices() == []


def test_watcher_tells_of_a_folder_that_it_cannot_read(small_desk: Desk) -> None:
    path = small_desk.write(TALKS)
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()
    twin = path.with_suffix(".yml")
    gone = (
        "conf.yaml: warning: is gone, and its event stays as it was published;"
        " to take it back, run calsvc publish --withdraw conf"
    )

    told = []
    for change in (
        lambda: twin.write_text(TALKS),
        twin.unlink,
        path.unlink,
        small_desk.folder.rmdir,
        small_desk.folder.mkdir,
        lambda: path.write_text(TALKS.replace("Closing", "The End")),
    ):
        change()
        watcher.look()
        told.append(small_desk.storage.notices())

    assert told == [
        ["conf.yml: is the same event as conf.yaml; keep one of them"],
        [],
        ["events: holds no event file; start one with calsvc new", gone],
        ["events: is not a folder; name a folder of event files", gone],
        ["events: holds no event file; start one with calsvc new", gone],
        [],
    ]
    assert small_desk.storage.numbers() == {"conf": 2}


def test_watcher_tells_of_a_file_whose_name_is_no_text(small_desk: Desk) -> None:
    small_desk.write(TALKS)
    path = os.fsencode(small_desk.folder) + b"/caf\xe9.yaml"
    with open(path, "w") as file:
        file.write(TALKS)

    outcome = Watcher(small_desk.storage, small_desk.folder).look()

    assert [version.event_id for version in outcome.published] == ["conf"]
    assert [notice.partition(":")[0] for notice in small_desk.storage.notices()] == ["caf?.yaml"]
    assert small_desk.client().get("/").status_code == 200


# A cut between two sessions, or between two lines of the last one, leaves a file that may
# be meant to be so; all others are told from edits.
LINES = REAL.splitlines(keepends=True)
ENDS = dict(zip(accumulate(map(len, LINES)), pairwise([*LINES, b""]), strict=False))
WITHIN_LINES = [end - len(line) // 2 for end, (line, _) in ENDS.items() if line.strip()]
WITHIN_SESSIONS = [end for end, (_, after) in ENDS.items() if after.startswith(b"      ")]
CUTS = [*WITHIN_LINES[1::40], WITHIN_LINES[-1], *WITHIN_SESSIONS[:-8:40]]


@pytest.mark.parametrize("cut", CUTS)
def test_watcher_keeps_the_last_good_version_of_a_file_cut_at(
    small_desk: Desk, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases_module, "RESTS", 3600)
    path = small_desk.write(REAL, "ai-data-2025")
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()

    path.write_bytes(REAL[:cut])
    outcome = watcher.look()

    assert outcome.published == []
    assert [problem.path for problem in outcome.problems[:1]] == [str(path)]
    assert len(small_desk.storage.notices()) == len(outcome.problems)
    assert small_desk.storage.numbers() == {"ai-data-2025": 1}

    path.write_bytes(REAL)
    mended = watcher.look()

    assert (mended.unchanged, small_desk.storage.notices()) == (["ai-data-2025"], [])


def test_watcher_tells_again_what_is_still_so(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_desk.write("name: [")
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()
    told = small_desk.storage.notices()
    small_desk.storage.notice(f"{socket.gethostname()}:{small_desk.folder}", [])

    watcher.look()
    forgotten = small_desk.storage.notices()
    monkeypatch.setattr(watcher_module, "REPEAT", 0.0)
    watcher.look()

    assert (len(told), forgotten) == (1, [])
    assert small_desk.storage.notices() == told


def test_watcher_says_what_to_do_with_a_file_that_looks_half_written(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases_module, "RESTS", 3600)
    path = small_desk.write(TALKS)
    cut = TALKS.index("11:30, room")

    assert_stays(
        small_desk,
        path,
        lambda: path.write_text(TALKS[:cut] + "11:30}"),
        "conf.yaml: looks half-written: it ends with session second;"
        " it is published as soon as it has not changed for 3600 seconds",
    )


@pytest.mark.parametrize(
    "text",
    [
        TALKS.removesuffix("\n"),
        TALKS.replace("Closing", "The End"),
        TALKS.replace("Closing", "The End").removesuffix("\n"),
        TALKS.replace("First", "1st").removesuffix("\n"),
        TALKS + "  - {id: party, title: Party, when: 20:00-23:00}",
        TALKS[: TALKS.index("  - {id: closing")],
        TALKS[: TALKS.index("  - {id: closing")].replace("Second", "Another"),
        TALKS[: TALKS.index("  - {id: opening")] + TALKS[TALKS.index("  - {id: first") :],
    ],
    ids=[
        "no end",
        "last changed",
        "last changed, no end",
        "other changed",
        "added",
        "last removed",
        "last removed, one before renamed",
        "first removed",
    ],
)
def test_watcher_takes_an_edit_for_an_edit(small_desk: Desk, text: str) -> None:
    path = small_desk.write(TALKS)
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()

    path.write_text(text)
    outcome = watcher.look()

    assert outcome.problems == []
    assert small_desk.schedule().event == event_of(text)


# --- sessions that vanish -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "without", "is_held_back"),
    [
        (10, range(1, 6), False),  # half
        (9, range(1, 6), True),
        (6, range(1, 1 + FEW), False),
        (6, range(1, 2 + FEW), True),
    ],
)
def test_watcher_holds_back_the_loss_of_most_sessions(
    small_desk: Desk, number: int, without: range, is_held_back: bool
) -> None:
    path = small_desk.write(agenda(number))
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()

    path.write_text(agenda(number, without=without))
    outcome = watcher.look()
    told = small_desk.storage.notices()

    held_back = (
        f"conf.yaml: lacks {len(without)} of the {number} sessions that conf had;"
        " if that is meant, run calsvc publish conf.yaml"
    )
    assert told == ([held_back] if is_held_back else [])
    assert len(outcome.published) == (not is_held_back)


def test_watcher_that_held_back_tells_no_more_once_that_was_published(desk: Desk) -> None:
    path = desk.write(agenda(12))
    watcher = Watcher(desk.storage, desk.folder)
    watcher.look()
    path.write_text(agenda(12, without=range(1, 9)))
    watcher.look()
    before = len(desk.storage.notices())

    result = desk.run("publish", str(desk.folder))
    watcher.look()

    assert before == 1
    assert (
        result.output
        == "\n  ".join(["conf version 2", *(f"Talk {each}: cancelled" for each in range(1, 9))])
        + "\n"
    )
    assert result.exit_code == 0
    assert desk.storage.notices() == []


# --- copies of the files ------------------------------------------------------------------

OLD_COPY = (
    "conf.yaml: warning: was published before, and something else is published now;"
    " to publish it again, run calsvc publish"
)


def test_watcher_that_starts_with_an_old_copy_leaves_the_newer_one(
    copies: tuple[Desk, Desk],
) -> None:
    a, b = copies
    a.write(TALKS)
    Watcher(a.storage, a.folder).look()
    b.write(NEWER)
    Watcher(b.storage, b.folder).look()
    feed = a.feed()

    outcome = Watcher(a.storage, a.folder).look()

    assert [str(each) for each in outcome.problems] == [f"{a.folder}/{OLD_COPY}"]
    assert outcome.published == []
    assert a.storage.notices() == [OLD_COPY]
    assert a.storage.numbers() == {"conf": 2}
    assert a.feed() == feed


class Overtaken(Storage):
    """A storage where another machine publishes something just before the first append."""

    def __init__(self, url: str, other: Callable[[], object]) -> None:
        super().__init__(url)
        self._other = [other]

    def append(
        self,
        event_id: str,
        make: Make,
        copy: Copy | None = None,
        formerly: Sequence[str] = (),
    ) -> Version | None:
        """Append after the other one."""
        while self._other:
            self._other.pop()()
        return super().append(event_id, make, copy, formerly)


def test_watcher_that_starts_with_what_is_an_old_copy_by_then_leaves_the_newer_one(
    copies: tuple[Desk, Desk],
) -> None:
    a, b = copies
    a.publish(TALKS)
    storage = Overtaken(a.url, lambda: b.publish(NEWER))

    outcome = Watcher(storage, a.folder).look()

    storage.close()
    assert [str(each) for each in outcome.problems] == [f"{a.folder}/{OLD_COPY}"]
    assert a.storage.numbers() == {"conf": 2}


def test_watcher_that_starts_after_a_rollback_leaves_it(copies: tuple[Desk, Desk]) -> None:
    a, b = copies
    a.publish(TALKS)
    b.publish(NEWER)
    roll_back(a.storage, "conf", 1)

    outcomes = [Watcher(each.storage, each.folder).look() for each in copies]

    assert [each.published for each in outcomes] == [[], []]
    assert [[problem.what for problem in each.problems] for each in outcomes] == [
        [],
        ["was published before, and something else is published now"],
    ]
    assert a.storage.numbers() == {"conf": 3}


def test_watcher_that_starts_leaves_a_withdrawn_event(small_desk: Desk) -> None:
    small_desk.publish(TALKS)
    withdraw(small_desk.storage, "conf")

    outcome = Watcher(small_desk.storage, small_desk.folder).look()

    assert outcome.published == []
    assert small_desk.storage.notices() == [
        OLD_COPY.replace("something else is published", "the event is withdrawn")
    ]
    assert small_desk.client().get("/events/conf.ics").status_code == 410


def test_watcher_whose_old_copy_is_only_touched_leaves_the_newer_one(
    copies: tuple[Desk, Desk],
) -> None:
    a, b = copies
    path = a.write(TALKS)
    watcher = Watcher(a.storage, a.folder)
    watcher.look()
    b.write(NEWER)
    Watcher(b.storage, b.folder).look()

    os.utime(path, (1, 1))
    touched = watcher.look()
    path.write_text(f"{TALKS}# a remark\n")
    remarked = watcher.look()

    assert (touched.published, remarked.published) == ([], [])
    assert a.storage.notices() == [OLD_COPY]
    assert a.storage.numbers() == {"conf": 2}


def test_watcher_that_starts_publishes_what_never_was(copies: tuple[Desk, Desk]) -> None:
    a, _ = copies
    a.publish(TALKS)

    a.write(NEWER)
    outcome = Watcher(a.storage, a.folder).look()

    assert [version.told() for version in outcome.published] == [
        "conf version 2\n  Better Talk: renamed, was First Talk"
    ]


def test_watcher_publishes_an_edit_and_its_reverse(desk: Desk) -> None:
    path = desk.write(TALKS)
    watcher = Watcher(desk.storage, desk.folder)
    watcher.look()

    seen = [desk.schedule()]
    for text in (NEWER, TALKS, NEWER):
        path.write_text(text)
        watcher.look()
        seen.append(desk.schedule())

    assert [schedule.version for schedule in seen] == [1, 2, 3, 4]
    assert seen[2].event == seen[0].event
    for before, after in pairwise(seen):
        assert_rises(before, after)


@pytest.mark.slow
def test_watcher_publishes_later_what_a_storage_that_was_away_missed(small_desk: Desk) -> None:
    path = small_desk.write(TALKS)
    watcher = Watcher(small_desk.storage, small_desk.folder)
    watcher.look()
    database = small_desk.folder.parent / "calsvc.db"
    away = database.rename(database.with_name("away.db"))

    path.write_text(NEWER)
    rounds = iter(range(3))
    watcher.run(lambda: next(rounds, None) is None)
    away.rename(database)
    watcher.look()

    assert small_desk.storage.numbers() == {"conf": 2}


def test_start_reads_only_what_may_have_changed_since_it_was_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = eventfile.read
    read: list[str] = []

    def spy(path: Path, **options: Any) -> Event:
        read.append(path.stem)
        return reading(path, **options)

    for name in ("ahead", "conf", "old", "mended"):
        desk.publish(TALKS, name)
    desk.write("name: [", "mended")
    now = datetime.now(UTC)
    _seen_at(desk, (now + timedelta(days=400)).isoformat(), "ahead")
    monkeypatch.setattr(watcher_module, "datetime", _Later)  # than the files changed
    _seen_at(desk, (now + timedelta(hours=1)).isoformat(), "conf", "old")
    _seen_at(desk, "2000-01-01T00:00:00+00:00", "mended")
    desk.write(NEWER, "new")
    (desk.folder / "old.yaml").unlink()
    monkeypatch.setattr(releases_module.eventfile, "read", spy)

    outcome = Watcher(desk.storage, desk.folder).start()

    assert read == ["ahead", "mended", "new"]
    assert [version.event_id for version in outcome.published] == ["new"]
    assert [Path(problem.path).stem for problem in outcome.problems] == ["mended", "old"]
    assert len(desk.storage.notices()) == 2
    _seen_at(desk, "2000-01-01T00:00:00+00:00", "conf")
    desk.write(NEWER)

    (version,) = Watcher(desk.storage, desk.folder).start().published

    assert (version.event_id, version.number) == ("conf", 2)


class _Later(datetime):
    """A clock that is two hours ahead of those of files."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(hours=2)


def _seen_at(desk: Desk, moment: str, *event_ids: str) -> None:
    """Have files of events be seen at another instant."""
    changed = sa.text("UPDATE copies SET seen = :moment WHERE event_id = :event_id")
    with desk.storage.database.transaction(write=True) as connection:
        for event_id in event_ids:
            connection.execute(changed, {"moment": moment, "event_id": event_id})
