"""What calsvc itself writes into a frab schedule, read back.

``exporters/frab`` has a room for each talk, so one without a room is in one that is called as
the venue or the event is, and is not among the rooms; the address of a talk is that of its page
where it has none of its own; where to watch is a link; persons in XML have their organization
behind their name; and the end of the slug is the session's id, the same for all of its times.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from calsvc.agenda.people import Person, short_form
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession
from calsvc.importers.habits import trees
from calsvc.translations import LANGUAGES, N_, catalog

GENERATOR = "calsvc"
SLUG = re.compile(r"[a-z0-9_]+-\d{10}-(.+)")
_PERSON: TypeAdapter[Person] = TypeAdapter(Annotated[Person, short_form])


def is_own(conference: Mapping[str, Any]) -> bool:
    """Tell whether calsvc wrote a schedule."""
    return trees.line(conference.get("generator")) == GENERATOR


def read_conference(draft: Draft, conference: Mapping[str, Any]) -> None:
    """Take off a draft what calsvc added to the event: the address of its page."""
    if draft.url == trees.link(conference.get("base_url")):
        draft.url = None


def read_session(
    session: DraftSession, event: Mapping[str, Any], conference: Mapping[str, Any], draft: Draft
) -> None:
    """Give a session what calsvc wrote elsewhere, and take off what it added.

    Texts are taken to the letter: calsvc writes no HTML.
    """
    if slug := SLUG.fullmatch(_text(event, "slug") or ""):
        session.key = slug[1]
    for name in ("title", "track", "room", "description"):
        setattr(session, name, _text(event, name) or getattr(session, name))
    page = trees.link(conference.get("base_url"))
    if page and session.url and session.url.startswith(f"{page}sessions/"):
        session.url = None
    if session.room not in _rooms(conference):
        draft.venue = session.room if session.room != draft.name else draft.venue
        session.room = None
    if session.links and session.links[-1][1] in _watch():
        session.stream, _ = session.links.pop()
    persons = [trees.mapping(each) for each in trees.values(event.get("persons"))]
    session.people = [person for each in persons if (person := _person(each))]


def read_rooms(draft: Draft, conference: Mapping[str, Any]) -> None:
    """List the rooms of a draft as calsvc does."""
    draft.rooms = [DraftRoom(name) for name in _rooms(conference)]


def _rooms(conference: Mapping[str, Any]) -> list[str]:
    named = (_text(room, "name") for room in trees.objects(conference.get("rooms")))
    return list(dict.fromkeys(filter(None, named)))


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


@cache
def _watch() -> frozenset[str]:
    return frozenset(catalog(language).gettext(N_("Watch")) for language in LANGUAGES)


def _person(person: Mapping[str, Any]) -> DraftPerson | None:
    """Return a person, whose organization stands behind the name in XML, as roles do not."""
    name = _text(person, "name")
    if not name:
        return None
    role, url = _text(person, "role"), trees.link(person.get("url"))
    if role:
        return DraftPerson(name, _text(person, "organization"), role, url)
    try:
        read = _PERSON.validate_python(name)
    except ValidationError:
        return DraftPerson(name)
    return DraftPerson(read.name, read.organization)
