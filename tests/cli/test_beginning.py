"""``calsvc serve`` where nothing is yet: a first event is asked for, at a terminal alone."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from servers import free_port, get
from waiting import PATIENCE, eventually

from calsvc.agenda import eventfile
from calsvc.cli import beginning

pytestmark = pytest.mark.usefixtures("elsewhere")


END_OF_INPUT = "\x04"  # Ctrl-D


class Terminal:
    """A ``calsvc serve`` at a terminal, as a person sees it."""

    def __init__(self, port: int) -> None:
        self._own, other = pty.openpty()
        words = [sys.executable, "-m", "calsvc", "serve", "--port", str(port)]
        environment = {**os.environ, "TZ": "America/New_York"}
        self.process = subprocess.Popen(
            words, stdin=other, stdout=other, stderr=other, env=environment, start_new_session=True
        )
        os.close(other)
        self.shown = ""

    def wait_for(self, words: str) -> None:
        """Wait until words are shown."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.shown:
            assert time.monotonic() < deadline, self.shown
            ready, _, _ = select.select([self._own], [], [], 0.2)
            if ready:
                self.shown += os.read(self._own, 4096).decode()

    def answer(self, question: str, words: str = "") -> None:
        """Wait for a question, and type an answer to it."""
        self.wait_for(question)
        self.shown = ""
        self.type(f"{words}\n")

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._own, keys.encode())

    def end(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        os.close(self._own)


def answers(status: int, port: int, path: str = "/") -> bool:
    """Tell whether a server answers so."""
    try:
        return get(f"http://127.0.0.1:{port}{path}")[0] == status
    except OSError:
        return False


At = Callable[[int], Terminal]


@pytest.fixture
def terminal() -> Iterator[At]:
    """Start a server at a terminal; it is ended after the test."""
    opened: list[Terminal] = []

    def start(port: int) -> Terminal:
        opened.append(Terminal(port))
        return opened[-1]

    yield start
    for each in opened:
        each.end()


@pytest.mark.slow
def test_first_event_is_asked_for_and_served(terminal: At) -> None:
    port = free_port()
    person = terminal(port)

    person.answer("Make a first event? [Y/n]:")
    person.answer("Its name:", "Österreichs {Tage} 2027")
    person.answer("Its time zone, or city [America/New_York]:", "PT")
    person.wait_for("did you mean America/Los_Angeles?")
    person.answer("Its time zone, or city [America/New_York]:", "vienna")
    person.answer("Its first day [", "June")
    person.answer("Its first day [", "2027-09-01")
    person.wait_for("Stop it with Ctrl-C.")

    path = Path("events/osterreichs-tage-2027.yaml")
    event = eventfile.read(path)
    assert (event.name, event.timezone) == ("Österreichs {Tage} 2027", "Europe/Vienna")
    assert event.first_day == date(2027, 9, 1)
    assert f"{path} is yours to fill in; each change of it is published." in person.shown
    eventually(lambda: answers(200, port, "/events/osterreichs-tage-2027.ics"))
    path.write_text(path.read_text().replace("The first talk", "Another talk"))
    person.wait_for("osterreichs-tage-2027 version 2")
    person.process.send_signal(signal.SIGINT)
    assert person.process.wait(PATIENCE) == 0


@pytest.mark.slow
def test_whoever_wants_no_event_is_told_what_to_do(terminal: At) -> None:
    port = free_port()
    person = terminal(port)

    person.answer("Make a first event? [Y/n]:", "n")
    person.wait_for("calsvc new conf-2027 writes an event file to start from")

    eventually(lambda: answers(503, port))
    assert not Path("events").exists()


@pytest.mark.slow
def test_who_goes_away_leaves_nothing(terminal: At) -> None:
    person = terminal(free_port())

    person.answer("Make a first event? [Y/n]:")
    person.wait_for("Its name:")
    person.type(END_OF_INPUT)

    assert person.process.wait(PATIENCE) == 1
    assert not Path("events").exists()


@pytest.mark.slow
def test_without_a_terminal_one_sentence_says_what_to_do() -> None:
    port = free_port()
    log = Path("log")
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "calsvc", "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            eventually(lambda: beginning.ADVICE in log.read_text() and answers(503, port))
            server.terminate()
            assert server.wait(PATIENCE) == 0
        finally:
            server.kill()
            server.wait()

    assert "Stop it with Ctrl-C." in log.read_text()
    assert "?" not in log.read_text()


# --- the time zone of a machine -----------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a machine that tells nothing of its time zone yet."""
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(beginning, "LOCALTIME", tmp_path / "localtime")
    monkeypatch.setattr(beginning, "TIMEZONE", tmp_path / "timezone")
    return tmp_path


def test_zone_of_a_machine_that_tells_nothing_is_utc(machine: Path) -> None:
    assert beginning.system_zone() == "UTC"


def test_zone_is_what_the_link_names(machine: Path) -> None:
    (machine / "localtime").symlink_to("/var/db/timezone/zoneinfo/Asia/Kolkata")

    assert beginning.system_zone() == "Asia/Kolkata"


def test_zone_is_what_the_environment_names_first(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "timezone").write_text("Europe/Paris\n")
    before = beginning.system_zone()

    monkeypatch.setenv("TZ", ":Asia/Tokyo")

    assert (before, beginning.system_zone()) == ("Europe/Paris", "Asia/Tokyo")


def test_zone_that_is_none_is_passed_over(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "EST5EDT4,M3.2.0,M11.1.0")
    (machine / "timezone").write_text("Europe/Paris\n")

    assert beginning.system_zone() == "Europe/Paris"
