"""The command that writes a calendar or another format of an event."""

import os
from pathlib import Path

import pytest
from commands import BACKWARDS, BROKEN, GOOD, PT, WriteEvent, run, said
from conftest import BASE_URL, NOW, schedule_of

from calsvc.addresses import Addresses
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import FILTERS, OPTIONS

pytestmark = pytest.mark.usefixtures("elsewhere")
XML = b"<?xml version='1.0' encoding='utf-8'?>\n"
BEGINNINGS = {
    "ics": b"BEGIN:VCALENDAR",
    "atom": XML + b"<feed",
    "csv": b"\xef\xbb\xbftitle,start,end,",
    "xml": XML + b"<schedule>",
    "json": b'{"$schema":"https://c3voc.de/schedule/schema.json",',
    "jcal": b'["vcalendar",[["version",',
}


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        ([], []),
        (["--kind", "meal"], [("kind", "meal")]),
        (["--kind", "talk", "--kind", "meal", "--room", "!Foyer"], None),
        (["--q", "lunch", "--alarm", "10", "--busy", "yes", "--banner", "no"], None),
        (["--kind", "workshop"], [("kind", "workshop")]),
    ],
)
def test_export_writes_the_feed_of_the_address(
    write_event: WriteEvent, options: list[str], pairs: list[tuple[str, str]] | None
) -> None:
    path = write_event(GOOD)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    words = zip(options[::2], options[1::2], strict=True)
    pairs = [(name.removeprefix("--"), value) for name, value in words] if pairs is None else pairs
    feed = event_feed(Blocks(schedule_of(GOOD), Addresses(BASE_URL)), selection_of(pairs))
    where = ["--events", "events", "--base-url", f"{BASE_URL}/"]

    printed = run("export", "conf", *where, *options)
    written = run("export", "conf", *where, *options, "-o", "some.ics")

    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout_bytes == feed.body
    assert said(written) == (0, "", "")
    assert Path("some.ics").read_bytes() == feed.body


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (
            ["cnf"],
            1,
            "There is no event 'cnf'. Did you mean conf? The events are: conf.\n",
        ),
        (["conf", "--alarm", "soon"], 2, "Error: alarm=soon cannot be: give minutes, 0 to 40320."),
        (["conf", "--busy", "perhaps"], 2, "Error: busy=perhaps cannot be: give yes or no."),
        (["conf", "--colour", "red"], 2, "Error: No such option '--colour'."),
        (["conf", "--base-url", "calendar"], 2, "Error: setting base_url (CALSVC_BASE_URL):"),
        ([], 2, "Error: Missing argument 'EVENT'."),
    ],
)
def test_export_that_cannot_be_leaves_the_file_as_it_was(
    write_event: WriteEvent, words: list[str], code: int, error: str
) -> None:
    write_event(GOOD)
    Path("some.ics").write_text("as it was")

    result = run("export", *words, "--events", "events", "-o", "some.ics")

    assert (result.exit_code, result.stdout) == (code, "")
    assert error in result.stderr
    assert Path("some.ics").read_text() == "as it was"


def test_export_of_a_broken_file_says_what_is_wrong(write_event: WriteEvent) -> None:
    write_event(BROKEN)

    assert said(run("export", "conf", "--events", "events")) == (
        1,
        "",
        f"events/conf.yaml:2:11: {PT}\nevents/conf.yaml:6:49: {BACKWARDS}\n",
    )


def test_export_of_what_was_never_published_says_so() -> None:
    assert said(run("export", "conf")) == (
        1,
        "",
        "There is no event 'conf'. There are no events here.\n",
    )


# --- formats ------------------------------------------------------------------------------


@pytest.fixture
def published(elsewhere: None, write_event: WriteEvent) -> None:
    """Publish one event."""
    write_event(GOOD)
    assert run("publish").exit_code == 0


def test_every_format_is_tried() -> None:
    assert EXPORTERS.keys() == BEGINNINGS.keys()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("words", "written", "suffix"),
    [
        (["-o", "x.ics"], "x.ics", "ics"),
        (["-o", "x.ICS"], "x.ICS", "ics"),
        (["-o", "x.atom"], "x.atom", "atom"),
        (["-o", "W.ATOM"], "W.ATOM", "atom"),
        (["-o", ".atom"], ".atom", "atom"),
        (["-o", "x.csv"], "x.csv", "csv"),
        (["-o", "schedule.xml"], "schedule.xml", "xml"),
        (["-o", "schedule.JSON"], "schedule.JSON", "json"),
        (["-o", "x.jcal"], "x.jcal", "jcal"),
        (["-o", "v1.5/calendar"], "v1.5/calendar", "ics"),
        (["-o", "v1.5/calendar", "--format", "atom"], "v1.5/calendar", "atom"),
        (["-o", "x.Atom", "--format", "ATOM"], "x.Atom", "atom"),
        (["-o", "x.ics.tmp", "--format", "ics"], "x.ics.tmp", "ics"),
    ],
)
def test_format_is_that_of_the_option_or_of_the_name(
    words: list[str], written: str, suffix: str
) -> None:
    Path("v1.5").mkdir()

    assert said(run("export", "conf", *words)) == (0, "", "")
    assert Path(written).read_bytes().startswith(BEGINNINGS[suffix])


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("words", "suffix"),
    [([], "ics"), (["-o", "-"], "ics"), (["--format", "atom"], "atom")],
)
def test_standard_output_is_a_calendar_unless_said_otherwise(words: list[str], suffix: str) -> None:
    result = run("export", "conf", *words)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes.startswith(BEGINNINGS[suffix])


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ["-o", "x.pdf"],
            "Invalid value for '-o' / '--output': there is no format 'pdf'; end the name in .ics"
            " or .atom or .csv or .xml or .json or .jcal, or give --format.",
        ),
        (["-o", "x.ics", "--format", "atom"], "--format atom and the name x.ics contradict"),
        (["-o", "x.ATOM", "--format", "ics"], "--format ics and the name x.ATOM contradict"),
        (["--format", "atom", "--kind", "meal"], "The format atom takes no --kind:"),
        (["-o", "x.atom", "--banner", "no", "--q", "a"], "The format atom takes no --banner, --q:"),
        (["-o", "x.atom", "--events", "events"], "The format atom tells what changed between"),
    ],
)
def test_format_that_cannot_be_is_misuse_and_writes_nothing(
    write_event: WriteEvent, words: list[str], error: str
) -> None:
    write_event(GOOD)

    result = run("export", "conf", *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {error}" in result.stderr
    assert [path.name for path in Path().iterdir()] == ["events"]


def test_help_says_what_each_option_is() -> None:
    text = " ".join(run("export", "--help").stdout.split())

    assert "-o, --output FILE Where to write to; standard output by default." in text
    assert "--format [ics|atom|csv|xml|json|jcal] By the file's suffix, else ics." in text
    for name in FILTERS:
        assert f"--{name} VALUE As in the feed's address; may be given again." in text
    for name in OPTIONS:
        assert f"--{name} TEXT As in the feed's address." in text
