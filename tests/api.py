"""The API of a site, and what it answers in full."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE_URL, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import MAX_SESSIONS, derived
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE
from calsvc.web.views.api import OPERATIONS, Operation

CONF = schedule_of(
    """
    name: Conf
    series: Confs
    timezone: Europe/Berlin
    date: 2027-06-15
    venue: {name: Old Hall, address: Street 1}
    url: https://conf.example.org/
    description: Talks.
    tracks: [Data]
    sessions:
      - id: opening
        title: Opening
        kind: opening
        when: 09:00-09:30
        room: Hall A
        track: Data
        tags: [start]
        language: en
        level: all
        people: ["Ada Example, Engines"]
        description: The *start*.
      - {id: talk, title: "A <Talk>", when: 09:20-10:00, room: Hall B, status: tentative}
      - {id: posters, title: Posters, kind: poster-session, when: [10:00-11:00, 14:00-15:00]}
      - {id: one, title: One, kind: poster, part_of: posters, url: "https://one.example.org/"}
      - {id: later, title: Later}
      - {id: gone, title: Gone, status: cancelled, when: 16:00-17:00}
    """
)
MANY = schedule_of(
    "name: Many\ntimezone: UTC\ndate: 2027-06-16\nsessions:\n"
    + "".join(f"  - {{id: s{number}, title: S}}\n" for number in range(MAX_SESSIONS + 1)),
    "many",
)
UIDS = {
    session.id: [str(entry.uid) for entry in CONF.of_session(session.id)]
    for session in CONF.event.sessions
}
ME = "/api/calendars/me"
KEY = re.compile(r"[A-Za-z0-9_-]{32}")
EVENTS = "The events are: conf, many."
SESSIONS = "The sessions are: gone, later, one, opening, posters, talk."


@dataclass(frozen=True)
class Api:
    """A site with personal calendars in an SQLite file."""

    app: Flask
    calendars: Calendars
    path: Path

    @property
    def client(self) -> FlaskClient:
        """A client that keeps no cookies."""
        return self.app.test_client(use_cookies=False)

    def make(self, **body: object) -> dict[str, Any]:
        """Make a calendar; return the whole answer."""
        response = self.client.post("/api/calendars", json=body)
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json
        return answer

    def call(self, key: str, method: str, address: str = "", **options: Any) -> TestResponse:
        """Call an operation on the calendar of an edit key."""
        headers = {"Authorization": f"Bearer {key}"}
        return self.client.open(f"{ME}{address}", method=method, headers=headers, **options)


def api_of(folder: Path, *schedules: Schedule, **options: Any) -> Api:
    """Return a site of these events, with settings that differ from the default."""
    storage = Storage(f"sqlite:///{folder / 'calsvc.db'}")
    storage.migrate()
    calendars = Calendars(storage.database)
    given_settings = Settings(**{"new_calendars": 0, **options})
    app = create_app(Live(schedules, BASE_URL), calendars, given_settings)
    return Api(app, calendars, folder / "calsvc.db")


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Api:
    """A site for tests that each make calendars of their own."""
    return api_of(tmp_path_factory.mktemp("site"), CONF, MANY)


@pytest.fixture
def key(api: Api) -> str:
    """The edit key of a calendar of one's own."""
    made: str = api.make()["edit_key"]
    return made


def chosen(*sessions: str, slot: str | None = None) -> list[dict[str, str | None]]:
    """Return choices as the API shows them."""
    return [{"event": "conf", "session": session, "slot": slot} for session in sessions]


def shown(session: str, place: int = 0) -> dict[str, object]:
    """Return a chosen session as the API shows it at one of its times."""
    entry = CONF.of_session(session)[place]
    slot = entry.content.slot
    return {
        "uid": UIDS[session][place],
        "start": f"{slot.local_start:%Y-%m-%dT%H:%M}:00+02:00" if slot else None,
        "end": f"{slot.local_end:%Y-%m-%dT%H:%M}:00+02:00" if slot else None,
        "is_all_day": False,
        "timezone": "Europe/Berlin" if slot else None,
        "room": entry.content.room,
        "status": entry.content.status,
        "event": "conf",
        "session": session,
        "title": entry.content.title,
    }


def calendar(key: str, generation: int = 1, **changed: object) -> dict[str, object]:
    """Return the whole answer for a calendar that is new but for what is given."""
    feed = f"{BASE_URL}/my/{derived(key, 'feed', generation)}/my-calendar.ics"
    quoted = feed.replace(":", "%3A").replace("/", "%2F")
    outlook = f"calendar/0/addfromweb/?url={quoted}&name=My%20calendar"
    return {
        "name": "My calendar",
        "alarm": None,
        "busy": True,
        "cancelled": "status",
        "feed": feed,
        "links": {
            "apple": feed.replace("https://", "webcal://"),
            "icsx5": feed.replace("https://", "webcals://"),
            "google": f"https://calendar.google.com/calendar/r?cid={quoted}",
            "google_by_hand": "https://calendar.google.com/calendar/r/settings/addbyurl",
            "outlook": f"https://outlook.live.com/{outlook}",
            "microsoft365": f"https://outlook.office.com/{outlook}",
            "copy": feed,
        },
        "shared": None,
        "choices": [],
        "sessions": [],
        "overlaps": [],
        **changed,
    }


def problem(status: int, title: str, detail: str) -> dict[str, object]:
    """Return the body of an error (RFC 9457)."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


def answered(response: TestResponse) -> tuple[int, str, object]:
    """Return status, content type and body of an answer."""
    return response.status_code, response.content_type, response.json


def refused(status: int, title: str, detail: str) -> tuple[int, str, object]:
    """Return what an error is answered with."""
    return status, "application/problem+json", problem(status, title, detail)


def path_of(address: str) -> str:
    """Return the path of an address of this site."""
    assert address.startswith(BASE_URL)
    return address.removeprefix(BASE_URL)


NEEDING_KEY = [operation for operation in OPERATIONS if operation.needs_key]


def arguments(operation: Operation) -> tuple[str, dict[str, Any]]:
    """Return an address for an operation, and what to send with it."""
    address = f"/api{operation.path}".replace("{event}", "conf").replace("{session}", "opening")
    bodies: dict[str, object] = {"Choices": {"sessions": []}, "CalendarChange": {"alarm": 5}}
    body = operation.body and bodies[operation.body.__name__]
    return address, {"method": operation.method, **({"json": body} if operation.body else {})}


def with_cookie(api: Api, key: str) -> FlaskClient:
    """Return a browser that has a calendar's cookie."""
    browser = api.app.test_client()
    browser.set_cookie(COOKIE, key)
    return browser
