"""The people of a draft → those of an event file."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from calsvc.agenda.kinds import DEFAULT_ROLES, Kind
from calsvc.agenda.people import ADDRESS, Person, short_form
from calsvc.importers.drafts import DraftPerson
from calsvc.importers.drawing import texts
from calsvc.importers.drawing.kinds import role_of

_PERSON: TypeAdapter[Person] = TypeAdapter(Annotated[Person, short_form])


def people(found: Iterable[DraftPerson], kind: Kind) -> Iterable[Any]:
    """Yield each person of a session once: in short where a name and an organization say it.

    Whoever has no name is left out.
    """
    default = DEFAULT_ROLES.get(kind, "speaker")
    seen: set[object] = set()
    for person in found:
        name, organization = name_of(person), _public(person.organization)
        role, address = role_of(person.role), texts.link(person.url)
        if not name or (name, role) in seen:
            continue
        seen.add((name, role))
        given = {
            "name": name,
            "organization": organization,
            "role": role if role != default else None,
            "url": address,
        }
        fields = {key: value for key, value in given.items() if value}
        short = f"{name}, {organization}" if organization else name
        yield short if _is_read_as(short, fields) else fields


def _is_read_as(short: str, fields: dict[str, str]) -> bool:
    """Tell whether a short form says all: a comma in a name, or a title such as MD, says more."""
    try:
        return _PERSON.validate_python(short) == Person.model_validate(fields)
    except ValidationError:
        return False


def name_of(person: DraftPerson) -> str | None:
    """Return someone's name; None if there is none, or an e-mail address alone."""
    return _public(person.name)


def _public(text: str | None) -> str | None:
    """Return a text without e-mail addresses, which are not published."""
    return texts.line(ADDRESS.sub(" ", text)) if text else None
