"""Every answer of the API is as its description says, whatever is sent."""

import pytest
import schemathesis
from api import Api, chosen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import untraced
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tiers import slow

from calsvc.web.views.api import OPERATIONS, Operation

EXAMPLES = 25  # of each operation in each mode
SAMPLE = {"make_calendar", "add_session"}  # the others are slow
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
        (operation, mode) if operation.view.__name__ in SAMPLE else slow(operation, mode)
        for operation in OPERATIONS
        for mode in GenerationMode
        # Nothing can be wrong with what asks for nothing.
        if operation.needs_key or operation.body or mode is GenerationMode.POSITIVE
    ],
    ids=lambda each: each.value if isinstance(each, GenerationMode) else each.view.__name__,
)
def test_every_answer_is_as_described(api: Api, operation: Operation, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", api.app)
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
        key = api.make(sessions=chosen("talk"))["edit_key"]
        headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
        response = named(case, names).call(headers=headers)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    with untraced():
        call()

    if mode is GenerationMode.POSITIVE:
        assert operation.status in statuses
    assert statuses <= {operation.status, 400, 401, 404}
