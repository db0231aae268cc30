"""The YAML event file → ``Event``, with the file, line and column of every error.

The event's own keys and each session are validated separately, then what concerns several
sessions, so that no mistake hides another: the author sees all of them at once.
"""

import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from calsvc.agenda import formerly, keys, review, writing
from calsvc.agenda.fields import suggested_id
from calsvc.agenda.follow import FOLLOWED, Followed, Repair, is_unread
from calsvc.agenda.model import Event, Session, faults
from calsvc.agenda.outline import Fault, Outline
from calsvc.agenda.quoting import brief, shown
from calsvc.agenda.spelling import spelled_as_listed
from calsvc.agenda.when import SlotDefaults
from calsvc.agenda.yamlfile import Document
from calsvc.errors import EventFileError, Level, Problem, UnreadSourceError, Where, hint

MAX_OCTETS = 16 * 1024 * 1024
BYTE_ORDER_MARK = "\ufeff"
UNREAD = {"name": "Unread", "timezone": "UTC", "date": "2000-01-01"}
"""What a file need not say before the calendar that it repairs was read."""

_EXAMPLES = {
    "timezone": "Area/City",
    "from": "2025-06-25",
    "to": "2025-06-27",
    "url": "https://example.org/",
}
"""Example values for missing keys."""

_Words = Callable[[dict[str, Any]], tuple[str, str]]
_SENTENCES: dict[str, _Words] = {
    "agenda": lambda e: (e["ctx"]["what"], e["ctx"]["advice"]),
    "string_type": lambda e: (f"is {shown(e['input'])}", "write text, in quotes if need be"),
    "string_too_long": lambda e: (
        f"has {len(e['input'])} characters",
        f"keep it within {e['ctx']['max_length']}",
    ),
    "enum": lambda e: _choice(e["input"], e["ctx"]["expected"]),
    "literal_error": lambda e: _choice(e["input"], e["ctx"]["expected"]),
    "tuple_type": lambda e: (f"is {shown(e['input'])}", "write a list"),
    "model_type": lambda e: (f"is {shown(e['input'])}", "write a mapping: key: value"),
    "float_type": lambda e: (f"is {shown(e['input'])}", "write a number"),
    "float_parsing": lambda e: (f"is {shown(e['input'])}", "write a number"),
    "greater_than_equal": lambda e: (
        f"is {brief(str(e['input']))}",
        f"give {e['ctx']['ge']:g} or more",
    ),
    "less_than_equal": lambda e: (
        f"is {brief(str(e['input']))}",
        f"give {e['ctx']['le']:g} or less",
    ),
}
"""pydantic's error type → what is wrong and what to do, in the author's terms."""


def read(path: Path, *, on_warning: Callable[[Problem], None] | None = None) -> Event:
    """Return the event in a file; pass each warning to ``on_warning``.

    Raises ``EventFileError`` with everything that is wrong with the file.
    """
    event, problems = parse(text_of(path).removeprefix(BYTE_ORDER_MARK), path.stem, str(path))
    if on_warning:
        for problem in problems:
            on_warning(problem)
    return event


def text_of(path: Path) -> str:
    """Return the text of a file as it is, its byte order mark included.  Raises
    ``EventFileError``.
    """
    try:
        return _octets(path).decode()
    except UnicodeDecodeError as error:
        # Python counts from after a byte order mark.
        *lines, last = error.object[: error.start].decode("utf-8-sig").split("\n")
        what = f"has octet 0x{error.object[error.start]:02X}, which is not UTF-8"
        at = len(lines) + 1, len(last) + 1
        raise EventFileError(
            [Problem(str(path), *at, "", what, "save the file as UTF-8")]
        ) from error


def _octets(path: Path) -> bytes:
    """Return what a file holds.  Raises ``EventFileError``."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for its writer
            what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is no file of text"
            raise _whole_file(path, what, "rename it, or take it out")
        with path.open("rb") as file:
            octets = file.read(MAX_OCTETS + 1)  # all of it may not even fit into memory
        if len(octets) > MAX_OCTETS:
            what = f"has {max(status.st_size, len(octets))} octets"  # it may have grown since
            raise _whole_file(path, what, f"keep an event within {MAX_OCTETS} octets")
        return octets
    except OSError as error:
        reason = error.strerror or str(error)
        raise _whole_file(path, f"cannot be read: {reason}", "check its name and rights") from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema of event files, made from the models."""
    described = Event.model_json_schema(mode="validation")
    del described["properties"]["id"]  # the file's name
    described["required"].remove("id")
    for each in FOLLOWED:
        described["properties"][each.verb] = each.model_json_schema(mode="validation")
    described["anyOf"] = [{"required": described.pop("required")}, {"required": [Repair.verb]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def followed(path: Path) -> Followed | None:
    """Return what the event in a file follows or repairs; None for neither, or a broken file.

    That is of the file alone: what is published does not tell where it came from.
    """
    try:
        root = Document(str(path), _octets(path).decode("utf-8-sig", "replace")).root
        named = (each for each in FOLLOWED if each.verb in root)
        return next((each.model_validate(root[each.verb], by_name=False) for each in named), None)
    except (EventFileError, ValidationError, TypeError):
        return None


def awaits_source(path: Path) -> bool:
    """Tell whether a file says just which calendar it repairs, which was not read so far."""
    try:
        return is_unread(Document(str(path), _octets(path).decode("utf-8-sig", "replace")).root)
    except EventFileError:
        return False


def _whole_file(path: Path, what: str, advice: str) -> EventFileError:
    return EventFileError([Problem(str(path), 0, 0, "", what, advice)])


def parse(text: str, event_id: str, path: str) -> tuple[Event, list[Problem]]:
    """Return the event that the text of a file describes, and the warnings about it.

    Raises ``EventFileError`` with everything that is wrong with it; ``UnreadSourceError`` if
    nothing is, but there is no event in it yet.
    """
    document = Document(path, text)
    if document.problems and document.root is None:
        raise EventFileError(document.problems)
    if not isinstance(document.root, dict):
        advice = "give it name, timezone, date and sessions, as calsvc new does"
        at = document.values.get((), (0, 0))  # of an empty file, there is no place
        what = f"is {shown(document.root)}"
        raise EventFileError([Problem(path, *at, "", what, advice)])
    event, problems = _validated(document, event_id)
    problems += document.problems
    if event is None or problems:
        raise EventFileError(problems)
    if is_unread(document.root):
        what = "the calendar that it repairs was not read yet, so there is nothing to publish"
        fault = Fault((Repair.verb,), what, "calsvc serve and calsvc publish --watch read it")
        raise UnreadSourceError([_problem(document, fault, level="warning")])
    doubts = [
        *review.doubts(event),
        *writing.doubts(document, event),
        *formerly.doubts(event, Path(path)),
    ]
    return event, sorted(_problem(document, doubt, level="warning") for doubt in doubts)


def _validated(document: Document, event_id: str) -> tuple[Event | None, list[Problem]]:
    """Return the event if it is valid, and the problems of its own keys and of its sessions."""
    own = {**document.root}
    listed = own.pop("sessions", [])
    problems = _of_sources(document, own)
    if "id" in own:
        at = document.mark(("id",), key=True)
        advice = f"take it out; the file's name is the id: {event_id}"
        problems.append(Problem(document.path, *at, "", "unknown key 'id'", advice))
    event, found = _read(document, Event, {**own, "id": event_id}, ())
    problems += found
    if not isinstance(listed, list):
        at = document.mark(("sessions",))
        what = f"sessions: is {shown(listed)}"
        return None, [*problems, Problem(document.path, *at, "", what, "write a list of sessions")]
    defaults = SlotDefaults.of(document.root)
    sessions: dict[int, Session] = {}
    for place, fields in enumerate(listed):
        session, found = _read(document, Session, fields, ("sessions", place), defaults)
        problems += found
        if session:
            sessions[place] = session
    shared_faults = faults(event, sessions, _outline(listed, sessions))
    problems += [_problem(document, fault) for fault in shared_faults]
    if event is None or problems:
        return event, problems
    whole = event.model_copy(update={"sessions": tuple(sessions.values())})
    return spelled_as_listed(whole), []


def _of_sources(document: Document, own: dict[str, Any]) -> list[Problem]:
    """Take the sources out of the event's own keys, and return what is wrong with them.

    What a repair leaves open gets a value: an event that is read later can be checked now.
    """
    if is_unread(document.root):
        left_open = UNREAD.keys() - own.keys() - ({"date"} if "dates" in own else set())
        own.update((key, UNREAD[key]) for key in left_open)
    sources = {
        each: fields for each in FOLLOWED if (fields := own.pop(each.verb, None)) is not None
    }
    problems = []
    for each, fields in sources.items():
        problems += _read(document, each, fields, (each.verb,))[1]
    if len(sources) > 1:
        fault = Fault((Repair.verb,), "stands beside follow", "keep one of them")
        problems.append(_problem(document, fault))
    if Repair in sources:
        own.setdefault("banner", False)
    return problems


def _outline(listed: list[Any], sessions: Mapping[int, Session]) -> Outline:
    """Return the outline of an agenda, as far as its sessions could be read."""
    ids: list[str | None] = []
    wholes: dict[int, tuple[str, ...]] = {}
    for place, fields in enumerate(listed):
        if session := sessions.get(place):
            ids.append(session.id)
            wholes[place] = session.part_of
        else:
            fields = fields if isinstance(fields, dict) else {}
            name, names = fields.get("id"), fields.get("part_of", [])
            ids.append(name if isinstance(name, str) else None)
            names = names if isinstance(names, list) else [names]
            wholes[place] = tuple(each for each in names if isinstance(each, str))
    return Outline(ids, wholes)


_Model = TypeVar("_Model", bound=BaseModel)


def _read(
    document: Document,
    model: type[_Model],
    fields: Any,
    where: Where,
    defaults: SlotDefaults | None = None,
) -> tuple[_Model | None, list[Problem]]:
    try:
        return model.model_validate(fields, context=defaults, by_name=False), []
    except ValidationError as error:
        found = [(each, (*where, *each["loc"])) for each in _told_apart(error)]
        unknown = (at for each, at in found if each["type"] == "extra_forbidden")
        meant = {(*at[:-1], keys.meant_key(at)) for at in unknown}
        return None, [
            _translated(document, detail, at)
            for detail, at in found
            if detail["type"] != "missing" or at not in meant  # reported as misspelt
        ]


def _told_apart(error: ValidationError) -> Iterator[dict[str, Any]]:
    """Yield each thing that is wrong; of a slot's unknown keys, each by itself."""
    for each in error.errors():
        if each["type"] == "unknown_keys":
            for key in each["ctx"]["keys"]:
                yield {**each, "type": "extra_forbidden", "loc": (*each["loc"], key)}
        else:
            yield {**each}


def _translated(document: Document, error: dict[str, Any], where: Where) -> Problem:
    """Return pydantic's error as a problem in the author's terms, at its place."""
    explain: _Words = _SENTENCES.get(error["type"], lambda e: (e["msg"], "correct it"))
    if where == ("id",):
        return Problem(document.path, 0, 0, "id, from the file's name", *explain(error))
    if error["type"] == "extra_forbidden":
        fault = Fault(where[:-1], f"unknown key {shown(str(where[-1]))}", keys.advice(where))
        return _problem(document, fault, mark=document.mark(where, key=True))
    if error["type"] == "missing":
        key = str(where[-1])
        title = error["input"].get("title", "")
        example = suggested_id(title) if key == "id" else _EXAMPLES.get(key, "…")
        fault = Fault(where[:-1], f"has no {key}", f"add {key}: {example}")
        return _problem(document, fault)
    return _problem(document, Fault(where, *explain(error)))


def _problem(
    document: Document,
    fault: Fault,
    *,
    mark: tuple[int, int] | None = None,
    level: Level = "error",
) -> Problem:
    line, column = mark or document.mark(fault.where)
    place = _place(document, fault.where)
    return Problem(document.path, line, column, place, fault.what, fault.advice, level)


def _place(document: Document, where: Where) -> str:
    """Return a place in words: ``session keynote-2, people 1, name``."""
    rest = document.placed(where)
    words: list[str] = []
    if rest[:1] == ("sessions",) and len(rest) > 1:
        index = int(rest[1])
        fields = document.root["sessions"][index]
        name = fields.get("id") if isinstance(fields, dict) else None
        words.append(
            f"session {brief(name)}" if isinstance(name, str) else f"session number {index + 1}"
        )
        rest = rest[2:]
    for key in rest:
        if isinstance(key, int):
            words[-1] += f" {key + 1}"
        else:
            words.append(brief(key))
    return ", ".join(words)


def _choice(value: object, expected: str) -> tuple[str, str]:
    choices = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    return f"is {shown(value)}", hint(str(value), choices)
