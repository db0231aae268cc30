"""``calsvc backup`` and ``calsvc restore``: whole copies, and states that take nothing back."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import run, said
from conftest import BASE_URL, event_of, operator_of
from faults import run_sql
from itineraries import FULL, made
from subscriber import Subscriber, read

from calsvc.errors import RetiredKeyError, UnknownKeyError
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, publish_files, withdraw
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher

pytestmark = pytest.mark.usefixtures("elsewhere", "without_minutes")

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: one, title: One, when: "09:00-10:00"}
      - {id: two, title: Two, when: "10:00-11:00"}
"""
LATER = AGENDA.replace("10:00-11:00", "11:00-12:00")
LAST = LATER.replace("Two", "Zwei") + '      - {id: three, title: Three, when: "14:00-15:00"}\n'
DATABASE = Path("calsvc.db")
FILE = Path("friday.db")


@pytest.fixture
def without_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let numbers depend on what is known alone, so that they can be told here."""
    monkeypatch.setattr("calsvc.schedule.returns.EPOCH", datetime(2200, 1, 1, tzinfo=UTC))


@pytest.fixture
def stored(tmp_path: Path, open_storage: Callable[[str], Storage]) -> Storage:
    """The database that commands use here, with one version."""
    storage = open_storage(f"sqlite:///{tmp_path / DATABASE}")
    publish_event(storage, event_of(AGENDA), "here")
    # Another database may begin within the same second here, and in no other place.
    run_sql(storage.database.name, "UPDATE versions SET published = '2026-01-01T12:00:00+00:00'")
    return storage


def served(*event_ids: str) -> dict[str, bytes]:
    """Return the feeds that a server which starts now gives of the database."""
    with closing(Storage(f"sqlite:///{DATABASE}")) as storage:
        live = Live((), BASE_URL)
        Follower(live, storage, renderer=renderer(BASE_URL, datetime.now(UTC))).step()
        client = operator_of(live)
        return {each: client.get(f"/events/{each}.ics").data for each in event_ids}


def feed() -> bytes:
    """Return the feed that a server which starts now gives of the event."""
    return served("conf")["conf"]


def stamps(body: bytes) -> dict[str, tuple[int, str]]:
    """Return what programs compare of each entry of a feed, by uid."""
    return {uid: (entry.sequence, entry.stamp) for uid, entry in read(body).items()}


def kept_beside() -> list[Path]:
    """Return what was kept of databases that were replaced."""
    return sorted(Path().glob("calsvc.db.20*Z"))


def backed_up(stored: Storage, events: Path) -> tuple[Path, Watcher]:
    """Back up what a watcher has published; return its event file, and the watcher."""
    events.mkdir()
    path = events / "conf.yaml"
    path.write_text(AGENDA.replace("\n    ", "\n"))
    watcher = Watcher(stored, events)
    watcher.look()
    run("backup", str(FILE))
    return path, watcher


# --- backup -------------------------------------------------------------------------------


def test_backup_is_a_whole_database_and_says_what_is_in_it(stored: Storage) -> None:
    publish_event(stored, event_of(LATER), "here")
    made(Calendars(stored.database), FULL)

    result = run("backup", str(FILE))

    assert said(result) == (0, "friday.db: 1 event in 2 versions, 1 personal calendar\n", "")
    with closing(Storage(f"sqlite:///{FILE}")) as copy:
        assert copy.numbers() == {"conf": 2}
        assert copy.newest("conf") == stored.newest("conf")
    assert sorted(path.name for path in Path().iterdir() if "friday" in path.name) == ["friday.db"]


def test_backup_replaces_nothing_unless_told_to(stored: Storage) -> None:
    FILE.write_text("mine")

    refused = run("backup", str(FILE))
    kept = FILE.read_text()
    forced = run("backup", str(FILE), "--force")

    told = "friday.db: is there already; name another file, or add --force\n"
    assert said(refused) == (1, "", told)
    assert (kept, forced.exit_code) == ("mine", 0)
    assert FILE.read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("name", ["calsvc.db", "link.db"])
def test_backup_never_replaces_the_database_itself(stored: Storage, name: str) -> None:
    Path("link.db").symlink_to(DATABASE)

    result = run("backup", name, "--force")

    assert said(result) == (1, "", f"{name}: is the database itself; name another file\n")
    assert stored.numbers() == {"conf": 1}


def test_backup_of_no_database_leaves_no_file() -> None:
    result = run("backup", str(FILE))

    assert (result.exit_code, [*Path().iterdir()]) == (1, [])
    assert result.stderr.endswith("calsvc.db cannot be copied: unable to open database file.\n")


def test_backup_into_a_folder_that_is_none_says_so(stored: Storage) -> None:
    result = run("backup", "nowhere/friday.db")

    assert said(result) == (
        1,
        "",
        "nowhere/friday.db: cannot be written (No such file or directory);"
        " name a file in a folder that can be written to\n",
    )


def test_backup_onto_a_disk_that_is_full_leaves_nothing(stored: Storage) -> None:
    publish_event(stored, event_of(LATER), "here")
    limited = f"ulimit -f 20; exec {shlex.quote(sys.executable)} -m calsvc backup friday.db"

    result = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (1, "")
    assert "calsvc.db cannot be copied: " in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert [path.name for path in Path().iterdir() if "friday" in path.name] == []
    assert stored.numbers() == {"conf": 2}


def test_backup_has_what_a_writer_has_committed_and_nothing_else(
    stored: Storage, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM versions")

        result = run("backup", str(FILE))

        writer.execute("ROLLBACK")
    assert said(result) == (0, "friday.db: 1 event in 1 version, 0 personal calendars\n", "")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_has_commands_of_its_own(command: str) -> None:
    url = "postgresql://calsvc:secret@db.example/calsvc?password=secret"

    code, output, errors = said(run(command, "friday.dump", "--database", url))

    tools = {"backup": "pg_dump --format=custom", "restore": "pg_restore --clean"}
    assert (code, output) == (1, "")
    assert f"PostgreSQL has its own {command}; run {tools[command]}" in errors
    assert "postgresql://calsvc@db.example/calsvc" in errors and "secret" not in errors
    assert len(errors.splitlines()) == 1


# --- what is no backup --------------------------------------------------------------------


def text(path: Path) -> None:
    path.write_text("conf.yaml\n" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")


def damaged(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    octets[4096:] = bytes(len(octets) - 4096)
    path.write_bytes(octets)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def newer(path: Path) -> None:
    run_sql(f"sqlite:///{path}", "UPDATE alembic_version SET version_num = '9999'")


NO_BACKUP = {
    text: "is no database of calsvc; name a file that calsvc backup wrote",
    empty: "is no database of calsvc; name a file that calsvc backup wrote",
    foreign: "is no database of calsvc; name a file that calsvc backup wrote",
    damaged: "is damaged (",
    cut: "is damaged (",
    newer: "is of a newer calsvc (step 9999); update calsvc, then try again",
    Path.unlink: "is no file; name one that calsvc backup wrote",
}


@pytest.mark.parametrize("spoil", NO_BACKUP, ids=lambda each: each.__name__)
def test_restore_refuses_what_is_no_backup_and_changes_nothing(
    spoil: Callable[[Path], None], stored: Storage
) -> None:
    run("backup", str(FILE))
    publish_event(stored, event_of(LATER), "here")
    spoil(FILE)
    before = {path.name for path in Path().iterdir()}

    code, output, errors = said(run("restore", str(FILE)))

    assert (code, output) == (1, "")
    assert errors.startswith(f"friday.db: {NO_BACKUP[spoil]}")
    assert len(errors.splitlines()) == 1
    assert stored.numbers() == {"conf": 2}
    assert {path.name for path in Path().iterdir()} == before


def test_restore_wants_a_file_or_says_that_it_is_back() -> None:
    assert run("restore").exit_code == 2
    assert run("restore", "friday.db", "--in-place").exit_code == 2


# --- nobody knows what came since ---------------------------------------------------------


def gone() -> None:
    for path in Path().glob("calsvc.db*"):
        path.unlink()


def no_database() -> None:
    gone()
    DATABASE.write_bytes(b"\0" * 50_000)


def damaged_database() -> None:
    with closing(sqlite3.connect(DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged(DATABASE)


def began_anew() -> None:
    gone()
    with closing(Storage(f"sqlite:///{DATABASE}")) as storage:
        storage.migrate()
        publish_event(storage, event_of(AGENDA), "here")


LOSSES = [gone, no_database, damaged_database, began_anew]


@pytest.mark.parametrize("lose", LOSSES, ids=lambda each: each.__name__)
def test_what_calendars_were_told_since_a_backup_never_goes_back(
    lose: Callable[[], None], stored: Storage
) -> None:
    subscriber = Subscriber()
    run("backup", str(FILE))
    for agenda in (LATER, LAST):
        publish_event(stored, event_of(agenda), "here")
        subscriber.fetch(feed())
    before = {uid: (entry.sequence, entry.stamp) for uid, entry in subscriber.kept.items()}
    stored.close()
    lose()

    result = run("restore", str(FILE))
    restored = feed()
    subscriber.fetch(restored)
    agenda_then = subscriber.agenda()
    publish_event(stored, event_of(LAST), "here")
    subscriber.fetch(feed())
    after = {uid: (entry.sequence, entry.stamp) for uid, entry in subscriber.kept.items()}

    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("so all is published again; versions go on from 1002.\n")
    assert {each[0] for each in agenda_then} == {"One", "Two"}
    assert all(stamp > before[uid] for uid, stamp in stamps(restored).items())
    assert before.keys() == after.keys()
    assert all(after[uid] > stamp for uid, stamp in before.items())
    assert {each[0] for each in subscriber.agenda()} == {"One", "Zwei", "Three"}
    assert len(kept_beside()) == (0 if lose is gone else 1)
    assert stored.numbers() == {"conf": 1003}


def test_event_that_was_first_published_since_begins_above_what_it_may_have_said(
    stored: Storage,
) -> None:
    run("backup", str(FILE))
    for agenda in (AGENDA, LATER):
        publish_event(stored, event_of(agenda, "other"), "here")
    before = served("other")["other"]
    stored.close()
    gone()

    run("restore", str(FILE))
    publish_event(stored, event_of(LATER, "other"), "here")
    after = served("other")["other"]

    assert stored.numbers() == {"conf": 1002, "other": 1002}
    assert stamps(before).keys() == stamps(after).keys()
    assert all(stamps(after)[uid] > stamp for uid, stamp in stamps(before).items())


def test_restores_one_after_the_other_rise(stored: Storage) -> None:
    run("backup", str(FILE))
    stored.close()

    numbers = []
    for _ in range(2):
        gone()
        run("restore", str(FILE))
        run("backup", str(FILE), "--force")
        numbers.append(stored.numbers()["conf"])

    assert numbers == [1002, 2003]


def test_withdrawn_event_stays_withdrawn(stored: Storage) -> None:
    withdraw(stored, "conf")
    run("backup", str(FILE))
    stored.close()
    gone()

    run("restore", str(FILE))

    (newest,) = stored.history("conf", 1)
    assert (newest.number, newest.is_withdrawn) == (1003, True)
    assert b"has been withdrawn" in feed()


def test_operators_are_told_of_an_older_state(stored: Storage) -> None:
    run("backup", str(FILE))
    stored.close()
    gone()

    run("restore", str(FILE))

    (notice,) = stored.notices()
    assert notice.startswith(f"The state of {datetime.now(UTC):%Y-%m-%d} ")
    assert notice.endswith("for what event files bring again; versions go on from 1002.")


def test_event_files_bring_again_what_was_lost(stored: Storage, tmp_path: Path) -> None:
    path, watcher = backed_up(stored, tmp_path / "events")
    path.write_text(LAST.replace("\n    ", "\n"))
    publish_files(stored, [path])
    watcher.look()
    stored.close()
    gone()

    run("restore", str(FILE))
    outcome = watcher.look()

    assert [version.number for version in outcome.published] == [1003]
    assert watcher.look().published == []


def test_calendars_of_a_database_that_began_anew_are_taken_along(stored: Storage) -> None:
    calendars = Calendars(stored.database)
    old = made(calendars, FULL)
    run("backup", str(FILE))
    stored.close()
    began_anew()
    new = made(calendars, FULL)
    calendars.delete(deleted := made(calendars, FULL))
    stored.close()

    code, output, _ = said(run("restore", str(FILE)))

    assert (code, calendars.of_editor(old), calendars.of_editor(new)) == (0, FULL, FULL)
    with pytest.raises(RetiredKeyError):
        calendars.of_editor(deleted)
    assert "conf: what was published there until version 1 is not taken over\n" in output


def test_database_that_another_tool_brought_back_goes_on(stored: Storage, tmp_path: Path) -> None:
    run("backup", str(FILE))
    for agenda in (LATER, LAST):
        publish_event(stored, event_of(agenda), "here")
    before = stamps(feed())
    live = Live((), BASE_URL)
    follower = Follower(live, stored)
    follower.step()
    stored.close()
    gone()
    shutil.copy(FILE, DATABASE)

    follower.step()
    told = operator_of(live).get("/readyz").text
    result = run("restore", "--in-place")
    follower.step()

    assert "conf: version 1 is stored, and version 3 was served: an older database" in told
    assert said(result) == (0, "Versions go on from 1002.\n", "")
    assert live.version("conf") == 1002
    assert "an older database" not in operator_of(live).get("/readyz").text
    assert all(stamp > before[uid] for uid, stamp in stamps(feed()).items())


def test_database_of_either_kind_goes_on_in_place(storage: Storage, database_url: str) -> None:
    for agenda in (AGENDA, LATER):
        publish_event(storage, event_of(agenda), "here")
    withdraw(storage, "conf")
    publish_event(storage, event_of(AGENDA, "other"), "here")
    _, before = storage.newest("other") or pytest.fail("nothing is published")

    result = run("restore", "--in-place", "--database", database_url)

    version, after = storage.newest("other") or pytest.fail("nothing is published")
    assert said(result) == (0, "Versions go on from 1004.\n", "")
    assert storage.numbers() == {"conf": 1004, "other": 1004}
    assert after.event == before.event
    assert all(entry.sequence == 1003 for entry in after.entries)
    assert all(entry.revised > before.revised for entry in after.entries)
    assert (version.digest, storage.floor()) == (storage.version("other", 1)[0].digest, 1003)


# --- all is known that came since ---------------------------------------------------------


def test_database_that_goes_on_from_a_backup_goes_back_by_a_new_version(stored: Storage) -> None:
    subscriber = Subscriber()
    run("backup", str(FILE))
    for agenda in (LATER, LAST):
        publish_event(stored, event_of(agenda), "here")
    publish_event(stored, event_of(AGENDA, "other"), "here")
    subscriber.fetch(feed())

    code, output, errors = said(run("restore", str(FILE)))
    subscriber.fetch(feed())

    assert (code, errors) == (0, "")
    assert output.splitlines()[1:] == [
        "calsvc.db goes on from it, so nothing is replaced.",
        "conf version 4 is version 1 again",
        "other was first published since, and stays",
    ]
    assert {each[0] for each in subscriber.agenda()} == {"One", "Two"}
    assert stored.numbers() == {"conf": 4, "other": 1}
    assert kept_beside() == []
    assert stored.notices()[0].endswith("was brought back: conf version 4 is version 1 again.")


def test_event_file_that_went_on_stays_an_old_copy_until_it_is_edited(
    stored: Storage, tmp_path: Path
) -> None:
    path, watcher = backed_up(stored, tmp_path / "events")
    path.write_text(LATER.replace("\n    ", "\n"))
    publish_files(stored, [path])
    watcher.look()

    run("restore", str(FILE))
    first = [*watcher.look().published, *Watcher(stored, path.parent).look().published]
    path.write_text(LAST.replace("\n    ", "\n"))
    publish_files(stored, [path])

    assert (first, stored.numbers()) == ([], {"conf": 4})


def test_restore_of_what_is_there_changes_nothing(stored: Storage) -> None:
    run("backup", str(FILE))

    result = run("restore", str(FILE))

    assert result.stdout.endswith("Nothing that it has is different now.\n")
    assert (stored.numbers(), stored.notices()) == ({"conf": 1}, [])


def test_calendars_that_are_gone_come_back_unless_they_were_deleted(stored: Storage) -> None:
    calendars = Calendars(stored.database)
    kept, deleted, lost = (made(calendars, FULL) for _ in range(3))
    run("backup", str(FILE))
    calendars.delete(deleted)
    since = made(calendars, FULL)
    run_sql(f"sqlite:///{DATABASE}", "DELETE FROM calendars WHERE rowid = 3")
    with pytest.raises(UnknownKeyError):
        calendars.of_editor(lost)

    result = run("restore", str(FILE))

    assert result.stdout.endswith("personal calendars that came back: 1\n")
    assert [calendars.of_editor(each) for each in (kept, lost, since)] == [FULL] * 3
    with pytest.raises(RetiredKeyError):
        calendars.of_editor(deleted)


def test_event_that_is_called_otherwise_now_is_told_of(stored: Storage) -> None:
    run("backup", str(FILE))
    renamed = event_of("    formerly: [conf]\n" + LATER.lstrip("\n"), "pycon")
    publish_event(stored, renamed, "here")

    code, _, errors = said(run("restore", str(FILE)))

    assert code == 1
    assert errors.startswith("conf: conf is called pycon now;")
    assert stored.numbers() == {"conf": 2, "pycon": 1}


# --- once more ----------------------------------------------------------------------------


def test_floor_outlives_a_return_to_the_same_backup(stored: Storage) -> None:
    run("backup", str(FILE))
    stored.close()
    DATABASE.unlink()
    run("restore", str(FILE))
    floor = stored.floor()
    publish_event(stored, event_of(LATER), "here")

    again = run("restore", str(FILE))

    assert (again.exit_code, "nothing is replaced" in again.stdout) == (0, True)
    assert (floor, stored.floor()) == (1001, 1001)


def test_backup_that_is_brought_back_after_two_losses_rises_above_what_followed_the_first(
    stored: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(FILE))
    floors = []
    for minutes in (5000, 5060):
        monkeypatch.setattr(
            "calsvc.schedule.returns.EPOCH", datetime.now(UTC) - timedelta(minutes=minutes)
        )
        stored.close()
        DATABASE.unlink()
        run("restore", str(FILE))
        for title in ("A", "B", "C"):
            publish_event(stored, event_of(AGENDA.replace("One", title)), "here")
        floors.append((stored.floor(), stored.numbers()["conf"]))

    (first, published), (second, _) = floors
    assert (first, second) == (5000, 5060)
    assert first < published < second


def test_database_of_a_newer_calsvc_is_not_taken_for_damaged(stored: Storage) -> None:
    run("backup", str(FILE))
    before = stored.numbers()
    run_sql(stored.database.name, "UPDATE alembic_version SET version_num = '9999'")

    result = run("restore", str(FILE))

    assert result.exit_code == 1
    assert "is of a newer calsvc" in result.stderr
    assert (stored.numbers(), kept_beside()) == (before, [])


def test_database_that_others_hold_is_not_taken_for_damaged(
    stored: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calsvc.storage.readers.ANSWER", 0.1)
    run("backup", str(FILE))
    before = stored.numbers()
    stored.close()
    with closing(sqlite3.connect(DATABASE, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        result = run("restore", str(FILE))
        other.execute("ROLLBACK")

    assert result.exit_code == 1
    assert "cannot be read now" in result.stderr or "does not answer" in result.stderr
    assert (stored.numbers(), kept_beside()) == (before, [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("is_there", [True, False])
def test_restore_by_root_leaves_the_database_to_its_service(
    stored: Storage, is_there: bool
) -> None:
    run("backup", str(FILE))
    stored.close()
    os.chown(DATABASE if is_there else Path(), 12345, 12345)
    if is_there:
        DATABASE.write_bytes(b"no database any more")
    else:
        DATABASE.unlink()

    assert run("restore", str(FILE)).exit_code == 0

    assert (DATABASE.stat().st_uid, DATABASE.stat().st_gid) == (12345, 12345)
