"""Persons, and the ways in which an agenda may write them.

``Ada Example, Analytical Engines`` is a name and an organization; titles behind a name,
such as ``Jr.`` or ``PhD``, belong to it.  An e-mail address is not published: calendars
are public.
"""

import re
from typing import Any, Literal

from pydantic import BeforeValidator, ValidationInfo, model_validator

from calsvc.agenda.fields import COMMA, STORED, Line, Link, Value, wrong

Role = Literal["speaker", "moderator", "panelist", "author", "host"]
TITLES = frozenset(
    """
    jr sr ii iii iv esq dr prof phd dphil md mph mba msc bsc meng jd llm llb dds dvm edd
    dsc pharmd dnp rn cpa pmp cissp obe mbe cbe frs mp
    """.split()
)
"""Titles that stand behind a name, in small letters and without dots."""
ADDRESS = re.compile(
    r"(?<![@\w.+-])[<(\[]?(?:mailto:)?[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}[>)\]]?"
)
"""An e-mail address, with the brackets around it."""


class Person(Value):
    """Someone in a session."""

    name: Line
    organization: Line | None = None
    role: Role | None = None
    """Where it is not given, the session's kind decides."""
    url: Link | None = None

    @property
    def full_name(self) -> str:
        """Return the name as event files have it: ``Wei Wang, Example University``."""
        return ", ".join(filter(None, (self.name, self.organization)))

    @model_validator(mode="before")
    @classmethod
    def _without_addresses(cls, written: Any, info: ValidationInfo) -> Any:
        if info.context == STORED or not isinstance(written, dict):
            return written
        kept = dict(written)
        for key in ("name", "organization"):
            if isinstance(text := kept.get(key), str) and ADDRESS.search(text):
                kept[key] = " ".join(ADDRESS.sub(" ", text).split())
                if not kept[key] and key == "name":
                    raise wrong(
                        "has an e-mail address for a name", "write the name: feeds are public"
                    )
                kept[key] = kept[key] or None
        return kept


def _read_person(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name, *rest = COMMA.split(value.strip(), maxsplit=1)
    while rest:
        title, *after = COMMA.split(rest[0], maxsplit=1)
        if title.casefold().replace(".", "") not in TITLES:
            break
        name, rest = f"{name}, {title}", after
    organization = "".join(rest)
    return {"name": name, "organization": organization} if organization else {"name": name}


short_form = BeforeValidator(_read_person, json_schema_input_type=Person | str)
"""Lets ``Name, Organization`` stand for a person."""
