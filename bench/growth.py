"""What more sessions and more events cost: in making, in answering, and in memory."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from bench.agendas import made
from bench.load import CONNECTIONS, Ask
from bench.processes import PATIENCE, get
from bench.requests import LOCAL, Plan
from bench.rounds import Contender, Result
from bench.sites import Site, calsvc, nginx
from bench.stored import migrated
from calsvc.releases import publish_event
from calsvc.storage.schedules import Storage

SESSIONS = (30, 500, 5_000, 50_000)
EVENTS = (1, 100, 1_000)
OF_EACH = 50  # sessions of each of many events
OCTETS_A_SECOND = 5_000_000  # on each connection: far fewer than any of the servers send
ROOMS_OF = 25  # sessions for each room of a made event: larger ones have more rooms


class Sessions(NamedTuple):
    """An event of some sessions, alone on a site."""

    sessions: int
    publishing: float
    """Seconds to publish it for the first time."""
    octets: int
    """Of its feed."""
    first: float
    """Seconds until the first octet of its feed came, nothing made yet."""
    filtered: float
    """Seconds until the first octet of a filtered feed came that nobody asked for before."""
    whole: Result
    """The feed in full, beside static files."""
    unchanged: Result
    """The same with an ETag, beside static files."""
    mebibytes: float
    """Memory of a worker, after all of that."""


class Events(NamedTuple):
    """A site of some events."""

    events: int
    started: float
    """Seconds from the start until the first answer."""
    all_feeds: float
    """Seconds from the first start until the feed of every event was sent."""
    again: float
    """The same from the next start on, when what is written of each is recorded."""
    mebibytes: float
    """Memory of a worker, after all of that."""


def sessions(plan: Plan, sizes: Sequence[int] = SESSIONS) -> Iterator[Sessions]:
    """Measure events of more and more sessions."""
    for size in sizes:
        with TemporaryDirectory(prefix="calsvc-") as folder:
            url = f"sqlite:///{Path(folder, 'calsvc.db')}"
            plan.tell(f"publishing {size:,} sessions")
            publishing = _publish(url, [("conf", size)])
            with calsvc(url) as ours:
                yield _of_sessions(plan, size, publishing, ours)


def _of_sessions(plan: Plan, size: int, publishing: float, ours: Site) -> Sessions:
    path = "/events/conf.ics"
    answer = get(ours.port, path)
    filtered = get(ours.port, f"{path}?kind=!break")
    etag = Ask(path, answer.etag)
    # Long enough for an answer on each connection, however large it is.
    plan = plan._replace(seconds=max(plan.seconds, len(answer.body) / OCTETS_A_SECOND))
    with nginx({"conf.ics": answer.body}) as static:
        file = "/conf.ics"
        whole = [Contender(LOCAL, static, [Ask(file)]), Contender("calsvc", ours, [Ask(path)])]
        unchanged = [
            Contender(LOCAL, static, [Ask(file, get(static.port, file).etag)], 304),
            Contender("calsvc", ours, [etag], 304),
        ]
        _, in_full = plan.contest(f"{size:,} sessions, 200", whole).results
        _, not_at_all = plan.contest(f"{size:,} sessions, 304", unchanged).results
    return Sessions(
        size,
        publishing,
        len(answer.body),
        answer.seconds,
        filtered.seconds,
        in_full,
        not_at_all,
        ours.process.mebibytes,
    )


def events(plan: Plan, numbers: Sequence[int] = EVENTS) -> Iterator[Events]:
    """Measure sites of more and more events."""
    for number in numbers:
        with TemporaryDirectory(prefix="calsvc-") as folder:
            url = f"sqlite:///{Path(folder, 'calsvc.db')}"
            plan.tell(f"publishing {number:,} events")
            names = [f"conf-{each}" for each in range(number)]
            _publish(url, [(name, OF_EACH) for name in names])
            with calsvc(url) as ours:
                all_feeds = _ask_for_all(ours, names)
            with calsvc(url) as ours:
                again = _ask_for_all(ours, names)
                yield Events(number, ours.started, all_feeds, again, ours.process.mebibytes)


def _publish(url: str, wanted: Sequence[tuple[str, int]]) -> float:
    """Publish events of some sessions each; return the seconds that it took."""
    storage = Storage(migrated(url))
    taken = 0.0
    for event_id, size in wanted:
        event = made(event_id, size, rooms=max(2, size // ROOMS_OF))
        begun = perf_counter()
        publish_event(storage, event, f"{event_id}.yaml")
        taken += perf_counter() - begun
    storage.close()
    return taken


def _ask_for_all(site: Site, names: Sequence[str]) -> float:
    """Ask for every feed; return the seconds from the start of the server until all were sent."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        shares = [names[first::CONNECTIONS] for first in range(CONNECTIONS)]
        list(threads.map(_ask, repeat(site.port), shares))
    return perf_counter() - site.process.begun


def _ask(port: int, names: Sequence[str]) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for name in names:
            connection.request("GET", f"/events/{name}.ics")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the feed of {name} answers {answer.status}")
