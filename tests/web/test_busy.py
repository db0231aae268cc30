"""What is answered where there is no time to answer, as who asks can read it."""

import json

import pytest
from conftest import BASE_URL, schedule_of
from people import AGENDA

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.web.app import create_app
from calsvc.web.busy import Busy
from calsvc.web.sent import Sent


@pytest.fixture(scope="module")
def busy() -> Busy:
    """The answers of a site with a name of its own."""
    settings = Settings(site_name="Events of ours")
    app = create_app(Live([schedule_of(AGENDA)], BASE_URL), None, settings)
    return Busy(app)


def headers_of(answer: Sent) -> dict[str, str]:
    """Return the headers of an answer that tells to come again, and is kept by nobody."""
    assert answer.status == "503 Service Unavailable"
    headers = dict(answer.headers)
    assert (headers["Retry-After"], headers["Cache-Control"]) == ("30", "no-store")
    assert int(headers["Content-Length"]) == len(answer.body[0])
    return headers


@pytest.mark.parametrize(
    ("languages", "language", "words"),
    [
        ("", "en", "Please try again in a moment."),
        ("fr, *;q=0.1", "en", "Please try again in a moment."),
        ("en-GB, de;q=0.5", "en", "Please try again in a moment."),
        ("de-AT, en;q=0.5", "de", "Bitte gleich noch einmal versuchen."),
        ("a," * 5000, "en", "Calendars keep working meanwhile."),
    ],
)
def test_page_is_in_the_readers_language(
    busy: Busy, languages: str, language: str, words: str
) -> None:
    answer = busy.answer("/events/conf/", languages)

    headers, page = headers_of(answer), answer.body[0].decode()
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert f'<html lang="{language}"' in page
    assert words in page
    assert "Events of ours" in page


@pytest.mark.parametrize("path", ["/events/conf.ics", "/my/key/name.ics", "/healthz", "/readyz"])
def test_programs_get_a_short_text(busy: Busy, path: str) -> None:
    answer = busy.answer(path, "de")

    assert headers_of(answer)["Content-Type"].startswith("text/plain")
    assert answer.body[0].decode().endswith("please try again in a moment.\n")


def test_users_of_the_api_get_problem_details(busy: Busy) -> None:
    answer = busy.answer("/api/calendars/me", "de")

    headers = headers_of(answer)
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.body[0])["status"] == 503
