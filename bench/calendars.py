"""How long a personal feed takes among few calendars and among very many, and their size.

Run ``python -m bench.calendars`` for SQLite; for PostgreSQL, add
``--database postgresql://USER@HOST/NAME``: it creates two databases and drops them again.
Requests alternate between few and many, so a busy machine slows both alike.
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

import click
import sqlalchemy as sa
from flask.testing import FlaskClient

from calsvc.agenda import eventfile
from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice, Itinerary, Options, derived, hashed, new_edit_key
from calsvc.schedule.publishing import publish
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database
from calsvc.web.app import create_app

AI_DATA = Path(__file__).parent.parent / "events" / "ai-data-2025.yaml"
BASE_URL = "https://calendar.example.org"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEW = 1000
KINDS = 1000  # different choices: each row holds one of them
SHARED = 0.05  # of all calendars
ROTATED = 0.1  # of all calendars: each has one retired address
BATCH = 20_000  # rows at once
REQUESTS = 1000
KNOWN = 5000  # keys used in requests


class Site(NamedTuple):
    """A database of calendars, with a site that reads it."""

    database: Database
    client: FlaskClient
    calendars: Calendars
    keys: list[str]
    """Feed keys, a random sample."""
    size: int
    """Octets of the database."""


@click.command()
@click.option("--database", help="A PostgreSQL to make two databases in; SQLite files if none.")
@click.option("--many", default=1_000_000, show_default=True, help="Number of calendars.")
def main(database: str | None, many: int) -> None:
    """Print a table of times, among few calendars and among many."""
    event = eventfile.read(AI_DATA)
    schedule = publish(event, None, NOW)
    with _databases(database) as (one, other):
        few, lots = (_site(url, number, schedule) for url, number in ((one, FEW), (other, many)))
        steps: dict[str, Callable[[Site, str], object]] = {
            "a personal feed": _fetch,
            "the look-up of its row": lambda site, key: site.calendars.of_feed(key),
            "a key that never was": lambda site, key: _missing(site),
        }
        print(f"{'':26}{f'among {FEW:,}':>22}{f'among {many:,}':>22}{'ratio':>8}")
        print(f"{'ms':26}" + f"{'median':>12}{'p95':>10}" * 2)
        for name, step in steps.items():
            first, second = _measured(step, few, lots)
            row = "".join(f"{middle:12.3f}{slow:10.3f}" for middle, slow in (first, second))
            print(f"{name:26}{row}{second[0] / first[0]:8.2f}")
        sizes = f"{few.size / 1e6:19.1f} MB{lots.size / 1e6:19.1f} MB"
        print(f"{'the database':26}{sizes}, {lots.size / many:.0f} octets a calendar")
        for site in (few, lots):
            site.database.close()


@contextmanager
def _databases(url: str | None) -> Iterator[tuple[str, str]]:
    """Give the addresses of two empty databases, and remove them after the block."""
    if url is None:
        with tempfile.TemporaryDirectory(prefix="calsvc-") as folder:
            yield f"sqlite:///{folder}/few.db", f"sqlite:///{folder}/many.db"
        return
    parts = sa.make_url(url)
    names = [f"{parts.database}_{name}" for name in ("few", "many")]
    engine = sa.create_engine(
        parts.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            one, other = (
                parts.set(database=name).render_as_string(hide_password=False) for name in names
            )
            yield one, other
        finally:
            for name in names:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _site(url: str, number: int, schedule: Schedule) -> Site:
    """Return a site whose database holds that many calendars."""
    database = Database(url)
    database.migrate()
    keys = _fill(database, number, schedule)
    calendars = Calendars(database)
    app = create_app(Live([schedule], BASE_URL), calendars, Settings(new_calendars=0))
    with database.transaction() as connection:
        if connection.dialect.name == "sqlite":
            size = Path(url.removeprefix("sqlite:///")).stat().st_size
        else:
            asked = sa.select(sa.func.pg_database_size(sa.func.current_database()))
            size = connection.execute(asked).scalar_one()
    return Site(database, app.test_client(), calendars, keys, size)


def _fill(database: Database, number: int, schedule: Schedule) -> list[str]:
    """Store calendars as people would have made them; return some of their feed keys."""
    chance = random.Random(number)  # noqa: S311 -- no secret
    choices = _choices(schedule, chance)
    kept: list[str] = []
    for start in range(0, number, BATCH):
        rows, retired = [], []
        for _ in range(start, min(start + BATCH, number)):
            edit_key = new_edit_key()
            generation = 2 if chance.random() < ROTATED else 1
            share = 1 if chance.random() < SHARED else 0
            feed_key = derived(edit_key, "feed", generation)
            if generation > 1:
                retired.append({"hash": hashed(derived(edit_key, "feed", 1))})
            if chance.random() < KNOWN / number:
                kept.append(feed_key)
            rows.append(
                {
                    "edit_hash": hashed(edit_key),
                    "feed_hash": hashed(feed_key),
                    "share_hash": hashed(derived(edit_key, "share", 1)) if share else None,
                    "itinerary": choices[generation, share][chance.randrange(KINDS)],
                    "used": str(date(2025, 6, 1) + timedelta(days=chance.randrange(365))),
                }
            )
        with database.transaction(write=True) as connection:
            for name, values in (("calendars", rows), ("retired_keys", retired)):
                table = sa.Table(name, sa.MetaData(), autoload_with=connection)
                if values:
                    connection.execute(sa.insert(table), values)
        if sys.stderr.isatty():
            print(f"\r{start + len(rows):,} calendars ", end="", file=sys.stderr, flush=True)
    return kept


def _choices(schedule: Schedule, chance: random.Random) -> dict[tuple[int, int], list[str]]:
    """Return choices as they are stored, by generation and share."""
    sessions = [session.id for session in schedule.event.sessions]
    made = {}
    for generation in (1, 2):
        for share in (0, 1):
            made[generation, share] = [
                Itinerary(
                    choices=tuple(
                        Choice(event=schedule.event.id, session=session)
                        for session in chance.sample(sessions, chance.randint(1, 20))
                    ),
                    options=Options(alarm=chance.choice([None, 10])),
                    generation=generation,
                    share=share,
                    created=NOW.date(),
                    revised=NOW,
                ).model_dump_json(exclude_defaults=True)
                for _ in range(KINDS)
            ]
    return made


def _fetch(site: Site, key: str) -> None:
    response = site.client.get(f"/my/{key}/my-calendar.ics")
    assert response.status_code == 200


def _missing(site: Site) -> None:
    response = site.client.get(f"/my/{new_edit_key()}/my-calendar.ics")
    assert response.status_code == 404


def _measured(step: Callable[[Site, str], object], *sites: Site) -> list[tuple[float, float]]:
    """Return the median and the 95th percentile of a step at each site, in milliseconds."""
    times: list[list[float]] = [[] for _ in sites]
    for number in range(REQUESTS):
        for site, taken in zip(sites, times, strict=True):
            key = site.keys[number * 7919 % len(site.keys)]
            start = perf_counter()
            step(site, key)
            if number >= REQUESTS // 10:  # the first ones render the blocks and fill caches
                taken.append((perf_counter() - start) * 1000)
    return [(median(taken), quantiles(taken, n=20)[-1]) for taken in times]


if __name__ == "__main__":
    main()
