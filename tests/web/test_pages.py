"""Every page as people get it: valid, accessible, readable on a phone, and of this site alone.

Pages are found by following links from ``/``, so that a new page is judged without a
word here.  Of each kind the longest and the shortest are looked at.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from browser import OpenPage, View, listening, storage_of_events
from conftest import event_of
from databases import free_port
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from readers import ask, install_clients
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, withdraw
from calsvc.schedule.itineraries import Choice, Itinerary, keys, new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE

# --- a site -------------------------------------------------------------------------------

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
CHOICES = (
    Choice(event="ai-data-2025", session="registration"),
    Choice(event="ai-data-2025", session="breakfast"),  # at the same time
    Choice(event="extremes", session="long"),
)
ERRORS = {
    "/events/extremes/?nonsense=1": 400,
    "/nothing/": 404,
    "/my/add": 405,
    "/events/withdrawn/": 410,
    "/events/extremes/sessions/ended/": 410,
}
MANY = 1000  # addresses; more are a trap for crawlers


class Sample(NamedTuple):
    """A page, as it is for somebody."""

    path: str
    is_mine: bool = True
    """Whether the reader has a calendar."""


@dataclass(frozen=True)
class Site:
    """A site with all that a page can be about, and a personal calendar."""

    app: Flask
    url: str
    edit_key: str
    shared: str
    """The path of the page for friends."""
    samples: list[Sample] = field(default_factory=list)

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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served, with samples of each kind of page."""
    storage = storage_of_events(tmp_path_factory.mktemp("site"))
    for text in (EXTREMES, CHANGED):
        publish_event(storage, event_of(text, "extremes"), "extremes.yaml")
    publish_event(storage, event_of(WITHDRAWN, "withdrawn"), "withdrawn.yaml")
    withdraw(storage, "withdrawn")
    now = datetime.now(UTC)
    itinerary = Itinerary(choices=CHOICES, share=1, created=now.date(), revised=now)
    calendars, edit_key = Calendars(storage.database), new_edit_key()
    calendars.make(edit_key, itinerary)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    live = Live((), url)
    Follower(live, storage, calendars).step()
    app = create_app(live, calendars, Settings(new_calendars=0))
    shared = f"/my/shared/{keys(edit_key, itinerary).share}/"
    site = Site(app, url, edit_key, shared)
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


def walked(site: Site) -> dict[str, TestResponse]:
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


def samples_of(site: Site) -> Iterator[Sample]:
    """Yield the shortest and the longest page of each kind, and those that no link leads to."""
    addresses = site.app.url_map.bind("")

    def kind(path: str) -> tuple[str, bool]:
        endpoint, _ = addresses.match(path.partition("?")[0])
        return endpoint, "?" in path

    pages = {
        path: len(answer.data)
        for path, answer in walked(site).items()
        if answer.status_code == 200 and answer.mimetype == "text/html"
    }
    for _, group in groupby(sorted(pages, key=kind), key=kind):
        by_length = sorted(group, key=lambda path: (pages[path], path))
        yield from map(Sample, dict.fromkeys([by_length[0], by_length[-1]]))
    yield Sample("/my/", is_mine=False)
    yield Sample("/events/ai-data-2025/", is_mine=False)
    yield Sample("/events/extremes/sessions/ended/")
    yield from map(Sample, ERRORS)


def refuse(faults: dict[Sample, list[str]]) -> None:
    """Fail with every fault, a line each."""
    lines = [f"{sample.path} {fault}" for sample, found in faults.items() for fault in found]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


# --- what is sent -------------------------------------------------------------------------


def test_every_link_leads_somewhere(site: Site) -> None:
    answers = walked(site)

    assert {path: each.status for path, each in answers.items() if each.status_code != 200} == {}
    assert {"/my/", "/events/ai-data-2025/", "/events/extremes/sessions/long/"} <= answers.keys()


def test_samples_are_of_every_kind_of_page(site: Site) -> None:
    addresses = site.app.url_map.bind("")
    looked_at = {
        addresses.match(each.path.partition("?")[0])[0]
        for each in site.samples
        if each.path not in ERRORS
    }
    pages = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.endswith("_page") and "GET" in (rule.methods or ())
    }

    assert pages - looked_at == set()


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_is_valid_html(site: Site, language: str) -> None:
    answers = {sample: site.get(sample, language) for sample in site.samples}
    faults = {
        sample: ask("validate.mjs", {"html": answer.text})["faults"]
        for sample, answer in answers.items()
    }

    refuse(faults)
    for sample, answer in answers.items():
        assert f'<html lang="{language}"' in answer.text, sample
    assert {
        sample.path: answer.status_code
        for sample, answer in answers.items()
        if answer.status_code != 200
    } == ERRORS


def test_page_allows_no_script_or_style_in_its_text(site: Site) -> None:
    for sample in site.samples:
        policy = site.get(sample).headers["Content-Security-Policy"]

        assert policy.startswith("default-src 'none';"), sample
        assert "unsafe-" not in policy, sample


# --- what is seen -------------------------------------------------------------------------

# Any two choices of scheme, scripts, language and width meet in one of them.
VIEWS = [
    View("light", "run", "en-US", width=1280),
    View("light", "missing", "de-DE", width=320),
    View("dark", "run", "de-DE", width=320),
    View("dark", "missing", "en-US", width=320),
    View("dark", "missing", "de-DE", width=1280),
]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,  # what is in them is a sample itself
}
VIOLATIONS = """async (options) => {
  const {violations} = await axe.run(options);
  return violations.flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) =>
    `${id}: ${html} ${failureSummary.split("\\n").join(" ")}`));
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .map((it) => `goes beyond it: ${it.outerHTML.slice(0, 100)}`)"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe, which finds barriers for people with disabilities."""
    return (install_clients() / "axe-core" / "axe.min.js").read_text("utf-8")


def faults_of(page: Page, axe: str) -> list[str]:
    """Return what is wrong with a page as it is seen."""
    page.evaluate(axe)
    faults: list[str] = page.evaluate(VIOLATIONS, AXE)
    if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
        faults += ["is wider than the window", *page.evaluate(TOO_WIDE)]
    return faults


def shown(view: View) -> str:
    """Return a view in short."""
    return f"{view.scheme}-{view.scripts}-{view.locale}-{view.width}"


@pytest.mark.parametrize("view", VIEWS, ids=shown)
def test_page_has_no_barriers(site: Site, open_page: OpenPage, axe: str, view: View) -> None:
    faults = {}
    for sample, page in opened(site, open_page, view):
        faults[sample] = faults_of(page, axe)

    refuse(faults)


def opened(
    site: Site, open_page: OpenPage, view: View, scripts: Callable[[Route], None] | None = None
) -> Iterator[tuple[Sample, Page]]:
    """Yield every sample, opened; ``scripts`` sees to how its scripts come."""
    for is_mine in (True, False):
        samples = [each for each in site.samples if each.is_mine == is_mine]
        with open_page(site.url + samples[0].path, view, site.cookies(samples[0])) as page:
            if scripts:
                page.route("**/*.js*", scripts)
            for number, sample in enumerate(samples):
                if number or scripts:
                    page.goto(site.url + sample.path)
                expect(page.locator("[aria-busy=true]")).to_have_count(0)
                yield sample, page


LATE = 0.2  # seconds
SHIFTS = """() => new Promise((told) => {
  const shifts = [];
  const note = (list) => shifts.push(...list.getEntries().map((each) =>
    each.sources.map((source) => source.node?.outerHTML?.slice(0, 200))));
  new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
  setTimeout(() => told(shifts), 200);
})"""


def late(route: Route) -> None:
    """Let a script come after the page was seen without it."""
    time.sleep(LATE)
    route.fallback()


@pytest.mark.parametrize(
    "view", [View(timezone="Asia/Kolkata"), View(timezone="Asia/Kolkata", width=320)], ids=shown
)
def test_nothing_jumps_while_a_page_loads(site: Site, open_page: OpenPage, view: View) -> None:
    faults = {}
    for sample, page in opened(site, open_page, view, scripts=late):
        faults[sample] = [str(each) for each in page.evaluate(SHIFTS)]

    refuse(faults)


# --- what the keyboard reaches ------------------------------------------------------------

FOCUSED = """() => {
  let it = document.activeElement;
  if (it === document.body) return null;
  while (it.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
  (window.reached ??= new Set()).add(it);
  const {left, top, width, height} = it.getClientRects()[0] ?? it.getBoundingClientRect();
  const there = it.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  const {outlineStyle, outlineWidth} = getComputedStyle(it);
  const isOutlined = outlineStyle === "auto"
    || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  return [
    it.outerHTML.slice(0, 200),
    it.contains(there),
    isOutlined || it.tagName === "IFRAME",
  ];
}"""
MISSED = """() => [
    ...document.querySelectorAll("a[href], button, input, select, summary, textarea"),
  ]
  .filter((it) => it.checkVisibility({visibilityProperty: true}) && !it.disabled)
  .filter((it) => it.type !== "radio" && !window.reached.has(it))
  .map((it) => it.outerHTML.slice(0, 200))"""
IS_IN_HEADER = "() => document.querySelector('header').contains(document.activeElement)"


class Focused(NamedTuple):
    """What the keyboard is at."""

    html: str
    is_visible: bool
    is_outlined: bool


def tabbed(page: Page) -> Iterator[Focused]:
    """Yield what Tab leads to, from the top to the end of a page."""
    first = None
    for _ in range(MANY):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or found == first:
            return
        first = first or found
        yield Focused(*found)
    pytest.fail("Tab finds no end")


@pytest.mark.parametrize("view", [View(), View("dark", "missing", "de-DE", width=320)], ids=shown)
def test_keyboard_reaches_everything(site: Site, open_page: OpenPage, view: View) -> None:
    for sample, page in opened(site, open_page, view):
        focused = list(tabbed(page))

        assert 'href="#main"' in focused[0].html, sample
        assert [each for each in focused if not (each.is_visible and each.is_outlined)] == [], (
            sample
        )
        assert page.evaluate(MISSED) == [], sample


def test_keyboard_skips_to_the_content(site: Site, open_page: OpenPage) -> None:
    for sample, page in opened(site, open_page, View()):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert page.url.endswith("#main"), sample
        assert not page.evaluate(IS_IN_HEADER), sample


# --- the judges themselves ----------------------------------------------------------------

BAD = """<!doctype html>
<title>Bad</title>
<link rel="stylesheet" href="https://example.org/style.css">
<script src="/nothing.js"></script>
<script>alert(1)</script>
<header><a href="#main">Skip</a></header>
<p style="color: #ccc">pale</p>
<p><div></p>
<main id="main"><img src="/picture.png"><button tabindex="-1">Not for the keyboard</button></main>
"""
POLICY = "default-src 'self' https:"


@pytest.fixture
def bad_page() -> Iterator[str]:
    """The address of a page that does much that it should not."""
    app, port = Flask("bad", static_folder=None), free_port()
    app.add_url_rule("/", "page", lambda: (BAD, {"Content-Security-Policy": POLICY}))
    with listening(app, port):
        yield f"http://127.0.0.1:{port}/"


def test_judges_see_what_a_page_does(bad_page: str, open_page: OpenPage) -> None:
    with pytest.raises(AssertionError) as caught, open_page(bad_page):
        pass

    for words in (
        "asks another site for https://example.org/style.css",
        f"asks for {bad_page}nothing.js: 404",
        "Content Security Policy",
    ):
        assert words in str(caught.value)


def test_judges_see_what_a_page_is(bad_page: str, open_page: OpenPage, axe: str) -> None:
    with pytest.raises(AssertionError), open_page(bad_page, View(width=320)) as page:
        faults = faults_of(page, axe)
        focused = list(tabbed(page))
        missed = page.evaluate(MISSED)

    rules = {fault.partition(":")[0] for fault in faults}
    assert {"html-has-lang", "image-alt"} <= rules
    assert len(focused) == 1
    assert len(missed) == 1 and "Not for the keyboard" in missed[0]
    assert any("close-order" in fault for fault in ask("validate.mjs", {"html": BAD})["faults"])
