"""The API as OpenAPI describes it."""

import json
import re
from typing import Any

import pytest
from api import Api
from conftest import BASE_URL
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from calsvc import __version__

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
def document(api: Api) -> dict[str, Any]:
    """The OpenAPI document, as it is served."""
    response = api.client.get("/api/openapi.json")
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
