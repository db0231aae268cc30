"""Feeds in front of Flask: the same answers as Flask's, and never older ones."""

from collections.abc import Iterable
from io import BytesIO
from itertools import product
from typing import NamedTuple

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from flask import Flask
from flask.testing import FlaskClient

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.live.memory import MEBIBYTE
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app

CONF = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: opening, title: Opening, kind: opening, when: 09:00-09:30}
      - {id: talk, title: "TALK", when: 10:00-10:30}
    """
FEED = "/events/conf.ics"
ADDRESSES = [
    FEED,
    f"{FEED}?kind=talk",
    f"{FEED}?kind=talk&utm_source=x",
    f"{FEED}?kind=none",
    f"{FEED}?bad=1",
    f"{FEED}/",
    "/events/conf.atom",
    "/events/other.ics",
    "/events/conf/sessions/talk.ics",
    "/events.ics",
    "/events/conf/",
]


class Answered(NamedTuple):
    """The code, headers and body of an answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def answered(
    app: Flask, address: str, method: str = "GET", headers: Iterable[tuple[str, str]] = ()
) -> Answered:
    """Return what an application answers, with all that stands in front of it."""
    return _called(app.wsgi_app, address, method, headers)


def answered_by_flask(
    app: Flask, address: str, method: str = "GET", headers: Iterable[tuple[str, str]] = ()
) -> Answered:
    """Return what Flask itself answers, without anything in front of it."""
    return _called(lambda *call: Flask.wsgi_app(app, *call), address, method, headers)


def _called(wsgi, address, method, headers):  # type: ignore[no-untyped-def]
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers},
    }
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(wsgi(environ, lambda *start: begun.append(start[:2])))
    return Answered(begun[0][0][:3], sorted((k.lower(), v) for k, v in begun[0][1]), body)


@pytest.fixture
def live() -> Live:
    """A site with one event."""
    return Live([schedule_of(CONF)], BASE_URL)


@pytest.fixture
def app(live: Live) -> Flask:
    """Its application."""
    return create_app(live)


def conditions_of(app: Flask) -> list[list[tuple[str, str]]]:
    """Return the conditions that clients send, and some that none should."""
    sent = dict(answered_by_flask(app, FEED).headers)
    etag, date = sent["etag"], sent["last-modified"]
    return [
        [],
        [("If-None-Match", etag)],
        [("If-None-Match", f'"other", {etag}')],
        [("If-None-Match", f"W/{etag}")],
        [("If-None-Match", "*")],
        [("If-None-Match", '"other"')],
        [("If-Modified-Since", date)],
        [("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")],
        [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
        [("If-Modified-Since", "nonsense")],
        [("If-None-Match", '"other"'), ("If-Modified-Since", date)],
        [("If-Match", '"other"')],
        [("If-Match", etag)],
        [("Accept-Encoding", "gzip")],
        [("Range", "bytes=0-1")],
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_from_memory_are_those_of_flask(app: Flask, address: str) -> None:
    for method, headers in product(("GET", "HEAD", "POST", "OPTIONS"), conditions_of(app)):
        expected = answered_by_flask(app, address, method, headers)
        answers = {str(answered(app, address, method, headers)) for _ in range(3)}

        assert answers == {str(expected)}, (method, headers)


def test_second_answer_is_not_asked_of_flask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first = answered(app, FEED)
    monkeypatch.setattr(app, "full_dispatch_request", None)  # what Flask would call

    assert answered(app, FEED) == first
    assert answered(app, FEED, "HEAD").body == b""


def test_too_large_a_feed_is_not_made_to_say_that_nothing_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talk = {"title": "Talk", "when": "10:00-10:30", "description": "x" * 9_000}
    sessions = [{"id": f"talk-{number}", **talk} for number in range(150)]
    event = f"{{name: Conf, timezone: Europe/Berlin, date: 2027-06-15, sessions: {sessions}}}"
    live = Live([schedule_of(event)], BASE_URL)
    app = create_app(live, settings=Settings(feed_memory=1))
    for method, headers in product(("GET", "HEAD"), conditions_of(app)):
        expected = answered_by_flask(app, FEED, method, headers)
        assert [answered(app, FEED, method, headers) for _ in range(2)] == [expected] * 2
    assert len(answered(app, FEED).body) > MEBIBYTE
    has_it = [("If-None-Match", dict(answered(app, FEED).headers)["etag"])]
    monkeypatch.setattr(app, "full_dispatch_request", None)  # what Flask would call

    assert answered(app, FEED, headers=has_it).status == "304"


def test_what_is_published_is_served_at_once(app: Flask, live: Live) -> None:
    before = [answered(app, FEED) for _ in range(2)]
    changed = event_of(CONF.replace("TALK", "Renamed"))
    schedule = publish(changed, live.event("conf").schedule, NOW)

    live.put(schedule.model_copy(update={"version": 2}), ())
    after = [answered(app, FEED) for _ in range(2)]

    assert all(b"SUMMARY:TALK" in each.body for each in before)
    assert all(b"SUMMARY:Renamed" in each.body for each in after)


def test_worker_that_is_behind_another_looks_first(app: Flask, live: Live) -> None:
    answered(app, FEED)
    changed = publish(
        event_of(CONF.replace("TALK", "Renamed")), live.event("conf").schedule, NOW
    ).model_copy(update={"version": 2})
    live.catch_up = lambda: live.put(changed, ())
    other = Live([], BASE_URL).watermarks
    other._shared = live.watermarks._shared  # as a worker that was forked beside this one

    other.announce("conf", 2)

    assert b"SUMMARY:Renamed" in answered(app, FEED).body


def test_withdrawn_event_is_not_sent_again(app: Flask, live: Live) -> None:
    answered(app, FEED)

    live.forget()

    assert answered(app, FEED).status.startswith("503")


def test_former_id_that_another_event_takes_over_is_that_event() -> None:
    live = Live(
        [schedule_of(CONF.replace("name: Conf", "name: Conf\n    formerly: old"))], BASE_URL
    )
    app = create_app(live)
    assert b"NAME:Conf" in answered(app, "/events/old.ics").body
    other = schedule_of(CONF.replace("name: Conf", "name: Old"), "old")

    live.put(other, ())

    assert b"NAME:Old" in answered(app, "/events/old.ics").body


def test_selections_have_feeds_of_their_own(app: Flask) -> None:
    queries = ["", "?kind=talk", "?kind=opening", "?kind=talk&kind=opening", "?banner=no"]

    bodies = {query: [answered(app, FEED + query).body for _ in range(2)] for query in queries}

    for query, (first, second) in bodies.items():
        assert first == second == answered_by_flask(app, FEED + query).body
    assert len({bodies[query][0] for query in queries}) == len(queries)


def test_site_below_a_path_sends_feeds_again() -> None:
    app = create_app(Live([schedule_of(CONF)], f"{BASE_URL}/cal"))
    client: FlaskClient = app.test_client()

    bodies = {client.get(path).data for path in ("/cal/events/conf.ics", "/events/conf.ics") * 2}

    assert len(bodies) == 1
