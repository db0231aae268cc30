"""Personal calendars with a real server: programs that subscribe, kills, and what leaks."""

import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
from conftest import schedule_of
from databases import PATIENCE, eventually, free_port
from test_clients import Program, Shown, copied_events, get, serving

from calsvc.schedule.itineraries import derived
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.auth import COOKIE

# --- the server ---------------------------------------------------------------------------


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as what it describes."""
        return json.loads(self.body)


class Line:
    """A connection to a server, which stays open from call to call."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(
        self,
        method: str,
        path: str,
        key: str = "",
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Return what a call is answered with."""
        given = {"Authorization": f"Bearer {key}"} if key else {}
        sent = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        self._connection.request(method, path, body=sent, headers={**given, **(headers or {})})
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


Call = Callable[..., Answer]


def caller(port: int) -> Call:
    """Return what calls a server, each time by a connection of its own."""

    def call(*words: str, **options: Any) -> Answer:
        with closing(Line(port)) as line:
            return line.call(*words, **options)

    return call


def move(database: Path, other: Path) -> None:
    """Rename an SQLite database, the file itself first."""
    for suffix in ("", "-wal", "-shm"):
        path = database.with_name(database.name + suffix)
        if path.exists():
            path.rename(other.with_name(other.name + suffix))


# --- subscribers --------------------------------------------------------------------------

DAY = "2025-06-25"
FIRESIDE = ("10:10", "10:35", "Fireside Chat")
METAMATE = ("10:35", "10:55", "Metamate from Chatbot to Coworker")
CANCELLED = ("10:10", "10:35", "Cancelled: Fireside Chat")
CLOSING = ("16:25", "16:30", "Closing Remarks")
MOVED = ("16:20", "16:30", "Closing Remarks")


class Seen(NamedTuple):
    """What a program has after a look at a feed."""

    shown: list[Shown]
    files: dict[str, str]

    @classmethod
    def by(cls, program: Program) -> "Seen":
        """Return what a program has now."""
        return cls(program.shows(DAY), program.files())


def test_subscriber_of_a_personal_address_sees_each_change(tmp_path: Path) -> None:
    events, port = copied_events(tmp_path), free_port()
    call = caller(port)
    database, away = tmp_path / "events.db", tmp_path / "away.db"
    agenda = events / "ai-data-2025.yaml"
    sessions = "/api/calendars/me/sessions/ai-data-2025"
    chosen = [{"event": "ai-data-2025", "session": each} for each in ("fireside-chat", "metamate")]

    with serving(events, port):
        made = call("POST", "/api/calendars", body={"sessions": chosen}).json
        address, key = made["feed"].removeprefix(f"http://127.0.0.1:{port}"), made["edit_key"]
        program = Program(tmp_path / "home", made["feed"])

        def look() -> Seen:
            program.fetch()
            return Seen.by(program)

        def edit(old: str, new: str, sign: bytes) -> None:
            source = agenda.read_text("utf-8")
            assert source.count(old) == 1
            agenda.write_text(source.replace(old, new), "utf-8")
            # Every worker must have it, or the next look may be at one that has not yet.
            eventually(lambda: all(sign in get(port, address)[1] for _ in range(8)))

        first = look()
        call("DELETE", f"{sessions}/metamate", key)
        call("PUT", f"{sessions}/closing-remarks", key)
        changed = look()
        edit("when: 16:25-16:30", "when: 16:20-16:30", b":20250625T162000")
        moved = look()
        edit("title: Fireside Chat", "status: cancelled\n    title: Fireside Chat", b"CANCELLED")
        cancelled = look()
        move(database, away)
        failed = get(port, address)
        with pytest.raises(AssertionError, match="503"):
            program.fetch()
        without = Seen.by(program)
        move(away, database)
        eventually(lambda: get(port, address)[0] == 200)
        back = look()

    assert failed == (503, b"The database does not answer: unable to open database file.\n")
    assert first.shown == [FIRESIDE, METAMATE]
    assert changed.shown == [FIRESIDE, CLOSING]
    assert moved.shown == [FIRESIDE, MOVED]
    assert cancelled.shown == [CANCELLED, MOVED]
    assert without == back == cancelled


# --- kills --------------------------------------------------------------------------------

KILLS = {"sqlite": int(os.environ.get("CALSVC_TEST_KILLS", "50")), "postgresql": 5}
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
        try:
            self.kill()
        except ProcessLookupError:
            pass
        self._process.communicate(timeout=PATIENCE)

    def _answers(self) -> bool:
        try:
            return get(self.port, "/healthz")[0] == 200
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
            self._expect(answer, 201)
            self.made.append(answer.json["edit_key"])
        elif what < 0.1 and self.made:
            key = self.chance.choice(self.made)
            self._expect(line.call("POST", "/api/calendars/me/rotate", key), 200)
            self.turned[key] = self.turned.get(key, 0) + 1
        else:
            self._edit(line)

    def _edit(self, line: Line) -> None:
        session = f"s-{self.number}-{self.chance.randrange(OWN)}"
        is_adding = self.chance.random() < 0.5
        self.known.pop(session, None)
        method = "PUT" if is_adding else "DELETE"
        answer = line.call(method, f"/api/calendars/me/sessions/many/{session}", self.key)
        self._expect(answer, 200)
        self.known[session] = is_adding
        shown = {each["session"] for each in answer.json["choices"]}
        self.wrong += [each for each in self.known.items() if (each[0] in shown) != each[1]]

    def _expect(self, answer: Answer, status: int) -> None:
        if answer.status != status:
            self.wrong.append(answer)

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


def test_kill_loses_nothing_that_was_answered(database_url: str, tmp_path: Path) -> None:
    kills = KILLS[database_url.partition(":")[0]]
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
        eventually(lambda: sum(client.answers for client in clients) >= enough)
    finally:
        mother.kill()
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)


def forms(key: str) -> list[bytes]:
    """Return the octets by which a key could be told: as it is written, raw and in hex."""
    raw = urlsafe_b64decode(key)
    return [key.encode(), raw, raw.hex().encode()]


# --- what leaks ---------------------------------------------------------------------------


def use(call: Call, here: str) -> set[str]:
    """Use a site in every way that has a key in it; return all keys."""
    me, secrets = "/api/calendars/me", set()
    form = {"Origin": here, "Content-Type": "application/x-www-form-urlencoded"}
    for shared in (True, False):
        made = call("POST", "/api/calendars").json
        key = made["edit_key"]
        feeds = [derived(key, "feed", number) for number in (1, 2)]
        share = derived(key, "share", 1)
        secrets |= {key, *feeds, share}
        cookie = {"Cookie": f"{COOKIE}={key}"}
        call("PUT", f"{me}/sessions/ai-data-2025/metamate", key)
        call("PUT", f"{me}/sessions/ai-data-2025/nothing", key)
        call("PATCH", me, key, body={"shared": True, "name": "Ann"})
        call("PATCH", me, key, body={"name": None})
        call("PUT", f"{me}/sessions", key, body="[")
        for path in (f"/my/{feeds[0]}/ann.ics", f"/my/shared/{share}/", f"/my/{feeds[0]}/x"):
            for query in ("", "?download=1", "?wrong=1"):
                call("GET", f"{path}{query}", headers={"Referer": f"{here}{path}"})
        call("GET", "/my/", headers=cookie)
        call("GET", f"/my/{key}/x.ics")
        call("GET", f"/api/calendars/{key}")
        call("POST", "/my/open", body=f"key={key}", headers=form)
        call("POST", "/my/open", body=f"key={key}x", headers=form)
        call("POST", "/my/rotate", headers={**form, **cookie})
        call("POST", "/my/add", body=f"event={key}", headers={**form, **cookie})
        call("POST", "/my/rotate", headers={**form, **cookie, "Origin": "https://a.example"})
        call("GET", f"/my/{feeds[0]}/ann.ics")
        call("GET", f"/my/{feeds[1]}/ann.ics")
        if shared:
            call("PATCH", me, key, body={"shared": False})
            call("DELETE", me, key)
    return secrets


def test_copies_of_all_that_is_kept_give_no_way_in(tmp_path: Path) -> None:
    events, port = copied_events(tmp_path), free_port()
    call = caller(port)
    database, log = tmp_path / "events.db", tmp_path / "events.log"

    with serving(events, port):
        here = f"http://127.0.0.1:{port}"
        secrets = use(call, here)
        move(database, tmp_path / "away.db")
        use_without(call, secrets)
        eventually(lambda: b"Calendars go on from memory." in log.read_bytes())
        move(tmp_path / "away.db", database)
        eventually(lambda: b"The database answers again." in log.read_bytes())
        metrics = get(port, "/metrics")[1]
        with closing(sqlite3.connect(database)) as reader:
            reader.execute("SELECT count(*) FROM calendars").fetchone()  # so that the log stays
            stolen = tmp_path / "stolen"
            stolen.mkdir()
            for path in tmp_path.glob("events.db*"):
                shutil.copy(path, stolen)
        answers = [
            call(method, path.format(value), value).status
            for value in sorted(texts_of(stolen / "events.db"))
            for method, path in WAYS
        ]

    said = log.read_bytes()
    whole = said + metrics + b"".join(path.read_bytes() for path in stolen.iterdir())
    assert len(secrets) == 8
    assert b"calsvc serves 4 events" in said
    assert [key for key in secrets for form in forms(key) if form in whole] == []
    assert set(answers) == {404}


WAYS = [
    ("GET", "/api/calendars/me"),
    ("PATCH", "/api/calendars/me"),
    ("DELETE", "/api/calendars/me"),
    ("GET", "/my/{}/x.ics"),
    ("GET", "/my/shared/{}/"),
]


def use_without(call: Call, secrets: set[str]) -> None:
    """Use a site whose database is away."""
    for key in secrets:
        assert call("GET", "/api/calendars/me", key).status == 503
        assert call("GET", f"/my/{key}/x.ics").status == 503
        assert call("GET", f"/my/shared/{key}/").status == 503
        assert call("GET", "/my/", headers={"Cookie": f"{COOKIE}={key}"}).status == 503


def texts_of(database: Path) -> set[str]:
    """Return what looks like a key in the tables of calendars."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT edit_hash, feed_hash, share_hash FROM calendars")
        hashes = {value for row in rows for value in row if value}
        return hashes | {each for (each,) in connection.execute("SELECT hash FROM retired_keys")}
