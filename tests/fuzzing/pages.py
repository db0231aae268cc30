"""Texts of any kind in every field of an event: they stay texts on its pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from random import Random
from typing import NamedTuple

from conftest import BASE_URL
from flask.testing import FlaskClient

from calsvc.live.events import Live
from calsvc.web.app import create_app
from fuzzing.feeds import event_of_json, published, written

PATHS = (
    *(
        "/",
        "/events/conf/",
        "/events/conf/",
        "/events/conf/sessions/s0/",
        "/events/conf/subscribe/",
    ),
    *("/events/conf/changes/", "/events/conf/embed/", "/events/conf/embed/sessions/s0/"),
    *(
        "/events/conf/embed/subscribe/",
        "/events/conf/embed/help",
        "/events.ics",
        "/api/events/conf",
    ),
    *("/events/conf/sessions/later/", "/events/conf/sessions/s0.ics", "/events/conf.atom"),
    *("/oembed?url=https://calendar.example.org/events/conf/", "/events/conf/?q=a&kind=talk"),
    *("/events/conf/embed/days/", "/events/conf/embed/?search=a&kind=talk"),
)
ASKED = 2  # paths of an input
NEVER = {"embed", "frame", "img", "math", "object", "style"}
"""Elements that none of these pages has: a description's pictures are left out."""
SCHEMES = {"", "http:", "https:", "mailto:", "webcal:", "webcals:"}
"""What a link may begin with; empty is relative."""


class Thrown(NamedTuple):
    """An event file, and what is asked of its site."""

    text: str
    paths: tuple[str, ...]
    language: str


@dataclass
class Pages:
    """The door."""

    live: Live
    client: FlaskClient
    version: int = 0
    """Of the event that is served: pages are remembered by it."""

    def made(self, random: Random) -> Thrown:
        """Return an event with any texts, and some addresses."""
        paths = tuple(random.choice(PATHS) for _ in range(ASKED))
        return Thrown(written(random), paths, random.choice(("en", "de")))

    def taken(self, thrown: Thrown) -> None:
        """Publish the event, and look at the pages."""
        event = event_of_json(thrown.text)
        if event is None:
            return
        schedule, history = published(event)
        self.version += 1
        self.live.put(schedule.model_copy(update={"version": self.version}), history)
        for path in thrown.paths:
            _judge(self.client, path, thrown.language)


def _judge(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code in {200, 404}, (path, answer.status)
    for name, value in answer.headers:
        assert not re.search("[^ -~]", value), (path, name, value)
    if answer.mimetype == "text/html":
        page = Elements(answer.text)
        assert page.elements & NEVER == set(), path
        assert [name for name in page.names if name.startswith("on") or name == "style"] == [], path
        assert {scheme_of(link) for link in page.links} <= SCHEMES, (path, page.links)
        for script in page.scripts:
            json.loads(script)
    elif answer.mimetype.endswith("json"):
        json.loads(answer.text)


def scheme_of(link: str) -> str:
    """Return the scheme of a link as browsers see it, which overlook white space."""
    found = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\x00-\x20]", "", link).lower())
    return found[0] if found else ""


class Elements(HTMLParser):
    """The elements of a page, their attributes, where they lead, and scripts within the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.scripts: list[str] = []
        self._is_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), attrs
        self.elements.add(tag)
        self.names |= given.keys()
        self.links += [
            given[name] for name in ("href", "src", "action", "formaction") if name in given
        ]
        if tag == "script":
            self._is_script = "src" not in given
            assert not self._is_script or given["type"] == "application/ld+json"
            if self._is_script:
                self.scripts.append("")
            else:
                assert given["src"].startswith("/")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a script."""
        self._is_script = self._is_script and tag != "script"

    def handle_data(self, data: str) -> None:
        """Note what stands in a script."""
        if self._is_script:
            self.scripts[-1] += data


@contextmanager
def door() -> Iterator[Pages]:
    """Open the door."""
    live = Live((), BASE_URL)
    yield Pages(live, create_app(live).test_client())
