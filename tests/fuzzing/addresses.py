"""Paths and query strings, as octets and as browsers write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from fuzzing.mutations import harmful, octets_of, text_of
from fuzzing.sites import FuzzedSite, Request, fuzzed_site

SEGMENTS = (
    *("events", "conf", "many", "sessions", "talk", "s7", "subscribe", "embed", "changes", "help"),
    *("my", "shared", "api", "calendars", "me", "openapi.json", "oembed", "static", "site.js"),
    *("conf.ics", "conf.csv", "conf.xml", "conf.json", "conf.jcal", "conf.atom", "talk.ics"),
    *("events.ics", "embed.js", "healthz", "readyz", "robots.txt", "add", "x.ics", "", "."),
)
PATHS = (
    *("/", "/events.ics", "/events/conf.ics", "/events/conf/", "/events/conf/embed/", "/oembed"),
    *("/events/conf.csv", "/events/conf.xml", "/events/conf.json", "/events/conf.atom"),
    *("/events/conf.jcal", "/events/conf/sessions/talk/", "/events/conf/sessions/talk.ics"),
    *("/events/conf/subscribe/", "/events/conf/embed/subscribe/", "/events/conf/changes/"),
    *("/events/conf/embed/sessions/talk/", "/events/conf/embed/help", "/api/events/conf"),
    *("/static/site.js", "/static/calsvc.css", "/my/", "/readyz", "/events/many.ics"),
    *("/events/conf/embed/days/", "/events/many/embed/days/2027-06-15/"),
)
NAMES = (
    *("track", "kind", "room", "speaker", "tag", "language", "level", "day", "session", "q"),
    *("alarm", "busy", "cancelled", "banner", "parts", "tz", "lang", "download", "series", "url"),
    *("format", "maxwidth", "maxheight", "v", "utm_source", "removed", "slot", "search", "view"),
)
VALUES = (
    *("talk", "!break", "hall-a", "2027-06-15", "10", "yes", "no", "mark", "drop", "conf", "en"),
    *("de", "Europe/Berlin", "UTC", "xml", "json", "p7", "t3", "closing", "1", "conf/talk"),
    *("https://calendar.example.org/events/conf/", "https://calendar.example.org/"),
)
METHODS = ("GET",) * 20 + ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW", "")
MOST_PAIRS = 6


@dataclass
class Addresses:
    """The door."""

    site: FuzzedSite

    def made(self, random: Random) -> Request:
        """Return a request for an address."""
        path, query = _path(random), _query(random)
        return Request(random.choice(METHODS), path, query)

    def taken(self, thrown: Request) -> None:
        """Ask for it as a server does, and as a browser's address has it."""
        self.site.ask(thrown)


def _path(random: Random) -> str:
    if random.random() < 0.5:
        path = text_of(random, PATHS)
    else:
        count = random.choice((1, 2, 2, 3, 3, 4, 5, 30))
        path = "/" + "/".join(text_of(random, SEGMENTS) for _ in range(count))
    path = path if random.random() < 0.05 else f"/{path.lstrip('/')}"
    return octets_of_any(path).decode("latin-1")


def _query(random: Random) -> str:
    pairs = []
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, MOST_PAIRS, 120))):
        name, value = text_of(random, NAMES), text_of(random, VALUES)
        is_quoted = random.random() < 0.7
        pairs.append("=".join(map(_quoted, (name, value))) if is_quoted else f"{name}={value}")
    query = "&".join(pairs) if random.random() < 0.95 else harmful(random)
    return octets_of_any(query).decode("latin-1")


def _quoted(text: str) -> str:
    return quote(octets_of_any(text), safe="!/:")


def octets_of_any(text: str) -> bytes:
    """Return the octets of a text that may have octets of no letter."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return octets_of(text)


@contextmanager
def door() -> Iterator[Addresses]:
    """Open the door."""
    with fuzzed_site() as site:
        yield Addresses(site)
