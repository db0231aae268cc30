"""Bodies of forms and of the API, also half-sent and unreadable ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from fuzzing.addresses import octets_of_any
from fuzzing.mutations import harmful, mutated, octets_of, text_of
from fuzzing.sites import HERE, FuzzedSite, Request, fuzzed_site

ME = "/api/calendars/me"
CALLS = (
    ("POST", "/api/calendars"),
    ("PATCH", ME),
    ("PUT", f"{ME}/sessions"),
    ("PUT", f"{ME}/sessions/conf/talk"),
    ("DELETE", f"{ME}/sessions/conf/talk"),
)
FORMS = ("/my/add", "/my/remove", "/my/options", "/my/share", "/my/open")
JSONS = (
    "{}",
    '{"sessions": [{"event": "conf", "session": "talk"}]}',
    '{"name": "Ann", "alarm": 10, "busy": false, "cancelled": "mark", "shared": true}',
    '{"sessions": [{"event": "conf", "session": "posters", "slot": "x@y"}], "name": "Ann"}',
    '{"alarm": 40320, "name": "\\u00e9\\ud83d\\ude00"}',
)
FIELDS: dict[str, tuple[str, ...]] = {
    "event": ("conf", "many", "nothing"),
    "session": ("talk", "posters", "s7", "later"),
    "back": ("/events/conf/", "/events/conf/?lang=de", "//evil.example/", "/events/../my/"),
    "name": ("Ann", "My calendar"),
    "alarm": ("10", "", "40320", "-1"),
    "busy": ("on",),
    "cancelled": ("status", "mark", "drop"),
    "share": ("yes", "no"),
    "key": ("x" * 32,),
    "entry": ("x",),
}
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "",
)
MOST_BODY = 300 * 1024  # octets: a little more than the site takes


@dataclass
class Bodies:
    """The door."""

    site: FuzzedSite

    def made(self, random: Random) -> Request:
        """Return a call of the API or a form, by the owner of a calendar or by nobody."""
        is_form = random.random() < 0.4
        method, path = ("POST", random.choice(FORMS)) if is_form else random.choice(CALLS)
        body = _form(random) if is_form else _json(random)
        if random.random() < 0.01:
            body *= MOST_BODY // max(1, len(body))
        headers = {"Origin": HERE if random.random() < 0.9 else harmful(random)}
        headers["Content-Type"] = random.choice(TYPES[1:2] * 5 if is_form else TYPES)
        key = self.site.secrets["edit"]
        if random.random() < 0.7:
            headers |= (
                {"Cookie": f"calsvc_key={key}"} if is_form else {"Authorization": f"Bearer {key}"}
            )
        if random.random() < 0.05:
            headers["Content-Length"] = random.choice(("0", "7", "-1", "x", "999999999"))
        headers = {
            name: octets_of_any(value.replace("\r", "").replace("\n", "")).decode("latin-1")
            for name, value in headers.items()
        }
        return Request(method, path, "", headers, body, random.random() < 0.05)

    def taken(self, thrown: Request) -> None:
        """Send it; what it left in the calendar is a feed all the same."""
        self.site.ask(thrown)
        if thrown.method != "GET":
            feed = self.site.ask(Request(path=f"/my/{self.site.secrets['feed']}/x.ics"))
            assert feed.status == 200


def _json(random: Random) -> bytes:
    text = octets_of(random.choice(JSONS))
    match random.randrange(5):
        case 0:
            return mutated(random, text)
        case 1:
            return json.dumps(_value(random, 3)).encode()
        case 2:
            return b"[" * random.choice((10, 1000, 100_000)) + text
        case 3:
            found = json.loads(text)
            names = [*found, "sessions", "name", "alarm", "shared", harmful(random)]
            found[random.choice(names)] = _value(random, 3)
            return json.dumps(found).encode()
    return text


def _value(random: Random, depth: int) -> object:
    kinds = 9 if depth else 7
    match random.randrange(kinds):
        case 0:
            return None
        case 1:
            return random.choice((True, False, 0, -1, 10, 10**30, 1.5, 40321))
        case 7:
            return [_value(random, depth - 1) for _ in range(random.choice((0, 1, 3, 40)))]
        case 8:
            names = ("event", "session", "slot", harmful(random))
            return {random.choice(names): _value(random, depth - 1) for _ in range(3)}
    return text_of(random, ("conf", "talk", "Ann", "mark")).encode("utf-8", "replace").decode()


def _form(random: Random) -> bytes:
    names = [*FIELDS]
    pairs = [
        (name, octets_of_any(text_of(random, FIELDS[name])))
        for name in random.choices(names, k=random.choice((1, 2, 3, 5, 50)))
    ]
    body = urlencode(pairs).encode()
    return mutated(random, body) if random.random() < 0.3 else body


@contextmanager
def door() -> Iterator[Bodies]:
    """Open the door."""
    with fuzzed_site() as site:
        yield Bodies(site)
