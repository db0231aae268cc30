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
from calsvc.importers import trees
from calsvc.importers.drafts import Draft, DraftPerson, DraftSession
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
    """Give a session what calsvc wrote elsewhere, and take off what it added."""
    if slug := SLUG.fullmatch(trees.line(event.get("slug")) or ""):
        session.key = slug[1]
    page = trees.link(conference.get("base_url"))
    if page and session.url and session.url.startswith(f"{page}sessions/"):
        session.url = None
    rooms = {trees.line(room) for room in trees.objects(conference.get("rooms"))}
    if session.room not in rooms:
        draft.venue = session.room if session.room != draft.name else draft.venue
        session.room = None
    if session.links and session.links[-1][1] in _watch():
        session.stream, _ = session.links.pop()
    persons = map(trees.mapping, trees.values(event.get("persons")))
    if not any("role" in person for person in persons):  # as in XML
        session.people = [_with_organization(person) for person in session.people]


@cache
def _watch() -> frozenset[str]:
    return frozenset(catalog(language).gettext(N_("Watch")) for language in LANGUAGES)


def _with_organization(person: DraftPerson) -> DraftPerson:
    try:
        read = _PERSON.validate_python(person.name)
    except ValidationError:
        return person
    return DraftPerson(read.name, read.organization, person.role, person.url)
