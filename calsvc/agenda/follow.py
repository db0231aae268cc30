"""The source that an event file follows or repairs, and how often it is looked at."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, WithJsonSchema

from calsvc.agenda.fields import Date, Line, Link, Value, ZoneName, wrong
from calsvc.agenda.quoting import shown

EVERY = timedelta(minutes=15)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=7)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PATTERN = r"(\d{1,5})\s*(s|m|h|d)"


def interval(value: Any) -> Any:
    """Return how long ``5m``, ``90s``, ``2h`` or ``1d`` is; raises what is wrong with others."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(_PATTERN, value.strip()) if isinstance(value, str) else None
    every = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if every is None or not SHORTEST <= every <= LONGEST:
        raise wrong(f"{shown(value)} is no interval from 1m to 7d", "write one such as 5m or 1h")
    return every


def _webbed(address: Any) -> Any:
    """Return the address that one which begins with ``webcal://`` stands for."""
    if not isinstance(address, str):
        return address
    return re.sub(r"^\s*webcals?://", "https://", address, flags=re.IGNORECASE)


Interval = Annotated[
    timedelta,
    BeforeValidator(interval),
    WithJsonSchema({"type": "string", "pattern": f"^{_PATTERN}$", "examples": ["5m", "1h"]}),
]


class Followed(Value):
    """A source that is looked at again and again: what changes there, changes here."""

    verb: ClassVar[str]
    """What its event file does with it."""
    url: Annotated[Link, BeforeValidator(_webbed)]
    every: Interval = EVERY
    timezone: ZoneName | None = None
    """The zone of its times, where the source does not tell it."""
    private: bool = False
    """Whether the address may be in a private network."""


class Follow(Followed):
    """The agenda that the event file goes on with by itself."""

    verb = "follow"
    format: Line | None = None
    """As ``calsvc import --from`` has it; by content, if nothing is said."""
    date: Date | None = None
    """The first day, where the source does not tell it."""


class Repair(Followed):
    """The calendar in front of which the event's feed is: the same entries, written rightly."""

    verb = "repair"


FOLLOWED: tuple[type[Followed], ...] = (Follow, Repair)
"""Each is a key of event files, called by its verb; a file has one of them."""


def is_unread(root: Mapping[str, Any]) -> bool:
    """Tell whether a file says which calendar it repairs, which was not read so far."""
    return root.get(Repair.verb) is not None and "sessions" not in root
