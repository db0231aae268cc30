"""People with browsers, and a site where each may have a calendar."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE_URL, event_of, schedule_of
from flask.testing import FlaskClient
from pages import Form, Page
from readers import faults
from waiting import eventually
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIES

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2032-06-15
    venue: Old Hall
    sessions:
      - {id: opening, title: Opening, when: 09:00-09:30, room: Hall A}
      - {id: talk, title: Talk, when: 09:20-10:00, room: Hall B}
      - {id: posters, title: Posters, kind: poster-session, when: [10:00-11:00, 14:00-15:00]}
      - {id: one, title: One, kind: poster, part_of: posters}
      - {id: later, title: Later}
      - {id: closing, title: Closing, when: 16:00-17:00}
"""
CONF = schedule_of(AGENDA)
OTHER = schedule_of(
    """
    name: Other
    timezone: America/Los_Angeles
    date: 2033-01-10
    sessions:
      - {id: keynote, title: Keynote, when: 09:00-10:00}
      - id: abroad
        title: Abroad
        when: {start: 2033-01-11 08:00, duration: 60, timezone: Asia/Tokyo}
    """,
    "other",
)


def uid_of(session: str, place: int = 0) -> str:
    """Return the uid of a session's entry, by default of its first."""
    return str(CONF.of_session(session)[place].uid)


class Browser:
    """A person's browser: it keeps cookies, and says which site a form is of."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: list[TestResponse] = []

    def get(self, address: str, **options: Any) -> TestResponse:
        """Return what an address gives."""
        return self._seen(self.client.get(address.removeprefix(BASE_URL), **options))

    def page(self, address: str = "/my/") -> Page:
        """Return a page."""
        response = self.get(address)
        assert response.status_code == 200
        return Page(response)

    def send(self, form: Form, **changed: str | None) -> TestResponse:
        """Send a form with other values in some fields; None leaves one out."""
        assert form.method == "post"
        fields = [(name, value) for name, value in form.fields if name not in changed]
        fields += [(name, value) for name, value in changed.items() if value is not None]
        return self.post(form.action, fields)

    def post(
        self, path: str, fields: list[tuple[str, str]], origin: str = BASE_URL
    ) -> TestResponse:
        """Send fields as a form of a site does."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return self._seen(self.client.post(path, data=data, headers={"Origin": origin}))

    def choose(self, *sessions: str, event: str = "conf") -> None:
        """Choose sessions, whenever they are on."""
        for session in sessions:
            assert self.post("/my/add", [("event", event), ("session", session)]).status_code == 303

    @property
    def key(self) -> str:
        """Return the edit key that the browser keeps."""
        [cookie] = filter(None, map(self.client.get_cookie, COOKIES))
        return str(cookie.value)

    @property
    def address(self) -> str:
        """Return the path of the feed, as the page shows it."""
        address = self.page().values["feed"]
        assert address.startswith(f"{BASE_URL}/my/")
        return address.removeprefix(BASE_URL)

    def feed(self) -> bytes:
        """Return the personal feed, as any program gets it."""
        response = self.client.application.test_client().get(self.address)
        assert response.status_code == 200
        body: bytes = response.data
        assert faults(body) == []
        return body

    def _seen(self, response: TestResponse) -> TestResponse:
        self.seen.append(response)
        return response


@dataclass(frozen=True)
class MySite:
    """A site whose schedules and calendars are in an SQLite file."""

    live: Live
    storage: Storage
    path: Path
    settings: Settings

    def browser(self) -> Browser:
        """Return a browser that was never here."""
        calendars = Calendars(self.storage.database)
        app = create_app(self.live, calendars, self.settings)
        return Browser(app.test_client())

    def publish(self, text: str, event_id: str = "conf") -> Schedule:
        """Publish a changed agenda, and let the site see it."""
        event = event_of(text, event_id)

        def draft(version: object, previous: Schedule | None) -> Draft:
            assert previous
            newer = publish(event, previous, previous.published + timedelta(days=1))
            return Draft(newer, "", changes=changes(previous, newer))

        self.storage.append(event_id, draft)
        self.follow()
        newest = self.storage.newest(event_id)
        assert newest
        return newest[1]

    def follow(self) -> None:
        """Look for what is new in storage, as a server does twice in a second."""
        Follower(self.live, self.storage, Calendars(self.storage.database)).step()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let the database be away while the block runs."""
        away = self.path.with_name("away.db")
        self.path.rename(away)
        try:
            yield
        finally:
            away.rename(self.path)


def my_site_of(
    folder: Path, *schedules: Schedule, base_url: str = BASE_URL, **options: Any
) -> MySite:
    """Return a site of these events, with settings that differ from the default."""
    path = folder / "calsvc.db"
    storage = Storage(f"sqlite:///{path}")
    storage.migrate()
    for schedule in schedules:
        storage.append(schedule.event.id, lambda _, __, schedule=schedule: Draft(schedule, ""))
    settings = Settings(**{"new_calendars": 0, "changes": 0, **options})
    site = MySite(Live((), base_url), storage, path, settings)
    site.follow()
    return site


@pytest.fixture(scope="session")
def two_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which two events are published."""
    site = my_site_of(tmp_path_factory.mktemp("events"), CONF, OTHER)
    site.storage.close()
    return site.path


@pytest.fixture
def my_site(two_events: Path, tmp_path: Path) -> MySite:
    """A site of two events."""
    shutil.copy(two_events, tmp_path)
    return my_site_of(tmp_path)


@pytest.fixture
def person(my_site: MySite) -> Browser:
    """A browser that was never here."""
    return my_site.browser()


def shared_by(person: Browser) -> str:
    """Let a person share the choice; return the page's path."""
    person.send(person.page().form("/my/share", share="yes"))
    return person.page().values["shared"].removeprefix(BASE_URL)


HOSTILE_NAME = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>&amp;{{ 7 * 7 }}"


def settled(person: Browser, address: str) -> TestResponse:
    """Return a feed once the second of its last change is over, in which it may change again."""

    def is_settled() -> bool:
        date = person.get(address).headers["Last-Modified"]
        return person.get(address, headers={"If-Modified-Since": date}).status_code == 304

    eventually(is_settled)
    return person.get(address)
