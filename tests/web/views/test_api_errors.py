"""Errors of the API are problems by RFC 9457."""

from pathlib import Path

from api import CONF, ME, NEEDING_KEY, Api, answered, api_of, arguments, calendar, chosen, refused
from conftest import BASE_URL

from calsvc.live.events import Live
from calsvc.web.app import MAX_BODY, create_app


def test_body_that_is_too_large_is_refused(api: Api, key: str) -> None:
    body = b'{"name": "' + b"x" * MAX_BODY + b'"}'

    made = api.client.post("/api/calendars", data=body)
    changed = api.call(key, "PATCH", data=body)

    words = "The data value transmitted exceeds the capacity limit."
    expected = refused(413, "Request Entity Too Large", words)
    assert answered(made) == answered(changed) == expected
    assert api.call(key, "GET").json == calendar(key)


def test_address_without_anything_is_a_problem_too(api: Api) -> None:
    response = api.client.get("/api/calendars/you")

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type) == (404, "application/problem+json")
    assert (content["type"], content["title"], content["status"]) == (
        "about:blank",
        "Not Found",
        404,
    )


def test_method_that_is_not_there_is_a_problem_too(api: Api) -> None:
    response = api.client.post(ME)

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type) == (405, "application/problem+json")
    assert response.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


def test_storage_that_is_away_asks_to_come_again(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF)
    key = api.make(sessions=chosen("opening"))["edit_key"]
    api.path.rename(tmp_path / "away.db")

    answers = [api.client.post("/api/calendars")]
    for operation in NEEDING_KEY:
        address, options = arguments(operation)
        headers = {"Authorization": f"Bearer {key}"}
        answers.append(api.client.open(address, headers=headers, **options))
    agenda = api.client.get("/api/events/conf")

    words = "This cannot be read or stored now; please try again in a moment."
    for response in answers:
        assert answered(response) == refused(503, "Service Unavailable", words)
        assert response.headers["Retry-After"] == "30"
        assert response.headers["Cache-Control"] == "no-store"
    assert agenda.status_code == 200
    (tmp_path / "away.db").rename(api.path)
    assert api.call(key, "GET").json["choices"] == chosen("opening")


def test_site_without_calendars_says_so() -> None:
    client = create_app(Live([CONF], BASE_URL)).test_client()

    made = client.post("/api/calendars")

    words = "This site keeps no personal calendars."
    assert answered(made) == refused(503, "Service Unavailable", words)
    assert client.get("/api/events").status_code == 200
