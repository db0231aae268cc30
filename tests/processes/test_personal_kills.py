"""A server that is killed at any moment loses no change of a calendar that it answered."""

import http.client
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from conftest import schedule_of
from leaks import forms
from servers import Answer, Line, caller, free_port, get
from tiers import slow
from waiting import PATIENCE, eventually

from calsvc.schedule.itineraries import derived
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage

KILLS = int(os.environ.get("CALSVC_TEST_KILLS", "50"))
CLIENTS = 16
SHARING = 4  # clients that edit one calendar together
OWN = 12  # sessions that each client adds and removes
ROUND = 8  # answers, at least, before each kill
AGENDA = "name: Many\ntimezone: UTC\ndate: 2027-06-15\nsessions:\n" + "".join(
    f"  - {{id: s-{client}-{number}, title: Session {number} of {client}}}\n"
    for client in range(CLIENTS)
    for number in range(OWN)
)
# A server is forked from a process that has read the code of calsvc, because that takes a
# second; then it is started by the command line's own words, in a session of its own.
MOTHER = """
import os, sys
from calsvc.cli import main
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(2, 1)
        main(line.split())
    print(child, flush=True)
    os.waitpid(child, 0)
"""


class Mother:
    """Starts servers quickly; they say what they say in one log."""

    def __init__(self, database: str, log: Path) -> None:
        self._database = database
        self.log = log
        self.port = 0
        self._server = 0
        environment = {**os.environ, "CALSVC_NEW_CALENDARS": "0"}
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", MOTHER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env=environment,
                cwd=log.parent,
                encoding="utf-8",
            )

    def start(self) -> None:
        """Start ``calsvc serve`` on a free port, and wait until it answers."""
        assert self._process.stdin and self._process.stdout
        self.port = free_port()
        self._process.stdin.write(f"serve --port {self.port} --database {self._database}\n")
        self._process.stdin.flush()
        self._server = int(self._process.stdout.readline())
        eventually(self._answers)

    def kill(self) -> None:
        """Kill the server with all its processes, at once."""
        os.killpg(self._server, signal.SIGKILL)

    def end(self) -> None:
        """End with the server that may run."""
        if self._server:  # or the group of 0 would be killed, which is one's own
            with suppress(ProcessLookupError):
                self.kill()
        self._process.communicate(timeout=PATIENCE)

    def _answers(self) -> bool:
        try:
            return get(f"http://127.0.0.1:{self.port}/healthz")[0] == 200
        except OSError:
            return False


@dataclass
class Client:
    """A person's device, which remembers what the server said that it did."""

    number: int
    key: str
    chance: random.Random
    known: dict[str, bool] = field(default_factory=dict)
    """Own session → whether it is chosen, where the last call on it was answered."""
    made: list[str] = field(default_factory=list)
    """Keys of calendars of its own."""
    turned: dict[str, int] = field(default_factory=dict)
    """Key → how many rotations were answered."""
    answers: int = 0
    wrong: list[object] = field(default_factory=list)

    def write(self, port: int, stop: Event) -> None:
        """Change things until the server is gone."""
        line = Line(port)
        try:
            while not stop.is_set():
                self._act(line)
                self.answers += 1
        except (OSError, http.client.HTTPException):
            pass  # killed
        finally:
            line.close()

    def _act(self, line: Line) -> None:
        what = self.chance.random()
        if what < 0.05:
            answer = line.call("POST", "/api/calendars")
            if self._is_done(answer, 201):
                self.made.append(answer.json["edit_key"])
        elif what < 0.1 and self.made:
            key = self.chance.choice(self.made)
            if self._is_done(line.call("POST", "/api/calendars/me/rotate", key), 200):
                self.turned[key] = self.turned.get(key, 0) + 1
        else:
            self._edit(line)

    def _edit(self, line: Line) -> None:
        session = f"s-{self.number}-{self.chance.randrange(OWN)}"
        is_adding = self.chance.random() < 0.5
        self.known.pop(session, None)
        method = "PUT" if is_adding else "DELETE"
        answer = line.call(method, f"/api/calendars/me/sessions/many/{session}", self.key)
        if not self._is_done(answer, 200):
            return
        self.known[session] = is_adding
        shown = {each["session"] for each in answer.json["choices"]}
        self.wrong += [each for each in self.known.items() if (each[0] in shown) != each[1]]

    def _is_done(self, answer: Answer, status: int) -> bool:
        """Tell whether a call was taken; on a busy machine some are told to come again."""
        if answer.status not in {status, 503}:
            self.wrong.append(answer)
        return answer.status == status

    def lost(self, calendars: Calendars) -> list[object]:
        """Return what was answered of the shared calendar, and is not so."""
        shown = {each.session for each in calendars.of_editor(self.key).choices}
        return [each for each in self.known.items() if (each[0] in shown) != each[1]]

    def turned_back(self, calendars: Calendars) -> list[str]:
        """Return the own calendars that had more rotations than there are."""
        # What was not answered may have been done, or not.
        return [
            key
            for key in self.made
            if calendars.of_editor(key).generation - 1 < self.turned.get(key, 0)
        ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database_url", "kills"),
    [("sqlite", 2), slow("sqlite", KILLS), slow("postgresql", 5)],
    indirect=["database_url"],
)
def test_kill_loses_nothing_that_was_answered(
    database_url: str, kills: int, tmp_path: Path
) -> None:
    storage = Storage(database_url)
    storage.migrate()
    storage.append("many", lambda _, __: Draft(schedule_of(AGENDA, "many"), ""))
    calendars = Calendars(storage.database)
    mother = Mother(database_url, tmp_path / "server.log")
    chance = random.Random(4)  # noqa: S311 -- no secret
    clients: list[Client] = []
    lost: list[object] = []

    try:
        for _ in range(kills):
            mother.start()
            if not clients:
                clients = crowd(mother.port, chance)
            run_until_killed(mother, clients, chance)
            lost += [each for client in clients for each in client.lost(calendars)]
        lost += [each for client in clients for each in client.turned_back(calendars)]
    finally:
        mother.end()
        storage.close()

    keys = {key for client in clients for key in (client.key, *client.made)}
    secrets = sorted(keys | {derived(key, "feed", 1) for key in keys})
    assert [client.wrong for client in clients if client.wrong] == []
    assert lost == []
    assert min(client.answers for client in clients) > 0
    assert sum(client.answers for client in clients) >= kills * ROUND
    copy = mother.log.read_bytes()
    copy += b"".join(path.read_bytes() for path in tmp_path.glob("calsvc.db*"))
    assert [key for key in secrets for form in forms(key) if form in copy] == []


def crowd(port: int, chance: random.Random) -> list[Client]:
    """Return clients, some of whom share a calendar."""
    call = caller(port)
    keys = [call("POST", "/api/calendars").json["edit_key"] for _ in range(CLIENTS // SHARING)]
    return [
        Client(number, keys[number // SHARING], random.Random(chance.random()))  # noqa: S311
        for number in range(CLIENTS)
    ]


def run_until_killed(mother: Mother, clients: list[Client], chance: random.Random) -> None:
    """Let clients write, and kill the server after some answers, at any moment."""
    stop = Event()
    before = sum(client.answers for client in clients)
    enough = before + ROUND + chance.randrange(ROUND)
    threads = [Thread(target=each.write, args=(mother.port, stop)) for each in clients]
    for thread in threads:
        thread.start()
    try:
        eventually(
            lambda: (
                sum(client.answers for client in clients) >= enough
                and (before or min(client.answers for client in clients) > 0)
            )
        )
    finally:
        mother.kill()
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
