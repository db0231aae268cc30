"""How many calendars one address can make."""

import json
from pathlib import Path

import pytest
from api import CONF, NEEDING_KEY, Api, answered, api_of, arguments, chosen, refused, with_cookie
from conftest import BASE_URL


def post(api: Api, address: str = "192.0.2.1", forwarded: str = "", body: bytes = b"") -> int:
    """Make a calendar from an address; return the status."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    place = {"REMOTE_ADDR": address}
    response = api.client.post(
        "/api/calendars", data=body, headers=headers, environ_overrides=place
    )
    return response.status_code


def test_address_that_makes_too_many_calendars_waits(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, new_calendars=2)

    statuses = [post(api) for _ in range(4)]
    response = api.client.post("/api/calendars", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    assert statuses == [201, 201, 429, 429]
    assert answered(response) == refused(
        429, "Too Many Requests", "One address can make 2 calendars in an hour; try again later."
    )
    assert response.headers["Retry-After"] == "600"
    assert post(api, "192.0.2.2") == 201
    assert api.calendars.count() == 3


def test_network_of_one_caller_counts_as_one_address(tmp_path: Path) -> None:
    """Who has an IPv6 address has all 2⁶⁴ of its network."""
    api = api_of(tmp_path, CONF, new_calendars=1)

    callers = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]

    assert [post(api, each) for each in callers] == [201, 429, 201]


def test_address_that_makes_too_many_calendars_may_go_on_with_those(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, new_calendars=1)
    key = api.make()["edit_key"]

    assert post(api, "127.0.0.1") == 429
    assert api.call(key, "PATCH", json={"alarm": 5}).status_code == 200


def test_what_makes_no_calendar_does_not_count(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, new_calendars=1)
    unknown = json.dumps({"sessions": chosen("nothing")}).encode()

    assert [post(api, body=body) for body in (b"[", unknown, b"", b"")] == [400, 404, 201, 429]


def test_any_number_may_be_made_where_the_limit_is_zero(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, new_calendars=0)

    assert {post(api) for _ in range(80)} == {201}


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, [201, 429, 429]), (1, [201, 201, 429]), (2, [201, 429, 429])]
)
def test_address_is_what_trusted_proxies_say(
    tmp_path: Path, proxies: int, expected: list[int]
) -> None:
    api = api_of(tmp_path, CONF, new_calendars=1, proxies=proxies)

    forwarded = ["203.0.113.1, 203.0.113.7", "203.0.113.1, 203.0.113.8", "203.0.113.1, 203.0.113.8"]

    assert [post(api, forwarded=each) for each in forwarded] == expected


# --- changes ------------------------------------------------------------------------------


def writes(api: Api, key: str) -> list[tuple[str, int]]:
    """Try all that changes a calendar; return each with its status."""
    tried = []
    for operation in NEEDING_KEY:
        if operation.method != "GET" and operation.view.__name__ != "delete_calendar":
            address, options = arguments(operation)
            bearer = {"Authorization": f"Bearer {key}"}
            response = api.client.open(address, headers=bearer, **options)
            tried.append((operation.view.__name__, response.status_code))
    return tried


def test_all_that_changes_a_calendar_is_limited(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, changes=1)
    key, other = (api.make()["edit_key"] for _ in range(2))

    first = api.call(key, "PATCH", json={"alarm": 5})
    rest = writes(api, key)
    deleted = api.call(key, "DELETE")

    assert first.status_code == 200
    assert len(rest) >= 5
    assert {status for _, status in rest} == {429}
    assert answered(deleted) == refused(
        429, "Too Many Requests", "A calendar can be changed 1 times in an hour; try again later."
    )
    assert api.call(key, "GET").status_code == 200
    assert api.call(other, "PATCH", json={"alarm": 5}).status_code == 200


@pytest.mark.parametrize("name", ["add", "remove", "options", "rotate", "share", "delete"])
def test_all_that_a_form_changes_is_limited(tmp_path: Path, name: str) -> None:
    api = api_of(tmp_path, CONF, changes=1)
    key = api.make(sessions=chosen("talk"))["edit_key"]
    api.call(key, "PATCH", json={"alarm": 5})
    browser = with_cookie(api, key)

    form = {"event": "conf", "session": "opening", "name": "Ann", "share": "yes"}
    response = browser.post(f"/my/{name}", data=form, headers={"Origin": BASE_URL})

    assert (response.status_code, response.headers["Retry-After"]) == (429, "600")
    assert "Too much was made or changed from here." in response.text
    assert api.call(key, "GET").json["choices"] == chosen("talk")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/rotate", None), ("PATCH", "", {"shared": True})],
)
def test_new_key_counts_as_twenty_changes(
    tmp_path: Path, method: str, path: str, body: object
) -> None:
    api = api_of(tmp_path, CONF, changes=60)
    key = api.make()["edit_key"]

    statuses = [api.call(key, method, path, json=body).status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 429, 429]


def test_who_guesses_keys_is_slowed_down(tmp_path: Path) -> None:
    """One address can try a hundred times what one calendar can be changed."""
    api = api_of(tmp_path, CONF, changes=1)

    guesses = [api.call(f"{number:032}", "PATCH", json={}).status_code for number in range(120)]

    assert guesses == [404] * 100 + [429] * 20
    there = {"REMOTE_ADDR": "192.0.2.9"}
    elsewhere = api.call("x" * 32, "PATCH", json={}, environ_overrides=there)
    assert elsewhere.status_code == 404
