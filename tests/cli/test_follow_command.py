"""The command for event files that follow a source: start, status, take and drop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import run, said
from origins import Origin, agenda_of

from calsvc.agenda import eventfile
from calsvc.importers.following.following import Following
from calsvc.importers.following.held import held_path
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.usefixtures("elsewhere", "reading_here")


PATH = Path("events/conf.yaml")
TEN = agenda_of(10)
HALF = replace(TEN, sessions=TEN.sessions[:5])
NOW = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.fixture
def followed(origin: Origin) -> Origin:
    """A source that an event file follows, which is published."""
    origin.give(TEN)
    run("follow", origin.url, "--private", "-o", str(PATH), "--every", "5m")
    run("publish", "events")
    return origin


def look() -> None:
    """Look at the source once, as calsvc serve does."""
    Following(PATH.parent).look(NOW)


def titles() -> list[str]:
    storage = Storage("sqlite:///calsvc.db")
    newest = storage.newest("conf")
    storage.close()
    assert newest
    return sorted(
        entry.content.title
        for entry in newest[1].entries
        if not entry.is_banner and not entry.is_cancelled
    )


def test_follow_writes_an_event_file_that_follows(origin: Origin) -> None:
    origin.give(TEN)

    result = run("follow", origin.url, "--private", "-o", str(PATH), "--every", "90s")

    assert said(result) == (
        0,
        "",
        "frab, c3voc (schedule.json): Conf, 2027-06-15 to 2027-06-16 in Europe/Berlin,"
        " 10 sessions\n"
        f"events/conf.yaml follows {origin.url}, every 90 s: calsvc serve looks there.\n",
    )
    follow = eventfile.followed(PATH)
    assert follow and (follow.url, follow.every, follow.private) == (
        origin.url,
        timedelta(seconds=90),
        True,
    )
    assert len(eventfile.read(PATH).sessions) == 10


def test_file_that_is_there_follows_and_keeps_what_it_says(origin: Origin) -> None:
    origin.give(TEN)
    PATH.parent.mkdir()
    text = "# ours\nname: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15  # day\nvenue: Zentrum\n"
    PATH.write_text(text)

    run("follow", origin.url, "--private", "-o", str(PATH))

    assert PATH.read_text().startswith("# ours\nname: Conf\ntimezone: Europe/Berlin\n")
    event = eventfile.read(PATH)
    assert event.venue and event.venue.name == "Zentrum"
    assert len(event.sessions) == 10
    assert eventfile.followed(PATH)


def test_status_tells_what_is_followed(followed: Origin) -> None:
    assert said(run("follow", "--status")) == (
        0,
        f"conf: follows {followed.url}, every 5 min\n",
        "",
    )


def test_status_tells_what_is_repaired(origin: Origin) -> None:
    PATH.parent.mkdir()
    PATH.write_text(f"repair: {{url: {origin.url}, every: 1h}}\n")

    assert said(run("follow", "--status"))[1] == (
        f"conf: repairs {origin.url}, every 1 h\n"
        "  It was not read yet: calsvc serve and calsvc publish --watch read it, and their logs"
        " tell why if they cannot.\n"
    )
    assert said(run("check", "events")) == (
        0,
        "events/conf.yaml:1:9: warning: repair: the calendar that it repairs was not read yet, so"
        " there is nothing to publish; calsvc serve and calsvc publish --watch read it\n"
        "1 file: 0 errors, 1 warning\n",
        "",
    )


@pytest.mark.parametrize("verb", ["repair", "follow"])
def test_address_that_begins_with_webcal_is_taken(verb: str) -> None:
    PATH.parent.mkdir()
    PATH.write_text(f"{verb}: {{url: webcal://conf.example/feed.ics}}\n")

    found = eventfile.followed(PATH)

    assert found and found.url == "https://conf.example/feed.ics"


def test_file_that_repaired_a_source_follows_one_instead(origin: Origin) -> None:
    PATH.parent.mkdir()
    PATH.write_text("repair: {url: https://conf.example/feed.ics}\n")
    origin.give(TEN)

    run("follow", origin.url, "--private", "-o", str(PATH))

    assert "repair:" not in PATH.read_text()
    event = eventfile.read(PATH)
    assert (len(event.sessions), event.banner) == (10, True)


def test_status_without_any_says_so() -> None:
    assert said(run("follow", "--status")) == (
        0,
        "No event file in events follows a source; see calsvc follow --help.\n",
        "",
    )


def test_what_waits_is_told_and_taken(followed: Origin) -> None:
    followed.give(HALF)
    look()

    status = run("follow", "--status")
    assert len(titles()) == 10
    taken = run("follow", "--take", "conf")

    lines = status.stdout.splitlines()
    assert (
        lines[1] == "  Since 2027-06-01 00:00 UTC a change waits: 5 of 10 coming sessions are gone"
    )
    assert sorted(lines[2:7]) == [f"    Talk {number}: cancelled" for number in range(5, 10)]
    assert lines[7] == (
        "  publish it with calsvc follow --take conf, or say that it is wrong with"
        " calsvc follow --drop conf"
    )
    assert taken.exit_code == 0
    assert taken.stdout.startswith(f"conf version 2 (Taken from {followed.url})\n")
    assert titles() == [f"Talk {number}" for number in range(5)]
    assert not held_path(PATH).exists()
    assert said(run("follow", "--status"))[1] == f"conf: follows {followed.url}, every 5 min\n"


def test_what_waits_is_dropped(followed: Origin) -> None:
    followed.give(HALF)
    look()

    dropped = run("follow", "--drop", "conf")
    look()

    assert said(dropped) == (0, "conf stays as it is, until its source changes once more.\n", "")
    status = run("follow", "--status").stdout
    assert "a change was dropped: 5 of 10" in status
    assert "--take" not in status
    assert len(eventfile.read(PATH).sessions) == 10
    assert run("follow", "--take", "conf").exit_code == 0  # who dropped it may take it still
    assert len(titles()) == 5


def test_hand_made_changes_stay_when_what_waits_is_taken(followed: Origin) -> None:
    followed.give(HALF)
    look()
    PATH.write_text(PATH.read_text().replace("title: Talk 1\n", "title: Our Talk  # mine\n"))

    run("follow", "--take", "conf")

    assert "title: Our Talk  # mine\n" in PATH.read_text()
    assert titles() == ["Our Talk", "Talk 0", "Talk 2", "Talk 3", "Talk 4"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--take", "conf"), "events/conf.yaml: nothing waits; see calsvc follow --status\n"),
        (("--drop", "conf"), "events/conf.yaml: nothing waits; see calsvc follow --status\n"),
        (("--take", "cnf"), "There is no event 'cnf'. Did you mean conf? The events are: conf.\n"),
    ],
)
def test_nothing_waits(followed: Origin, words: tuple[str, ...], told: str) -> None:
    assert said(run("follow", *words)) == (1, "", told)


def test_address_that_gives_no_agenda_makes_no_file(origin: Origin) -> None:
    result = run("follow", origin.url, "--private", "-o", str(PATH))

    assert result.exit_code == 1
    assert "answers 404" in result.stderr
    assert not PATH.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Give one of URL, --status, --take, --drop."),
        (("https://example.org/", "--status"), "Give one of URL, --status, --take, --drop."),
        (("https://example.org/",), "Name the event file by -o, such as -o events/conf.yaml."),
        (("https://example.org/", "-o", "conf"), "'conf' is no name of an event file"),
        (("https://example.org/", "-o", "a.yaml", "--every", "5"), "'5' is no interval from 1m"),
        (("ftp://example.org/", "-o", "a.yaml"), "'ftp://example.org/' is not a web address"),
    ],
)
def test_misuse_says_what_is_meant(words: tuple[str, ...], told: str) -> None:
    result = run("follow", *words)

    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
