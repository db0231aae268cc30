"""Publishing many files tells how far it is, on a terminal and nowhere else."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import PATIENCE

EVENT = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"
TOLD = "a version 1\n  First published, as save-the-date\n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: what its owner reads from, and what a program writes to."""
    reading, writing = pty.openpty()
    yield reading, writing
    os.close(reading)
    os.close(writing)


def publish(folder: Path, errors: int) -> str:
    """Publish a folder by the command, with its messages going to a file; return its output."""
    words = [sys.executable, "-m", "calsvc", "publish", str(folder)]
    url = f"sqlite:///{folder.parent}/{folder.name}.db"
    done = subprocess.run(
        [*words, "--database", url],
        stdout=subprocess.PIPE,
        stderr=errors,
        timeout=PATIENCE,
        check=True,
        env={**os.environ, "TERM": "xterm"},
    )
    return done.stdout.decode()


def folder_of(tmp_path: Path, *names: str) -> Path:
    """Return a folder with an event file of each name."""
    folder = tmp_path / "-".join(names)
    folder.mkdir()
    for name in names:
        (folder / f"{name}.yaml").write_text(EVENT)
    return folder


def test_publishing_many_is_counted_on_a_terminal(
    tmp_path: Path, terminal: tuple[int, int]
) -> None:
    reading, writing = terminal

    output = publish(folder_of(tmp_path, "a", "b"), writing)

    shown = os.read(reading, 10_000).decode()
    assert "Publishing" in shown
    assert "2/2" in shown
    assert output == TOLD + TOLD.replace("a version", "b version")


@pytest.mark.slow
def test_publishing_one_needs_no_count(tmp_path: Path, terminal: tuple[int, int]) -> None:
    reading, writing = terminal

    output = publish(folder_of(tmp_path, "a"), writing)

    os.write(writing, b"nothing else")
    assert (output, os.read(reading, 10_000)) == (TOLD, b"nothing else")


@pytest.mark.slow
def test_publishing_is_not_counted_in_a_pipe(tmp_path: Path) -> None:
    reading, writing = os.pipe()

    publish(folder_of(tmp_path, "a", "b"), writing)

    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b""
