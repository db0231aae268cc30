"""The query string of a feed's address → ``Selection``.

``!`` before a value excludes the sessions that have it.  Equal selections have one
canonical form, whatever their order and spelling, so caches and clients see one feed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from calsvc.errors import QueryError, listed, nearest
from calsvc.schedule.display import MAX_ALARM, CancelledPolicy, Display
from calsvc.schedule.selection import DISPLAY_OPTIONS, FILTERS, OPTIONS, Selection, folded, plain

MAX_VALUES = 100
IGNORED_PREFIXES = ("utm_", "gad_", "_ga", "_gl", "mc_", "mtm_", "pk_")
IGNORED = frozenset(
    "v fbclid gclid gbraid wbraid dclid msclkid yclid igsh igshid ttclid twclid li_fat_id".split()
)
"""Parameters that link trackers add, and ``v``, which people add to make Google fetch anew."""


def selection_of(
    pairs: Iterable[tuple[str, str]],
    *,
    filters: Iterable[str] = FILTERS,
    options: Iterable[str] = OPTIONS,
) -> Selection:
    """Return the selection that the name and value pairs of a query string describe.

    Raises ``QueryError`` for a parameter that is not in ``filters`` or ``options``, for an
    option with an invalid value or two values, and for more than 100 filter values; a filter
    may have any value.
    """
    known = (*filters, *options)
    wanted: dict[str, set[str]] = {}
    unwanted: dict[str, set[str]] = {}
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in IGNORED or name.startswith(IGNORED_PREFIXES):
            continue
        if name not in known:
            suggestion = nearest(name, known)
            guess = f" Did you mean {suggestion}?" if suggestion else ""
            raise QueryError(f"Unknown parameter {name!r}.{guess} {listed('parameters', known)}")
        if name in options:
            value = value.strip()
            if given.setdefault(name, value) != value:
                raise QueryError(f"{name} is given twice: {given[name]!r} and {value!r}.")
        elif text := plain(value).lstrip("! "):
            side = unwanted if plain(value).startswith("!") else wanted
            side.setdefault(name, set()).add(text if name in {"q", "session"} else folded(value))
    if sum(map(len, (*wanted.values(), *unwanted.values()))) > MAX_VALUES:
        raise QueryError(f"More than {MAX_VALUES} values; ask for fewer.")
    read = {name: OPTION_VALUES[name](name, value) for name, value in given.items()}
    display = Display(**{name: read.pop(name) for name in DISPLAY_OPTIONS if name in read})
    return Selection(_ordered(wanted), _ordered(unwanted), display, **read)


def _ordered(values: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(values[name])) for name in sorted(values)}


def _minutes(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > MAX_ALARM:
        raise QueryError(f"{name}={value} cannot be: give minutes, 0 to {MAX_ALARM}.")
    return int(value)


def _policy(name: str, value: str) -> str:
    if value not in get_args(CancelledPolicy):
        raise QueryError(f"{name}={value} cannot be: give status, mark or drop.")
    return value


def _yes_or_no(name: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise QueryError(f"{name}={value} cannot be: give yes or no.")
    return value == "yes"


OPTION_VALUES: Mapping[str, Callable[[str, str], Any]] = {
    "alarm": _minutes,
    "busy": _yes_or_no,
    "cancelled": _policy,
    "banner": _yes_or_no,
    "parts": _yes_or_no,
}
"""Option → the function that reads its value, given its name and the text."""
