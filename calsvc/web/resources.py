"""What an address is of, and in which form: in words that are few, however many addresses."""

import re
from functools import lru_cache

from calsvc.addresses import PATHS
from calsvc.schedule.selection import FILTERS, FILTERS_IN_PATHS

KINDS = ("event", "filter", "session", "personal", "site", "other")
"""The label ``kind`` of answers: an event, a part of it by filters, one session, a person's
calendar, the site, and all else, as what pages are made of."""
FORMS = ("ics", "jcal", "json", "xml", "csv", "atom", "page", "api", "other")
"""Their label ``form``."""
PAIRS = tuple((kind, form) for kind in KINDS for form in FORMS)
KNOWN = 4096  # addresses of which that is remembered
LONGEST = 200  # characters of an address that is remembered
_FILTERED = re.compile(rf"(?:^|&)(?:{'|'.join(FILTERS)})=")
_PERSONAL = PATHS.my()


def resource_of(path: str, query: str) -> int:
    """Return the place among ``PAIRS`` of what a path and a query give.

    They are as WSGI has them, and the path begins as the application has it.
    """
    if path.startswith(_PERSONAL):  # each person has another one, and none is kept here
        return PERSONAL_FEED if path.endswith("ics") else PERSONAL_PAGE
    if len(path) + len(query) > LONGEST:
        return _place(path, query)
    return _remembered_place(path, query)


def _place(path: str, query: str) -> int:
    return PAIRS.index(_resource(path.split("/")[1:], query))


_remembered_place = lru_cache(maxsize=KNOWN)(_place)


def _resource(parts: list[str], query: str) -> tuple[str, str]:
    match parts:
        case ["api", "calendars", *_]:
            return "personal", "api"
        case ["api", "events", _, *_]:
            return "event", "api"
        case ["api", *_]:
            return "site", "api"
        case ["events", _, *within] if "sessions" in within:
            return "session", _form(parts[-1])
        case ["events", _, name, _] if name in FILTERS_IN_PATHS:
            return "filter", _form(parts[-1])
        case ["events", _, *_]:
            return "filter" if _FILTERED.search(query) else "event", _form(parts[-1])
        case [""] | ["offline", ""]:
            return "site", "page"
        case [name] if name.startswith("events."):
            return "site", _form(name)
    return "other", "other"


def _form(name: str) -> str:
    """Return the form that the last part of a path asks for."""
    _, dot, suffix = name.rpartition(".")
    return (suffix if suffix in FORMS else "other") if dot else "page"


PERSONAL_FEED = PAIRS.index(("personal", "ics"))
PERSONAL_PAGE = PAIRS.index(("personal", "page"))
