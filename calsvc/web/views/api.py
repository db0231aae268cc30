"""The API: one table of operations, from which its addresses and its description come."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import models_json_schema
from werkzeug.exceptions import BadRequest, PreconditionFailed

from calsvc import __version__
from calsvc.addresses import Addresses
from calsvc.answers import CHANGED, QUICK, Cache
from calsvc.schedule.itineraries import Choice, Itinerary, Options
from calsvc.web import personal
from calsvc.web.auth import required_key
from calsvc.web.caching import body_response, cached
from calsvc.web.models import (
    Agenda,
    Calendar,
    CalendarChange,
    Choices,
    Events,
    NewCalendar,
    NewKey,
    ProblemDetails,
    agenda_of,
    events_of,
)
from calsvc.web.personal import (
    NEW_KEY,
    known_choices,
    new_calendar,
    own_calendar,
    present_choice,
    shown_calendar,
)
from calsvc.web.site import get_site

MOST_TOLD = 10  # errors of a body that an answer tells of

bp = Blueprint("api", __name__, url_prefix="/api")


def list_events() -> Events:
    """List the site's events."""
    return events_of(get_site().live)


def get_event(event: str) -> Agenda:
    """Return an event with its sessions."""
    return agenda_of(get_site().live.event(event), get_site().addresses)


def _version(event: str) -> tuple[str, int]:
    """Return all that the answer for an event depends on."""
    schedule = get_site().live.event(event).schedule
    return schedule.event.id, schedule.version


def make_calendar(body: NewCalendar) -> NewKey:
    """Make a personal calendar; nobody needs an account."""
    options = Options.model_validate(body.model_dump(exclude={"sessions"}))
    key, itinerary = new_calendar(options, known_choices(body.sessions))
    return NewKey(edit_key=key, **shown_calendar(key, itinerary).model_dump())


def get_calendar() -> Calendar:
    """Return the calendar with its times and overlaps."""
    key = required_key()
    return shown_calendar(key, own_calendar(key))


def change_calendar(body: CalendarChange) -> Calendar:
    """Change the name, the reminder and other options."""
    given = body.model_dump(include=body.model_fields_set - {"shared"})

    is_of_keys = "shared" in body.model_fields_set

    def change(itinerary: Itinerary) -> Itinerary:
        changed = itinerary.model_copy(
            update={"options": itinerary.options.model_copy(update=given)}
        )
        return changed.sharing(is_on=body.shared) if is_of_keys else changed

    return _changed(change, NEW_KEY if is_of_keys else 1)


def delete_calendar() -> None:
    """Delete the calendar: its address answers 410, and the choice is forgotten."""
    personal.delete_calendar(required_key())


def replace_sessions(body: Choices) -> Calendar:
    """Replace the whole choice."""

    def change(itinerary: Itinerary) -> Itinerary:
        # Earlier choices may stay, even if they are on no agenda any more.
        wanted = tuple(map(present_choice, body.sessions))
        known_choices(each for each in wanted if each not in itinerary.choices)
        return itinerary.model_copy(update={"choices": ()}).adding(wanted)

    return _changed(change)


def add_session(event: str, session: str) -> Calendar:
    """Add a session, or with ``?slot=`` one of its slots; a repeat changes nothing."""
    choice = _choice(event, session)
    key = required_key()
    known = known_choices([choice])
    return shown_calendar(key, personal.change_calendar(key, lambda each: each.adding(known)))


def remove_session(event: str, session: str) -> Calendar:
    """Remove a session, or with ``?slot=`` one of its slots; a repeat changes nothing."""
    choice = present_choice(_choice(event, session))
    return _changed(lambda itinerary: itinerary.removing(choice))


def rotate() -> Calendar:
    """Give the calendar a new secret address; the old one answers 410."""
    return _changed(Itinerary.rotated, NEW_KEY)


def _choice(event: str, session: str) -> Choice:
    try:
        return Choice(event=event, session=session, slot=request.args.get("slot"))
    except ValidationError as error:
        raise BadRequest(_words(error)) from error


def _changed(change: Callable[[Itinerary], Itinerary], calls: int = 1) -> Calendar:
    key = required_key()
    return shown_calendar(key, personal.change_calendar(key, change, calls))


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    """As OpenAPI writes it, below ``/api``."""
    view: Callable[..., BaseModel | None]
    answer: type[BaseModel] | None
    body: type[BaseModel] | None = None
    status: HTTPStatus = HTTPStatus.OK
    needs_key: bool = False
    has_slot: bool = False
    state: Callable[..., tuple[object, ...]] | None = None
    """What tells all that the answer depends on, where it is remembered."""


_ME = "/calendars/me"
_SESSION = f"{_ME}/sessions/{{event}}/{{session}}"
OPERATIONS = (
    Operation("GET", "/events", list_events, Events),
    Operation("GET", "/events/{event}", get_event, Agenda, state=_version),
    Operation("POST", "/calendars", make_calendar, NewKey, NewCalendar, HTTPStatus.CREATED),
    Operation("GET", _ME, get_calendar, Calendar, needs_key=True),
    Operation("PATCH", _ME, change_calendar, Calendar, CalendarChange, needs_key=True),
    Operation("DELETE", _ME, delete_calendar, None, status=HTTPStatus.NO_CONTENT, needs_key=True),
    Operation("PUT", f"{_ME}/sessions", replace_sessions, Calendar, Choices, needs_key=True),
    Operation("PUT", _SESSION, add_session, Calendar, needs_key=True, has_slot=True),
    Operation("DELETE", _SESSION, remove_session, Calendar, needs_key=True, has_slot=True),
    Operation("POST", f"{_ME}/rotate", rotate, Calendar, needs_key=True),
)


def _answering(operation: Operation) -> Callable[..., Response]:
    def answer(**names: str) -> Response:
        if operation.needs_key:
            required_key()  # before reading the body: a stranger learns nothing about it
        if operation.state:
            return _remembered(operation, names)
        given: dict[str, Any] = dict(names)
        if operation.body:
            given["body"] = _body(operation.body)
        result = operation.view(**given)
        content = result.model_dump_json() if result else ""
        response = Response(content, operation.status, mimetype="application/json")
        private = operation.needs_key or operation.method == "POST"
        if not private:
            return _public(cached(response, Cache.API))
        response.headers["Cache-Control"] = Cache.NEVER
        return response

    return answer


def _remembered(operation: Operation, names: Mapping[str, str]) -> Response:
    """Return the response of an operation that was answered before, unless things changed."""
    assert operation.state

    def written() -> str:
        result = operation.view(**names)
        return result.model_dump_json() if result else ""

    key = operation.view.__name__, *operation.state(**names)
    page = get_site().memory.page(key, written, QUICK)
    return _public(body_response(page, "application/json", Cache.API))


def _public(answered: Response) -> Response:
    """Return a response that caches may keep, or 304; a 412 is told as the API tells errors."""
    if answered.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed(CHANGED)
    return answered


def _body(model: type[BaseModel]) -> BaseModel:
    octets = request.get_data()
    if not octets and "Transfer-Encoding" in request.headers:
        # Of chunks that cannot be read, some servers give nothing.
        raise BadRequest("The body did not arrive; send it again.")
    try:
        return model.model_validate_json(octets or b"{}")
    except ValidationError as error:
        raise BadRequest(_words(error)) from error


def _words(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in wrong]
    rest = len(told) - MOST_TOLD
    return "; ".join([*told[:MOST_TOLD], *([f"and {rest} more"] if rest > 0 else [])])


def preflight(**names: str) -> Response:
    """Answer a preflight (CORS): pages of any site may call the API, without cookies."""
    return Response(status=HTTPStatus.NO_CONTENT)


for _operation in OPERATIONS:
    _rule = _operation.path.replace("{", "<").replace("}", ">")
    _method, _name = _operation.method, _operation.view.__name__
    bp.add_url_rule(_rule, _name, _answering(_operation), methods=[_method])
    bp.add_url_rule(_rule, view_func=preflight, methods=["OPTIONS"])


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe the API (OpenAPI 3.1)."""
    content = json.dumps(document(get_site().addresses), indent=1)
    return _public(cached(Response(content, mimetype="application/json"), Cache.API))


def document(addresses: Addresses) -> dict[str, Any]:
    """Return the OpenAPI document of the operations."""
    named = [model for operation in OPERATIONS for model in (operation.body, operation.answer)]
    models = dict.fromkeys(model for model in (*named, ProblemDetails) if model)
    _, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "calsvc", "version": __version__},
        "servers": [{"url": addresses.api}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas["$defs"].items())),
            "securitySchemes": {"editKey": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    text: dict[str, Any] = {"type": "string"}
    parameters = [{"name": name, "in": "path", "required": True, "schema": text} for name in names]
    if operation.has_slot:
        slot = TypeAdapter(Choice).json_schema()["properties"]["slot"]["anyOf"][0]
        parameters.append({"name": "slot", "in": "query", "required": False, "schema": slot})
    answer: dict[str, Any] = {"description": operation.status.phrase}
    if operation.answer:
        answer["content"] = _content("application/json", operation.answer)
    problem = {
        "description": "What went wrong",
        "content": _content("application/problem+json", ProblemDetails),
    }
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": (operation.view.__doc__ or "").splitlines()[0],
        "responses": {str(operation.status.value): answer, "4XX": problem, "503": problem},
    }
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        content = _content("application/json", operation.body)
        fields = operation.body.model_fields.values()
        is_required = any(field.is_required() for field in fields)
        described["requestBody"] = {"content": content, "required": is_required}
    if operation.needs_key:
        described["security"] = [{"editKey": []}]
    return described


def _content(media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
