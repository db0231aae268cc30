"""The command line: what each command prints, and how it exits."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from conftest import BASE_URL, NOW, schedule_of

from calsvc import __version__, config
from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.cli import main
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.query import selection_of

GOOD = """\
name: Small Conference
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: opening, title: Opening, when: 09:00-10:00}
  - {id: lunch, title: Lunch, kind: meal, when: 12:00-13:00, room: Foyer}
"""
DOUBTFUL = GOOD.replace("Europe/Berlin", "EST")
BROKEN = GOOD.replace("Europe/Berlin", "PT").replace("12:00-13:00", "13:00-12:00")
PT = "timezone: there is no time zone 'PT'; did you mean America/Los_Angeles?"
BACKWARDS = (
    "session lunch, when: ends 12:00, before it starts (13:00);"
    " swap them, or write +1 behind an end on the next day"
)
EST = "warning: timezone: EST never changes to summer time; did you mean America/New_York?"
PATIENCE = 90  # seconds that a server may take to start or to stop, on a busy machine

WriteEvent = Callable[..., Path]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of one's own, without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("CALSVC_"):
            monkeypatch.delenv(name)


def run(*words: str) -> Result:
    """Run calsvc in this process."""
    return CliRunner().invoke(main, words)


def said(result: Result) -> tuple[int, str, str]:
    """Return how a command exited, and what it printed to standard output and to error."""
    return result.exit_code, result.stdout, result.stderr


# --- check --------------------------------------------------------------------------------


def test_check_of_a_file_that_is_right_counts_it(write_event: WriteEvent) -> None:
    write_event(GOOD)

    assert said(run("check", "events/conf.yaml")) == (0, "1 file: 0 errors, 0 warnings\n", "")


def test_check_looks_into_the_events_folder_by_itself(write_event: WriteEvent) -> None:
    write_event(GOOD, "a")
    write_event(GOOD, "b")

    assert said(run("check")) == (0, "2 files: 0 errors, 0 warnings\n", "")


def test_check_tells_all_that_is_wrong_with_all_files(write_event: WriteEvent) -> None:
    write_event(BROKEN, "a")
    write_event(DOUBTFUL, "b")
    write_event("name: [\n", "c")
    write_event(GOOD, "d")

    result = run("check", "events", "evnets", "none.yaml", "events/a.yaml")

    assert said(result) == (
        1,
        f"events/b.yaml:2:11: {EST}\n6 files: 7 errors, 1 warning\n",
        "evnets: is not a folder; name a folder of event files\n"
        f"events/a.yaml:2:11: {PT}\n"
        f"events/a.yaml:6:49: {BACKWARDS}\n"
        "events/c.yaml:2:1: a value was expected here;"
        " write one, or put all of a text in quotes\n"
        "none.yaml: cannot be read: No such file or directory; check its name and rights\n"
        f"events/a.yaml:2:11: {PT}\n"
        f"events/a.yaml:6:49: {BACKWARDS}\n",
    )


def test_check_with_warnings_alone_is_fine(write_event: WriteEvent) -> None:
    write_event(DOUBTFUL)

    assert said(run("check")) == (
        0,
        f"events/conf.yaml:2:11: {EST}\n1 file: 0 errors, 1 warning\n",
        "",
    )


def test_check_as_json_gives_the_parts_of_each_problem(write_event: WriteEvent) -> None:
    write_event(BROKEN, "a")
    write_event(DOUBTFUL, "b")

    result = run("check", "--format", "json", "events", "evnets")

    assert (result.exit_code, result.stderr) == (1, "")
    assert json.loads(result.stdout) == [
        {
            "path": "evnets",
            "line": 0,
            "column": 0,
            "place": "",
            "what": "is not a folder",
            "advice": "name a folder of event files",
            "level": "error",
        },
        {
            "path": "events/a.yaml",
            "line": 2,
            "column": 11,
            "place": "timezone",
            "what": "there is no time zone 'PT'",
            "advice": "did you mean America/Los_Angeles?",
            "level": "error",
        },
        {
            "path": "events/a.yaml",
            "line": 6,
            "column": 49,
            "place": "session lunch, when",
            "what": "ends 12:00, before it starts (13:00)",
            "advice": "swap them, or write +1 behind an end on the next day",
            "level": "error",
        },
        {
            "path": "events/b.yaml",
            "line": 2,
            "column": 11,
            "place": "timezone",
            "what": "EST never changes to summer time",
            "advice": "did you mean America/New_York?",
            "level": "warning",
        },
    ]


def test_check_as_json_of_a_file_that_is_right_is_an_empty_list(write_event: WriteEvent) -> None:
    write_event(GOOD)

    assert said(run("check", "--format", "json")) == (0, "[]\n", "")


def test_check_warns_of_a_feed_that_google_would_cut(write_event: WriteEvent) -> None:
    sessions = "".join(
        f"  - {{id: s{number}, title: T, description: {'x' * (19_000 + number)}}}\n"
        for number in range(49)
    )
    write_event(f"name: Wordy\ntimezone: UTC\ndate: 2025-06-25\nsessions:\n{sessions}")
    timed = re.sub(r"title: T", "title: T, when: 09:00-10:00", sessions)
    write_event(f"name: Wordy\ntimezone: UTC\ndate: 2025-06-25\nsessions:\n{timed}", "wordier")

    result = run("check")

    assert result.exit_code == 0
    assert re.sub(r"has 9\d\d KiB", "has 9.. KiB", result.stdout) == (
        "events/wordier.yaml:1:1: warning: the feed has 9.. KiB, and Google drops events past"
        " 1 MB; shorten descriptions; the longest is that of session s48\n"
        "2 files: 0 errors, 1 warning\n"
    )


# --- export -------------------------------------------------------------------------------


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


# --- new, schema --------------------------------------------------------------------------


@pytest.mark.parametrize("event_id", ["pycon-2027", "a", "2027", "py.con_x", "x" * 80])
def test_new_writes_a_file_that_check_is_content_with(event_id: str) -> None:
    created = run("new", event_id)

    path = f"events/{event_id}.yaml"
    assert said(created) == (0, f"{path} is yours to fill in; then: calsvc check {path}\n", "")
    assert said(run("check", path)) == (0, "1 file: 0 errors, 0 warnings\n", "")
    assert [each.id for each in eventfile.read(Path(path)).sessions] == [
        "opening",
        "first-talk",
        "closing-panel",
    ]


def test_new_file_is_right_also_without_its_comments_and_with_them_taken_in() -> None:
    run("new", "pycon-2027")
    path = Path("events/pycon-2027.yaml")

    path.write_text(re.sub(r"# (?=address|url|room|people|description)", "", path.read_text()))

    assert said(run("check", str(path))) == (0, "1 file: 0 errors, 0 warnings\n", "")


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_new_leaves_a_file_that_is_there(write_event: WriteEvent, suffix: str) -> None:
    path = write_event(GOOD).rename(f"events/conf{suffix}")

    result = run("new", "conf")

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: Invalid value: conf{suffix} is in events; choose another id" in result.stderr
    assert path.read_text("utf-8") == GOOD
    assert [each.name for each in Path("events").iterdir()] == [path.name]


@pytest.mark.parametrize("event_id", ["PyCon", "py con", "../conf", "-", "é", "", "x" * 81, "a/b"])
def test_new_refuses_what_cannot_stand_in_an_address(event_id: str) -> None:
    result = run("new", "--", event_id)

    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        f"Error: Invalid value: {event_id!r} cannot stand in an address;"
        " use at most 80 of a-z, 0-9 and -\n"
    ) in result.stderr
    assert list(Path().iterdir()) == []


def test_new_says_why_it_cannot_write() -> None:
    Path("events").write_text("not a folder")

    assert said(run("new", "conf")) == (
        1,
        "",
        "Error: Could not open file 'events/conf.yaml': File exists\n",
    )


def test_schema_prints_the_schema() -> None:
    result = run("schema")

    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == eventfile.schema()


# --- help and misuse ----------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(main.commands))
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_each_command_has_an_example(name: str, option: str) -> None:
    result = run(name, option)

    assert (result.exit_code, result.stderr) == (0, "")
    assert re.findall(rf"^  Example: calsvc {name}\b", result.stdout, re.MULTILINE)


def test_help_names_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert re.findall(r"^  (\w+)  ", result.stdout, re.MULTILINE) == sorted(main.commands)


def test_version_is_that_of_the_package() -> None:
    assert said(run("--version")) == (0, f"calsvc, version {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["serf"], "No such command 'serf'."),
        (["--nope"], "No such option '--nope'."),
        (["check", "--format", "xml"], "Invalid value for '--format': 'xml' is not one of"),
        (["serve", "--port", "http"], "Invalid value for '--port': 'http' is not a valid integer."),
        (["serve", "--port", "0"], "setting port (CALSVC_PORT): 0 cannot be used;"),
        (["serve", "--port", "65536"], "setting port (CALSVC_PORT): 65536 cannot be used;"),
        (["serve", "--workers", "0"], "setting workers (CALSVC_WORKERS): 0 cannot be used;"),
        (
            ["serve", "--base-url", "ftp://example.org"],
            "setting base_url (CALSVC_BASE_URL): 'ftp://example.org' cannot be used;"
            " write an address such as https://calendar.example.org",
        ),
        (["new"], "Missing argument 'ID'."),
        (["new", "a", "b"], "Got unexpected extra argument (b)"),
        (["rollback", "conf", "x"], "Invalid value for 'VERSION': 'x' is not a valid integer."),
    ],
)
def test_misuse_exits_with_2_and_says_what(words: list[str], error: str) -> None:
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {error}" in result.stderr


def test_setting_in_the_environment_that_cannot_be_is_misuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALSVC_PORT", "http")

    result = run("serve")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: setting port (CALSVC_PORT): 'http' cannot be used;" in result.stderr


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 81}, "http://[::1]:81"),
        (
            {"port": 81, "base_url": "https://example.org/calendars/"},
            "https://example.org/calendars",
        ),
    ],
)
def test_address_of_the_site_is_the_one_it_listens_on_unless_it_is_set(
    options: dict[str, object], address: str
) -> None:
    assert config.load(**options).address == address


# --- serve --------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    return number


Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def started() -> Iterator[Started]:
    """Start calsvc serve; end it, and all that it started, after the test."""
    servers: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        server = subprocess.Popen(
            [sys.executable, "-m", "calsvc", "serve", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=PATIENCE)


def answer_of(url: str) -> str:
    """Return what an address answers, as soon as it does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(url, timeout=PATIENCE) as response:  # noqa: S310 -- a server of our own
                text: str = response.read().decode()
                return text
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_serve_answers_until_it_is_stopped(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(GOOD)
    site = f"http://127.0.0.1:{port}"
    server = started("events", "--port", str(port))

    health = answer_of(f"{site}/healthz")
    feed = answer_of(f"{site}/events/conf.ics")
    server.send_signal(signal.SIGTERM)
    output, errors = server.communicate(timeout=PATIENCE)

    assert health == "ok\n"
    assert feed.count("BEGIN:VEVENT") == 3
    assert f"SOURCE;VALUE=URI:{site}/events/conf.ics" in feed.replace("\r\n ", "")
    assert server.returncode == 0
    assert output == (
        f"calsvc serves 1 events at {site}/\n  {site}/events/conf.ics\nStop it with Ctrl-C.\n"
    )
    assert errors == "Published conf version 1\n  First published, with 2 sessions\n"
    with pytest.raises(URLError):
        urlopen(f"{site}/healthz", timeout=PATIENCE)  # noqa: S310 -- a server of our own


def test_serve_warns_of_links_that_lead_nowhere_until_ctrl_c(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(GOOD)
    server = started("events", "--host", "0.0.0.0", "--port", str(port))  # noqa: S104 -- the point

    answer_of(f"http://127.0.0.1:{port}/healthz")
    os.killpg(server.pid, signal.SIGINT)  # as a terminal does it: to all processes at once
    _, errors = server.communicate(timeout=PATIENCE)

    assert server.returncode == 0
    assert (
        f"Warning: links inside calendars lead to http://0.0.0.0:{port};"
        " set --base-url to the address that others reach this server by.\n"
    ) in errors
    assert "Traceback" not in errors


def test_serve_of_a_broken_folder_says_what_is_wrong_and_serves_the_rest(
    write_event: WriteEvent, port: int, started: Started
) -> None:
    write_event(BROKEN, "a")
    write_event(GOOD, "b")

    server = started("events", "--port", str(port))
    feed = answer_of(f"http://127.0.0.1:{port}/events/b.ics")
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=PATIENCE)

    assert feed.count("BEGIN:VEVENT") == 3
    assert errors.startswith(
        "Published b version 1\n  First published, with 2 sessions\n"
        f"events/a.yaml:2:11: {PT}\nevents/a.yaml:6:49: {BACKWARDS}\n"
    )


def test_serve_of_a_folder_that_is_none_says_so_and_waits(port: int, started: Started) -> None:
    server = started("evnets", "--port", str(port))
    health = answer_of(f"http://127.0.0.1:{port}/healthz")
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=PATIENCE)

    assert (health, server.returncode) == ("ok\n", 0)
    assert errors.startswith("evnets: is not a folder; name a folder of event files\n")


def test_serve_on_a_port_that_is_taken_says_so(write_event: WriteEvent) -> None:
    write_event(GOOD)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = run("serve", "events", "--port", str(port))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        f"Error: cannot listen on 127.0.0.1:{port}: Address already in use;"
        " choose another with --host and --port"
    )


def test_serve_on_a_host_that_is_none_says_so(write_event: WriteEvent, port: int) -> None:
    write_event(GOOD)

    result = run("serve", "events", "--host", "no-such-host.invalid", "--port", str(port))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith(
        f"Error: cannot listen on no-such-host.invalid:{port}: "
    )
