"""The site behind the web's doors, and what every answer of it must be, whatever was asked."""

import io
import json
import logging
import re
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from conftest import BASE_URL, NOW, event_of
from lxml import etree
from people import AGENDA, MySite, my_site_of
from werkzeug.test import Client

from calsvc.schedule.itineraries import KEY_OCTETS, Choice, Itinerary, keys
from calsvc.schedule.publishing import publish
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app

MARKS = ("<script>alert(1)</script>", "Traceback (most recent call last)", "werkzeug.exceptions")
"""What no page has, whatever its address or form said."""
UNFIT_IN_HEADERS = re.compile("[^\t -~\x80-\xff]")
XML = ("application/atom+xml", "text/xml", "application/xml")
NO_BODY = {204, 304}
KEY = urlsafe_b64encode(bytes(range(7, 7 + KEY_OCTETS))).decode()
"""The edit key of the one calendar: always the same, so that an input is, too."""
UNKNOWN_FORMAT = 501  # of oEmbed, as oembed.com has it
MANY = "name: Many\ntimezone: UTC\ndate: 2027-06-15\nsessions:\n" + "".join(
    f"  - {{id: s{number}, title: Session {number}, room: R{number % 40}, people: [P{number % 90}],"
    f" tags: [t{number % 9}], when: '{9 + number % 8:02}:00-{9 + number % 8:02}:45'}}\n"
    for number in range(300)
)


class Request(NamedTuple):
    """A request as WSGI has it; texts of it are octets in Latin-1 (PEP 3333)."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    is_torn: bool = False
    """Whether reading the body fails in its middle, as when a client goes away."""

    def environ(self) -> dict[str, Any]:
        """Return the environment of a WSGI application."""
        given = {_as_wsgi(name): value for name, value in self.headers.items()}
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": Torn(self.body) if self.is_torn else io.BytesIO(self.body),
            "wsgi.input_terminated": True,  # as granian has it
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **({"CONTENT_LENGTH": str(len(self.body))} if self.body else {}),
            **given,
        }


def _as_wsgi(name: str) -> str:
    upper = name.upper().replace("-", "_")
    return upper if upper in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{upper}"


class Torn:
    """A body of which a half arrives."""

    def __init__(self, octets: bytes) -> None:
        self._left = io.BytesIO(octets[: len(octets) // 2])

    def read(self, size: int = -1) -> bytes:
        """Return what arrived.  Raises ``RuntimeError`` where it ends."""
        if found := self._left.read(size):
            return found
        raise RuntimeError("the client went away")


class Answer(NamedTuple):
    """An answer of a WSGI application."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value; empty if it was not sent."""
        return next((value for each, value in self.headers if each.lower() == name), "")


class _Said(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(logging.Formatter("%(levelname)s %(name)s %(message)s").format(record))


@dataclass
class FuzzedSite:
    """A site with events, and a calendar whose keys nobody else may learn."""

    site: MySite
    app: Any
    secrets: dict[str, str]
    """The keys of the calendar, by what they are for."""
    client: Client
    said: _Said = field(default_factory=_Said)

    def ask(self, request: Request) -> Answer:
        """Return the answer to a request, as a server gets it, and judge it."""
        given: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            given[:] = status, headers

        parts = self.app.wsgi_app(request.environ(), start_response)
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        status, headers = given
        answer = Answer(int(status.split()[0]), headers, body)
        self.judge(request.method, answer)
        return answer

    def judge(self, method: str, answer: Answer) -> None:
        """Raise ``AssertionError`` for an answer that no request may get."""
        said, self.said.records = self.said.records, []
        is_fault = answer.status >= 500 and answer.status != UNKNOWN_FORMAT
        assert not is_fault, "\n".join([str(answer.status), *said])
        assert not [each for each in said if each.startswith(("ERROR", "CRITICAL"))], said
        assert not [key for key in self.secrets.values() if any(key in each for each in said)]
        for name, value in answer.headers:
            assert not UNFIT_IN_HEADERS.search(value), (name, value)
        assert answer.header("x-content-type-options") == "nosniff"
        location = answer.header("location")
        assert not location or re.match(r"/(?![/\\])", location), location
        if method != "HEAD" and answer.status not in NO_BODY:
            length = answer.header("content-length")
            assert not length or int(length) == len(answer.body)
            _judge_body(answer)


def _judge_body(answer: Answer) -> None:
    if answer.header("content-encoding"):
        return  # judged where it is asked for as it is
    media_type = answer.header("content-type").partition(";")[0]
    if media_type == "text/calendar":
        _judge_calendar(answer.body)
    elif media_type in XML:
        etree.fromstring(answer.body)
    elif media_type in {
        "application/json",
        "application/problem+json",
        "application/calendar+json",
    }:
        json.loads(answer.body)
    elif media_type == "text/html":
        text = answer.body.decode()
        assert answer.header("content-security-policy")
        assert [mark for mark in MARKS if mark in text] == []


def _judge_calendar(body: bytes) -> None:
    assert body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"\r\nEND:VCALENDAR\r\n")
    lines = body.decode().encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(lines))
    assert body.count(b"\r\nBEGIN:") + 1 == body.count(b"\r\nEND:")


@contextmanager
def fuzzed_site() -> Iterator[FuzzedSite]:
    """Yield a site, with a database of its own."""
    texts = {"conf": AGENDA, "many": MANY}
    schedules = [publish(event_of(text, name), None, NOW) for name, text in texts.items()]
    root = logging.getLogger()
    with tempfile.TemporaryDirectory() as folder:
        site = my_site_of(Path(folder), *schedules)
        calendars = Calendars(site.storage.database)
        key = KEY
        moment = datetime(2027, 1, 1, tzinfo=UTC)
        choice = Choice(event="conf", session="talk")
        itinerary = Itinerary(choices=(choice,), share=1, created=moment.date(), revised=moment)
        calendars.make(key, itinerary)
        app = create_app(site.live, calendars, site.settings)
        secrets = {each: str(value) for each, value in keys(key, itinerary)._asdict().items()}
        fuzzed = FuzzedSite(site, app, secrets, app.test_client())
        root.addHandler(fuzzed.said)
        try:
            yield fuzzed
        finally:
            root.removeHandler(fuzzed.said)
            site.storage.close()


HERE = BASE_URL
"""The origin of the site's own pages."""
