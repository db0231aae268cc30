"""Commands, run in this process in a folder of one's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calsvc.cli import main

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
WriteEvent = Callable[..., Path]


@pytest.fixture
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
