"""Who may call: the key in a header, or the cookie from the site itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from api import (
    ME,
    NEEDING_KEY,
    Api,
    answered,
    arguments,
    calendar,
    chosen,
    path_of,
    problem,
    refused,
    shown,
    with_cookie,
)
from conftest import BASE_URL

from calsvc.schedule.itineraries import derived, hashed, new_edit_key
from calsvc.web.views.api import Operation


def test_rotation_is_a_new_address_and_the_old_one_is_gone(api: Api) -> None:
    made = api.make(sessions=chosen("opening"))
    key = made["edit_key"]

    response = api.call(key, "POST", "/rotate")

    whole = calendar(key, 2, choices=chosen("opening"), sessions=[shown("opening")])
    assert answered(response) == (200, "application/json", whole)
    old, new = (api.client.get(path_of(each["feed"])) for each in (made, whole))
    assert (old.status_code, new.status_code) == (410, 200)
    assert old.text == "This calendar's address is no longer in use.\n"


def test_deleted_calendar_is_gone(api: Api) -> None:
    made = api.make(sessions=chosen("opening"))
    key = made["edit_key"]

    deleted = api.call(key, "DELETE")

    gone = refused(410, "Gone", "This calendar's address is no longer in use.")
    assert (deleted.status_code, deleted.data) == (204, b"")
    for method, address in (("GET", ""), ("DELETE", ""), ("POST", "/rotate")):
        assert answered(api.call(key, method, address)) == gone
    assert api.client.get(path_of(made["feed"])).status_code == 410


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
    api: Api, operation: Operation
) -> None:
    made = api.make(sessions=chosen("opening"))
    api.call(made["edit_key"], "PATCH", json={"shared": True})
    secret = made["edit_key"]
    foreign = [derived(secret, "feed", 1), derived(secret, "share", 1), hashed(secret)]
    malformed = ["x", secret[:-1], f"{secret}x", "ÿ" * 32, "a b", "'--", "../" * 11, "A" * 4000]
    address, options = arguments(operation)

    answers = []
    for key in (new_edit_key(), *foreign, *malformed):
        with statements() as seen:
            headers = {"Authorization": f"Bearer {key}"}
            response = api.client.open(address, headers=headers, **options)
        answers.append((response.status_code, list(response.headers), response.data, seen))

    unknown = problem(404, "Not Found", "There is no such calendar.")
    assert answers == [answers[0]] * len(answers)
    assert (answers[0][0], json.loads(answers[0][2])) == (404, unknown)
    assert len(answers[0][3]) > 0
    assert api.call(secret, "GET").json["choices"] == chosen("opening")


@pytest.mark.parametrize("operation", NEEDING_KEY, ids=lambda each: each.view.__name__)
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer  ", "Basic QTpC", "Token x", "bearer:x"]
)
def test_operation_without_a_key_asks_for_one(
    api: Api, operation: Operation, authorization: str | None
) -> None:
    address, options = arguments(operation)
    headers = {} if authorization is None else {"Authorization": authorization}

    with statements() as seen:
        response = api.client.open(address, headers=headers, **options)

    words = "Send the calendar's edit key as Authorization: Bearer."
    assert answered(response) == refused(401, "Unauthorized", words)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert seen == []


@pytest.mark.parametrize(("method", "address"), [("PATCH", ""), ("PUT", "/sessions")])
def test_operation_without_a_key_asks_for_it_before_all_else(
    api: Api, method: str, address: str
) -> None:
    response = api.client.open(f"{ME}{address}", method=method, data=b"[")

    assert response.status_code == 401


def test_key_may_follow_any_spelling_of_its_scheme(api: Api, key: str) -> None:
    for authorization in (f"bearer {key}", f"BEARER {key}", f"Bearer   {key} "):
        response = api.client.get(ME, headers={"Authorization": authorization})

        assert response.status_code == 200


@pytest.mark.parametrize("path", ["/my/{}/x.ics", "/my/shared/{}/"])
def test_addresses_of_keys_that_never_were_are_answered_alike(api: Api, path: str) -> None:
    secret = api.make()["edit_key"]

    answers = []
    for key in (new_edit_key(), secret, hashed(secret), "x", "%FF%FE", "%E2%82%AC", "A" * 300):
        with statements() as seen:
            response = api.client.get(path.format(key))
        answers.append((response.status_code, list(response.headers), response.data, seen))

    assert answers == [answers[0]] * len(answers)
    assert answers[0][0] == 404


def test_address_that_stopped_takes_the_steps_of_one_that_never_was(api: Api, key: str) -> None:
    old = api.call(key, "GET").json["feed"]
    api.call(key, "POST", "/rotate")

    with statements() as never:
        api.client.get(f"/my/{new_edit_key()}/my-calendar.ics")
    with statements() as stopped:
        response = api.client.get(path_of(old))

    assert response.status_code == 410
    assert stopped == never


def test_private_answers_are_kept_nowhere(api: Api, key: str) -> None:
    answers = [api.client.post("/api/calendars")]
    for operation in sorted(NEEDING_KEY, key=lambda each: each.answer is None):
        address, options = arguments(operation)
        headers = {"Authorization": f"Bearer {key}"}
        answers.append(api.client.open(address, headers=headers, **options))
    errors = [api.client.get(ME), api.call(new_edit_key(), "GET")]

    for response in (*answers, *errors):
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
    assert {each.status_code for each in answers} == {200, 201, 204}


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


def test_cookie_reads_the_calendar(api: Api, key: str) -> None:
    response = with_cookie(api, key).get(ME)

    assert answered(response) == (200, "application/json", calendar(key))


@pytest.mark.parametrize("operation", NEEDING_KEY[1:], ids=lambda each: each.view.__name__)
def test_cookie_changes_nothing_for_other_sites(api: Api, key: str, operation: Operation) -> None:
    browser = with_cookie(api, key)
    api.call(key, "PUT", "/sessions/conf/opening")
    before = api.calendars.of_editor(key)
    address, options = arguments(operation)

    for headers in OTHERS:
        response = browser.open(address, headers=headers, **options)

        assert answered(response) == refused(
            403, "Forbidden", "Your calendar can be changed from this site alone."
        )
    assert api.calendars.of_editor(key) == before


@pytest.mark.parametrize("operation", NEEDING_KEY[1:], ids=lambda each: each.view.__name__)
@pytest.mark.parametrize(
    "headers",
    [{"Origin": BASE_URL}, {"Referer": f"{BASE_URL}/my/"}, {"Origin": "http://localhost"}],
    ids=["origin", "referer", "host"],
)
def test_cookie_changes_the_calendar_for_its_own_site(
    api: Api, key: str, operation: Operation, headers: dict[str, str]
) -> None:
    address, options = arguments(operation)

    response = with_cookie(api, key).open(address, headers=headers, **options)

    assert response.status_code == operation.status


def test_key_in_a_header_works_from_any_site(api: Api, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Origin": "https://conf.example.com"}

    response = api.client.patch(ME, json={"alarm": 5}, headers=headers)

    assert answered(response) == (200, "application/json", calendar(key, alarm=5))


def test_key_in_a_header_wins_over_the_cookie(api: Api, key: str) -> None:
    other = api.make(name="Other")["edit_key"]

    response = with_cookie(api, other).get(ME, headers={"Authorization": f"Bearer {key}"})

    assert response.json == calendar(key)


def test_making_needs_no_cookie_and_sets_none(api: Api, key: str) -> None:
    response = with_cookie(api, key).post("/api/calendars", headers={"Origin": "https://a.example"})

    assert response.status_code == 201
    assert "Set-Cookie" not in response.headers
    assert response.json["edit_key"] != key
