"""An import from its source to its files: again and again, and whatever happens meanwhile."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest
from conftest import PROJECT
from foreign import BERLIN
from rights import read_only
from tiers import slow

from calsvc.agenda import eventfile
from calsvc.agenda.yamlfile import Document
from calsvc.errors import EventFileError, SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.updating.snapshots import known_snapshot, snapshot_path
from calsvc.importers.updating.updating import Import, following_too, prepared, replace_file, write

pytestmark = pytest.mark.usefixtures("reading_here")

HEAD = "ID,Title,Date,Start,End,Room,Speakers\n"
FIRST = """\
1,Opening,2027-06-15,09:00,09:30,A,
2,On Engines,2027-06-15,10:00,10:45,A,Ada Example
3,On Looms,2027-06-15,11:00,11:45,B,Bo Example
"""
SECOND = """\
1,Opening,2027-06-15,09:00,09:30,B,
2,On Engines,2027-06-15,10:15,11:00,A,Ada Example
4,On Bridges,2027-06-15,11:00,,B,Cy Example
"""


def source_of(rows: str) -> Source:
    return Source("agenda.csv", (HEAD + rows).encode())


def imported(
    path: Path, rows: str, wishes: Wishes | None = None, form: str | None = None
) -> Import:
    """Import a table into an event file; return what that did."""
    done = prepared(path, source_of(rows), wishes or Wishes())
    write(done)
    return done


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An event file of a first import."""
    path = tmp_path / "conf.yaml"
    imported(path, FIRST, Wishes(timezone="Europe/Berlin", name="Conf"))
    return path


def test_first_import_writes_an_event_file_and_what_the_source_said(path: Path) -> None:
    assert path.read_text() == textwrap.dedent(
        """\
        # Imported from agenda.csv.
        # calsvc import updates it from there: what you change or add by hand stays.
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        sessions:
          - id: opening
            title: Opening
            kind: opening
            when: 2027-06-15 09:00-09:30
            room: A
          - id: on-engines
            title: On Engines
            when: 2027-06-15 10:00-10:45
            room: A
            people:
            - Ada Example
          - id: on-looms
            title: On Looms
            when: 2027-06-15 11:00-11:45
            room: B
            people:
            - Bo Example
        """
    )
    snapshot = known_snapshot(path)
    assert snapshot
    assert (snapshot.source, snapshot.format) == ("agenda.csv", "csv")
    assert snapshot.keys == {"opening": "1", "on-engines": "2", "on-looms": "3"}


def test_later_import_tells_and_writes_what_changed(path: Path) -> None:
    done = imported(path, SECOND)

    assert [change.told() for change in done.changes] == [
        "Opening: room A → B",
        "On Engines: moved 10:00 → 10:15",
        "On Bridges: added, 2027-06-15 11:00–11:30, B",
        "On Looms: cancelled",
    ]
    sessions = eventfile.read(path).sessions
    assert [each.id for each in sessions] == ["opening", "on-engines", "on-bridges"]


def test_import_of_the_same_state_writes_nothing(path: Path) -> None:
    text, stamp = path.read_bytes(), path.stat().st_mtime_ns
    kept = snapshot_path(path).stat().st_mtime_ns

    done = imported(path, FIRST)

    assert not done.merge
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (text, stamp)
    assert snapshot_path(path).stat().st_mtime_ns == kept


def test_what_was_asked_for_once_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    rows = "Subject;Begin;Finish;Where\nOne;9:00;9:30;A\nTwo;9:30;10:00;A\n"
    wishes = Wishes(
        timezone="Europe/Berlin",
        date=date(2027, 6, 15),
        name="Conf",
        columns=(("title", "Subject"), ("start", "Begin"), ("end", "Finish"), ("room", "Where")),
    )
    write(prepared(path, Source("agenda.txt", rows.encode()), wishes, "csv"))

    later = Source("agenda.txt", rows.replace("9:30;10:00", "9:45;10:15").encode())
    done = prepared(path, later, Wishes())

    assert [change.told() for change in done.changes] == ["Two: moved 09:30 → 09:45"]
    assert done.snapshot.asked.wishes == wishes
    assert done.snapshot.asked.format == "csv"


def test_name_of_the_file_stays_where_the_source_has_none(path: Path) -> None:
    path.write_text(path.read_text().replace("name: Conf", "name: Our Conf  # since 2026"))

    imported(path, SECOND)

    assert "name: Our Conf  # since 2026\n" in path.read_text()


# --- edited by hand -----------------------------------------------------------------------


def test_hand_made_changes_stay_and_are_told(path: Path) -> None:
    text = path.read_text()
    text = text.replace("    room: A\n    people", "    room: Great Hall  # bigger\n    people")
    text = text.replace("sessions:\n", "# The programme.\nsessions:\n  # Tuesday\n")
    text = text.replace(
        "    title: On Looms\n",
        "    title: On Looms\n    description: |\n      # Mine\n      Own.\n",
    )
    text = text.replace("    - Bo Example\n", "    - Bo Example\n    status: cancelled\n")
    path.write_text(text)

    rows = FIRST.replace("11:00,11:45,B", "11:15,12:00,B").replace("10:45,A", "10:45,C")
    done = imported(path, rows)

    assert done.merge
    assert done.merge.kept == [
        "session on-engines: room stays 'Great Hall', as you wrote it;"
        " the source now has 'C' instead of 'A'"
    ]
    assert path.read_text() == text.replace("11:00-11:45", "11:15-12:00")


def test_session_that_was_taken_out_stays_out_and_is_told(path: Path) -> None:
    text = path.read_text()
    path.write_text(text[: text.index("  - id: on-looms")])

    done = imported(path, FIRST)

    assert done.merge is not None
    assert not done.changes
    assert done.merge.kept == ["session on-looms is left out, as you took it out of the file"]


def test_zone_of_instants_is_the_one_that_a_person_chose(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    rows = "Title,Start,End\nOne,2027-06-15T07:00:00Z,2027-06-15T08:00:00Z\n"
    write(prepared(path, Source("a.csv", rows.encode()), Wishes(name="Conf")))
    path.write_text(
        path.read_text().replace("Etc/UTC", "Europe/Berlin").replace("07:00-08:00", "09:00-10:00")
    )

    later = rows.replace("T08", "T09")
    done = prepared(path, Source("a.csv", later.encode()), Wishes())

    assert Document("", done.text).root["sessions"][0]["when"] == "2027-06-15 09:00-11:00"
    assert done.event.timezone == "Europe/Berlin"


def test_source_with_a_name_and_ids_that_no_file_can_hold_is_known_again(tmp_path: Path) -> None:
    path, wishes = tmp_path / "conf.yaml", Wishes(timezone="Europe/Berlin", name="Conf")
    talk = {"id": "\ud800a", "title": "Engines", "start": "2027-06-15T09:00", "room": "A"}

    for title in ("Engines", "Looms"):
        octets = json.dumps({"sessions": [{**talk, "title": title}]}).encode()
        write(prepared(path, Source("agend\udce9.json", octets), wishes, "data"))

    (session,) = eventfile.read(path).sessions
    assert (session.id, session.title) == ("engines", "Looms")


def test_line_ends_and_byte_order_mark_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    imported(path, SECOND)

    octets = path.read_bytes()
    assert octets.startswith(b"\xef\xbb\xbf#")
    assert octets.count(b"\n") == octets.count(b"\r\n") > 20
    assert len(eventfile.read(path).sessions) == 3


def test_broken_event_file_is_left_alone(path: Path) -> None:
    path.write_text(path.read_text().replace("title: Opening", "titel: Opening"))
    before = path.read_bytes()

    with pytest.raises(EventFileError, match="titel"):
        imported(path, SECOND)

    assert path.read_bytes() == before


def test_hand_made_part_of_what_leaves_is_told_as_a_mistake(path: Path) -> None:
    path.write_text(path.read_text() + "  - {id: mine, title: Mine, part_of: on-looms}\n")
    before = path.read_bytes()

    with pytest.raises(SourceError, match="there is no session 'on-looms'"):
        imported(path, SECOND)

    assert path.read_bytes() == before


# --- what is remembered -------------------------------------------------------------------


def test_without_what_is_remembered_sessions_are_known_and_the_source_wins(path: Path) -> None:
    path.write_text(path.read_text().replace("room: B", "room: Great Hall"))
    snapshot_path(path).unlink()

    imported(path, SECOND)

    sessions = {each.id: each for each in eventfile.read(path).sessions}
    assert [*sessions] == ["opening", "on-engines", "on-bridges", "on-looms"]
    assert sessions["opening"].room == "B"
    assert sessions["on-looms"].room == "Great Hall"  # which the source does not have


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b'{"source": 1}', b"\xff", b"null"])
def test_damaged_memory_is_told_and_nothing_is_written(path: Path, octets: bytes) -> None:
    snapshot_path(path).write_bytes(octets)
    before = path.read_bytes()

    with pytest.raises(SourceError, match="cannot be read: is damaged; restore it, or remove it"):
        imported(path, SECOND)

    assert path.read_bytes() == before


def test_older_memory_that_says_less_is_read(path: Path) -> None:
    text = snapshot_path(path).read_text()
    older = text.partition(',\n "gone"')[0] + "\n}\n"
    snapshot_path(path).write_text(older)

    done = imported(path, SECOND)

    assert done.snapshot.gone.keys() == {"on-looms"}


# --- while it is written ------------------------------------------------------------------


@pytest.mark.parametrize("now", [b"name: [\n", b"\xff", None])
def test_file_that_somebody_writes_meanwhile_is_left_alone(path: Path, now: bytes | None) -> None:
    done = prepared(path, source_of(SECOND), Wishes())
    kept = snapshot_path(path).read_bytes()
    path.write_bytes(now) if now else path.unlink()

    with pytest.raises(SourceError, match="was changed meanwhile; import once more"):
        write(done)

    assert (path.read_bytes() if now else None) == now
    assert snapshot_path(path).read_bytes() == kept


def test_file_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    done = prepared(path, source_of(FIRST), Wishes(timezone="Europe/Berlin", name="Conf"))
    path.write_text("mine")

    with pytest.raises(SourceError, match="was changed meanwhile"):
        write(done)

    assert path.read_text() == "mine"


def test_folder_that_cannot_be_written_is_told(path: Path) -> None:
    done = prepared(path, source_of(SECOND), Wishes())
    before = sorted(path.parent.iterdir()), path.read_bytes()

    with read_only(path.parent), pytest.raises(SourceError, match="cannot be written"):
        write(done)

    assert (sorted(path.parent.iterdir()), path.read_bytes()) == before


def test_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    target = path.rename(folder / "real.yaml")
    path.symlink_to(target)

    imported(path, SECOND)

    assert path.is_symlink()
    assert len(eventfile.read(target).sessions) == 3


@pytest.mark.parametrize("target", ["conf.yaml", "loop.yaml"])
def test_link_that_leads_nowhere_is_told(tmp_path: Path, target: str) -> None:
    path = tmp_path / "conf.yaml"
    (tmp_path / "loop.yaml").symlink_to("conf.yaml")
    path.symlink_to(target)

    with pytest.raises(SourceError):
        imported(path, FIRST, Wishes(timezone="Europe/Berlin", name="Conf"))


def test_rights_of_a_file_stay(path: Path) -> None:
    path.chmod(0o640)

    imported(path, SECOND)

    assert path.stat().st_mode & 0o777 == 0o640


def test_id_of_the_event_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot stand in an address; write my-conf"):
        imported(tmp_path / "My Conf.yaml", FIRST, Wishes(timezone="Europe/Berlin", name="Conf"))


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from calsvc.importers.updating import updating
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source

at = int(sys.argv[3])
calls = 0

def stop(name, whole):
    def call(*args, **named):
        global calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*args, **named)
    return call

os.fsync = stop("fsync", os.fsync)
Path.chmod = stop("chmod", Path.chmod)
Path.replace = stop("replace", Path.replace)
updating.tempfile.mkstemp = stop("mkstemp", updating.tempfile.mkstemp)
source = Source("agenda.csv", Path(sys.argv[2]).read_bytes())
updating.write(updating.prepared(Path(sys.argv[1]), source, Wishes()))
print(calls)
"""


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 4, 8, 9, *map(slow, (2, 3, 5, 6, 7))])
def test_import_that_is_killed_leaves_the_old_file_or_the_new_one(path: Path, at: int) -> None:
    """Each step of writing is the last one once."""
    table = path.with_name("agenda.csv")
    table.write_bytes(source_of(SECOND).octets)
    old = path.read_bytes()
    new = prepared(path, source_of(SECOND), Wishes()).text.encode()

    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(path), str(table), str(at)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        check=False,
    )

    if at < 9:
        assert result.returncode == -signal.SIGKILL, result.stderr
    else:
        assert result.stdout == b"8\n", result.stderr
    assert path.read_bytes() in (old, new)
    eventfile.read(path)
    known_snapshot(path)
    done = imported(path, SECOND)  # once more
    assert path.read_bytes() == new
    assert done.snapshot == known_snapshot(path)


# --- following ----------------------------------------------------------------------------


def test_file_that_follows_says_so_before_its_sessions(path: Path) -> None:
    done = prepared(path, source_of(SECOND), BERLIN)
    follow = {"url": "https://example.org/a?b=1", "every": "5m", "private": True}

    done = following_too(done, follow)

    write(done)
    assert (
        "follow:\n  url: https://example.org/a?b=1\n  every: 5m\n  private: true\nsessions:\n"
        in path.read_text()
    )
    found = eventfile.followed(path)
    assert found and found.url == "https://example.org/a?b=1"
    again = following_too(prepared(path, source_of(SECOND), BERLIN), {**follow, "every": "1h"})
    assert again.text == path.read_text().replace("every: 5m", "every: 1h")


def test_file_is_replaced_only_if_it_says_something_else(tmp_path: Path) -> None:
    path = tmp_path / "one"
    replace_file(path, b"one")
    stamp = path.stat().st_ino

    replace_file(path, b"one")
    assert path.stat().st_ino == stamp
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [*tmp_path.iterdir()] == [path]


def test_event_without_a_name_is_called_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "web-days_2027.yaml"

    done = prepared(path, source_of(FIRST), Wishes(timezone="Europe/Berlin"))

    assert done.event.name == "Web Days 2027"
    told = done.drawing.guesses[""]
    assert "the event is called Web Days 2027, as its file; --name gives a better name" in told
