"""A venue: a site, a bad line to it, and browsers that keep what they opened."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, local
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from browser import View
from conftest import schedule_of
from flask import Flask
from people import MySite, my_site_of
from playwright.sync_api import Browser, Page
from servers import Quiet, free_port, get, listening
from waiting import eventually

from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2032-06-15, to: 2032-06-16}
    sessions:
      - {id: opening, title: Opening, when: 2032-06-15 09:00-09:30, room: Hall A}
      - id: snakes
        title: Snakes
        when: 2032-06-15 10:00-11:00
        room: Hall B
        track: Animals
        people: [Ada Example]
      - {id: trees, title: Trees, when: 2032-06-16 10:00-11:00, room: Hall A, track: Plants}
      - {id: owls, title: Owls, when: 2032-06-16 23:30-00:30+1, room: Hall B, track: Animals}
    """
NEWER = AGENDA.replace("Snakes", "Better Snakes")
EVENT, DAYS = "/events/conf/", "/events/conf/days/"
DAY = f"{DAYS}2032-06-16/"
SNAKES, TREES = f"{EVENT}sessions/snakes/", f"{EVENT}sessions/trees/"
MY = "/my/"
KEEPS = View(keeps=True, width=390)
NOON = datetime(2032, 6, 14, 12, 0, tzinfo=UTC)
COPIES = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("calsvc:pages:"));
  const found = {};
  for (const name of names) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const copy = await pages.match(request, {ignoreVary: true});
      if (copy) found[new URL(request.url).pathname] = await copy.text();
    }
  }
  return found;
}"""


@dataclass
class Line:
    """The way from a browser to a site, on which answers are dated, held up or lost."""

    app: Callable[..., Iterable[bytes]]
    now: datetime | None = None
    """The site's clock; None for that of this machine."""
    held: dict[str, Event] = field(default_factory=dict)
    """By their paths, answers that wait until something happens."""
    status: dict[str, str] = field(default_factory=dict)
    """By their paths, what is answered by something in front of the site."""
    headers: dict[str, str] = field(default_factory=dict)
    """By their paths, what Cache-Control says in place of what the site said."""
    asked: list[str] = field(default_factory=list)
    """Methods and paths of all requests."""
    answering: local = field(default_factory=local)
    """When the answer of a thread was made."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        held = self.held.get(path)  # whatever happens to others from now on
        self.asked.append(f"{environ['REQUEST_METHOD']} {path}")
        begun: list[Any] = []
        if path in self.status:
            body = [b"<!doctype html><title>Gate</title><h1>Gate</h1>"]
            begun = [self.status[path], [("Content-Type", "text/html")]]
        else:
            body = list(self.app(environ, lambda *words: begun.extend(words)))
        status, headers = begun[:2]
        self.answering.now = self.now or datetime.now(UTC)
        if path in self.headers:
            headers = [each for each in headers if each[0] != "Cache-Control"]
            headers.append(("Cache-Control", self.headers[path]))
        if held:
            held.wait(60)
        start_response(status, headers)
        return body

    def handler(self) -> type[Quiet]:
        """Return what dates an answer by when it was made, however late it is sent."""
        answering = self.answering

        class Dated(Quiet):
            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(answering.now.timestamp())

        return Dated


@dataclass(frozen=True)
class Venue:
    """A site with personal calendars, and the line to it."""

    url: str
    line: Line
    own: MySite


PATIENCE = "const PATIENCE = 4_000;"
"""As the worker says for how long it waits for the network, on a machine that is not busy."""


@contextmanager
def serving(folder: Path, path: str = "", patience: int = 600_000) -> Iterator[Venue]:
    """Serve a site while the block runs, below a path if one is given.

    Where it has a copy, the worker waits for the network for ``patience`` milliseconds.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}{path}"
    own = my_site_of(folder, schedule_of(AGENDA), base_url=url)
    app = app_of(own)
    shutil.copytree(str(app.static_folder), folder / "static")
    app.static_folder = str(folder / "static")
    worker = folder / "static" / "offline.js"
    before, after = worker.read_text("utf-8").split(PATIENCE)
    worker.write_text(f"{before}const PATIENCE = {patience};{after}", "utf-8")
    line = Line(app.wsgi_app)
    app.wsgi_app = line  # type: ignore[method-assign]
    with listening(app, port, line.handler()):
        try:
            yield Venue(url, line, own)
        finally:
            for held in line.held.values():
                held.set()


def app_of(own: MySite) -> Flask:
    """Return an application, with the personal calendars of a site."""
    return create_app(own.live, Calendars(own.storage.database), own.settings)


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    """A site of one event of two days."""
    with serving(tmp_path) as found:
        yield found


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that was never there, whose faults are not judged."""
    with chromium.new_context(locale="en-US", timezone_id="America/New_York") as context:
        yield context.new_page()


def copies(page: Page) -> dict[str, str]:
    """Return what the browser keeps, by paths."""
    found: dict[str, str] = page.evaluate(COPIES)
    return found


def keep(page: Page, *paths: str) -> None:
    """Open pages, and wait until the browser keeps them."""
    site = "/".join(page.url.split("/")[:3])
    for path in paths:
        page.goto(site + path)
        eventually(lambda path=path: path in copies(page))  # type: ignore[misc]


def titles(page: Page) -> list[str]:
    """Return the titles of the sessions that are seen."""
    return page.locator("article:visible h3").all_inner_texts()


def summaries(address: str) -> list[str]:
    """Return the titles of what a calendar program finds at an address."""
    _, body = get(address)
    return sorted(re.findall(r"^SUMMARY:(.+)\r$", body.decode(), re.MULTILINE))


def files(page: Page) -> set[str]:
    """Return the addresses of the static files that the browser keeps."""
    found: list[str] = page.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("calsvc:files:"));
          const open = await Promise.all(names.map((name) => caches.open(name)));
          const kept = await Promise.all(open.map((each) => each.keys()));
          return kept.flat().map(({url}) => url.slice(location.origin.length));
        }"""
    )
    return set(found)
