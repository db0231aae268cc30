"""A site under all that happens to one, for a while, with each answer checked for being right.

``python -m bench.soak --minutes 20`` plays programs that poll, people who look at the agenda
and who choose sessions; publishes every ten seconds, and now and then all of it anew; and kills
a worker every thirty.  It prints what came out, and ends with 1 if an answer was wrong.
"""

import http.client
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread

import click

from bench.editions import EVENT_ID, FEEDS, SESSIONS, Editions
from bench.processes import Process
from bench.programs import PROGRAMS, Program
from bench.sites import Site, calsvc
from bench.stored import migrated
from calsvc.storage.schedules import Storage

POLLERS, VISITORS, PEOPLE = 8, 2, 3  # threads of each
PUBLISH = 10.0  # seconds between two editions
KILL = 30.0  # seconds between two workers that are killed
CUT = 3.0  # seconds after a kill in which connections to that worker may break
PATIENCE = 30.0  # seconds for an answer
MOST_TOLD = 20  # of what was wrong
PAGE = f"/events/{EVENT_ID}/days/"


@dataclass
class Report:
    """What came out."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Of each answer, by what was asked for."""
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    mebibytes: list[float] = field(default_factory=list)
    """Of the largest worker, second by second."""
    killed: float = -PATIENCE
    """When the last worker was killed, on the monotonic clock."""
    lock: Lock = field(default_factory=Lock)

    def took(self, what: str, status: int, seconds: float) -> None:
        """Note an answer."""
        with self.lock:
            self.seconds.setdefault(what, []).append(seconds)
            self.counts[f"{what}, {status}"] += 1

    def fault(self, told: str | None) -> None:
        """Note what was wrong, if anything was."""
        if told:
            with self.lock:
                self.wrong.append(told)


class Caller:
    """Somebody who asks a server, and notes how it answers."""

    def __init__(self, port: int, report: Report) -> None:
        self._port = port
        self._report = report
        self._connection: http.client.HTTPConnection | None = None
        self.known: dict[tuple[str, str], tuple[str, str, bytes]] = {}
        """ETag, date and body of the last answer, by program and address."""
        self.key = ""
        """The edit key of the own calendar, once there is one."""
        self.chosen: set[int] = set()
        """The sessions in it."""
        self.is_sure = True
        """Whether that is so: what became of the last change is known."""

    def ask(
        self,
        what: str,
        path: str,
        headers: dict[str, str],
        *,
        method: str = "GET",
        body: str | None = None,
        is_kept: bool = False,
    ) -> tuple[int, http.client.HTTPMessage, bytes] | None:
        """Return an answer; None if the worker was killed, or said that it cannot answer now."""
        begun = time.monotonic()
        connection = self._connection or http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=PATIENCE
        )
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            got = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._connection = None
            if begun - self._report.killed < CUT or time.monotonic() - self._report.killed < CUT:
                self._report.took("cut off by a kill", 0, time.monotonic() - begun)
            else:
                self._report.fault(f"{method} {path}: {error!r}")
            return None
        self._report.took(what, answer.status, time.monotonic() - begun)
        self._connection = connection if is_kept else None
        if not is_kept:
            connection.close()
        if answer.status >= 500:
            if answer.status != 503 or "Retry-After" not in answer.headers:
                self._report.fault(f"{method} {path}: {answer.status}")
            return None
        return answer.status, answer.headers, got


def poll(caller: Caller, editions: Editions, report: Report, chance: random.Random) -> None:
    """Ask for a feed as some program does."""
    program: Program = chance.choices(PROGRAMS, [each.share for each in PROGRAMS])[0]
    path = chance.choice(list(FEEDS))
    headers = dict(program.headers)
    etag, date, body = caller.known.get((program.name, path), ("", "", b""))
    if etag and program.has_etag:
        headers["If-None-Match"] = etag
    if date and program.has_date:
        headers["If-Modified-Since"] = date
    given = editions.given
    answer = caller.ask("feed", path, headers, is_kept=program.is_kept)
    if answer is None:
        return
    status, got, sent = answer
    if status == 200:
        caller.known[program.name, path] = got["ETag"], got["Last-Modified"], sent
    elif status != 304 or "If-None-Match" not in headers or got["ETag"] != etag:
        report.fault(f"{path}: {status}, {got['ETag']} for {etag}")
        return
    report.fault(editions.of_feed(path, sent if status == 200 else body, given))


def visit(caller: Caller, editions: Editions, report: Report, chance: random.Random) -> None:
    """Look at the agenda."""
    given = editions.given
    if answer := caller.ask("agenda page", PAGE, {}, is_kept=True):
        status, _, body = answer
        if status == 200:
            report.fault(editions.of_titles(PAGE, body.decode(), given))
        else:
            report.fault(f"{PAGE}: {status}")


def choose(caller: Caller, editions: Editions, report: Report, chance: random.Random) -> None:
    """Choose a session, or take one out, and look at the own feed."""
    if not caller.key:
        body = json.dumps({"sessions": []})
        made = caller.ask("change", "/api/calendars", {}, method="POST", body=body)
        if made is None:
            return
        caller.key = json.loads(made[2])["edit_key"]
    headers = {"Authorization": f"Bearer {caller.key}"}
    if not caller.is_sure:
        # A change was cut off: whether it was made, only the calendar itself can tell.
        if (answer := caller.ask("calendar", "/api/calendars/me", headers)) is None:
            return
        choices = json.loads(answer[2])["choices"]
        caller.chosen = {int(each["session"].removeprefix("talk-")) for each in choices}
        caller.is_sure = True
    number = chance.randrange(SESSIONS)
    is_in = number in caller.chosen
    path = f"/api/calendars/me/sessions/{EVENT_ID}/talk-{number}"
    caller.is_sure = False
    changed = caller.ask("change", path, headers, method="DELETE" if is_in else "PUT")
    if changed is None:
        return
    if changed[0] != 200:
        report.fault(f"{path}: {changed[0]}")
        return
    caller.is_sure = True
    caller.chosen ^= {number}
    feed = "/my/" + json.loads(changed[2])["feed"].partition("/my/")[2]
    given = editions.given
    if (answer := caller.ask("personal feed", feed, {})) and caller.chosen:
        text = answer[2].decode().replace("\r\n ", "")
        report.fault(editions.of_titles("a personal feed", text, given, caller.chosen))


Act = Callable[[Caller, Editions, Report, random.Random], None]
ACTS: dict[Act, int] = {poll: POLLERS, visit: VISITORS, choose: PEOPLE}


def play(act: Act, seed: int, site: Site, editions: Editions, report: Report, end: Event) -> None:
    """Do something again and again, as one who has a connection of their own."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    caller = Caller(site.port, report)
    while not end.is_set():
        act(caller, editions, report, chance)


def disturb(seconds: float, site: Site, editions: Editions, report: Report) -> None:
    """Publish and kill, second by second, and note the memory of the workers."""
    begun = time.monotonic()
    published = killed = begun
    for turn in count(1):
        time.sleep(max(0.0, begun + turn - time.monotonic()))
        now = time.monotonic()
        if now - begun >= seconds:
            return
        with suppress(OSError):  # a worker that was killed just now
            report.mebibytes.append(site.process.mebibytes)
        if now - published >= PUBLISH:
            published = now
            for told in editions.publish():
                report.fault(told)
        if now - killed >= KILL:
            killed = report.killed = now
            _kill(site.process, turn)


def _kill(server: Process, turn: int) -> None:
    _, *workers = server.pids
    with suppress(ProcessLookupError):
        os.kill(workers[turn % len(workers)], signal.SIGKILL)


def soak(seconds: float) -> tuple[Report, Editions]:
    """Play all of it for some seconds."""
    report = Report()
    with TemporaryDirectory(prefix="calsvc-") as folder:
        storage = Storage(migrated(f"sqlite:///{Path(folder, 'calsvc.db')}"))
        with closing(storage):
            editions = Editions(storage)
            editions.publish()
            with calsvc(f"sqlite:///{Path(folder, 'calsvc.db')}") as site:
                end = Event()
                players = [
                    Thread(target=play, args=(act, seed, site, editions, report, end))
                    for act, number in ACTS.items()
                    for seed in range(number)
                ]
                for each in players:
                    each.start()
                disturb(seconds, site, editions, report)
                end.set()
                for each in players:
                    each.join()
                for told in editions.publish():  # what waits is judged by then
                    report.fault(told)
    return report, editions


def told(report: Report, editions: Editions) -> str:
    """Return what came out, as Markdown."""
    lines = ["| asked for | answers | p50, ms | p99, ms |", "| --- | ---: | ---: | ---: |"]
    for what, seconds in sorted(report.seconds.items()):
        ordered = sorted(seconds)
        middle, slow = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.99))
        lines.append(f"| {what} | {len(seconds):,} | {middle:.1f} | {slow:.1f} |")
    quarter = max(1, len(report.mebibytes) // 4)
    parts = [report.mebibytes[at : at + quarter] for at in range(0, 4 * quarter, quarter)]
    quarters = ", ".join(f"{median(part):.0f}" for part in parts if part)
    statuses = ", ".join(f"{name}: {number:,}" for name, number in sorted(report.counts.items()))
    return "\n".join(
        (
            *lines,
            "",
            f"{len(editions.titles)} editions. {statuses}.",
            f"The largest worker, MiB, by quarters: {quarters}.",
            f"Wrong: {len(report.wrong)}.",
            *report.wrong[:MOST_TOLD],
        )
    )


@click.command()
@click.option("--minutes", default=20.0, show_default=True, help="How long.")
def main(minutes: float) -> None:
    """Let a site stand all that happens to one, and check each answer."""
    report, editions = soak(minutes * 60)
    click.echo(told(report, editions))
    sys.exit(1 if report.wrong else 0)


if __name__ == "__main__":
    main()
