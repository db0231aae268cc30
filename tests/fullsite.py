"""A site with all that a page can be about, and a sample of every kind of its pages."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from conftest import event_of
from desk import storage_of_events
from flask import Flask
from flask.testing import FlaskClient
from overheard import Ears
from servers import free_port, listening
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, withdraw
from calsvc.schedule.itineraries import Choice, Itinerary, keys, new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE

EXTREMES = """
    name: Конференция & المؤتمر <Extremes>
    timezone: America/New_York
    dates: {from: 2027-11-06, to: 2027-11-08}
    venue: {name: Old Hall, address: "Donaudampfschifffahrtsgesellschaftskapitänsgasse 1, Wien"}
    description: "**Bold**, [a link](https://example.org/), and <b>no HTML</b>.\\n\\n# A heading"
    sessions:
      - {id: opening, title: Opening, when: 2027-11-06 23:30-00:30+1, room: Hall A, track: One}
      - id: long
        title: Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochllanfairpwllgwyngyll
        when: [2027-11-07 09:00-10:00, 2027-11-08 09:00-10:00]
        room: Übersetzungswissenschaftlerinnenzusammenkunftsraum
        track: Zwei & <drei>
        tags: [c++, "déjà vu"]
        people:
          - {name: Ada Example, organization: Analytical Engines, url: "https://example.org/ada"}
          - {name: "محمد مثال", role: moderator}
        description: |
          # A heading

          `https://example.org/a/very/long/address/without/any/place/to/break/it/anywhere/at/all`

          | a | table |
          |---|---|
          | of | cells |

          ![a picture](https://example.org/picture.png) <script>alert(1)</script>
        links: ["https://example.org/slides"]
        stream: https://example.org/stream
      - {id: moved, title: "التقويم 🎉", when: 2027-11-07 11:00-12:00, room: Hall A}
      - id: abroad
        title: Abroad
        when: {start: 2027-11-08 08:00, duration: 60, timezone: Asia/Kathmandu}
      - {id: ended, title: Ended, when: 2027-11-08 12:00-13:00}
      - {id: off, title: Off, when: 2027-11-08 14:00-15:00, status: cancelled}
      - {id: posters, title: Posters, kind: poster-session, when: 2027-11-08 15:00-16:00}
      - {id: one, title: One, kind: poster, part_of: posters}
      - {id: later, title: Later}
    """
CHANGED = "".join(
    line.replace("11:00-12:00, room: Hall A", "16:00-17:00")
    for line in EXTREMES.splitlines(keepends=True)
    if "id: ended" not in line
)
WITHDRAWN = "{name: Withdrawn, timezone: Europe/Berlin, date: 2027-01-10}"
OFF = """
    {name: Called off, timezone: UTC, date: 2027-02-10, status: cancelled, sessions: [
    {id: talk, title: Talk, when: 10:00-11:00}]}
    """
CROWD = 101  # sessions of a day, in more rooms than fit: more than most want in a calendar
CHOICES = (
    Choice(event="ai-data-2025", session="registration"),
    Choice(event="ai-data-2025", session="breakfast"),  # at the same time
    Choice(event="extremes", session="long"),
)
ERRORS = {
    "/nothing/": 404,
    "/my/add": 405,
    "/my/shared/nothing/": 404,
    "/events/extreme/": 404,
    "/events/extremes/?tz=Nowhere": 400,
    "/events/withdrawn/": 410,
    "/events/extremes/sessions/ended/": 410,
}
MANY = 1000  # addresses; more are a trap for crawlers
# What a page can be by its query, and is not where links lead first.
ASKED = (
    "/my/?done=opened&removed=extremes/long",
    "/events/extremes/sessions/long/?tz=America/Argentina/Buenos_Aires",
    "/events/extremes/?tz=America/Argentina/Buenos_Aires",
    "/events/extremes/?q=nothing+at+all",
    "/events/today/?room=hall&kind=talk",
    "/events/today/?view=list",
    "/events/called-off/",
    "/events/crowd/subscribe/",
    "/events/crowd/subscribe/?room=room-3",
)


class Sample(NamedTuple):
    """A page, as it is for somebody."""

    path: str
    is_mine: bool = True
    """Whether the reader has a calendar."""


@dataclass(frozen=True)
class FullSite:
    """A site with all that a page can be about, and a personal calendar."""

    app: Flask
    url: str
    edit_key: str
    shared: str
    """The path of the page for friends."""
    samples: list[Sample] = field(default_factory=list)

    @cached_property
    def walked(self) -> dict[str, TestResponse]:
        """What links lead to from the start, by path with query."""
        return walked(self)

    def cookies(self, sample: Sample) -> dict[str, str]:
        """Return the cookies of who reads a page."""
        return {COOKIE: self.edit_key} if sample.is_mine else {}

    def client(self, *, is_mine: bool = True) -> FlaskClient:
        """Return an HTTP client, of somebody who has the calendar or of a newcomer."""
        client = self.app.test_client()
        if is_mine:
            client.set_cookie(COOKIE, self.edit_key)
        return client

    def get(self, sample: Sample, language: str = "en") -> TestResponse:
        """Return what a page answers over HTTP."""
        client = self.client(is_mine=sample.is_mine)
        return client.get(sample.path, headers={"Accept-Language": language})


def on_now(today: date) -> str:
    """Return an event of three days that is on: at any time, in two rooms."""
    hours = [
        f"""
      - {{id: roses-{hour}, title: Rosen {hour}, when: "{today} {hour:02}:00-{hour + 4:02}:00",
         room: Hall, track: Blumen, description: Wie sie wachsen.}}
      - {{id: ponds-{hour}, title: Ponds {hour}, when: "{today} {hour:02}:00-{hour + 4:02}:00",
         room: Shed, language: en, status: tentative}}"""
        for hour in range(0, 24, 4)
    ]
    return f"""
    name: Heute
    language: de
    timezone: UTC
    day_ends: "00:00"
    dates: {{from: {today - timedelta(days=1)}, to: {today + timedelta(days=1)}}}
    sessions:
      - {{id: was, title: War schon, when: "{today - timedelta(days=1)} 10:00-11:00", room: Hall}}
      - {{id: meal, title: Essen, kind: meal, when: "{today} 12:00-13:00"}}
      - {{id: later, title: Später, when: "{today + timedelta(days=1)} 10:00-11:00", room: Shed}}
      {"".join(hours)}
    """


def crowd() -> str:
    """Return an event of many sessions in many rooms, on one day."""
    sessions = "".join(
        f"  - {{id: s{each}, title: Session {each}, room: Room {each % 9},"
        f" when: {8 + each // 16:02}:00-{8 + each // 16:02}:30}}\n"
        for each in range(CROWD)
    )
    return f"name: Crowd\ntimezone: UTC\ndate: 2027-05-05\nsessions:\n{sessions}"


@pytest.fixture(scope="session")
def full_site(tmp_path_factory: pytest.TempPathFactory, ears: Ears) -> Iterator[FullSite]:
    """The site, served, with samples of each kind of page."""
    storage = storage_of_events(tmp_path_factory.mktemp("site"))
    for text in (EXTREMES, CHANGED):
        publish_event(storage, event_of(text, "extremes"), "extremes.yaml")
    now = datetime.now(UTC)
    others = {
        "withdrawn": WITHDRAWN,
        "called-off": OFF,
        "today": on_now(now.date()),
        "crowd": crowd(),
    }
    for event_id, text in others.items():
        publish_event(storage, event_of(text, event_id), f"{event_id}.yaml")
    withdraw(storage, "withdrawn")
    itinerary = Itinerary(choices=CHOICES, share=1, created=now.date(), revised=now)
    calendars, edit_key = Calendars(storage.database), new_edit_key()
    calendars.make(edit_key, itinerary)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    live = Live((), url)
    Follower(live, storage, calendars).step()
    app = create_app(live, calendars, Settings(new_calendars=0, doctor=True))
    ears.listen(app, url)
    shared = f"/my/shared/{keys(edit_key, itinerary).share}/"
    site = FullSite(app, url, edit_key, shared)
    site.samples.extend(samples_of(site))
    with listening(app, port):
        yield site
    storage.close()


class Links(HTMLParser):
    """The addresses on the same site that a page leads to, or shows in a frame."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = urlsplit(page)
        self.paths: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        address = given.get("href") if tag == "a" else given.get("src") if tag == "iframe" else None
        there = urlsplit(urljoin(self.page.geturl(), address or ""))
        if address and (there.scheme, there.netloc) == (self.page.scheme, self.page.netloc):
            # Every page is there in each language and zone.
            query = [each for each in parse_qsl(there.query, True) if each[0] not in {"lang", "tz"}]
            self.paths.add(f"{there.path}?{urlencode(query)}".removesuffix("?"))


def walked(site: FullSite) -> dict[str, TestResponse]:
    """Return what links lead to from the start, by path with query."""
    client = site.client()
    answers: dict[str, TestResponse] = {}
    waiting = deque(["/", site.shared])
    while waiting:
        path = waiting.popleft()
        answers[path] = answer = client.get(path)
        assert len(answers) < MANY
        if answer.mimetype == "text/html":
            found = Links(site.url + path, answer.text).paths - answers.keys() - set(waiting)
            # Parts of parts have no end.
            waiting.extend(sorted(each for each in found if "?" not in path or "?" not in each))
    return answers


def samples_of(site: FullSite) -> Iterator[Sample]:
    """Yield the shortest and the longest page of each kind, and those that no link leads to."""
    addresses = site.app.url_map.bind("")

    def kind(path: str) -> tuple[str, bool]:
        endpoint, _ = addresses.match(path.partition("?")[0])
        return endpoint, "?" in path

    pages = {
        path: len(answer.data)
        for path, answer in site.walked.items()
        if answer.status_code == 200 and answer.mimetype == "text/html"
    }
    for _, group in groupby(sorted(pages, key=kind), key=kind):
        by_length = sorted(group, key=lambda path: (pages[path], path))
        yield from map(Sample, dict.fromkeys([by_length[0], by_length[-1]]))
    yield Sample("/my/", is_mine=False)
    yield Sample("/offline/", is_mine=False)
    yield Sample("/events/ai-data-2025/", is_mine=False)
    yield Sample(site.shared, is_mine=False)
    yield from map(Sample, (*ASKED, *ERRORS))


def refuse(faults: dict[Sample, list[str]]) -> None:
    """Fail with every fault, a line each."""
    lines = [f"{sample.path} {fault}" for sample, found in faults.items() for fault in found]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)
