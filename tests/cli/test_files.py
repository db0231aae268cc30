"""Commands on event files: check, new and schema."""

import json
import re
from pathlib import Path

import pytest
from commands import BACKWARDS, BROKEN, DOUBTFUL, EST, GOOD, PT, WriteEvent, run, said

from calsvc.agenda import eventfile

pytestmark = pytest.mark.usefixtures("elsewhere")

# --- check --------------------------------------------------------------------------------


def test_check_of_a_file_that_is_right_counts_it(write_event: WriteEvent) -> None:
    write_event(GOOD)

    assert said(run("check", "events/conf.yaml")) == (0, "1 file: 0 errors, 0 warnings\n", "")


def test_check_looks_into_the_events_folder_by_itself(write_event: WriteEvent) -> None:
    write_event(GOOD, "a")
    write_event(GOOD.replace("Small", "Large"), "b")

    assert said(run("check")) == (0, "2 files: 0 errors, 0 warnings\n", "")


def test_check_tells_all_that_is_wrong_with_all_files(write_event: WriteEvent) -> None:
    write_event(BROKEN, "a")
    write_event(DOUBTFUL, "b")
    write_event("name: [\n", "c")
    write_event(GOOD.replace("Small", "Large"), "d")

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
    write_event(f"name: Wordier\ntimezone: UTC\ndate: 2025-06-25\nsessions:\n{timed}", "wordier")

    result = run("check")

    assert result.exit_code == 0
    assert re.sub(r"has 9\d\d KiB", "has 9.. KiB", result.stdout) == (
        "events/wordier.yaml:1:1: warning: the feed has 9.. KiB, and Google drops events past"
        " 1 MB; shorten descriptions; the longest is that of session s48\n"
        "2 files: 0 errors, 1 warning\n"
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
