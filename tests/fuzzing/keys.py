"""Keys in paths, cookies, headers and forms: nearly right ones open nothing, and tell nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from fuzzing.addresses import octets_of_any
from fuzzing.mutations import harmful, mutated
from fuzzing.sites import HERE, FuzzedSite, Request, fuzzed_site

PLACES = (
    "/my/{}/x.ics",
    "/my/{}/x.ics?download=1",
    "/my/shared/{}/",
    "/my/shared/{}",
    "//my/{}/x.ics",
    "/MY/{}/x.ics",
    "/my/{}/",
    "/my/{}",
    "/api/calendars/{}",
    "/events/{}/",
    "/{}",
    "/static/{}",
)
WORKING = {"/my/{}/x.ics": "feed", "/my/{}/x.ics?download=1": "feed", "/my/shared/{}/": "share"}


@dataclass
class Keys:
    """The door."""

    site: FuzzedSite

    def made(self, random: Random) -> Request:
        """Return a request with something like a key; none is the right one where it works."""
        key = self._key(random)
        text = octets_of_any(key).decode("latin-1").replace("\r", "").replace("\n", "")
        match random.randrange(5):
            case 0:
                return Request("GET", "/my/", headers={"Cookie": f"calsvc_key={text}"})
            case 1:
                return Request(
                    "GET", "/api/calendars/me", headers={"Authorization": f"Bearer {text}"}
                )
            case 2:
                body = f"key={quote(octets_of_any(key))}".encode()
                kind = "application/x-www-form-urlencoded"
                return Request("POST", "/my/open", "", {"Origin": HERE, "Content-Type": kind}, body)
        place = random.choice(PLACES)
        if WORKING.get(place) and key == self.site.secrets[WORKING[place]]:
            key = self.site.secrets["edit"]
        path, _, query = place.partition("?")
        return Request("GET", path.format(octets_of_any(key).decode("latin-1")), query)

    def _key(self, random: Random) -> str:
        own = random.choice([*self.site.secrets.values()])
        match random.randrange(4):
            case 0:
                return own + random.choice(("x", " ", "=", "\0", "%00", "/", harmful(random)))
            case 1:
                return mutated(random, own.encode()).decode("utf-8", "surrogateescape")
            case 2:
                return random.choice(
                    (own.lower(), own.upper(), own[:-1], own[1:], own[::-1], own * 2)
                )
        return self.site.secrets[random.choice(("edit", "feed", "share"))]

    def taken(self, thrown: Request) -> None:
        """Send it: nobody gets a calendar by it, and no answer has another key in it."""
        answer = self.site.ask(thrown)
        sent = thrown.path + str(thrown.headers) + thrown.body.decode("latin-1")
        if answer.status in {200, 303}:
            return  # the right key in the right place, by chance
        for key in self.site.secrets.values():
            assert key in sent or key.encode() not in answer.body
        assert not answer.header("set-cookie").startswith(("calsvc_key=x", "__Host-calsvc_key=x"))


@contextmanager
def door() -> Iterator[Keys]:
    """Open the door."""
    with fuzzed_site() as site:
        yield Keys(site)
