"""What is asked of whom: feeds, personal calendars from either database, pages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.agendas import NOW, ai_data, made
from bench.load import Ask
from bench.processes import etags, get
from bench.rounds import Contender, Contest, contest
from bench.sites import Site, calsvc, has, nginx, plain, postgresql
from bench.stored import feed_key, fill, migrated
from calsvc.releases import publish_event
from calsvc.schedule.publishing import publish
from calsvc.storage.schedules import Storage

SESSIONS = 500  # of the event that people choose from
FEW = 1000  # calendars, whose feeds fit into the memory of each worker in part
LOCAL = "nginx, static files"
FEEDS = {
    "event feed": "/events/ai-data-2025.ics",
    "filtered feed": "/events/ai-data-2025.ics?kind=panel",
    "one session": "/events/ai-data-2025/sessions/genai-startups.ics",
}
PAGE = "/events/conf/"


class Plan(NamedTuple):
    """How much is asked."""

    rounds: int
    seconds: float
    many: int
    """Personal calendars."""
    asked: int
    """Different personal calendars that are asked for."""
    tell: Callable[[str], None]
    """Takes a word about how far it is."""

    def contest(self, name: str, contenders: list[Contender]) -> Contest:
        """Let contenders take turns."""
        return contest(name, contenders, self.rounds, self.seconds, self.tell)


def publish_both(url: str) -> str:
    """Publish the events that are asked for, and return the address of the database."""
    storage = Storage(migrated(url))
    for event in (ai_data(), made("conf", SESSIONS)):
        publish_event(storage, event, f"{event.id}.yaml")
    storage.close()
    return url


def feeds(plan: Plan) -> Iterator[Contest]:
    """Ask for feeds: in full and, with an ETag, for what changed since."""
    with ExitStack() as stack:
        url = f"sqlite:///{stack.enter_context(TemporaryDirectory(prefix='calsvc-'))}/calsvc.db"
        ours = stack.enter_context(calsvc(publish_both(url)))
        bodies = {f"{number}.ics": get(ours.port, path).body for number, path in _numbered()}
        static = stack.enter_context(nginx(bodies))
        by_icalendar = stack.enter_context(plain(publish(ai_data(), None, NOW)))
        for number, path in _numbered():
            name = list(FEEDS)[number]
            pair = [(LOCAL, static, f"/{number}.ics"), ("calsvc", ours, path)]
            whole = [Contender(who, site, [Ask(each)]) for who, site, each in pair]
            if name == "event feed":
                theirs = Ask("/agenda.ics")
                whole.append(Contender("icalendar on each request", by_icalendar, [theirs]))
            yield plan.contest(f"{name}, 200", whole)
            yield plan.contest(
                f"{name}, 304", [_unchanged(who, site, [Ask(each)]) for who, site, each in pair]
            )


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(FEEDS.values()))


def _unchanged(name: str, site: Site, asks: list[Ask]) -> Contender:
    """Return a contender that is asked for what changed since its answer of just now."""
    paths = [path for path, _ in asks]
    known = zip(paths, etags(site.port, paths), strict=True)
    return Contender(name, site, [Ask(*each) for each in known], 304)


def personal_sqlite(plan: Plan) -> Iterator[Contest]:
    """Ask for personal feeds from SQLite, each request for another calendar."""
    with TemporaryDirectory(prefix="calsvc-") as folder:
        for number in (min(FEW, plan.many), plan.many):
            url = f"sqlite:///{folder}/{number}.db"
            plan.tell(f"storing {number:,} calendars in SQLite")
            fill(publish_both(url), number, made("conf", SESSIONS))
            with calsvc(url) as ours:
                yield from _personal(plan, f"SQLite, {number:,} stored", ours, number)


def personal_postgresql(plan: Plan) -> Iterator[Contest]:
    """Ask for personal feeds from PostgreSQL, each request for another calendar."""
    if not has("postgres"):
        plan.tell("PostgreSQL is not installed, and left out")
        return
    for number in (min(FEW, plan.many), plan.many):
        with postgresql() as (url, storage):
            plan.tell(f"storing {number:,} calendars in PostgreSQL")
            fill(publish_both(url), number, made("conf", SESSIONS))
            with calsvc(url, storage=(storage,)) as ours:
                yield from _personal(plan, f"PostgreSQL, {number:,} stored", ours, number)


def _personal(plan: Plan, where: str, ours: Site, number: int) -> Iterator[Contest]:
    step = max(1, number // plan.asked)
    asks = [Ask(f"/my/{feed_key(each)}/my-calendar.ics") for each in range(0, number, step)]
    with nginx({"personal.ics": get(ours.port, asks[0].path).body}) as static:
        pair = [(LOCAL, static), ("calsvc", ours)]
        whole = [Contender(who, site, asks) for who, site in pair]
        yield plan.contest(f"personal feed, {where}, 200", whole)
        unchanged = [_unchanged(who, site, asks) for who, site in pair]
        yield plan.contest(f"personal feed, {where}, 304", unchanged)


def pages(plan: Plan) -> Iterator[Contest]:
    """Ask for the agenda page of a large event, which is remembered, and not compressed here."""
    with _site() as ours, nginx({"page.html": get(ours.port, PAGE).body}) as static:
        pair = [(LOCAL, static, "/page.html"), ("calsvc", ours, PAGE)]
        whole = [Contender(who, site, [Ask(path)]) for who, site, path in pair]
        yield plan.contest(f"agenda page, {SESSIONS} sessions", whole)


@contextmanager
def _site() -> Iterator[Site]:
    with TemporaryDirectory(prefix="calsvc-") as folder:
        url = publish_both(f"sqlite:///{Path(folder, 'calsvc.db')}")
        with calsvc(url) as site:
            yield site
