"""Browsers on other sites may call the API, without cookies."""

import pytest
from api import ME, Api, with_cookie
from werkzeug.test import TestResponse

from calsvc.web.views.api import OPERATIONS, Operation

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def cors_of(response: TestResponse) -> dict[str, str]:
    """Return the headers by which browsers let other sites in."""
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


def test_any_site_may_call_the_api_without_cookies(api: Api, key: str) -> None:
    origin = {"Origin": "https://conf.example.com"}
    bearer = {**origin, "Authorization": f"Bearer {key}"}

    answers = [
        api.client.get("/api/events", headers=origin),
        api.client.get("/api/openapi.json", headers=origin),
        api.client.post("/api/calendars", headers=origin),
        api.client.post("/api/calendars", headers=origin, data=b"["),
        api.client.get(ME, headers=origin),
        api.client.get(ME, headers=bearer),
        api.client.put(f"{ME}/sessions/conf/nothing", headers=bearer),
        api.client.get("/api/nothing", headers=origin),
        api.client.post("/api/events", headers=origin),
        with_cookie(api, key).delete(ME, headers=origin),
        api.client.delete(ME, headers=bearer),
        api.client.get(ME, headers=bearer),
    ]

    statuses = [200, 200, 201, 400, 401, 200, 404, 404, 405, 403, 204, 410]
    assert [each.status_code for each in answers] == statuses
    assert [cors_of(each) for each in answers] == [CORS] * len(answers)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.view.__name__)
def test_preflight_lets_each_operation_pass(api: Api, operation: Operation) -> None:
    headers = {
        "Origin": "https://conf.example.com",
        "Access-Control-Request-Method": operation.method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }

    response = api.client.options(f"/api{operation.path}", headers=headers)

    assert (response.status_code, response.data) == (204, b"")
    assert cors_of(response) == CORS
    assert operation.method in CORS["Access-Control-Allow-Methods"]
