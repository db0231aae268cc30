"""Where the API and the pages of My calendar meet: who asks, and what may be done.

The edit key comes as ``Authorization: Bearer``, or on the site's own pages as a cookie.
A cookie goes with requests that other sites make a browser send, so what changes
something must come from this site (Origin), besides the cookie's SameSite.
"""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv6Network
from threading import Lock
from urllib.parse import urlsplit

from flask import Response, current_app, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from calsvc.calendars import Calendars
from calsvc.errors import (
    RetiredKeyError,
    StorageError,
    TooManyCallsError,
    UnknownKeyError,
    UnknownNameError,
)
from calsvc.itineraries import Choice, Itinerary, Options, keys, new_edit_key, overlaps
from calsvc.live import Live
from calsvc.selection import Selection
from calsvc.values import slug
from calsvc.web.answers import Calendar, calendar_of
from calsvc.web.caching import Memory

COOKIE = "calsvc_key"
COOKIE_AGE = 400 * 24 * 60 * 60  # 400 days, as long as browsers keep one
SAFE = {"GET", "HEAD", "OPTIONS"}
HOUR = 3600  # seconds
NAME_LENGTH = 60  # characters of a calendar's name in its address


@dataclass
class Desk:
    """The personal calendars of a site, and what asks for them share."""

    live: Live
    calendars: Calendars | None
    changeover: int = 0
    """Minutes that a change of rooms takes."""
    hourly: int = 1000
    """Calendars that one address may make in an hour; 0 for any number."""
    memory: Memory = field(default_factory=Memory)
    """Pages that were rendered for everybody."""
    _made: dict[str, list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def stored(self) -> Calendars:
        """Return the stored calendars.  Raises ``StorageError`` where there are none."""
        if self.calendars is None:
            raise StorageError("This site keeps no personal calendars.")
        return self.calendars

    def make(self, options: Options, choices: Iterable[Choice]) -> tuple[str, Itinerary]:
        """Make a calendar; return its edit key and what it holds.

        Raises ``TooManyCallsError``, ``TooManySessionsError``.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        empty = Itinerary(options=options, created=now.date(), revised=now)
        itinerary = empty.adding(choices)
        self._count(request.remote_addr or "")
        edit_key = new_edit_key()
        self.stored.make(edit_key, itinerary)
        return edit_key, itinerary

    def known(self, choices: Iterable[Choice]) -> list[Choice]:
        """Return the choices.  Raises ``UnknownNameError`` when one is on no agenda."""
        found = list(choices)
        for choice in found:
            schedule = self.live.event(choice.event).schedule
            entries = schedule.of_session(choice.session)
            if not entries:
                known = sorted({entry.session for entry in schedule.entries if entry.session})
                raise UnknownNameError("session", choice.session, known)
            if choice.slot and choice.slot not in {str(entry.uid) for entry in entries}:
                raise UnknownNameError("slot", choice.slot, [str(entry.uid) for entry in entries])
        return found

    def show(self, edit_key: str, itinerary: Itinerary) -> Calendar:
        """Return a calendar for who may edit it."""
        secret = keys(edit_key, itinerary)
        name = _in_address(itinerary.options.name)
        shared = f"{self.live.base_url}/my/shared/{secret.share}/" if secret.share else None
        chosen = self.live.chosen(itinerary)
        entries = [entry for _, found in chosen for entry in found]
        return calendar_of(
            itinerary,
            chosen,
            overlaps(entries, self.changeover),
            f"{self.live.base_url}/my/{secret.feed}/{name}.ics",
            shared,
        )

    def feed_address(self, event_id: str, selection: Selection) -> str:
        """Return the address of an event's feed, or of a part of it, in its canonical form."""
        return selection.on(f"{self.live.base_url}/events/{event_id}.ics")

    def _count(self, address: str) -> None:
        """Raise ``TooManyCallsError`` when an address makes calendars too fast.

        Addresses stay in memory, for an hour.
        """
        if not self.hourly:
            return
        address = _household(address)
        now = time.monotonic()
        with self._lock:
            recent = {
                each: kept
                for each, made in self._made.items()
                if (kept := [moment for moment in made if now - moment < HOUR])
            }
            if len(recent.get(address, ())) >= self.hourly:
                raise TooManyCallsError(
                    f"One address can make {self.hourly} calendars in an hour; try again later."
                )
            recent.setdefault(address, []).append(now)
            self._made = recent


def _household(address: str) -> str:
    """Return what one caller has of addresses: in IPv6 that is a network of 64 bits."""
    with suppress(ValueError):  # an address of IPv4, or none
        return str(IPv6Network(f"{address}/64", strict=False))
    return address


def _in_address(name: str) -> str:
    """Return a calendar's name for the end of its address: short, and in ASCII."""
    words = slug(name).encode("ascii", "ignore").decode()[:NAME_LENGTH].split("-")
    return "-".join(filter(None, words)) or "my-calendar"


def desk() -> Desk:
    """Return the desk of the application that answers."""
    found: Desk = current_app.extensions["calsvc.desk"]
    return found


def presented_key() -> str | None:
    """Return the edit key that comes with the request, if there is one.

    Refuses a cookie with which another site would change something.
    """
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and credentials.strip():
        return credentials.strip()
    cookie = request.cookies.get(COOKIE)
    if cookie and request.method not in SAFE:
        refuse_other_sites()
    return cookie or None


def mine(event_id: str) -> Mapping[str | None, set[str | None]] | None:
    """Return the sessions of an event that this browser's calendar holds; None without one.

    An agenda is shown without them, too: while storage is known to be away, it is not asked.
    """
    key = request.cookies.get(COOKIE)
    if not key or desk().calendars is None or desk().live.trouble:
        return None
    try:
        return desk().stored.of_editor(key).slots(event_id)
    except (UnknownKeyError, RetiredKeyError, StorageError):
        return None


def refuse_other_sites() -> None:
    """Answer 403 to a form that another site made a browser send."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        sent_from = urlsplit(said).netloc
    except ValueError:  # not even an address
        sent_from = ""
    if sent_from not in {urlsplit(desk().live.base_url).netloc, request.host}:
        raise Forbidden("Your calendar can be changed from this site alone.")


def edit_key() -> str:
    """Return the edit key that comes with the request; answer 401 without one."""
    key = presented_key()
    if key is None:
        raise Unauthorized(
            "Send the calendar's edit key as Authorization: Bearer.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return key


def keep_key(response: Response, key: str) -> None:
    """Let the browser keep an edit key for this site."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=COOKIE_AGE,
        path=_cookie_path(),
        httponly=True,
        samesite="Lax",
        secure=desk().live.base_url.startswith("https:"),
    )


def forget_key(response: Response) -> None:
    """Let the browser forget the edit key that it keeps for this site."""
    response.delete_cookie(COOKIE, path=_cookie_path())


def _cookie_path() -> str:
    """Return the path of this site: others may live on the same host."""
    return f"{request.script_root}/"
