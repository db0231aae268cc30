"""What is published stays right: files that go wrong, copies, taking back, telling of changes."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from conftest import BASE_URL, PROJECT, event_of
from flask.testing import FlaskClient

from calsvc import releases as releases_module
from calsvc import watcher as watcher_module
from calsvc.agenda import eventfile
from calsvc.cli import main
from calsvc.errors import EventFileError, UnknownNameError, WithdrawnEventError
from calsvc.live import Follower, Live
from calsvc.releases import publish_files, roll_back, withdraw
from calsvc.schedule.copies import Copy
from calsvc.schedule.differences import Change, Former
from calsvc.schedule.entries import Schedule
from calsvc.schedule.losses import FEW
from calsvc.schedule.versions import Draft, Version
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher
from calsvc.web.app import create_app

Make = Callable[[Version | None, Schedule | None], Draft | None]
REAL = (PROJECT / "events" / "ai-data-2025.yaml").read_bytes()
TALKS = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
venue: Old Hall
sessions:
  - {id: opening, title: Opening, when: 09:00-09:30, room: A}
  - {id: first, title: First Talk, when: 10:00-10:30, room: A}
  - {id: second, title: Second Talk, when: 11:00-11:30, room: A}
  - {id: closing, title: Closing, when: 12:00-12:30, room: A}
"""


class Site(NamedTuple):
    """A storage, and a folder of event files beside it."""

    storage: Storage
    folder: Path
    url: str

    def write(self, text: str | bytes, event_id: str = "conf") -> Path:
        """Write an event file."""
        path = self.folder / f"{event_id}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def publish(self, text: str, event_id: str = "conf") -> Schedule:
        """Publish an event file as an act; return what is published then."""
        publish_files(self.storage, [self.write(text, event_id)])
        return self.schedule(event_id)

    def schedule(self, event_id: str = "conf") -> Schedule:
        """Return what is published of an event."""
        newest = self.storage.newest(event_id)
        assert newest
        return newest[1]

    def client(self) -> FlaskClient:
        """Return an HTTP client of a server that starts now."""
        live = Live((), BASE_URL)
        Follower(live, self.storage).step()
        return create_app(live).test_client()

    def feed(self, event_id: str = "conf") -> bytes:
        """Return the feed that a server which starts now gives."""
        return self.client().get(f"/events/{event_id}.ics").data

    def run(self, *words: str) -> Result:
        """Run a command on this storage."""
        return CliRunner().invoke(main, [*words, "--database", self.url])


@pytest.fixture
def site(storage: Storage, database_url: str, tmp_path: Path) -> Site:
    """A site on either kind of database in turn."""
    return _site(storage, database_url, tmp_path)


@pytest.fixture
def small_site(sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path) -> Site:
    """A site where the kind of database does not matter."""
    return _site(open_storage(sqlite_url), sqlite_url, tmp_path)


def _site(storage: Storage, url: str, tmp_path: Path) -> Site:
    folder = tmp_path / "events"
    folder.mkdir()
    return Site(storage, folder, url)


def agenda(number: int, *, without: range = range(0)) -> str:
    """Return an event file with a number of sessions."""
    sessions = "".join(
        f"  - {{id: talk-{each}, title: Talk {each}, when: 09:{each:02}-10:{each:02}}}\n"
        for each in range(number)
        if each not in without
    )
    return f"name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n{sessions}"


def sentences(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Return changes as people read them."""
    return tuple(change.told() for change in changes)


def assert_rises(before: Schedule, after: Schedule) -> None:
    """Hold two schedules to what calendar programs notice changes by."""
    past = {entry.uid: entry for entry in before.entries}
    assert after.version > before.version
    assert (after.published, after.revised) >= (before.published, before.revised)
    for entry in after.entries:
        if old := past.pop(entry.uid, None):
            stamps = [(each.sequence, each.revised) for each in (old, entry)]
            assert entry.created == old.created
            if entry.content == old.content:
                assert stamps[0] == stamps[1]
            else:
                assert (stamps[0][0] + 1, stamps[0][1] < stamps[1][1]) == (stamps[1][0], True)
    assert past == {}


# --- files that go wrong ------------------------------------------------------------------


def assert_stays(site: Site, path: Path, damage: Callable[[], object], told: str) -> None:
    """Hold a watcher to the last good version, and to what it tells, until a file is mended."""
    event_id, octets = path.stem, path.read_bytes()
    watcher = Watcher(site.storage, site.folder)
    started = watcher.look()
    feed = site.feed(event_id)

    damage()
    damaged = watcher.look()
    restarted = Watcher(site.storage, site.folder).look()
    notices = site.storage.notices()
    front, ready = site.client().get("/"), site.client().get("/readyz")

    assert [version.number for version in started.published] == [1]
    assert (damaged.published, restarted.published) == ([], [])
    assert [str(each) for each in damaged.problems] == [f"{site.folder}/{told}"]
    assert restarted.problems == damaged.problems
    assert notices == [told]
    assert site.storage.numbers() == {event_id: 1}
    assert site.feed(event_id) == feed
    assert told in front.text.replace("&#39;", "'")
    assert (ready.status_code, ready.text) == (200, f"ok\n{told}\n")

    path.write_bytes(octets)
    mended = watcher.look()

    assert (mended.published, mended.unchanged, mended.problems) == ([], [event_id], [])
    assert site.storage.notices() == []


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
def test_watcher_keeps_the_last_good_version_of_a_file_with(site: Site, octets: bytes) -> None:
    path = site.write(octets)
    with pytest.raises(EventFileError) as raised:
        eventfile.read(path)
    (problem,) = raised.value.problems
    told = str(problem).removeprefix(f"{site.folder}/")
    site.write(TALKS)

    assert_stays(site, path, lambda: path.write_bytes(octets), told)


def test_watcher_keeps_the_last_good_version_of_a_file_without_sessions(site: Site) -> None:
    path = site.write(TALKS)

    assert_stays(
        site,
        path,
        lambda: site.write(agenda(0) + "  []\n"),
        "conf.yaml: has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf",
    )


def test_watcher_keeps_the_last_good_version_of_a_file_that_is_gone(site: Site) -> None:
    site.write(agenda(3), "other")
    path = site.write(TALKS)
    publish_files(site.storage, [site.folder / "other.yaml"])

    watcher = Watcher(site.storage, site.folder)
    watcher.look()
    feed = site.feed()
    path.unlink()
    gone = watcher.look()
    restarted = Watcher(site.storage, site.folder).look()

    told = (
        "conf.yaml: warning: is gone, and its event stays as it was published;"
        " to take it back, run calsvc publish --withdraw conf"
    )
    assert [str(each) for each in gone.problems] == [f"{site.folder}/{told}"]
    assert restarted.problems == gone.problems
    assert site.storage.notices() == [told]
    assert site.feed() == feed


def test_watcher_tells_nothing_of_the_files_of_another_folder(
    copies: tuple[Site, Site],
) -> None:
    a, b = copies
    a.write(TALKS)
    a.write(agenda(1), "other")
    b.write(TALKS)

    outcomes = [Watcher(each.storage, each.folder).look() for each in copies]

    assert [version.event_id for version in outcomes[0].published] == ["conf", "other"]
    assert (outcomes[1].unchanged, outcomes[1].problems) == (["conf"], [])
    assert a.storage.notices() == []


def test_watcher_tells_of_a_folder_that_it_cannot_read(small_site: Site) -> None:
    path = small_site.write(TALKS)
    watcher = Watcher(small_site.storage, small_site.folder)
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
        small_site.folder.rmdir,
        small_site.folder.mkdir,
        lambda: path.write_text(TALKS.replace("Closing", "The End")),
    ):
        change()
        watcher.look()
        told.append(small_site.storage.notices())

    assert told == [
        ["conf.yml: is the same event as conf.yaml; keep one of them"],
        [],
        ["events: holds no event file; start one with calsvc new", gone],
        ["events: is not a folder; name a folder of event files", gone],
        ["events: holds no event file; start one with calsvc new", gone],
        [],
    ]
    assert small_site.storage.numbers() == {"conf": 2}


def test_watcher_tells_of_a_file_whose_name_is_no_text(small_site: Site) -> None:
    small_site.write(TALKS)
    path = os.fsencode(small_site.folder) + b"/caf\xe9.yaml"
    with open(path, "w") as file:
        file.write(TALKS)

    outcome = Watcher(small_site.storage, small_site.folder).look()

    assert [version.event_id for version in outcome.published] == ["conf"]
    assert [notice.partition(":")[0] for notice in small_site.storage.notices()] == ["caf?.yaml"]
    assert small_site.client().get("/").status_code == 200


# A cut between two sessions, or between two lines of the last one, leaves a file that may
# be meant to be so; all others are told from edits.
LINES = REAL.splitlines(keepends=True)
ENDS = dict(zip(accumulate(map(len, LINES)), pairwise([*LINES, b""]), strict=False))
WITHIN_LINES = [end - len(line) // 2 for end, (line, _) in ENDS.items() if line.strip()]
WITHIN_SESSIONS = [end for end, (_, after) in ENDS.items() if after.startswith(b"      ")]
CUTS = [*WITHIN_LINES[1::40], WITHIN_LINES[-1], *WITHIN_SESSIONS[:-8:40]]


@pytest.mark.parametrize("cut", CUTS)
def test_watcher_keeps_the_last_good_version_of_a_file_cut_at(
    small_site: Site, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases_module, "RESTS", 3600)
    path = small_site.write(REAL, "ai-data-2025")
    watcher = Watcher(small_site.storage, small_site.folder)
    watcher.look()

    path.write_bytes(REAL[:cut])
    outcome = watcher.look()

    assert outcome.published == []
    assert [problem.path for problem in outcome.problems[:1]] == [str(path)]
    assert len(small_site.storage.notices()) == len(outcome.problems)
    assert small_site.storage.numbers() == {"ai-data-2025": 1}

    path.write_bytes(REAL)
    mended = watcher.look()

    assert (mended.unchanged, small_site.storage.notices()) == (["ai-data-2025"], [])


def test_watcher_tells_again_what_is_still_so(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_site.write("name: [")
    watcher = Watcher(small_site.storage, small_site.folder)
    watcher.look()
    told = small_site.storage.notices()
    small_site.storage.notice(f"{socket.gethostname()}:{small_site.folder}", [])

    watcher.look()
    forgotten = small_site.storage.notices()
    monkeypatch.setattr(watcher_module, "REPEAT", 0.0)
    watcher.look()

    assert (len(told), forgotten) == (1, [])
    assert small_site.storage.notices() == told


def test_watcher_says_what_to_do_with_a_file_that_looks_half_written(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases_module, "RESTS", 3600)
    path = small_site.write(TALKS)
    cut = TALKS.index("11:30, room")

    assert_stays(
        small_site,
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
def test_watcher_takes_an_edit_for_an_edit(small_site: Site, text: str) -> None:
    path = small_site.write(TALKS)
    watcher = Watcher(small_site.storage, small_site.folder)
    watcher.look()

    path.write_text(text)
    outcome = watcher.look()

    assert outcome.problems == []
    assert small_site.schedule().event == event_of(text)


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
    small_site: Site, number: int, without: range, is_held_back: bool
) -> None:
    path = small_site.write(agenda(number))
    watcher = Watcher(small_site.storage, small_site.folder)
    watcher.look()

    path.write_text(agenda(number, without=without))
    outcome = watcher.look()
    told = small_site.storage.notices()

    held_back = (
        f"conf.yaml: lacks {len(without)} of the {number} sessions that conf had;"
        " if that is meant, run calsvc publish conf.yaml"
    )
    assert told == ([held_back] if is_held_back else [])
    assert len(outcome.published) == (not is_held_back)


def test_watcher_that_held_back_tells_no_more_once_that_was_published(site: Site) -> None:
    path = site.write(agenda(12))
    watcher = Watcher(site.storage, site.folder)
    watcher.look()
    path.write_text(agenda(12, without=range(1, 9)))
    watcher.look()
    before = len(site.storage.notices())

    result = site.run("publish", str(site.folder))
    watcher.look()

    assert before == 1
    assert (
        result.output
        == "\n  ".join(["conf version 2", *(f"Talk {each}: cancelled" for each in range(1, 9))])
        + "\n"
    )
    assert result.exit_code == 0
    assert site.storage.notices() == []


def test_publish_refuses_to_cancel_every_session(small_site: Site) -> None:
    small_site.publish(TALKS)
    path = small_site.write(agenda(0) + "  []\n")

    results = [small_site.run("publish", str(path), *more) for more in ((), ("--dry-run",))]

    words = (
        "has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf\n"
    )
    assert [(each.exit_code, each.stdout, each.stderr) for each in results] == [
        (1, "", f"{path}: {words}"),
        (1, "", f"{path}: {words}"),
    ]
    assert small_site.storage.numbers() == {"conf": 1}


# --- what changes nothing -----------------------------------------------------------------

REORDERED = """
# The same, with remarks
sessions:
  - {title: Opening, when: 09:00-09:30, room: A, id: opening}
  - title: First Talk   # the first
    when: [10:00-10:30]
    room: A
    id: first
  - {id: second, title: Second Talk, when: {start: 11:00, duration: 30}, room: "A"}
  - {id: closing, title: Closing, when: 2027-06-15 12:00-12:30, room: A}
venue: {name: Old Hall}
date: 2027-06-15
timezone: Europe/Berlin
name: "Conf"
"""


def test_publish_of_other_words_for_the_same_is_no_version(site: Site) -> None:
    site.publish(TALKS)
    feed = site.feed()

    outcome = publish_files(site.storage, [site.write(REORDERED)])

    assert (outcome.published, outcome.unchanged, outcome.problems) == ([], ["conf"], [])
    assert site.feed() == feed


def test_publish_of_sessions_in_another_order_keeps_the_feed(site: Site) -> None:
    site.publish(TALKS)
    feed = site.feed()
    head, *sessions = TALKS.splitlines(keepends=True)[:6], *TALKS.splitlines(keepends=True)[6:]

    schedule = site.publish("".join([*head, *reversed(sessions)]))

    assert schedule.version == 2
    assert site.storage.history("conf")[0].changes == ()
    assert site.feed() == feed


def test_feeds_after_a_restart_are_the_same_bytes(
    site: Site, open_storage: Callable[[str], Storage]
) -> None:
    site.write(REAL, "ai-data-2025")
    Watcher(site.storage, site.folder).look()
    client = site.client()

    site.storage.close()
    again = Site(open_storage(site.url), site.folder, site.url)
    Watcher(again.storage, again.folder).look()

    for address in ("ai-data-2025.ics", "ai-data-2025.atom", "ai-data-2025.ics?parts=yes"):
        before, after = (each.get(f"/events/{address}") for each in (client, again.client()))
        assert after.data == before.data
        assert after.headers["ETag"] == before.headers["ETag"]
        assert after.headers["Last-Modified"] == before.headers["Last-Modified"]


# --- copies of the files ------------------------------------------------------------------

OLD_COPY = (
    "conf.yaml: warning: was published before, and something else is published now;"
    " to publish it again, run calsvc publish"
)
NEWER = TALKS.replace("First Talk", "Better Talk")


@pytest.fixture
def copies(site: Site, tmp_path: Path) -> tuple[Site, Site]:
    """Two sites on one storage, with event files of their own."""
    other = tmp_path / "other"
    other.mkdir()
    return site, site._replace(folder=other)


def test_watcher_that_starts_with_an_old_copy_leaves_the_newer_one(
    copies: tuple[Site, Site],
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

    def append(self, event_id: str, make: Make, copy: Copy | None = None) -> Version | None:
        """Append after the other one."""
        while self._other:
            self._other.pop()()
        return super().append(event_id, make, copy)


def test_watcher_that_starts_with_what_is_an_old_copy_by_then_leaves_the_newer_one(
    copies: tuple[Site, Site],
) -> None:
    a, b = copies
    a.publish(TALKS)
    storage = Overtaken(a.url, lambda: b.publish(NEWER))

    outcome = Watcher(storage, a.folder).look()

    storage.close()
    assert [str(each) for each in outcome.problems] == [f"{a.folder}/{OLD_COPY}"]
    assert a.storage.numbers() == {"conf": 2}


def test_watcher_that_starts_after_a_rollback_leaves_it(copies: tuple[Site, Site]) -> None:
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


def test_watcher_that_starts_leaves_a_withdrawn_event(small_site: Site) -> None:
    small_site.publish(TALKS)
    withdraw(small_site.storage, "conf")

    outcome = Watcher(small_site.storage, small_site.folder).look()

    assert outcome.published == []
    assert small_site.storage.notices() == [OLD_COPY]
    assert small_site.client().get("/events/conf.ics").status_code == 410


def test_watcher_whose_old_copy_is_only_touched_leaves_the_newer_one(
    copies: tuple[Site, Site],
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


def test_watcher_that_starts_publishes_what_never_was(copies: tuple[Site, Site]) -> None:
    a, _ = copies
    a.publish(TALKS)

    a.write(NEWER)
    outcome = Watcher(a.storage, a.folder).look()

    assert [version.told() for version in outcome.published] == [
        "conf version 2\n  Better Talk: renamed, was First Talk"
    ]


def test_watcher_publishes_an_edit_and_its_reverse(site: Site) -> None:
    path = site.write(TALKS)
    watcher = Watcher(site.storage, site.folder)
    watcher.look()

    seen = [site.schedule()]
    for text in (NEWER, TALKS, NEWER):
        path.write_text(text)
        watcher.look()
        seen.append(site.schedule())

    assert [schedule.version for schedule in seen] == [1, 2, 3, 4]
    assert seen[2].event == seen[0].event
    for before, after in pairwise(seen):
        assert_rises(before, after)


def test_watcher_publishes_later_what_a_storage_that_was_away_missed(small_site: Site) -> None:
    path = small_site.write(TALKS)
    watcher = Watcher(small_site.storage, small_site.folder)
    watcher.look()
    database = small_site.folder.parent / "calsvc.db"
    away = database.rename(database.with_name("away.db"))

    path.write_text(NEWER)
    rounds = iter(range(3))
    watcher.run(lambda: next(rounds, None) is None)
    away.rename(database)
    watcher.look()

    assert small_site.storage.numbers() == {"conf": 2}


# --- taking back --------------------------------------------------------------------------


def test_withdraw_answers_gone_until_it_is_published_again(site: Site) -> None:
    first = site.publish(TALKS)
    feed = site.feed()

    result = site.run("publish", "--withdraw", "conf", "--message", "Not this year")
    client = site.client()
    gone = [client.get(f"/events/conf{end}").status_code for end in (".ics", ".atom", "/")]
    listed = "conf" in client.get("/").text
    again = site.publish(TALKS)
    feed_again = site.feed()
    third = site.publish(NEWER)

    assert (result.exit_code, result.output) == (
        0,
        "conf version 2 (Not this year)\n  Withdrawn\n",
    )
    assert (gone, listed) == ([410, 410, 410], False)
    assert [sentences(version.changes) for version in site.storage.history("conf")] == [
        ("Better Talk: renamed, was First Talk",),
        ("Published again",),
        ("Withdrawn",),
        ("First published, with 4 sessions",),
    ]
    assert feed_again == feed
    assert (again.version, third.version) == (3, 4)
    assert_rises(first, again)
    assert_rises(again, third)


def test_withdraw_of_what_is_not_there_says_so(small_site: Site) -> None:
    small_site.publish(TALKS)

    with pytest.raises(UnknownNameError) as raised:
        withdraw(small_site.storage, "konf")
    withdraw(small_site.storage, "conf")
    with pytest.raises(WithdrawnEventError):
        withdraw(small_site.storage, "conf")

    assert str(raised.value) == (
        "There is no event 'konf'. Did you mean conf? The events are: conf."
    )
    assert small_site.storage.numbers() == {"conf": 2}


def test_rollback_is_a_new_version_that_rises(site: Site) -> None:
    first = site.publish(TALKS)
    second = site.publish(NEWER.replace("11:00-11:30, room: A", "14:00-14:30, room: B"))

    result = site.run("rollback", "conf", "1", "--message", "Sorry")
    third = site.schedule()

    assert (result.exit_code, result.output) == (
        0,
        "conf version 3 (Sorry)\n"
        "  First Talk: renamed, was Better Talk\n"
        "  Second Talk: moved 14:00 → 11:00, room B → A\n",
    )
    assert third.event == first.event
    assert [entry.content for entry in third.entries] == [entry.content for entry in first.entries]
    assert_rises(first, second)
    assert_rises(second, third)


def test_rollback_to_what_is_published_is_no_version(small_site: Site) -> None:
    small_site.publish(TALKS)

    result = small_site.run("rollback", "conf", "1")

    assert (result.exit_code, result.output) == (0, "conf: nothing changed\n")
    assert small_site.storage.numbers() == {"conf": 1}


def test_rollback_to_no_sessions_says_what_it_would_do(small_site: Site) -> None:
    small_site.publish(agenda(0) + "  []\n")
    small_site.publish(TALKS)

    result = small_site.run("rollback", "conf", "1")

    assert (result.exit_code, result.stderr) == (
        1,
        "version 1 has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf\n",
    )
    assert small_site.storage.numbers() == {"conf": 2}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("conf", "7"), "There is no version '7'. The versions are: 1, 2.\n"),
        (("konf", "1"), "There is no event 'konf'. Did you mean conf? The events are: conf.\n"),
    ],
)
def test_rollback_to_what_never_was_says_so(
    small_site: Site, words: tuple[str, str], told: str
) -> None:
    small_site.publish(TALKS)
    small_site.publish(NEWER)

    result = small_site.run("rollback", *words)

    assert (result.exit_code, result.stderr) == (1, told)


# --- the command line ---------------------------------------------------------------------


def test_publish_tells_what_came_of_each_file(site: Site) -> None:
    site.publish(agenda(1), "other")
    site.write(TALKS)
    broken = site.write("name: Broken\ntimezone: UTC\ndate: 2027-06-15\nsesions: []\n", "x")

    result = site.run("publish", str(site.folder), "--message", "For \x1b[31mall\n")

    assert result.exit_code == 1
    assert result.stdout == (
        "conf version 1 (For)\n  First published, with 4 sessions\nother: nothing changed\n"
    )
    assert result.stderr == f"{broken}:4:1: unknown key 'sesions'; did you mean sessions?\n"
    assert site.storage.numbers() == {"conf": 1, "other": 1}


def test_publish_tells_of_a_file_that_is_gone(small_site: Site) -> None:
    small_site.publish(agenda(1), "other")
    small_site.publish(TALKS)
    (small_site.folder / "conf.yaml").unlink()

    result = small_site.run("publish", str(small_site.folder))

    assert (result.exit_code, result.stdout) == (0, "other: nothing changed\n")
    assert result.stderr == (
        f"{small_site.folder}/conf.yaml: warning: is gone, and its event stays as it was"
        " published; to take it back, run calsvc publish --withdraw conf\n"
    )


def test_publish_dry_run_shows_the_differences_and_publishes_nothing(site: Site) -> None:
    site.publish(TALKS)
    site.publish(agenda(1), "other")
    site.write(NEWER.replace("10:00-10:30", "10:15-10:45"))
    site.write(agenda(2), "third")

    result = site.run("publish", str(site.folder), "--dry-run")

    assert (result.exit_code, result.output) == (
        0,
        "conf would be version 2\n"
        "  Better Talk: moved 10:00 → 10:15, renamed, was First Talk\n"
        "other: nothing changed\n"
        "third would be version 1\n"
        "  First published, with 2 sessions\n",
    )
    assert site.storage.numbers() == {"conf": 1, "other": 1}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--dry-run", "--withdraw", "conf"), "--dry-run and --withdraw"),
        (("--watch", "--dry-run"), "--dry-run and --watch"),
        (("--withdraw", "conf", "--watch"), "--withdraw and --watch"),
    ],
)
def test_publish_of_two_minds_is_misuse(
    small_site: Site, words: tuple[str, ...], names: str
) -> None:
    small_site.publish(TALKS)

    result = small_site.run("publish", str(small_site.folder), *words)

    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: {names} exclude each other\n")
    assert small_site.storage.numbers() == {"conf": 1}


def test_history_lists_the_newest_first(site: Site) -> None:
    site.publish(TALKS)
    site.write(NEWER)
    site.run("publish", str(site.folder), "--message", "A better title")
    site.run("publish", "--withdraw", "conf")
    site.run("rollback", "conf", "1")

    result = site.run("history", "conf")

    records = site.storage.history("conf")
    times = [f"{record.published:%Y-%m-%d %H:%M}" for record in records]
    host = records[-1].source.removeprefix("events/conf.yaml on ")
    assert result.exit_code == 0
    assert result.output == (
        f"4  {times[0]} UTC  from version 1\n"
        "     Published again\n"
        "     First Talk: renamed, was Better Talk\n"
        f"3  {times[1]} UTC  from calsvc on {host}\n"
        "     Withdrawn\n"
        f"2  {times[2]} UTC  from events/conf.yaml on {host}: A better title\n"
        "     Better Talk: renamed, was First Talk\n"
        f"1  {times[3]} UTC  from events/conf.yaml on {host}\n"
        "     First published, with 4 sessions\n"
    )
    assert times == sorted(times, reverse=True)


def test_history_of_what_is_not_there_says_so(small_site: Site) -> None:
    small_site.publish(TALKS)

    result = small_site.run("history", "konf")

    assert (result.exit_code, result.stderr) == (
        1,
        "There is no event 'konf'. Did you mean conf? The events are: conf.\n",
    )


# --- telling of changes -------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def three_versions(site: Site) -> Site:
    """Publish three versions of an event."""
    site.publish(TALKS)
    site.write(NEWER.replace("room: A", "room: B", 1))
    site.run("publish", str(site.folder), "--message", "Rooms & <more>")
    site.publish(NEWER.replace("09:00-09:30", "09:10-09:30"))
    return site


def test_atom_feed_has_an_entry_for_each_version(site: Site) -> None:
    three_versions(site)

    response = site.client().get("/events/conf.atom")
    root = ElementTree.fromstring(response.data)  # noqa: S314 -- it is our own
    entries = root.findall(f"{ATOM}entry")

    assert response.content_type == "application/atom+xml; charset=utf-8"
    assert root.findtext(f"{ATOM}title") == "Changes of Conf"
    assert [
        (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}content")) for entry in entries
    ] == [
        (
            "Opening: moved 09:00–09:30 → 09:10–09:30, room B → A",
            "Opening: moved 09:00–09:30 → 09:10–09:30, room B → A",
        ),
        ("Rooms & <more>", "Opening: room A → B\nBetter Talk: renamed, was First Talk"),
        ("First published, with 4 sessions", "First published, with 4 sessions"),
    ]


def test_atom_feed_is_what_the_standard_asks_for(site: Site) -> None:
    """RFC 4287: 4.1.1, 4.1.2 for the elements, 4.2.6 for ids, 3.3 for times."""
    three_versions(site)

    root = ElementTree.fromstring(site.client().get("/events/conf.atom").data)  # noqa: S314
    entries = root.findall(f"{ATOM}entry")
    ids = [each.findtext(f"{ATOM}id") for each in (root, *entries)]
    stamps = [each.findtext(f"{ATOM}updated") or "" for each in (root, *entries)]
    times = [datetime.fromisoformat(stamp) for stamp in stamps]

    for each in (root, *entries):
        counts = [len(each.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")]
        assert counts == [1, 1, 1]
        assert all(each.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert [author.findtext(f"{ATOM}name") for author in root.findall(f"{ATOM}author")] == ["Conf"]
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": f"{BASE_URL}/events/conf.atom",
        "alternate": f"{BASE_URL}/events/conf/changes/",
    }
    assert [link.get("href") for link in root.findall(f"{ATOM}entry/{ATOM}link")] == [
        f"{BASE_URL}/events/conf/changes/#version-{number}" for number in (3, 2, 1)
    ]
    assert len(set(ids)) == 4
    assert all(time.utcoffset() == timedelta(0) for time in times)
    assert [stamp[10] for stamp in stamps] == ["T"] * 4
    assert times[0] == times[1] >= times[2] >= times[3]


def test_atom_feed_keeps_the_ids_of_its_entries(site: Site) -> None:
    three_versions(site)

    def ids() -> list[str | None]:
        root = ElementTree.fromstring(site.client().get("/events/conf.atom").data)  # noqa: S314
        return [each.text for each in root.iter(f"{ATOM}id")]

    before = ids()
    site.publish(TALKS.replace("name: Conf", "name: Conference"))
    after = ids()

    assert [after[0], *after[2:]] == before
    assert len(set(after)) == len(after) == 5


def test_changes_page_shows_what_the_atom_feed_tells(site: Site) -> None:
    three_versions(site)
    client = site.client()

    text = client.get("/events/conf/changes/").text

    told = [
        'id="version-3"',
        "<li>Opening: moved 09:00–09:30 → 09:10–09:30, room B → A</li>",
        'id="version-2"',
        "Rooms &amp; &lt;more&gt;",
        "<li>Opening: room A → B</li>",
        "<li>Better Talk: renamed, was First Talk</li>",
        'id="version-1"',
        "<li>First published, with 4 sessions</li>",
    ]
    places = [text.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)
    assert f'href="{BASE_URL}/events/conf.atom"' in text


def test_server_knows_what_moved_and_where_from(site: Site) -> None:
    first = site.publish(TALKS)
    site.publish(TALKS.replace("09:00-09:30", "08:00-08:30"))
    site.publish(TALKS.replace("09:00-09:30, room: A", "08:00-08:30, room: B"))
    live = Live((), BASE_URL)

    Follower(live, site.storage).step()

    (opening,) = first.of_session("opening")
    assert opening.content.slot
    assert live.event("conf").moved == {
        opening.uid: Former(uid=opening.uid, start=opening.content.slot.start, room="A")
    }
