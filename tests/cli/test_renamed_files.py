"""Commands, when the file of an event gets another name."""

import json

import pytest
from commands import GOOD, WriteEvent, run, said

from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher

pytestmark = pytest.mark.usefixtures("elsewhere")
RENAMED = f"formerly: [pycon]\n{GOOD}"


def test_publish_tells_that_it_is_renamed_and_of_no_file_that_is_gone(
    write_event: WriteEvent,
) -> None:
    old = write_event(GOOD, "pycon")
    run("publish")
    old.unlink()
    write_event(RENAMED, "pycon-2027")

    dry = said(run("publish", "--dry-run"))
    done = said(run("publish"))
    again = said(run("publish"))

    told = "\n  Renamed, was pycon\n"
    assert dry == (0, f"pycon-2027 would be version 1{told}", "")
    assert done == (0, f"pycon-2027 version 1{told}", "")
    assert again == (0, "pycon-2027: nothing changed\n", "")


@pytest.mark.parametrize("words", [("publish",), ("publish", "--dry-run")])
def test_file_that_is_still_there_is_an_error(
    write_event: WriteEvent, words: tuple[str, ...]
) -> None:
    write_event(GOOD, "pycon")
    run("publish")
    write_event(RENAMED, "pycon-2027")

    code, printed, errors = said(run(*words))

    assert (code, printed) == (1, "pycon: nothing changed\n")
    assert errors == (
        "events/pycon-2027.yaml: formerly names pycon, which still has a file of its own;"
        " delete pycon.yaml; or, if it is another event, take pycon out\n"
    )


def test_check_warns_of_it(write_event: WriteEvent) -> None:
    write_event(GOOD, "pycon")
    write_event(RENAMED, "pycon-2027")

    code, printed, _ = said(run("check"))

    assert code == 0
    assert printed.startswith(
        "events/pycon-2027.yaml:1:12: warning: formerly 1: formerly names pycon"
    )
    assert printed.endswith("2 files: 0 errors, 1 warning\n")


def test_check_of_two_files_that_name_the_same(write_event: WriteEvent) -> None:
    write_event(RENAMED, "one")
    write_event(RENAMED, "two")

    result = run("check", "--format", "json")

    (problem,) = json.loads(result.stdout)
    assert (result.exit_code, problem["path"], problem["level"]) == (1, "events/two.yaml", "error")


def test_export_by_the_former_id(write_event: WriteEvent) -> None:
    write_event(RENAMED, "pycon-2027")
    run("publish")

    assert run("export", "pycon").stdout_bytes == run("export", "pycon-2027").stdout_bytes
    assert run("export", "pycon", "--events", "events").exit_code == 0


@pytest.mark.parametrize("is_copied_first", [False, True])
def test_watcher_sees_a_file_renamed(write_event: WriteEvent, *, is_copied_first: bool) -> None:
    old = write_event(GOOD, "pycon")
    storage = Storage("sqlite:///calsvc.db")
    storage.migrate()
    watcher = Watcher(storage, old.parent)
    watcher.look()
    if is_copied_first:
        write_event(RENAMED, "pycon-2027")
        assert "delete pycon.yaml" in str(watcher.look().problems[0])
        old.unlink()
    else:
        old.rename(old.with_name("pycon-2027.yaml"))
        write_event(RENAMED, "pycon-2027")

    outcome = watcher.look()

    assert [version.told() for version in outcome.published] == [
        "pycon-2027 version 1\n  Renamed, was pycon"
    ]
    assert outcome.problems == []
    assert storage.notices() == []
    storage.close()
