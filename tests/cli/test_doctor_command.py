"""The command that tells what is wrong with calendars: files and addresses, once or for a while."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import pytest
from commands import run
from strangers import CALENDAR, Asked, Reply, sound, stranger
from waiting import eventually

from calsvc.cli import doctor
from calsvc.doctor.examination import MOST_PLACES

pytestmark = pytest.mark.usefixtures("elsewhere")
ZONELESS = CALENDAR.replace(b";TZID=Europe/Berlin:20270615T09", b":20270615T09")
ENTRY = b"BEGIN:VEVENT\r\nDTSTART:20270616T090000\r\nEND:VEVENT\r\n"
NOBODY = "http://127.0.0.1:9/agenda.ics"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once, and each minute as soon."""
    monkeypatch.setattr(doctor, "PAUSE", 0.0)
    monkeypatch.setattr(doctor, "MINUTE", 0.0)


@pytest.fixture(name="site")
def _site() -> Iterator[str]:
    """A server whose calendar is sound, and whose answers are not."""
    with stranger(lambda asked: sound(asked, ETag="", Last_Modified="")) as address:
        yield address


def test_sound_file_is_sound() -> None:
    Path("agenda.ics").write_bytes(CALENDAR)

    result = run("doctor", "agenda.ics")

    assert (result.exit_code, result.stdout) == (0, "agenda.ics: 1 entry; nothing is wrong\n")


def test_address_is_told_of_with_its_server(site: str) -> None:
    result = run("doctor", "--private", f"{site}/agenda.ics")

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0] == (
        f"{site}/agenda.ics: warning: The answer has neither an ETag nor a Last-Modified."
        " [no-validators]"
    )
    assert lines[-1] == f"{site}/agenda.ics: 1 entry; 0 errors, 1 warning, 0 notes"


def test_rule_about_answers_can_be_left_out(site: str) -> None:
    result = run("doctor", "--private", "--ignore", "no-validators", f"{site}/agenda.ics")

    assert (result.exit_code, result.stderr) == (0, "")


def test_report_holds_no_passwords_and_no_keys(site: str) -> None:
    address = f"{site.replace('//', '//ada:word@')}/agenda.ics?token=abc"

    result = run("doctor", "--private", address)

    assert result.stdout.startswith(f"{site}/agenda.ics?token=…: warning: ")
    assert "word" not in result.output and "abc" not in result.output


def test_calendar_that_cannot_be_read_keeps_no_other_from_being_examined() -> None:
    Path("agenda.ics").write_bytes(ZONELESS)

    result = run("doctor", "missing.ics", NOBODY, "agenda.ics")

    assert result.exit_code == 1
    failures = [line for line in result.stdout.splitlines() if "127.0.0.1" in line]
    assert failures == [
        f"{NOBODY}: is in a private network (127.0.0.1); add --private if you mean that one"
    ]
    assert "missing.ics" in result.stdout
    assert "time-without-zone" in result.stdout


def test_programs_are_told_what_cannot_be_read() -> None:
    Path("agenda.ics").write_bytes(CALENDAR)

    as_json = run("doctor", "--format", "json", NOBODY, "agenda.ics")
    as_sarif = run("doctor", "--format", "sarif", NOBODY, "agenda.ics")

    nobody, sound_one = json.loads(as_json.stdout)
    assert nobody["failure"].startswith(f"{NOBODY}: is in a private network")
    assert (sound_one["failure"], sound_one["findings"]) == ("", [])
    [invocation] = json.loads(as_sarif.stdout)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    [told] = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == nobody["failure"]
    assert as_json.exit_code == as_sarif.exit_code == 1


def test_calendar_that_was_not_examined_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("calsvc.doctor.patients.visited", interrupted)
    Path("agenda.ics").write_bytes(CALENDAR)

    result = run("doctor", "agenda.ics", NOBODY, "later.ics")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "agenda.ics: 1 entry; nothing is wrong",
        f"{NOBODY}: was not examined; run the doctor again",
        "later.ics: was not examined; run the doctor again",
    ]


def test_calendar_that_may_change_is_not_examined_by_one_look(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "sleep", interrupted)
    address = f"{site}/agenda.ics"

    result = run("doctor", "--private", "--ignore", "no-validators", address)

    told = f"{address}: was not examined to the end; run the doctor again\n"
    assert (result.exit_code, result.stdout) == (1, told)


def test_folder_and_archive_of_several_files_are_no_calendar() -> None:
    Path("agendas").mkdir()
    for name in ("one.ics", "two.ics"):
        Path("agendas", name).write_bytes(CALENDAR)
    with ZipFile("both.zip", "w") as archive:
        archive.write("agendas/one.ics")
        archive.write("agendas/two.ics")

    result = run("doctor", "agendas", "both.zip", "")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{name}: has several files; give one of them" for name in ("agendas", "both.zip", ".")
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ["--ignore", "no-validator", "agenda.ics"],
            "there is no rule 'no-validator'; did you mean no-validators?",
        ),
        (["--ignore", "zzzzzz", "agenda.ics"], "there is no rule 'zzzzzz'\n"),
        (["--watch", "5", "agenda.ics", "-"], "--watch looks at addresses, and there is none."),
    ],
)
def test_what_cannot_be_done_is_misuse(words: list[str], error: str) -> None:
    result = run("doctor", *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert error in result.stderr


def test_address_without_its_scheme_is_told_to_need_it() -> None:
    result = run("doctor", "conf.example.org/agenda.ics", "agenda.ics")

    assert result.stdout.splitlines() == [
        "conf.example.org/agenda.ics: there is no such file;"
        " put https:// before it if it is an address",
        "agenda.ics: cannot be read: No such file or directory; check its name and rights",
    ]


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_name_that_is_no_utf8_is_printed_as_far_as_it_is(form: str) -> None:
    path = Path(os.fsdecode(b"a b#\xc3\xa9%\xff.ics"))
    path.write_bytes(ZONELESS)

    result = run("doctor", "--format", form, str(path))

    shown = "a%20b%23%C3%A9%25%FF.ics" if form == "sarif" else "a b#é%\ufffd.ics"
    assert result.exit_code == 1
    assert shown in result.stdout_bytes.decode()


def test_addresses_in_sarif_are_uris(site: str) -> None:
    result = run("doctor", "--private", "--format", "sarif", f"{site}/ä [1]%20.ics?token=abc")

    [found] = json.loads(result.stdout)["runs"][0]["results"]
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"{site}/%C3%A4%20[1]%20.ics?token=%E2%80%A6"


def test_what_is_not_counted_to_the_end_is_told_as_the_least() -> None:
    end = b"END:VEVENT\r\n"
    many = CALENDAR.replace(end, end + ENTRY * (MOST_PLACES + 1))
    Path("agenda.ics").write_bytes(many)
    Path("less.ics").write_bytes(many.replace(ENTRY, b"", 1))

    as_text = run("doctor", "agenda.ics", "less.ics").stdout
    as_json = run("doctor", "--format", "json", "agenda.ics", "less.ics").stdout

    assert f"\n    at least {MOST_PLACES} times, also in lines " in as_text
    assert f"\n    {MOST_PLACES} times, also in lines " in as_text
    counted = [
        (each["times"], each["all_counted"])
        for report in json.loads(as_json)
        for each in report["findings"]
        if each["rule"] == "time-without-zone"
    ]
    assert counted == [(MOST_PLACES, False), (MOST_PLACES, True)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_full_disk_is_told_in_a_line() -> None:
    Path("agenda.ics").write_bytes(CALENDAR)

    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "calsvc", "doctor", "agenda.ics"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert process.returncode == 1
    assert process.stderr.splitlines() == [
        "cannot write: No space left on device; make room, or write to another place"
    ]


def is_look(asked: Asked) -> bool:
    """Tell whether the doctor asks plainly for the calendar, as it does again and again."""
    is_plain = asked.headers["Accept-Encoding"] == "identity" and asked.method == "GET"
    is_new = "If-None-Match" not in asked.headers and "Accept" in asked.headers
    return is_plain and is_new and asked.path == "/agenda.ics"


def test_watching_tells_each_rule_once() -> None:
    """The server fails now and then: that is told, once, and what it gives else is examined."""
    statuses = [200, 200, 500, 200, 500, 200]
    looks = count()

    def answer(asked: Asked) -> Reply:
        status = statuses[next(looks)] if is_look(asked) else 200
        return sound(asked) if status == 200 else Reply(status)

    with stranger(answer) as address:
        result = run("doctor", "--private", "--watch", "4", f"{address}/agenda.ics")

    assert next(looks) == len(statuses)
    assert result.stdout.count("[failing]") == 1
    assert "1 entry; 1 error, 0 warnings, 0 notes" in result.stdout
    assert "Watching for 4 minutes" in result.stderr


AT_A_TERMINAL = """
import signal
from calsvc.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main(prog_name="calsvc")
"""
"""calsvc, as people start it: what is started behind other work may take no notice of Ctrl-C."""


@pytest.mark.slow
def test_interrupted_watch_ends_with_a_report() -> None:
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        return sound(each, ETag="", Last_Modified="")

    with stranger(answer) as address:
        words = ["doctor", "--private", "--watch", "60", f"{address}/agenda.ics"]
        command = [sys.executable, "-c", AT_A_TERMINAL, *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                eventually(
                    lambda: [each.path for each in asked][-2:] == ["/robots.txt", "/agenda.ics"]
                )
                process.send_signal(signal.SIGINT)
                output, _ = process.communicate(timeout=60)
            finally:
                process.kill()

    assert process.returncode == 1
    assert output.endswith("1 entry; 0 errors, 1 warning, 0 notes\n")
