"""Somebody else's site, whose pages show events."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest
from agendas import agenda_on_now
from browser import OpenPage, View
from conftest import event_of
from desk import storage_of_events
from flask import Flask
from overheard import Ears
from playwright.sync_api import Locator, Page, expect
from readers import faults, read_ical
from servers import free_port, listening
from waiting import eventually

from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, withdraw
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.site import Site

EVENT = "ai-data-2025"
SESSIONS = {
    "agentic-evals": "Agentic Evals",
    "genai-startups": "Live Panel: GenAI Startups",
    "closing-remarks": "Closing Remarks",
}
AGENDA = f'<calsvc-agenda event="{EVENT}"><a href="/">Agenda</a></calsvc-agenda>'
SESSION = f'<calsvc-session event="{EVENT}" session="genai-startups"></calsvc-session>'
DAYS = '<calsvc-agenda event="days"><a href="/">Agenda</a></calsvc-agenda>'
"""The agenda of three days, which is on."""
SUBSCRIBE = f'<calsvc-subscribe event="{EVENT}" kind="panel"></calsvc-subscribe>'
WITHDRAWN = "{name: Withdrawn, timezone: Europe/Berlin, date: 2027-01-10}"
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A conference</title>
<link rel="icon" href="/style.css">
<link rel="stylesheet" href="/style.css">
{script}
</head>
<body>
<main><h1>A conference</h1>{content}</main>
</body>
</html>
"""
SCRIPT = '<script src="{site}/embed.js"></script>'
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " script-src {site}; connect-src {site}; frame-src {site};"
    " require-trusted-types-for 'script'; trusted-types calsvc"
)


@dataclass
class Sites:
    """The site of events, and one of somebody else."""

    events: str
    host: str
    site: Site
    """What the site of events keeps calendars with."""
    pages: dict[str, str] = field(default_factory=dict)
    """What stands on pages of the host, by path."""
    style: str = ""
    script: str = SCRIPT
    """What loads the script."""
    policy: str = POLICY

    def app(self) -> Flask:
        """Return the host."""
        app = Flask("host", static_folder=None)

        @app.get("/style.css")
        def style() -> tuple[str, dict[str, str]]:
            return self.style, {"Content-Type": "text/css"}

        @app.get("/<path>")
        def page(path: str) -> tuple[str, dict[str, str]]:
            language, _, content = self.pages[path].partition(":")
            script = self.script.format(site=self.events)
            html = PAGE.format(language=language, script=script, content=content)
            return html, {"Content-Security-Policy": self.policy.format(site=self.events)}

        return app


@contextmanager
def ready_app(folder: Path, url: str, events: Mapping[str, str] | None = None) -> Iterator[Flask]:
    """Make the site of events, with real ones and texts of others by id, and stars.

    One that is called withdrawn is.
    """
    storage, others = storage_of_events(folder), events or {}
    for event_id, text in others.items():
        publish_event(storage, event_of(text, event_id), f"{event_id}.yaml")
    for event_id in others.keys() & {"withdrawn"}:
        withdraw(storage, event_id)
    live, calendars = Live((), url), Calendars(storage.database)
    Follower(live, storage, calendars).step()
    yield create_app(live, calendars)
    storage.close()


@contextmanager
def listening_sites(
    folder: Path, ears: Ears, events: Mapping[str, str] | None = None
) -> Iterator[Sites]:
    """Serve both of them while the block runs."""
    port, host_port = free_port(), free_port()
    # Another name makes it another site too, to which no cookie would go.
    url, host = f"http://127.0.0.1:{port}", f"http://localhost:{host_port}"
    with ready_app(folder, url, events) as app:
        sites = Sites(url, host, app.extensions["calsvc"])
        host_app = sites.app()
        for each in (app, host_app):
            ears.listen(each, url)
        with listening(app, port), listening(host_app, host_port):
            yield sites


@pytest.fixture(scope="session")
def both_sites(tmp_path_factory: pytest.TempPathFactory, ears: Ears) -> Iterator[Sites]:
    """Both of them."""
    events = {"days": agenda_on_now(), "withdrawn": WITHDRAWN}
    with listening_sites(tmp_path_factory.mktemp("site"), ears, events) as sites:
        yield sites


@pytest.fixture
def sites(both_sites: Sites) -> Sites:
    """Both sites; the host is plain, and anybody may make calendars."""
    both_sites.site.new_calendars.hourly = 0
    both_sites.pages = {}
    both_sites.style, both_sites.script, both_sites.policy = "", SCRIPT, POLICY
    return both_sites


OpenHost = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def open_host(sites: Sites, open_page: OpenPage) -> OpenHost:
    """Open a page of the host, which may ask the site of events for things, and no other."""

    def opened(
        content: str, view: View | None = None, language: str = "en"
    ) -> AbstractContextManager[Page]:
        sites.pages["page"] = f"{language}:{content}"
        return open_page(f"{sites.host}/page", view, others=[sites.events])

    return opened


def star(page: Page, session: str, element: str = "calsvc-agenda") -> Locator:
    """Return the button that chooses a session."""
    return page.locator(f"{element} button[name=session][value={session}]")


def is_pressed(button: Locator, wanted: bool = True) -> None:
    """See a star pressed, or not."""
    expect(button).to_have_attribute("aria-pressed", "true" if wanted else "false")


def choose(page: Page, *sessions: str) -> None:
    """Press the stars of sessions in the agenda, and see them pressed."""
    for session in sessions:
        star(page, session).click()
        is_pressed(star(page, session))


def feed_of(page: Page) -> str:
    """Return the address that the agenda has for calendar programs, when it is there."""
    page.locator("calsvc-agenda summary", has_text="My calendar").click()
    field = page.locator("calsvc-agenda details[data-calendar] input")
    expect(field).to_have_value(re.compile(r"\.ics$"))
    return field.input_value()


def titles_in(feed: str) -> list[str]:
    """Return what a calendar program finds at an address, sorted."""
    with urlopen(feed) as answer:  # noqa: S310 -- of this machine
        octets = answer.read()
    assert faults(octets) == []
    return sorted(entry.summary for entry in read_ical(octets))


def fill(feed: str, *sessions: str) -> None:
    """Wait until a feed has these sessions and no others."""
    eventually(lambda: titles_in(feed) == sorted(SESSIONS[each] for each in sessions))


def key_of(page: Page, sites: Sites) -> str | None:
    """Return the key that the host page keeps."""
    found: str | None = page.evaluate("name => localStorage[name]", f"calsvc:{sites.events}")
    return found
