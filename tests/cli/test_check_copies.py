"""A copy of an event file beside it: ``calsvc check`` asks, since each file is an event."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from calsvc.cli import main

WriteEvent = Callable[..., Path]
CONF = "name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\n"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def checked(*paths: str) -> list[str]:
    result = CliRunner().invoke(main, ["check", *paths])
    assert result.exit_code == 0
    return result.stdout.splitlines()


def test_second_event_of_one_name_and_date_is_doubtful(write_event: WriteEvent) -> None:
    write_event(CONF, "conf")
    write_event(CONF.replace("name: Conf", "name: CONF"), "conf-backup")
    write_event(CONF, "copy-of-conf")

    assert checked("events") == [
        "events/conf-backup.yaml:1:1: warning: has the name and the dates of conf.yaml, and is an"
        " event of its own; take one of them out of the folder, if it is a copy",
        "events/copy-of-conf.yaml:1:1: warning: has the name and the dates of conf.yaml,"
        " and is an event of its own; take one of them out of the folder, if it is a copy",
        "3 files: 0 errors, 2 warnings",
    ]


def test_event_of_another_year_or_name_is_fine(write_event: WriteEvent) -> None:
    write_event(CONF, "conf")
    write_event(CONF.replace("2027", "2028"), "conf-2028")
    write_event(CONF.replace("Conf", "Other Conf"), "other")

    assert checked("events") == ["3 files: 0 errors, 0 warnings"]


def test_file_that_is_named_twice_is_no_copy(write_event: WriteEvent) -> None:
    write_event(CONF, "conf")

    assert checked("events", "events/conf.yaml") == ["2 files: 0 errors, 0 warnings"]
