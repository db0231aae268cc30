"""What of a request is let in, and that whatever is not gets an answer in words."""

import io
from typing import Any

import pytest
from api import api_of
from conftest import BASE_URL, client_of, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from fuzzing.sites import Request

from calsvc import zone_names
from calsvc.web.bounds import MAX_HEADERS
from calsvc.web.locale import MOST_ACCEPTED, _locale

CONF = schedule_of(
    "{name: Conf, timezone: UTC, date: 2027-06-15, sessions: [{id: one, title: One}]}"
)


@pytest.fixture
def site() -> FlaskClient:
    """A site of one event."""
    return client_of(CONF)


def asked(app: Flask, request: Request, **environ: Any) -> tuple[int, bytes]:
    """Return status and body of what a server gets for a request."""
    given: list[str] = []
    parts = app.wsgi_app(
        request.environ() | environ, lambda status, headers, info=None: given.append(status)
    )
    return int(given[0].split()[0]), b"".join(parts)


# --- addresses ----------------------------------------------------------------------------


def test_octets_that_are_not_escaped_mean_what_their_escapes_mean(site: FlaskClient) -> None:
    queries = ["q=caf\xc3\xa9", "q=caf%C3%A9", "q=caf\xe9", "q=caf%E9"]

    answers = [asked(site.application, Request("GET", "/events/conf.ics", q)) for q in queries]
    pages = [asked(site.application, Request("GET", "/events/conf/", q)) for q in queries]

    assert [status for status, _ in answers] == [200, 200, 400, 400]
    assert answers[0] == answers[1]
    assert answers[2] == answers[3] == (400, b"The address has octet %E9, which is not UTF-8.\n")
    assert [status for status, _ in pages] == [200] * 4


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/nothing", "/events/conf", "/api/events/conf", "/events/x/"])
def test_octets_that_are_no_text_are_no_failure(site: FlaskClient, path: str, method: str) -> None:
    status, _ = asked(site.application, Request(method, path, "\xed\xa0\x80=\xff&lang=\xfe"))

    assert status < 500


@pytest.mark.parametrize(
    "name", ["a" * 1000, "a" * 16_000, "../app.py", "x/../site.js", "./site.js", "", "a\0b", "."]
)
def test_name_that_no_static_file_has_is_unknown(site: FlaskClient, name: str) -> None:
    status, _ = asked(site.application, Request("GET", f"/static/{name}"))

    assert status == 404
    assert site.get("/static/site.js").status_code == 200


# --- headers ------------------------------------------------------------------------------


def test_headers_that_are_too_long_together_are_refused(site: FlaskClient) -> None:
    many = {f"X-{number}": "x" * 1000 for number in range(MAX_HEADERS // 1000 + 1)}

    fits = site.get("/events/conf/", headers={"Cookie": "x=" + "x" * (MAX_HEADERS // 2)})
    refused = site.get("/events/conf/", headers=many)

    assert fits.status_code == 200
    assert (refused.status_code, refused.headers["Cache-Control"]) == (431, "no-store")
    assert refused.text.startswith("The headers are too long; send fewer")
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_few_of_very_many_languages_are_looked_up(site: FlaskClient) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    tags = [f"{one}{two}{three}" for one in letters for two in letters for three in letters]
    _locale.cache_clear()

    response = site.get("/my/", headers={"Accept-Language": ",".join(tags[:7000])})

    assert response.status_code < 500
    assert _locale.cache_info().misses <= MOST_ACCEPTED + 1  # and what ``?lang=`` does not say


def test_best_language_of_many_is_taken(site: FlaskClient) -> None:
    poor = ",".join(f"x{number};q=0.1" for number in range(200))

    page = site.get("/events/conf/", headers={"Accept-Language": f"{poor},de"}).text

    assert '<html lang="de">' in page


# --- bodies -------------------------------------------------------------------------------


class Broken(io.BytesIO):
    """A body whose server cannot read it, as when a chunk has no length."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def read(self, size: int | None = -1) -> bytes:
        """Raise what a server raises."""
        raise self._error

    readinto = readline = read  # type: ignore[assignment]


ERRORS = [OSError("bad chunk"), ValueError("bad chunk"), RuntimeError("gone"), EOFError()]


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("path", ["/api/calendars", "/my/add", "/my/open"])
def test_body_that_cannot_be_read_is_the_fault_of_who_sent_it(
    tmp_path: Any, caplog: pytest.LogCaptureFixture, path: str, error: Exception
) -> None:
    api = api_of(tmp_path, CONF)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": BASE_URL}

    request = Request("POST", path, headers=form if path.startswith("/my") else {})
    status, body = asked(
        api.app, request, **{"wsgi.input": Broken(error), "HTTP_TRANSFER_ENCODING": "chunked"}
    )

    assert status == 400
    assert b"bad chunk" not in body
    assert caplog.records == []
    assert api.calendars.count() == 0


def test_body_of_chunks_that_a_server_could_not_read_makes_no_calendar(tmp_path: Any) -> None:
    """granian gives nothing in place of a body whose chunks are wrong."""
    api = api_of(tmp_path, CONF)

    chunked, _ = asked(api.app, Request("POST", "/api/calendars"), HTTP_TRANSFER_ENCODING="chunked")
    without, _ = asked(api.app, Request("POST", "/api/calendars"))

    assert (chunked, without) == (400, 201)


@pytest.mark.parametrize("octets", [256 * 1024 + 1, 10**9])
@pytest.mark.parametrize("path", ["/api/calendars", "/my/open"])
def test_body_that_is_too_large_is_not_read(tmp_path: Any, path: str, octets: int) -> None:
    api = api_of(tmp_path, CONF)
    unread = Broken(AssertionError("it was read"))
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": BASE_URL}

    status, _ = asked(
        api.app,
        Request("POST", path, headers=form),
        **{"wsgi.input": unread, "CONTENT_LENGTH": str(octets)},
    )

    assert status == 413


def test_errors_of_a_body_are_told_in_a_few_words(tmp_path: Any) -> None:
    api = api_of(tmp_path, CONF)
    wrong = [{"x": number} for number in range(10_000)]

    many = api.client.post("/api/calendars", json={"sessions": wrong})
    unknown = api.client.post("/api/calendars", json={f"x{n}": 1 for n in range(12)})

    assert (many.status_code, unknown.status_code) == (400, 400)
    assert len(many.json["detail"]) < 300
    assert unknown.json["detail"].count("x") >= 10
    assert unknown.json["detail"].endswith("; and 2 more")


def test_long_name_is_no_slip_of_a_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """To try every slip of 15,000 letters would take seconds."""
    tried: list[str] = []

    def slips(name: str) -> list[str]:
        tried.append(name)
        return []

    monkeypatch.setattr(zone_names, "_slips", slips)

    assert zone_names.suggested("Europe/" * 2000) == ()
    assert tried == []
    assert zone_names.suggested("Europe/Berlinn") == ()
    assert tried == ["europe berlinn"]
