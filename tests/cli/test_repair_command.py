"""The command that makes a right calendar of a wrong one, again and again."""

import errno
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import run, said
from icsfiles import calendar
from origins import Answer, Origin
from readers import Read, faults, read_vobject
from rights import read_only
from wrongfeeds import BERLIN, talk

from calsvc.importers.following.following import Following

pytestmark = pytest.mark.usefixtures("elsewhere", "reading_here")

OUT = Path("public/conf.ics")
MEMORY = Path("public/conf.ics.repair.json")
NOW = datetime(2035, 6, 1, tzinfo=UTC)
TITLES = [f"Talk {number}" for number in range(10)]
AT_TEN = {"start": ":20350615T100000", "end": ":20350615T110000"}


def ics(titles: list[str], stamp: datetime = NOW, uid: str = "{}@source.example") -> bytes:
    """Return a calendar with entries of these titles."""
    entries = [
        f"{talk(uid.format(title[-1]), title, **AT_TEN)}\nDTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
        for title in titles
    ]
    return calendar(*entries, head=BERLIN)


def give(origin: Origin, octets: bytes, status: int = 200) -> None:
    """Let the source answer from now on."""
    origin.answer = Answer(octets, status, "text/calendar")


def repair(origin: Origin, *words: str) -> tuple[int, str, str]:
    """Repair what the source gives."""
    return said(run("repair", origin.url, "--private", "-o", str(OUT), *words))


def entries() -> dict[str, Read]:
    """Return the entries of what was written by their titles, as another program reads them."""
    return {each.summary: each for each in read_vobject(OUT.read_bytes())}


def state() -> tuple[bytes, int, bytes]:
    """Return what was written, and what tells whether it was written again."""
    return OUT.read_bytes(), OUT.stat().st_ino, MEMORY.read_bytes()


@pytest.fixture
def source(origin: Origin) -> Origin:
    """A source of ten entries, which was repaired once."""
    give(origin, ics(TITLES))
    assert repair(origin)[0] == 0
    return origin


def test_first_repair_writes_the_calendar_and_what_to_go_on_from(origin: Origin) -> None:
    octets = ics(["Talk 0", "Lunch 1"])
    give(origin, octets.replace(b"SUMMARY:Lunch", b"PRIORITY:1\r\nSUMMARY:Lunch"))

    assert repair(origin) == (
        0,
        "",
        "iCalendar (.ics): Conf, 2035-06-15 in Europe/Berlin, 2 sessions\n"
        "  Left out: properties that entries do not have here: PRIORITY (1)\n"
        "public/conf.ics is written.\n",
    )
    assert faults(OUT.read_bytes()) == []
    assert {title: each.uid for title, each in entries().items()} == {
        "Talk 0": "0@source.example",
        "Lunch 1": "1@source.example",
    }
    assert MEMORY.exists()


def test_addresses_that_are_not_there_are_not_named(source: Origin) -> None:
    text = OUT.read_text()

    assert "http" not in text
    assert "\r\nSOURCE" not in text
    assert "\r\nURL" not in text


def test_stamps_of_now_and_new_uids_change_nothing_and_nothing_is_said(source: Origin) -> None:
    before = OUT.read_bytes(), OUT.stat().st_ino

    for number in range(50):
        chance = random.Random(number)  # noqa: S311
        titles = chance.sample(TITLES, len(TITLES))
        uid = "{}@source.example" if number < 25 else f"{{}}-{chance.random()}@source.example"
        give(source, ics(titles, NOW + timedelta(minutes=number), uid))
        assert repair(source) == (0, "", "")

    assert (OUT.read_bytes(), OUT.stat().st_ino) == before


def test_entry_that_left_is_announced_as_cancelled(source: Origin) -> None:
    give(source, ics(TITLES[1:]))

    assert repair(source) == (
        0,
        "",
        "iCalendar (.ics): Conf, 2035-06-15 in Europe/Berlin, 9 sessions\n"
        "  Talk 0: cancelled\n"
        "public/conf.ics is written.\n",
    )
    gone = entries()["Cancelled: Talk 0"]
    assert (gone.uid, gone.status, gone.sequence) == ("0@source.example", "CANCELLED", 1)
    assert entries()["Talk 1"].sequence == 0


@pytest.mark.parametrize(
    ("octets", "status", "told"),
    [
        (b"", 503, "answers 503"),
        (b"", 200, "is no calendar; give the address of the .ics itself"),
        (b"<!doctype html><html><body><p>10:00 Talk</p></body></html>", 200, "is no calendar"),
        (calendar(head=BERLIN), 200, "is a calendar without entries"),
        (ics(TITLES)[:900], 200, "is cut off: it has no END:VCALENDAR; try again"),
        (ics(TITLES[:5]), 200, "is not to be believed: 5 of 10 coming sessions are gone"),
    ],
)
def test_what_is_no_whole_calendar_changes_nothing_and_fails(
    source: Origin, octets: bytes, status: int, told: str
) -> None:
    before = state()
    give(source, octets, status)

    code, out, error = repair(source)

    assert (code, out) == (1, "")
    assert told in error
    assert state() == before


def test_what_is_not_believed_can_be_taken(source: Origin) -> None:
    give(source, ics(TITLES[:5]))

    code, _, error = repair(source, "--take")

    assert code == 0
    assert error.endswith("public/conf.ics is written.\n")
    assert sum(each.status == "CANCELLED" for each in entries().values()) == 5


def test_source_that_never_was_there_leaves_nothing(origin: Origin) -> None:
    assert repair(origin)[0] == 1
    assert not OUT.parent.exists()


def test_file_is_repaired_to_standard_output_without_a_memory() -> None:
    Path("wrong.ics").write_bytes(ics(TITLES))

    code, out, _ = said(run("repair", "wrong.ics"))

    assert code == 0
    assert len(read_vobject(out.encode())) == 10
    assert [path.name for path in Path().iterdir()] == ["wrong.ics"]


def test_filters_and_options_are_those_of_addresses(source: Origin) -> None:
    repair(source, "--session", "talk-3", "--busy", "yes")

    (only,) = entries().values()
    assert (only.summary, only.transp) == ("Talk 3", "OPAQUE")

    repair(source)
    assert len(entries()) == 10


def test_calendar_that_google_would_drop_is_told_of() -> None:
    long = [
        f"{talk(str(n), f'Talk {n}', **AT_TEN)}\nDESCRIPTION:{'word ' * 3900}" for n in range(50)
    ]
    Path("wrong.ics").write_bytes(calendar(*long, head=BERLIN))

    code, _, error = said(run("repair", "wrong.ics", "-o", str(OUT)))

    assert code == 0
    assert "KiB, and Google drops events past 1 MB; leave some out, by filters" in error


def test_zone_of_local_times_can_be_given() -> None:
    Path("wrong.ics").write_bytes(calendar(talk(), head="X-WR-CALNAME:Conf"))

    code, _, error = said(run("repair", "wrong.ics", "-o", str(OUT)))
    assert (code, OUT.exists()) == (1, False)
    assert error == (
        "wrong.ics: does not say in which time zone its times are;"
        " give --timezone, such as --timezone Europe/Berlin\n"
    )

    run("repair", "wrong.ics", "-o", str(OUT), "--timezone", "America/New_York")
    assert entries()["One"].start == datetime(2027, 6, 15, 14, tzinfo=UTC)


def test_names_of_event_files_are_refused() -> None:
    code, _, error = said(run("repair", "https://conf.example/a.ics", "-o", "events/conf.yaml"))

    assert code == 2
    assert "put repair: {url: https://conf.example/a.ics} into an event file" in error


def test_memory_that_is_damaged_changes_nothing(source: Origin) -> None:
    MEMORY.write_text("{")
    before = state()

    code, _, error = repair(source)

    assert code == 1
    assert error.startswith(
        "public/conf.ics.repair.json: cannot be read: is damaged; restore it, or"
    )
    assert state() == before


def test_folder_that_cannot_be_written_is_told_of(source: Origin) -> None:
    before = state()
    give(source, ics(["Renamed 0", *TITLES[1:]]))

    with read_only(OUT.parent):
        code, _, error = repair(source)

    assert code == 1
    assert "cannot be written" in error
    assert state() == before

    assert repair(source)[0] == 0
    assert entries()["Renamed 0"].sequence == 1


def test_calendar_that_went_away_is_written_again(source: Origin) -> None:
    before = OUT.read_bytes()
    OUT.unlink()

    assert repair(source) == (0, "", "public/conf.ics is written.\n")
    assert OUT.read_bytes() == before


def test_site_of_files_has_what_event_files_repair(origin: Origin) -> None:
    give(origin, ics(TITLES))
    events = Path("events")
    events.mkdir()
    (events / "conf.yaml").write_text(f"repair: {{url: {origin.url}, private: true}}\n")
    base = "https://calendar.example.org"
    assert run("build", "site", "events", "--base-url", base).exit_code == 1  # nothing is there

    Following(events).look(NOW)
    assert run("build", "site", "events", "--base-url", base).exit_code == 0

    give(origin, ics(TITLES[:5]))
    Following(events).look(NOW)
    assert "5 of 10 coming sessions are gone" in run("follow", "--status").stdout
    feed = Path("site/events/conf.ics").read_bytes()
    assert faults(feed) == []
    assert [each.summary for each in read_vobject(feed)] == TITLES
    taken = run("follow", "--take", "conf")
    assert taken.stdout.startswith(f"conf version 2 (Taken from {origin.url})\n")
    assert f"SOURCE;VALUE=URI:{base}/events/conf.ics".encode() in feed


def test_folder_is_refused_before_anything_is_written() -> None:
    Path("wrong.ics").write_bytes(ics(TITLES))
    Path("public").mkdir()

    code, _, error = said(run("repair", "wrong.ics", "-o", "public"))

    assert code == 2
    assert "public is a folder; name a file in it, such as public/conf.ics" in error
    assert {path.name for path in Path().iterdir()} == {"wrong.ics", "public"}


def test_source_is_not_written_over() -> None:
    Path("wrong.ics").write_bytes(ics(TITLES))

    code, _, error = said(run("repair", "wrong.ics", "-o", "./wrong.ics"))

    assert code == 2
    assert "wrong.ics is SOURCE; name another file" in error
    assert Path("wrong.ics").read_bytes() == ics(TITLES)


def test_calendars_of_one_stem_have_memories_of_their_own() -> None:
    Path("wrong.ics").write_bytes(ics(TITLES))

    for name in ("conf.ics", "conf.txt"):
        assert run("repair", "wrong.ics", "-o", name).exit_code == 0

    assert {"conf.ics.repair.json", "conf.txt.repair.json"} < {p.name for p in Path().iterdir()}


def test_disk_that_is_full_is_told_of(source: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    give(source, ics(["Renamed 0", *TITLES[1:]]))
    monkeypatch.setattr("os.fsync", full)

    code, _, error = repair(source)

    assert code == 1
    assert "No space left on device; make room on its disk" in error
