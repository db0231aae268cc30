"""Pages of the documentation, followed word by word: what is typed, and what is printed."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import NamedTuple

from conftest import PROJECT
from servers import free_port
from waiting import PATIENCE, eventually

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STAYS = re.compile(r"calsvc (?:serve|publish --watch)\b")
"""Commands that go on until they are stopped; the page shows more of what they print later."""
LOOKS = re.compile(r"curl\b")
"""Commands that are given again until a change has come: people take longer than a program."""
OURS = ("CALSVC_", "COV", "PYTEST", "PYTHONPATH")
"""What the environment of tests has, and that of people has not."""
END = "-- that was all of it, with status"


class Step(NamedTuple):
    """A command, empty where the page goes on with what a server prints, and its output."""

    command: str
    output: list[str]


def steps(page: Path) -> list[Step]:
    """Return what a page says is typed and printed."""
    found: list[Step] = []
    for block in CONSOLE.findall(page.read_text("utf-8")):
        if not block.startswith("$ "):
            found.append(Step("", []))
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Step(line.removeprefix("$ "), []))
            else:
                found[-1].output.append(line)
    return found


class Terminal:
    """A shell in a folder, and the server that was started in it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._log = folder / "server.log"
        self._log.touch()
        self._read = 0  # lines of the log
        self._shell = subprocess.Popen(
            ["bash", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that all that was started can be ended
        )

    def says(self, command: str) -> tuple[list[str], bool]:
        """Return what a command prints, its errors too, and whether it went well."""
        assert self._shell.stdin and self._shell.stdout
        ended = Timer(3 * PATIENCE, self._end)
        ended.start()
        print(f"{{ {command}\n}} </dev/null; echo {END} $?", file=self._shell.stdin, flush=True)
        printed, status = [], ""
        for line in self._shell.stdout:
            if line.startswith(END):
                status = line.removeprefix(END).strip()
                break
            printed.append(line.rstrip())
        ended.cancel()
        return printed, status == "0"

    def starts(self, command: str) -> None:
        """Let a command go on while others are given."""
        self.says(f"{command} >>{shlex.quote(str(self._log))} 2>&1 & server=$!")

    def goes_on(self, expected: list[str]) -> None:
        """Wait until the server has printed these lines next."""
        end = self._read + len(expected)
        eventually(lambda: len(self._lines()) >= end)
        assert self._lines()[self._read : end] == expected
        self._read = end

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self._log.read_text("utf-8").splitlines()]

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the server, if there is one, and the shell."""
        with suppress(BrokenPipeError):
            self.says('[ -z "${server:-}" ] || { kill "$server"; wait "$server"; }')
            self._shell.communicate()
        self._end()


@contextmanager
def terminal(folder: Path, port: int, is_installed: bool) -> Iterator[Terminal]:
    """Give a shell in a folder, whose calsvc is this one, if any, and listens on a port."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
        "CALSVC_PORT": str(port),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    if is_installed:
        environment["HOME"] = str(folder)
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment["PYTHONPATH"] = str(PROJECT)
    opened = Terminal(folder, environment)
    try:
        yield opened
    finally:
        opened.close()


def follow(
    page: Path,
    folder: Path,
    instead: Mapping[str, str] | None = None,
    *,
    is_installed: bool = True,
) -> int:
    """Follow a page in a folder: each command must print what the page says.

    ``instead`` has what is typed in place of parts of the page's text; a command that is
    nothing by that is left out.  Returns how many commands were given.
    """
    port = free_port()
    replaced = {":8000": f":{port}", **(instead or {})}

    def here(text: str) -> str:
        for old, new in replaced.items():
            text = text.replace(old, new)
        return text

    given = 0
    with terminal(folder, port, is_installed) as opened:
        for command, output in steps(page):
            expected = [here(line) for line in output]
            if not command or STAYS.match(command):
                if command:
                    opened.starts(here(command))
                opened.goes_on(expected)
            elif typed := here(command):
                _give(opened, typed, expected)
                given += 1
    return given


def _give(opened: Terminal, command: str, expected: list[str]) -> None:
    printed, is_well = opened.says(command)
    if LOOKS.match(command) and not (is_well and printed == expected):
        eventually(lambda: opened.says(command) == (expected, True))
    else:
        assert printed == expected, command
