"""The tutorial and the how-to guides do what they say, command by command."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import PROJECT, tool
from handbook import DOCS
from walkthrough import follow, steps

TUTORIAL = DOCS / "tutorial" / "first-calendar.md"
INSTALLS = ("python3 -m venv", ". .venv", "pip install")


class Quiet(SimpleHTTPRequestHandler):
    """Gives the files of a folder, and logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def files_served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on the loopback while the block runs; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def given_files(name: str, folder: Path) -> Path:
    """Return a folder that has the example files of a page in it."""
    shutil.copytree(DOCS / "examples" / name, folder, dirs_exist_ok=True)
    return folder


@pytest.mark.slow
def test_tutorial_followed_word_by_word_works_in_a_new_environment(tmp_path: Path) -> None:
    tool("curl")
    (tmp_path / "calsvc").symlink_to(PROJECT)

    # A machine's own settings of pip may make it warn.
    follow(TUTORIAL, tmp_path, {"pip install -q": "pip install -qq"}, is_installed=False)


@pytest.mark.slow
def test_tutorial_does_what_it_says(tmp_path: Path) -> None:
    tool("curl")
    installing = [step.command for step in steps(TUTORIAL) if step.command.startswith(INSTALLS)]

    given = follow(TUTORIAL, tmp_path, dict.fromkeys(installing, ""))

    assert len(installing) == 4
    assert given >= 10


@pytest.mark.slow
@pytest.mark.parametrize("name", ["spreadsheet", "on-the-day", "embed", "redact"])
def test_guide_does_what_it_says(name: str, tmp_path: Path) -> None:
    tool("curl")

    assert follow(DOCS / "howto" / f"{name}.md", given_files(name, tmp_path)) >= 2


@pytest.mark.slow
def test_guide_to_following_does_what_it_says(tmp_path: Path) -> None:
    sources = {
        "https://pretalx.com/river-2027/schedule/export/schedule.json": "schedule.json",
        "https://sessionize.com/api/v2/abcd1234/view/All": "sessionize.json",
    }

    with files_served(given_files("follow", tmp_path)) as address:
        instead = {old: f"{address}/{name}" for old, name in sources.items()}
        given = follow(
            DOCS / "howto" / "follow.md",
            tmp_path,
            instead | {"calsvc follow http": "calsvc follow --private http"},
        )

    assert given >= 4


@pytest.mark.slow
def test_guide_to_repairing_does_what_it_says(tmp_path: Path) -> None:
    with files_served(given_files("repair", tmp_path)) as address:
        instead = {
            "https://conf.example": address,
            "calsvc repair http": "calsvc repair --private http",
        }
        given = follow(DOCS / "howto" / "repair.md", tmp_path, instead)

    assert given == 6
