"""The keys of event files, and which of them an unknown one stands for."""

from pydantic import BaseModel

from calsvc.agenda.days import Dates
from calsvc.agenda.follow import FOLLOWED
from calsvc.agenda.mentions import Organizer, Reference, Track
from calsvc.agenda.model import Event, Session
from calsvc.agenda.people import Person
from calsvc.agenda.places import Place, Room
from calsvc.agenda.when import SLOT_KEYS
from calsvc.errors import Where, nearest

_MODELS: dict[str, type[BaseModel]] = {
    "": Event,
    "sessions": Session,
    "people": Person,
    "venue": Place,
    "place": Place,
    "rooms": Room,
    "tracks": Track,
    "organizer": Organizer,
    "dates": Dates,
    "links": Reference,
    **{each.verb: each for each in FOLLOWED},
}
_KEYS: dict[str, tuple[str, ...]] = {
    "when": SLOT_KEYS,
    **{
        key: tuple(field.alias or name for name, field in model.model_fields.items())
        for key, model in _MODELS.items()
    },
    "": (
        *(name for name in Event.model_fields if name != "id"),  # which is the file's name
        *(each.verb for each in FOLLOWED),
    ),
}
"""The keys that a mapping may have, by the key whose value it is."""

_SLOT_SYNONYMS = {
    **dict.fromkeys(("begin", "begins", "beginning", "from", "since", "starts", "time"), "start"),
    **dict.fromkeys(("until", "till", "to", "ends", "finish", "stop"), "end"),
    **dict.fromkeys(("length", "minutes", "lasts"), "duration"),
    **dict.fromkeys(("location", "where"), "room"),
    **dict.fromkeys(("tz", "zone"), "timezone"),
}
_SYNONYMS: dict[str, dict[str, str]] = {
    "when": _SLOT_SYNONYMS,
    "sessions": {
        **dict.fromkeys(("date", "day", "slot", "slots", "times"), "when"),
        **dict.fromkeys(("location", "place", "where"), "room"),
        **dict.fromkeys(("author", "presenter", "speaker"), "people"),
        **dict.fromkeys(("authors", "presenters", "speakers"), "people"),
        **dict.fromkeys(("abstract", "summary", "text"), "description"),
        **dict.fromkeys(("category", "type"), "kind"),
        **dict.fromkeys(("keywords", "topics"), "tags"),
        "name": "title",
        "state": "status",
    },
    "": {
        **dict.fromkeys(("location", "place", "where"), "venue"),
        **dict.fromkeys(("tz", "zone"), "timezone"),
        **dict.fromkeys(("talks", "agenda", "programme", "program"), "sessions"),
        "day": "date",
        **dict.fromkeys(("begin", "begins", "days", "from", "start", "starts", "when"), "dates"),
        **dict.fromkeys(("end", "ends", "to", "until"), "dates"),
        "state": "status",
        "title": "name",
    },
    "dates": {
        **dict.fromkeys(("begin", "begins", "first", "start", "starts"), "from"),
        **dict.fromkeys(("end", "ends", "last", "until"), "to"),
    },
    "people": {
        **dict.fromkeys(("affiliation", "company", "employer", "institution"), "organization"),
        **dict.fromkeys(("link", "website"), "url"),
    },
}
"""Keys that other formats have → the key here; by the key in whose value they are."""
_OF_A_SLOT = {key: key for key in ("start", "end", "duration", "timezone")} | {
    key: meant for key, meant in _SLOT_SYNONYMS.items() if meant != "room"
}
"""Keys that a session cannot have by itself → the key of its slot that they stand for."""


def known_keys(where: Where) -> tuple[str, ...]:
    """Return the keys that may stand where a key is."""
    return _KEYS.get(_parent(where), ())


def meant_key(where: Where) -> str | None:
    """Return the known key that an unknown one stands for, or is most like; None for none."""
    parent, key = _parent(where), str(where[-1])
    if _of_a_slot(where):
        return "when"
    return _SYNONYMS.get(parent, {}).get(key.casefold()) or nearest(key, known_keys(where))


def advice(where: Where) -> str:
    """Return what to do about an unknown key."""
    if slot_key := _of_a_slot(where):
        return f"did you mean when: {{{slot_key}: …}}?"
    if match := meant_key(where):
        return f"did you mean {match}?"
    return f"the keys here are {', '.join(known_keys(where))}"


def _of_a_slot(where: Where) -> str | None:
    return _OF_A_SLOT.get(str(where[-1]).casefold()) if _parent(where) == "sessions" else None


def _parent(where: Where) -> str:
    return next((key for key in reversed(where[:-1]) if isinstance(key, str)), "")
