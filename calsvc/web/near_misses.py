"""Addresses that lead nowhere, and which ones they may mean.

Letters, dots and spaces get lost or added when people pass addresses on.  Such an address is
a plain 404, which says what may be meant: if it led there, nobody would mend it, and calendar
programs would keep two addresses of one feed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from calsvc.addresses import PATHS
from calsvc.errors import CalsvcError, nearest
from calsvc.web.contexts import known_day, session_of
from calsvc.web.site import get_site

LONGEST = 300  # characters of a path that is looked at
NAMED = {"event", "event_id", "session_id", "day"}
"""What addresses name that may be said to anybody; others have keys."""
SUFFIXES = (
    (re.compile(r"(?:\.(?:ics|ical|icalendar|ifb|vcs))+$"), ".ics"),
    (re.compile(r"\.(?:html?|php|aspx?)$"), ""),
)
"""Endings that others have, with those that are meant."""


def required(names: Mapping[str, Any]) -> None:
    """Raise the error of an address if there is not what it names.

    That may be ``UnknownNameError``, ``UnknownKeyError`` or another that a view would raise.
    """
    site = get_site()
    if event_id := names.get("event_id") or names.get("event"):  # as the API calls it
        live_event = site.live.event(event_id)
        if "session_id" in names:
            session_of(live_event, names["session_id"])
        if "day" in names:
            known_day(live_event.event, names["day"])
    if "share_key" in names:
        site.stored.of_share(names["share_key"])


def meant(path: str) -> str | None:
    """Return the path that one which leads nowhere may mean; None if none is like it."""
    if len(path) > LONGEST:
        return None
    return next((each for each in _alike(path) if each != path and _leads_somewhere(each)), None)


def _alike(path: str) -> Iterator[str]:
    """Yield the paths that may be meant: small, without what stands around names."""
    front = re.split(r"[?&#;]", path.casefold(), maxsplit=1)[0]
    if front.startswith(PATHS.my()) and front != PATHS.my():
        return  # nothing is said of keys, whatever they are like
    segments = [*filter(None, map(_tidy, front.split("/")))]
    beginnings = {rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()} - {""}
    if segments and segments[0] not in beginnings:
        segments[0] = nearest(segments[0], beginnings) or segments[0]
    tidy = "/".join(["", *segments])
    yield tidy
    yield f"{tidy}/"


def _tidy(segment: str) -> str:
    found = re.sub(r"^\W+|\W+$", "", re.sub(r"\s+", "", segment))
    for ending, suffix in SUFFIXES:
        found = ending.sub(suffix, found)
    return "" if found == "index" else found


def _leads_somewhere(path: str) -> bool:
    try:
        adapter = current_app.url_map.bind_to_environ(request.environ)
        _, names = adapter.match(path, method="GET")
        is_public = names.keys() <= NAMED
        if is_public:
            required(names)
    except (HTTPException, CalsvcError):
        return False
    return is_public
