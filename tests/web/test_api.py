"""The API: each operation by its whole answer, what it refuses, and who may call it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from conftest import BASE_URL, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from readers import untraced
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31
from werkzeug.test import TestResponse

from calsvc import __version__
from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import MAX_SESSIONS, derived, hashed, new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.app import MAX_BODY, create_app
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
class Site:
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


def site_of(folder: Path, *schedules: Schedule, **options: Any) -> Site:
    """Return a site of these events, with settings that differ from the default."""
    storage = Storage(f"sqlite:///{folder / 'calsvc.db'}")
    storage.migrate()
    calendars = Calendars(storage.database)
    given_settings = Settings(**{"new_calendars": 0, **options})
    app = create_app(Live(schedules, BASE_URL), calendars, given_settings)
    return Site(app, calendars, folder / "calsvc.db")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site for tests that each make calendars of their own."""
    return site_of(tmp_path_factory.mktemp("site"), CONF, MANY)


@pytest.fixture
def key(site: Site) -> str:
    """The edit key of a calendar of one's own."""
    made: str = site.make()["edit_key"]
    return made


def chosen(*sessions: str, slot: str | None = None) -> list[dict[str, str | None]]:
    """Return choices as the API shows them."""
    return [{"event": "conf", "session": session, "slot": slot} for session in sessions]


def shown(session: str, place: int = 0) -> dict[str, str | None]:
    """Return a chosen session as the API shows it at one of its times."""
    entry = CONF.of_session(session)[place]
    slot = entry.content.slot
    return {
        "uid": UIDS[session][place],
        "start": f"{slot.local_start:%Y-%m-%dT%H:%M}:00+02:00" if slot else None,
        "end": f"{slot.local_end:%Y-%m-%dT%H:%M}:00+02:00" if slot else None,
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


# --- agendas ------------------------------------------------------------------------------

SUMMARY = {
    "id": "conf",
    "name": "Conf",
    "series": "Confs",
    "first_day": "2027-06-15",
    "last_day": "2027-06-15",
    "timezone": "Europe/Berlin",
    "venue": {"name": "Old Hall", "address": "Street 1", "geo": None, "url": None},
    "feed": f"{BASE_URL}/events/conf.ics",
    "page": f"{BASE_URL}/events/conf/",
}


def slots_of(session: str) -> list[dict[str, str | None]]:
    """Return the slots of a session as an agenda shows them."""
    places = range(len(UIDS[session]))
    extra = ("event", "session", "title")
    return [
        {name: value for name, value in shown(session, place).items() if name not in extra}
        for place in places
    ]


def listed(session: str, title: str, kind: str, **said: object) -> dict[str, object]:
    """Return a session as an agenda shows it."""
    return {
        "id": session,
        "title": title,
        "kind": kind,
        "status": "confirmed",
        "track": None,
        "tags": [],
        "language": None,
        "level": None,
        "people": [],
        "description": None,
        "part_of": [],
        "url": f"{BASE_URL}/events/conf/sessions/{session}/",
        "slots": slots_of(session),
        **said,
    }


def test_events_are_listed_by_their_first_day(site: Site) -> None:
    response = site.client.get("/api/events")

    other = {
        "id": "many",
        "name": "Many",
        "series": None,
        "first_day": "2027-06-16",
        "last_day": "2027-06-16",
        "timezone": "UTC",
        "venue": None,
        "feed": f"{BASE_URL}/events/many.ics",
        "page": f"{BASE_URL}/events/many/",
    }
    assert answered(response) == (200, "application/json", {"events": [SUMMARY, other]})


def test_event_is_its_whole_agenda(site: Site) -> None:
    response = site.client.get("/api/events/conf")

    ada = {"name": "Ada Example", "organization": "Engines", "role": "speaker", "url": None}
    assert answered(response) == (
        200,
        "application/json",
        {
            **SUMMARY,
            "description": "Talks.",
            "url": "https://conf.example.org/",
            "version": 1,
            "sessions": [
                listed(
                    "opening",
                    "Opening",
                    "opening",
                    track="Data",
                    tags=["start"],
                    language="en",
                    level="all",
                    people=[ada],
                    description="The *start*.",
                ),
                listed("talk", "A <Talk>", "talk", status="tentative"),
                listed("posters", "Posters", "poster-session"),
                listed("one", "One", "poster", part_of=["posters"], url="https://one.example.org/"),
                listed("later", "Later", "talk"),
                listed("gone", "Gone", "talk", status="cancelled"),
            ],
        },
    )
    assert [len(UIDS[each]) for each in ("opening", "posters", "one", "later")] == [1, 2, 2, 1]


def test_event_unknown_names_the_known_ones(site: Site) -> None:
    response = site.client.get("/api/events/cnof")

    assert answered(response) == refused(
        404, "Not Found", f"There is no event 'cnof'. Did you mean conf? {EVENTS}"
    )


@pytest.mark.parametrize("path", ["/api/events", "/api/events/conf", "/api/openapi.json"])
def test_public_answer_may_be_kept_and_asked_for_again(site: Site, path: str) -> None:
    first = site.client.get(path)
    again = site.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    head = site.client.head(path)

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


# --- making -------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"{}", b'{"sessions": []}'])
def test_calendar_made_of_nothing_is_empty(site: Site, body: bytes) -> None:
    response = site.client.post("/api/calendars", data=body)

    made = response.json
    key = made["edit_key"]
    assert KEY.fullmatch(key)
    assert answered(response) == (
        201,
        "application/json",
        {**calendar(key), "edit_key": key},
    )


def test_calendar_made_with_a_choice_has_its_times_and_overlaps(site: Site) -> None:
    made = site.make(
        name="  Ann's choice ",
        alarm=10,
        busy=False,
        cancelled="mark",
        sessions=[
            {"event": "conf", "session": "talk"},
            {"event": "conf", "session": "opening", "slot": None},
            {"event": "conf", "session": "posters", "slot": UIDS["posters"][1]},
            {"event": "conf", "session": "later"},
            {"event": "conf", "session": "gone"},
            {"event": "conf", "session": "talk"},
        ],
    )

    feed = f"{BASE_URL}/my/{derived(made['edit_key'], 'feed', 1)}/ann-s-choice.ics"
    posters = {"event": "conf", "session": "posters", "slot": UIDS["posters"][1]}
    assert made == {
        **calendar(made["edit_key"]),
        "edit_key": made["edit_key"],
        "name": "Ann's choice",
        "alarm": 10,
        "busy": False,
        "cancelled": "mark",
        "feed": feed,
        "links": made["links"],
        "choices": [*chosen("talk", "opening"), posters, *chosen("later", "gone")],
        "sessions": [
            shown("opening"),
            shown("talk"),
            shown("posters", 1),
            shown("gone"),
            shown("later"),
        ],
        "overlaps": [
            {"first": UIDS["opening"][0], "second": UIDS["talk"][0], "minutes": 10},
        ],
    }
    assert made["links"]["copy"] == feed


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("Café & Ümläute", "cafe-umlaute"),
        ("東京 2027", "2027"),
        ("東京", "my-calendar"),
        ("!!!", "my-calendar"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 100, "x" * 60),
        ("é" * 100, "e" * 60),
        (f"{'x' * 59} yy", "x" * 59),
    ],
)
def test_calendar_has_an_address_that_programs_can_take(site: Site, name: str, end: str) -> None:
    made = site.make(name=name)

    response = site.client.get(path_of(made["feed"]))

    assert made["name"] == name
    assert made["feed"] == f"{BASE_URL}/my/{derived(made['edit_key'], 'feed', 1)}/{end}.ics"
    assert len(made["feed"]) < 200
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"[", "body: Invalid JSON: EOF while parsing a list at line 1 column 1"),
        (b"[]", "body: Input should be an object"),
        (b'"x"', "body: Input should be an object"),
        (b'{"nmae": "x"}', "nmae: Extra inputs are not permitted"),
        (b'{"edit_key": "x"}', "edit_key: Extra inputs are not permitted"),
        (b'{"name": ""}', "name: is empty; write something, or take the key out"),
        (b'{"name": "a\\nb"}', "name: has U+000A (a line break) at character 2; write it on one"),
        (b'{"name": null}', "name: Input should be a valid string"),
        (b'{"alarm": -1}', "alarm: Input should be greater than or equal to 0"),
        (b'{"alarm": 40321}', "alarm: Input should be less than or equal to 40320"),
        (b'{"alarm": "soon"}', "alarm: Input should be a valid integer"),
        (b'{"busy": null}', "busy: Input should be a valid boolean"),
        (b'{"cancelled": "hide"}', "cancelled: Input should be 'status', 'mark' or 'drop'"),
        (b'{"sessions": [{"event": "conf"}]}', "sessions.0.session: Field required"),
        (
            b'{"sessions": [{"event": "conf", "session": "A b"}]}',
            "sessions.0.session: 'A b' cannot stand in an address; write a-b",
        ),
        (
            b'{"sessions": [{"event": "conf", "session": "talk", "slot": "1"}]}',
            "sessions.0.slot: String should match pattern",
        ),
        (b'{"name": "\xff"}', "body: Invalid JSON"),
        (b'{"name": "\\ud800"}', "body: Invalid JSON"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_body_that_cannot_be_is_told_of(
    site: Site, key: str, method: str, body: bytes, detail: str
) -> None:
    before = site.calendars.count()

    if method == "POST":
        response = site.client.post("/api/calendars", data=body)
    else:
        response = site.call(key, "PATCH", data=body)

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    told = content.pop("detail")
    assert (status, content_type) == (400, "application/problem+json")
    assert content == {"type": "about:blank", "title": "Bad Request", "status": 400}
    if method == "PATCH" and b"sessions" in body:
        detail = "sessions: Extra inputs are not permitted"
    assert told.startswith(detail)
    assert site.calendars.count() == before
    assert site.call(key, "GET").json == calendar(key)


# --- changing -----------------------------------------------------------------------------


def test_calendar_is_shown_without_its_edit_key(site: Site) -> None:
    made = site.make(sessions=chosen("opening"))
    key = made.pop("edit_key")

    response = site.call(key, "GET")

    assert answered(response) == (200, "application/json", made)
    assert key not in response.text


def test_change_leaves_what_is_left_out(site: Site, key: str) -> None:
    steps = [
        {"alarm": 15},
        {"busy": False},
        {"cancelled": "drop"},
        {},
        {"alarm": None},
        {"alarm": 0, "busy": True},
    ]

    answers = [site.call(key, "PATCH", json=step) for step in steps]

    states = [
        {"alarm": 15},
        {"alarm": 15, "busy": False},
        {"alarm": 15, "busy": False, "cancelled": "drop"},
        {"alarm": 15, "busy": False, "cancelled": "drop"},
        {"alarm": None, "busy": False, "cancelled": "drop"},
        {"alarm": 0, "busy": True, "cancelled": "drop"},
    ]
    assert [answered(each) for each in answers] == [
        (200, "application/json", calendar(key, **state)) for state in states
    ]
    assert site.call(key, "GET").json == calendar(key, **states[-1])


def test_change_of_name_keeps_the_old_address_alive(site: Site, key: str) -> None:
    before = site.call(key, "GET").json["feed"]

    after = site.call(key, "PATCH", json={"name": "Other"}).json

    assert after["name"] == "Other"
    assert after["feed"] == before.replace("my-calendar.ics", "other.ics")
    old, new = (site.client.get(path_of(each)) for each in (before, after["feed"]))
    assert old.status_code == new.status_code == 200
    assert old.data == new.data


def test_sharing_is_a_new_address_each_time(site: Site, key: str) -> None:
    steps = [{"shared": on} for on in (True, True, False, False, True)]

    answers = [site.call(key, "PATCH", json=step).json for step in steps]

    first, second = (f"{BASE_URL}/my/shared/{derived(key, 'share', each)}/" for each in (1, 2))
    assert answers == [
        calendar(key, shared=address) for address in (first, first, None, None, second)
    ]
    assert site.client.get(path_of(first)).status_code == 410
    assert site.client.get(path_of(second)).status_code == 200


def test_adding_again_changes_nothing(site: Site, key: str) -> None:
    once = site.call(key, "PUT", "/sessions/conf/opening")
    stored = site.calendars.of_editor(key)
    again = site.call(key, "PUT", "/sessions/conf/opening")

    whole = calendar(key, choices=chosen("opening"), sessions=[shown("opening")])
    assert answered(once) == answered(again) == (200, "application/json", whole)
    assert site.calendars.of_editor(key) == stored


def test_removing_again_changes_nothing(site: Site, key: str) -> None:
    site.call(key, "PUT", "/sessions/conf/opening")
    site.call(key, "PUT", "/sessions/conf/later")

    once = site.call(key, "DELETE", "/sessions/conf/opening")
    stored = site.calendars.of_editor(key)
    again = site.call(key, "DELETE", "/sessions/conf/opening")

    whole = calendar(key, choices=chosen("later"), sessions=[shown("later")])
    assert answered(once) == answered(again) == (200, "application/json", whole)
    assert site.calendars.of_editor(key) == stored


def test_removing_what_is_on_no_agenda_is_fine(site: Site, key: str) -> None:
    response = site.call(key, "DELETE", "/sessions/nothing/nowhere")

    assert answered(response) == (200, "application/json", calendar(key))


def test_session_of_several_times_is_chosen_whole_or_by_slot(site: Site, key: str) -> None:
    first, second = UIDS["posters"]

    answers = [
        site.call(key, method, f"/sessions/conf/posters{query}").json
        for method, query in (
            ("PUT", f"?slot={second}"),
            ("PUT", f"?slot={first}"),
            ("DELETE", f"?slot={second}"),
            ("PUT", ""),
            ("DELETE", f"?slot={first}"),
            ("PUT", f"?slot={first}"),
            ("DELETE", ""),
        )
    ]

    [by_first] = chosen("posters", slot=first)
    [by_second] = chosen("posters", slot=second)
    [whole] = chosen("posters")
    at_first, at_second = shown("posters", 0), shown("posters", 1)
    assert [(each["choices"], each["sessions"]) for each in answers] == [
        ([by_second], [at_second]),
        ([by_second, by_first], [at_first, at_second]),
        ([by_first], [at_first]),
        ([by_first, whole], [at_first, at_second]),
        ([whole], [at_first, at_second]),
        ([whole, by_first], [at_first, at_second]),
        ([], []),
    ]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/conf/openign", f"There is no session 'openign'. Did you mean opening? {SESSIONS}"),
        ("/cnof/opening", f"There is no event 'cnof'. Did you mean conf? {EVENTS}"),
        (
            f"/conf/posters?slot={UIDS['opening'][0]}",
            f"There is no slot {UIDS['opening'][0]!r}. ",
        ),
    ],
)
def test_adding_what_is_on_no_agenda_names_what_is(
    site: Site, key: str, address: str, detail: str
) -> None:
    response = site.call(key, "PUT", f"/sessions{address}")

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type, content["title"]) == (
        404,
        "application/problem+json",
        "Not Found",
    )
    assert content["detail"].startswith(detail)
    if "slot" in address:
        assert content["detail"].endswith(f"The slots are: {', '.join(UIDS['posters'])}.")
    assert site.call(key, "GET").json == calendar(key)


@pytest.mark.parametrize("address", ["/conf/A%20b", "/Conf/talk", "/conf/talk?slot=", "/conf/%00"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_name_that_cannot_be_is_refused(site: Site, key: str, method: str, address: str) -> None:
    response = site.call(key, method, f"/sessions{address}")

    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert site.call(key, "GET").json == calendar(key)


def test_whole_choice_is_replaced(site: Site, key: str) -> None:
    for session in ("opening", "later"):
        site.call(key, "PUT", f"/sessions/conf/{session}")
    wanted = [{"event": "conf", "session": each} for each in ("gone", "opening", "gone")]

    response = site.call(key, "PUT", "/sessions", json={"sessions": wanted})

    whole = calendar(
        key, choices=chosen("gone", "opening"), sessions=[shown("opening"), shown("gone")]
    )
    assert answered(response) == (200, "application/json", whole)
    again = site.call(key, "PUT", "/sessions", json={"sessions": wanted})
    assert answered(again) == answered(response)
    assert site.call(key, "GET").json == whole


def test_whole_choice_is_emptied_only_on_purpose(site: Site, key: str) -> None:
    site.call(key, "PUT", "/sessions/conf/later")

    forgotten = [site.call(key, "PUT", "/sessions", data=body) for body in (b"", b"{}")]
    kept = site.call(key, "GET").json
    emptied = site.call(key, "PUT", "/sessions", json={"sessions": []})

    missing = refused(400, "Bad Request", "sessions: Field required")
    assert [answered(each) for each in forgotten] == [missing] * 2
    assert kept == calendar(key, choices=chosen("later"), sessions=[shown("later")])
    assert answered(emptied) == (200, "application/json", calendar(key))


def test_whole_choice_with_one_that_is_on_no_agenda_changes_nothing(site: Site, key: str) -> None:
    site.call(key, "PUT", "/sessions/conf/later")

    response = site.call(
        key, "PUT", "/sessions", json={"sessions": [*chosen("opening"), *chosen("openign")]}
    )

    detail = f"There is no session 'openign'. Did you mean opening? {SESSIONS}"
    assert answered(response) == refused(404, "Not Found", detail)
    assert site.call(key, "GET").json["choices"] == chosen("later")


def test_whole_choice_keeps_what_is_on_no_agenda_any_more(tmp_path: Path) -> None:
    key = site_of(tmp_path, CONF, MANY).make(
        sessions=[*chosen("later"), {"event": "many", "session": "s1"}]
    )["edit_key"]
    site = site_of(tmp_path, CONF)
    kept = site.call(key, "GET").json["choices"]

    response = site.call(key, "PUT", "/sessions", json={"sessions": [*kept, *chosen("opening")]})

    assert response.status_code == 200
    assert response.json["choices"] == [*kept, *chosen("opening")]
    assert response.json["sessions"] == [shown("opening"), shown("later")]


def test_calendar_that_is_full_takes_no_more(site: Site) -> None:
    many = [{"event": "many", "session": f"s{number}"} for number in range(MAX_SESSIONS + 1)]
    key = site.make(sessions=many[:MAX_SESSIONS])["edit_key"]

    one_more = site.call(key, "PUT", f"/sessions/many/s{MAX_SESSIONS}")
    too_many = site.call(key, "PUT", "/sessions", json={"sessions": many})

    assert answered(one_more) == refused(
        409, "Conflict", "My calendar holds 500 sessions at most; remove some first."
    )
    assert (too_many.status_code, too_many.content_type) == (400, "application/problem+json")
    assert too_many.json["detail"].startswith("sessions: Tuple should have at most 500 items")
    assert len(site.call(key, "GET").json["choices"]) == MAX_SESSIONS
    assert site.call(key, "PUT", "/sessions/many/s0").status_code == 200


def test_calendar_tells_of_ways_that_are_too_long(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, changeover=5)

    made = site.make(sessions=chosen("talk", "posters"))

    assert made["overlaps"] == [
        {"first": UIDS["talk"][0], "second": UIDS["posters"][0], "minutes": 0}
    ]


# --- keys ---------------------------------------------------------------------------------


def test_rotation_is_a_new_address_and_the_old_one_is_gone(site: Site) -> None:
    made = site.make(sessions=chosen("opening"))
    key = made["edit_key"]

    response = site.call(key, "POST", "/rotate")

    whole = calendar(key, 2, choices=chosen("opening"), sessions=[shown("opening")])
    assert answered(response) == (200, "application/json", whole)
    old, new = (site.client.get(path_of(each["feed"])) for each in (made, whole))
    assert (old.status_code, new.status_code) == (410, 200)
    assert old.text == "This calendar's address is no longer in use.\n"


def test_deleted_calendar_is_gone(site: Site) -> None:
    made = site.make(sessions=chosen("opening"))
    key = made["edit_key"]

    deleted = site.call(key, "DELETE")

    gone = refused(410, "Gone", "This calendar's address is no longer in use.")
    assert (deleted.status_code, deleted.data) == (204, b"")
    for method, address in (("GET", ""), ("DELETE", ""), ("POST", "/rotate")):
        assert answered(site.call(key, method, address)) == gone
    assert site.client.get(path_of(made["feed"])).status_code == 410


NEEDING_KEY = [operation for operation in OPERATIONS if operation.needs_key]


def arguments(operation: Operation) -> tuple[str, dict[str, Any]]:
    """Return an address for an operation, and what to send with it."""
    address = f"/api{operation.path}".replace("{event}", "conf").replace("{session}", "opening")
    bodies: dict[str, object] = {"Choices": {"sessions": []}, "CalendarChange": {"alarm": 5}}
    body = operation.body and bodies[operation.body.__name__]
    return address, {"method": operation.method, **({"json": body} if operation.body else {})}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL that runs while the block does."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("operation", NEEDING_KEY, ids=lambda each: each.view.__name__)
def test_keys_unknown_malformed_and_foreign_are_answered_alike(
    site: Site, operation: Operation
) -> None:
    made = site.make(sessions=chosen("opening"))
    site.call(made["edit_key"], "PATCH", json={"shared": True})
    secret = made["edit_key"]
    foreign = [derived(secret, "feed", 1), derived(secret, "share", 1), hashed(secret)]
    malformed = ["x", secret[:-1], f"{secret}x", "ÿ" * 32, "a b", "'--", "../" * 11, "A" * 4000]
    address, options = arguments(operation)

    answers = []
    for key in (new_edit_key(), *foreign, *malformed):
        with statements() as seen:
            headers = {"Authorization": f"Bearer {key}"}
            response = site.client.open(address, headers=headers, **options)
        answers.append((response.status_code, list(response.headers), response.data, seen))

    unknown = problem(404, "Not Found", "There is no such calendar.")
    assert answers == [answers[0]] * len(answers)
    assert (answers[0][0], json.loads(answers[0][2])) == (404, unknown)
    assert len(answers[0][3]) > 0
    assert site.call(secret, "GET").json["choices"] == chosen("opening")


@pytest.mark.parametrize("operation", NEEDING_KEY, ids=lambda each: each.view.__name__)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer  ", "Basic QTpC", "Token x", "bearer:x"]
)
def test_operation_without_a_key_asks_for_one(
    site: Site, operation: Operation, authorization: str | None
) -> None:
    address, options = arguments(operation)
    headers = {} if authorization is None else {"Authorization": authorization}

    with statements() as seen:
        response = site.client.open(address, headers=headers, **options)

    words = "Send the calendar's edit key as Authorization: Bearer."
    assert answered(response) == refused(401, "Unauthorized", words)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert seen == []


@pytest.mark.parametrize(("method", "address"), [("PATCH", ""), ("PUT", "/sessions")])
def test_operation_without_a_key_asks_for_it_before_all_else(
    site: Site, method: str, address: str
) -> None:
    response = site.client.open(f"{ME}{address}", method=method, data=b"[")

    assert response.status_code == 401


def test_key_may_follow_any_spelling_of_its_scheme(site: Site, key: str) -> None:
    for authorization in (f"bearer {key}", f"BEARER {key}", f"Bearer   {key} "):
        response = site.client.get(ME, headers={"Authorization": authorization})

        assert response.status_code == 200


@pytest.mark.parametrize("path", ["/my/{}/x.ics", "/my/shared/{}/"])
def test_addresses_of_keys_that_never_were_are_answered_alike(site: Site, path: str) -> None:
    secret = site.make()["edit_key"]

    answers = []
    for key in (new_edit_key(), secret, hashed(secret), "x", "%FF%FE", "%E2%82%AC", "A" * 300):
        with statements() as seen:
            response = site.client.get(path.format(key))
        answers.append((response.status_code, list(response.headers), response.data, seen))

    assert answers == [answers[0]] * len(answers)
    assert answers[0][0] == 404


def test_address_that_stopped_takes_the_steps_of_one_that_never_was(site: Site, key: str) -> None:
    old = site.call(key, "GET").json["feed"]
    site.call(key, "POST", "/rotate")

    with statements() as never:
        site.client.get(f"/my/{new_edit_key()}/my-calendar.ics")
    with statements() as stopped:
        response = site.client.get(path_of(old))

    assert response.status_code == 410
    assert stopped == never


# --- the cookie ---------------------------------------------------------------------------

OTHERS = [
    {},
    {"Origin": "https://evil.example.org"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "https://calendar.example.org.evil.example"},
    {"Origin": "https://evil.example.org", "Referer": f"{BASE_URL}/my/"},
    {"Referer": "https://evil.example.org/?https://calendar.example.org/"},
    {"Referer": "x"},
]


def with_cookie(site: Site, key: str) -> FlaskClient:
    """Return a browser that has a calendar's cookie."""
    browser = site.app.test_client()
    browser.set_cookie(COOKIE, key)
    return browser


def test_cookie_reads_the_calendar(site: Site, key: str) -> None:
    response = with_cookie(site, key).get(ME)

    assert answered(response) == (200, "application/json", calendar(key))


@pytest.mark.parametrize("operation", NEEDING_KEY[1:], ids=lambda each: each.view.__name__)
def test_cookie_changes_nothing_for_other_sites(site: Site, key: str, operation: Operation) -> None:
    browser = with_cookie(site, key)
    site.call(key, "PUT", "/sessions/conf/opening")
    before = site.calendars.of_editor(key)
    address, options = arguments(operation)

    for headers in OTHERS:
        response = browser.open(address, headers=headers, **options)

        assert answered(response) == refused(
            403, "Forbidden", "Your calendar can be changed from this site alone."
        )
    assert site.calendars.of_editor(key) == before


@pytest.mark.parametrize("operation", NEEDING_KEY[1:], ids=lambda each: each.view.__name__)
@pytest.mark.parametrize(
    "headers",
    [{"Origin": BASE_URL}, {"Referer": f"{BASE_URL}/my/"}, {"Origin": "http://localhost"}],
    ids=["origin", "referer", "host"],
)
def test_cookie_changes_the_calendar_for_its_own_site(
    site: Site, key: str, operation: Operation, headers: dict[str, str]
) -> None:
    address, options = arguments(operation)

    response = with_cookie(site, key).open(address, headers=headers, **options)

    assert response.status_code == operation.status


def test_key_in_a_header_works_from_any_site(site: Site, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Origin": "https://conf.example.com"}

    response = site.client.patch(ME, json={"alarm": 5}, headers=headers)

    assert answered(response) == (200, "application/json", calendar(key, alarm=5))


def test_key_in_a_header_wins_over_the_cookie(site: Site, key: str) -> None:
    other = site.make(name="Other")["edit_key"]

    response = with_cookie(site, other).get(ME, headers={"Authorization": f"Bearer {key}"})

    assert response.json == calendar(key)


def test_making_needs_no_cookie_and_sets_none(site: Site, key: str) -> None:
    response = with_cookie(site, key).post(
        "/api/calendars", headers={"Origin": "https://a.example"}
    )

    assert response.status_code == 201
    assert "Set-Cookie" not in response.headers
    assert response.json["edit_key"] != key


# --- errors -------------------------------------------------------------------------------


def test_body_that_is_too_large_is_refused(site: Site, key: str) -> None:
    body = b'{"name": "' + b"x" * MAX_BODY + b'"}'

    made = site.client.post("/api/calendars", data=body)
    changed = site.call(key, "PATCH", data=body)

    words = "The data value transmitted exceeds the capacity limit."
    expected = refused(413, "Request Entity Too Large", words)
    assert answered(made) == answered(changed) == expected
    assert site.call(key, "GET").json == calendar(key)


def test_address_without_anything_is_a_problem_too(site: Site) -> None:
    response = site.client.get("/api/calendars/you")

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type) == (404, "application/problem+json")
    assert (content["type"], content["title"], content["status"]) == (
        "about:blank",
        "Not Found",
        404,
    )


def test_method_that_is_not_there_is_a_problem_too(site: Site) -> None:
    response = site.client.post(ME)

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type) == (405, "application/problem+json")
    assert response.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


def test_storage_that_is_away_asks_to_come_again(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF)
    key = site.make(sessions=chosen("opening"))["edit_key"]
    site.path.rename(tmp_path / "away.db")

    answers = [site.client.post("/api/calendars")]
    for operation in NEEDING_KEY:
        address, options = arguments(operation)
        headers = {"Authorization": f"Bearer {key}"}
        answers.append(site.client.open(address, headers=headers, **options))
    agenda = site.client.get("/api/events/conf")

    words = "The database does not answer: unable to open database file."
    for response in answers:
        assert answered(response) == refused(503, "Service Unavailable", words)
        assert response.headers["Retry-After"] == "30"
        assert response.headers["Cache-Control"] == "no-store"
    assert agenda.status_code == 200
    (tmp_path / "away.db").rename(site.path)
    assert site.call(key, "GET").json["choices"] == chosen("opening")


def test_site_without_calendars_says_so() -> None:
    client = create_app(Live([CONF], BASE_URL)).test_client()

    made = client.post("/api/calendars")

    words = "This site keeps no personal calendars."
    assert answered(made) == refused(503, "Service Unavailable", words)
    assert client.get("/api/events").status_code == 200


# --- rate of making -----------------------------------------------------------------------


def post(site: Site, address: str = "192.0.2.1", forwarded: str = "", body: bytes = b"") -> int:
    """Make a calendar from an address; return the status."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    place = {"REMOTE_ADDR": address}
    response = site.client.post(
        "/api/calendars", data=body, headers=headers, environ_overrides=place
    )
    return response.status_code


def test_address_that_makes_too_many_calendars_waits(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, new_calendars=2)

    statuses = [post(site) for _ in range(4)]
    response = site.client.post("/api/calendars", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert statuses == [201, 201, 429, 429]
    assert answered(response) == refused(
        429, "Too Many Requests", "One address can make 2 calendars in an hour; try again later."
    )
    assert response.headers["Retry-After"] == "600"
    assert post(site, "192.0.2.2") == 201
    assert site.calendars.count() == 3


def test_network_of_one_caller_counts_as_one_address(tmp_path: Path) -> None:
    """Who has an IPv6 address has all 2⁶⁴ of its network."""
    site = site_of(tmp_path, CONF, new_calendars=1)

    callers = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]

    assert [post(site, each) for each in callers] == [201, 429, 201]


def test_address_that_makes_too_many_calendars_may_go_on_with_those(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, new_calendars=1)
    key = site.make()["edit_key"]

    assert post(site, "127.0.0.1") == 429
    assert site.call(key, "PATCH", json={"alarm": 5}).status_code == 200


def test_what_makes_no_calendar_does_not_count(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, new_calendars=1)
    unknown = json.dumps({"sessions": chosen("nothing")}).encode()

    assert [post(site, body=body) for body in (b"[", unknown, b"", b"")] == [400, 404, 201, 429]


def test_any_number_may_be_made_where_the_limit_is_zero(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, new_calendars=0)

    assert {post(site) for _ in range(80)} == {201}


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, [201, 429, 429]), (1, [201, 201, 429]), (2, [201, 429, 429])]
)
def test_address_is_what_trusted_proxies_say(
    tmp_path: Path, proxies: int, expected: list[int]
) -> None:
    site = site_of(tmp_path, CONF, new_calendars=1, proxies=proxies)

    forwarded = ["203.0.113.1, 203.0.113.7", "203.0.113.1, 203.0.113.8", "203.0.113.1, 203.0.113.8"]

    assert [post(site, forwarded=each) for each in forwarded] == expected


# --- browsers on other sites --------------------------------------------------------------

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def cors_of(response: TestResponse) -> dict[str, str]:
    """Return the headers by which browsers let other sites in."""
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


def test_any_site_may_call_the_api_without_cookies(site: Site, key: str) -> None:
    origin = {"Origin": "https://conf.example.com"}
    bearer = {**origin, "Authorization": f"Bearer {key}"}

    answers = [
        site.client.get("/api/events", headers=origin),
        site.client.get("/api/openapi.json", headers=origin),
        site.client.post("/api/calendars", headers=origin),
        site.client.post("/api/calendars", headers=origin, data=b"["),
        site.client.get(ME, headers=origin),
        site.client.get(ME, headers=bearer),
        site.client.put(f"{ME}/sessions/conf/nothing", headers=bearer),
        site.client.get("/api/nothing", headers=origin),
        site.client.post("/api/events", headers=origin),
        with_cookie(site, key).delete(ME, headers=origin),
        site.client.delete(ME, headers=bearer),
        site.client.get(ME, headers=bearer),
    ]

    statuses = [200, 200, 201, 400, 401, 200, 404, 404, 405, 403, 204, 410]
    assert [each.status_code for each in answers] == statuses
    assert [cors_of(each) for each in answers] == [CORS] * len(answers)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.view.__name__)
def test_preflight_lets_each_operation_pass(site: Site, operation: Operation) -> None:
    headers = {
        "Origin": "https://conf.example.com",
        "Access-Control-Request-Method": operation.method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }

    response = site.client.options(f"/api{operation.path}", headers=headers)

    assert (response.status_code, response.data) == (204, b"")
    assert cors_of(response) == CORS
    assert operation.method in CORS["Access-Control-Allow-Methods"]


def test_private_answers_are_kept_nowhere(site: Site, key: str) -> None:
    answers = [site.client.post("/api/calendars")]
    for operation in sorted(NEEDING_KEY, key=lambda each: each.answer is None):
        address, options = arguments(operation)
        headers = {"Authorization": f"Bearer {key}"}
        answers.append(site.client.open(address, headers=headers, **options))
    errors = [site.client.get(ME), site.call(new_edit_key(), "GET")]

    for response in (*answers, *errors):
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
    assert {each.status_code for each in answers} == {200, 201, 204}


# --- the description ----------------------------------------------------------------------

# DESIGN: links to the API sit in widgets, so these stay.
CALLS = {
    ("get", "/events"),
    ("get", "/events/{event}"),
    ("post", "/calendars"),
    ("get", "/calendars/me"),
    ("patch", "/calendars/me"),
    ("delete", "/calendars/me"),
    ("put", "/calendars/me/sessions"),
    ("put", "/calendars/me/sessions/{event}/{session}"),
    ("delete", "/calendars/me/sessions/{event}/{session}"),
    ("post", "/calendars/me/rotate"),
}


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    """The OpenAPI document, as it is served."""
    response = site.client.get("/api/openapi.json")
    assert (response.status_code, response.content_type) == (200, "application/json")
    served: dict[str, Any] = response.json
    return served


def test_description_has_every_call(document: dict[str, Any]) -> None:
    described = {(method, path) for path, item in document["paths"].items() for method in item}

    assert described == CALLS
    assert document["openapi"] == "3.1.0"
    assert document["info"] == {"title": "calsvc", "version": __version__}
    assert document["servers"] == [{"url": f"{BASE_URL}/api"}]


def test_description_is_valid(document: dict[str, Any]) -> None:
    faults = list(Draft202012Validator(OPENAPI_31).iter_errors(document))

    assert faults == []
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_description_leads_nowhere_that_is_not(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
    ids = [call["operationId"] for item in document["paths"].values() for call in item.values()]

    assert references == set(document["components"]["schemas"])
    assert len(ids) == len(set(ids))


def test_description_asks_for_a_key_where_one_is_needed(document: dict[str, Any]) -> None:
    needing = {
        (method, path)
        for path, item in document["paths"].items()
        for method, call in item.items()
        if call.get("security") == [{"editKey": []}]
    }

    assert needing == {(method, path) for method, path in CALLS if "/me" in path}
    schemes = document["components"]["securitySchemes"]
    assert schemes == {"editKey": {"type": "http", "scheme": "bearer"}}


def test_description_says_which_bodies_must_be_there(document: dict[str, Any]) -> None:
    required = {
        (method, path): call["requestBody"]["required"]
        for path, item in document["paths"].items()
        for method, call in item.items()
        if "requestBody" in call
    }

    assert required == {
        ("post", "/calendars"): False,
        ("patch", "/calendars/me"): False,
        ("put", "/calendars/me/sessions"): True,
    }


def test_description_of_a_change_has_no_defaults(document: dict[str, Any]) -> None:
    # A program made from it would send them, and set back what its user left alone.
    change = document["components"]["schemas"]["CalendarChange"]

    assert [name for name, each in change["properties"].items() if "default" in each] == []
    assert "required" not in change


# --- what it says of itself ---------------------------------------------------------------

EXAMPLES = 25  # of each operation in each mode
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NAMES = [
    {"event": "conf", "session": "opening"},
    {"event": "conf", "session": "posters"},
    {"event": "many", "session": "s0"},
    {"event": "conf", "session": "nothing"},
]


def named(case: Case, names: dict[str, str] | None) -> Case:
    """Return a call with names that are there, where some are given: chance finds none."""
    if names:
        case.path_parameters = {name: names[name] for name in case.path_parameters or ()}
        if isinstance(case.body, dict) and case.body.get("sessions"):
            case.body = {**case.body, "sessions": [names]}
    return case


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        (operation, mode)
        for operation in OPERATIONS
        for mode in GenerationMode
        # Nothing can be wrong with what asks for nothing.
        if operation.needs_key or operation.body or mode is GenerationMode.POSITIVE
    ],
    ids=lambda each: each.value if isinstance(each, GenerationMode) else each.view.__name__,
)
def test_every_answer_is_as_described(
    site: Site, operation: Operation, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", site.app)
    strategy = schema[operation.path][operation.method].as_strategy(generation_mode=mode)
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy, st.sampled_from([None, *NAMES]))
    def call(case: Case, names: dict[str, str] | None) -> None:
        key = site.make(sessions=chosen("talk"))["edit_key"]
        headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
        response = named(case, names).call(headers=headers)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    with untraced():
        call()

    if mode is GenerationMode.POSITIVE:
        assert operation.status in statuses
    assert statuses <= {operation.status, 400, 401, 404}
