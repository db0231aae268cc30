"""Pages without network in a real browser: what was opened is there, and no star is lost."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, local
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from browser import OpenPage, View
from conftest import schedule_of
from flask import Flask
from judges import faults_of
from people import MySite, my_site_of
from playwright.sync_api import Browser, Page, expect
from servers import Quiet, free_port, get, listening
from test_every_page_in_a_browser import SHIFTS
from test_journeys import choose, feed_address, star
from test_stars_in_a_browser import is_unsaved
from waiting import eventually

from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2032-06-15, to: 2032-06-16}
    sessions:
      - {id: opening, title: Opening, when: 2032-06-15 09:00-09:30, room: Hall A}
      - id: snakes
        title: Snakes
        when: 2032-06-15 10:00-11:00
        room: Hall B
        track: Animals
        people: [Ada Example]
      - {id: trees, title: Trees, when: 2032-06-16 10:00-11:00, room: Hall A, track: Plants}
      - {id: owls, title: Owls, when: 2032-06-16 23:30-00:30+1, room: Hall B, track: Animals}
    """
NEWER = AGENDA.replace("Snakes", "Better Snakes")
EVENT, DAYS = "/events/conf/", "/events/conf/days/"
DAY = f"{DAYS}2032-06-16/"
SNAKES, TREES = f"{EVENT}sessions/snakes/", f"{EVENT}sessions/trees/"
MY = "/my/"
KEEPS = View(keeps=True, width=390)
NOON = datetime(2032, 6, 14, 12, 0, tzinfo=UTC)
COPIES = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("calsvc:pages:"));
  const found = {};
  for (const name of names) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const copy = await pages.match(request, {ignoreVary: true});
      if (copy) found[new URL(request.url).pathname] = await copy.text();
    }
  }
  return found;
}"""


@dataclass
class Line:
    """The way from a browser to a site, on which answers are dated, held up or lost."""

    app: Callable[..., Iterable[bytes]]
    now: datetime | None = None
    """The site's clock; None for that of this machine."""
    held: dict[str, Event] = field(default_factory=dict)
    """By their paths, answers that wait until something happens."""
    status: dict[str, str] = field(default_factory=dict)
    """By their paths, what is answered by something in front of the site."""
    headers: dict[str, str] = field(default_factory=dict)
    """By their paths, what Cache-Control says in place of what the site said."""
    asked: list[str] = field(default_factory=list)
    """Methods and paths of all requests."""
    answering: local = field(default_factory=local)
    """When the answer of a thread was made."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        self.asked.append(f"{environ['REQUEST_METHOD']} {path}")
        begun: list[Any] = []
        if path in self.status:
            body = [b"<!doctype html><title>Gate</title><h1>Gate</h1>"]
            begun = [self.status[path], [("Content-Type", "text/html")]]
        else:
            body = list(self.app(environ, lambda *words: begun.extend(words)))
        status, headers = begun[:2]
        self.answering.now = self.now or datetime.now(UTC)
        if path in self.headers:
            headers = [each for each in headers if each[0] != "Cache-Control"]
            headers.append(("Cache-Control", self.headers[path]))
        if path in self.held:
            self.held[path].wait(60)
        start_response(status, headers)
        return body

    def handler(self) -> type[Quiet]:
        """Return what dates an answer by when it was made, however late it is sent."""
        answering = self.answering

        class Dated(Quiet):
            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(answering.now.timestamp())

        return Dated


@dataclass(frozen=True)
class Site:
    """A site with personal calendars, and the line to it."""

    url: str
    line: Line
    own: MySite


PATIENCE = "const PATIENCE = 4_000;"
"""As the worker says for how long it waits for the network, on a machine that is not busy."""


@contextmanager
def serving(folder: Path, path: str = "", patience: int = 600_000) -> Iterator[Site]:
    """Serve a site while the block runs, below a path if one is given.

    Where it has a copy, the worker waits for the network for ``patience`` milliseconds.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}{path}"
    own = my_site_of(folder, schedule_of(AGENDA), base_url=url)
    app = app_of(own)
    shutil.copytree(str(app.static_folder), folder / "static")
    app.static_folder = str(folder / "static")
    worker = folder / "static" / "offline.js"
    before, after = worker.read_text("utf-8").split(PATIENCE)
    worker.write_text(f"{before}const PATIENCE = {patience};{after}", "utf-8")
    line = Line(app.wsgi_app)
    app.wsgi_app = line  # type: ignore[method-assign]
    with listening(app, port, line.handler()):
        yield Site(url, line, own)
        for held in line.held.values():
            held.set()


def app_of(own: MySite) -> Flask:
    """Return an application, with the personal calendars of a site."""
    return create_app(own.live, Calendars(own.storage.database), own.settings)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of one event of two days."""
    with serving(tmp_path) as found:
        yield found


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that was never there, whose faults are not judged."""
    with chromium.new_context(locale="en-US", timezone_id="America/New_York") as context:
        yield context.new_page()


def copies(page: Page) -> dict[str, str]:
    """Return what the browser keeps, by paths."""
    found: dict[str, str] = page.evaluate(COPIES)
    return found


def keep(page: Page, *paths: str) -> None:
    """Open pages, and wait until the browser keeps them."""
    site = "/".join(page.url.split("/")[:3])
    for path in paths:
        page.goto(site + path)
        eventually(lambda path=path: path in copies(page))  # type: ignore[misc]


def titles(page: Page) -> list[str]:
    """Return the titles of the sessions that are seen."""
    return page.locator("article:visible h3").all_inner_texts()


def summaries(address: str) -> list[str]:
    """Return the titles of what a calendar program finds at an address."""
    _, body = get(address)
    return sorted(re.findall(r"^SUMMARY:(.+)\r$", body.decode(), re.MULTILINE))


def test_star_reload_search_and_zone_without_network_and_nothing_is_lost(
    site: Site, open_page: OpenPage
) -> None:
    with open_page(site.url + EVENT, KEEPS) as page:
        keep(page, EVENT, MY, SNAKES)
        eventually(lambda: DAYS in copies(page))
        page.goto(site.url + EVENT)
        choose(page, "opening")
        page.context.set_offline(True)

        star(page, "snakes").click()
        is_unsaved(page, "snakes")
        page.reload()
        expect(page.get_by_role("status").filter(has_text="As of")).to_be_visible()
        for chosen in ("opening", "snakes"):
            expect(star(page, chosen)).to_have_attribute("aria-pressed", "true")

        page.get_by_label("Search").fill("plants hall")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_contain_text("1 found in this copy")
        assert titles(page) == ["Trees"]
        page.goto(f"{site.url}{EVENT}?tz=America/New_York")
        expect(page.locator("#s-snakes .when, #s-snakes time").first).to_contain_text("4:00")
        page.goto(site.url + SNAKES)
        expect(page.get_by_role("button", name="In My calendar")).to_be_visible()
        page.goto(site.url + MY)
        expect(page.locator("#unsent li")).to_have_text(["Snakes"])

        page.context.set_offline(False)
        expect(page.locator("article h3")).to_have_text(["Opening", "Snakes"])
        assert summaries(feed_address(page)) == ["Opening", "Snakes"]


# --- what is there ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-US", "As of Jun 14, 2:00 PM GMT+2"),
        ("de-DE", "Stand: 14. Juni, 14:00 MESZ"),
    ],
)
def test_copy_says_of_when_it_is_in_the_events_zone(
    site: Site, open_page: OpenPage, locale: str, told: str
) -> None:
    site.line.now = NOON
    with open_page(site.url + EVENT, KEEPS._replace(locale=locale)) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.reload()

        expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


@pytest.mark.slow
def test_copy_of_today_says_its_time_alone_and_can_be_loaded_again(
    site: Site, open_page: OpenPage
) -> None:
    site.line.now = NOON
    with open_page(site.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.clock.set_fixed_time(NOON + timedelta(hours=1))
        page.reload()

        expect(page.locator(".copy")).to_contain_text("As of 2:00 PM GMT+2")
        page.context.set_offline(False)
        page.get_by_role("button", name="Load again").click()
        expect(page.locator(".copy")).to_be_hidden()


@pytest.mark.slow
def test_days_that_were_not_opened_are_there(site: Site, open_page: OpenPage) -> None:
    with open_page(site.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        seen = {}
        for path in (EVENT, DAY, DAYS, f"{EVENT}#s-owls"):
            page.goto(site.url + path)
            expect(page.locator(".copy")).to_contain_text("As of")
            current = page.locator(".days [aria-current]")
            seen[path] = titles(page), current.inner_text()

    assert seen == {
        EVENT: (["Opening", "Snakes"], "Tue, Jun 15"),
        DAY: (["Trees", "Owls"], "Wed, Jun 16"),
        DAYS: (["Opening", "Snakes", "Trees", "Owls"], "All days"),
        f"{EVENT}#s-owls": (["Opening", "Snakes", "Trees", "Owls"], "All days"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found", "told"),
    [
        ("?q=PLANTS+tree", ["Trees"], "1 found in this copy"),
        ("?q=ada", ["Snakes"], "1 found in this copy"),
        ("?q=nothing", [], "0 found in this copy"),
        ("?track=plants", ["Opening", "Snakes", "Trees", "Owls"], "Filters need a connection"),
        ("?utm_source=letter", ["Opening", "Snakes"], "4 sessions"),
    ],
)
def test_search_in_a_copy_looks_at_all_days(
    site: Site, open_page: OpenPage, query: str, found: list[str], told: str
) -> None:
    with open_page(site.url + EVENT, KEEPS._replace(width=1280)) as page:
        keep(page, EVENT)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(f"{site.url}{EVENT}{query}")

        expect(page.locator(".found")).to_contain_text(told)
        assert titles(page) == found
        expect(page.locator("#q")).to_have_value(query.partition("q=")[2].replace("+", " "))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "zone", "times", "name"),
    [
        (
            f"{DAYS}?tz=America/New_York",
            "",
            {"Snakes": ["4:00 AM", "5:00 AM"], "Owls": ["5:30 PM", "6:30 PM"]},
            "EDT, New York",
        ),
        (
            f"{DAYS}?tz=tokyo",
            "",
            {"Snakes": ["5:00 PM", "6:00 PM"], "Owls": ["Thu, Jun 17, 6:30 AM", "7:30 AM"]},
            "UTC+9, Tokyo",
        ),
        (
            DAYS,
            "?tz=America/New_York",
            {"Snakes": ["10:00 AM", "11:00 AM"], "Owls": ["11:30 PM", "Thu, Jun 17, 12:30 AM"]},
            "CEST, Berlin",
        ),
        (
            f"{DAYS}?tz=Munich",
            "",
            {"Snakes": ["10:00 AM", "11:00 AM"], "Owls": ["11:30 PM", "Thu, Jun 17, 12:30 AM"]},
            "CEST, Berlin",
        ),
    ],
    ids=["name", "city", "back to the event's", "a city that only the site knows"],
)
def test_copy_is_shown_in_the_zone_that_is_asked_for(
    site: Site,
    open_page: OpenPage,
    path: str,
    zone: str,
    times: dict[str, list[str]],
    name: str,
) -> None:
    with open_page(f"{site.url}{DAYS}{zone}", KEEPS._replace(width=1280)) as page:
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(site.url + path)

        expect(page.locator(".zones [aria-current]")).to_have_text(name, use_inner_text=True)
        seen = {
            title: [
                " ".join(each.split())
                for each in page.locator("article", has_text=title)
                .locator("time")
                .all_inner_texts()
            ]
            for title in times
        }
        is_told = "times stay in the zone they were in" in page.locator(".copy").inner_text()
        assert (seen, is_told) == (times, "Munich" in path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "locale", "heading"),
    [("", "en-US", "No connection"), ("?lang=de", "en-US", "Keine Verbindung")],
)
def test_page_that_was_never_opened_says_so(
    site: Site, open_page: OpenPage, query: str, locale: str, heading: str
) -> None:
    with open_page(site.url + EVENT, KEEPS._replace(locale=locale)) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.goto(f"{site.url}{SNAKES}{query}")

        expect(page.locator("h1")).to_have_text(heading)
        page.locator("main a").click()
        expect(page.locator("h3")).to_have_text(["Conf"])  # kept with the first page


@pytest.mark.slow
def test_site_below_a_path_is_kept(tmp_path: Path, open_page: OpenPage) -> None:
    with serving(tmp_path, "/cal") as site, open_page(site.url + EVENT, KEEPS) as page:
        eventually(lambda: f"/cal{DAYS}" in copies(page))
        page.context.set_offline(True)
        page.goto(site.url + DAY)

        expect(page.locator(".copy")).to_contain_text("As of")
        assert titles(page) == ["Trees", "Owls"]


@pytest.mark.slow
def test_device_can_have_the_site_as_an_app(site: Site, open_page: OpenPage) -> None:
    with open_page(site.url + EVENT, KEEPS) as page:
        session = page.context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")

        assert manifest["url"] == f"{site.url}/site.webmanifest"
        assert manifest["errors"] == []
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [each["errorId"] for each in errors] == ["in-incognito"]  # as tests are


@pytest.mark.slow
@pytest.mark.parametrize("path", [EVENT, f"{EVENT}?q=animals", DAY, SNAKES, MY])
def test_copy_has_no_barriers_and_nothing_jumps_while_it_loads(
    site: Site, open_page: OpenPage, axe: str, path: str
) -> None:
    site.line.now = NOON
    view = View("dark", locale="de-DE", width=320, keeps=True)
    with open_page(site.url + EVENT, view) as page:
        keep(page, EVENT, MY, SNAKES)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(site.url + path)
        # My calendar is in the zone of the reader's computer: it may be of several events.
        time = "5:00" if path == MY else "14:00 MESZ"
        expect(page.locator(".copy")).to_contain_text(f"Stand: 14. Juni, {time}")

        assert faults_of(page, axe) == []
        is_narrowed = path not in {SNAKES, MY}
        assert is_narrowed or page.evaluate(SHIFTS) == []


@pytest.mark.slow
def test_address_that_leads_on_does_so_with_the_worker_too(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT)

    page.goto(f"{site.url}{EVENT}?q=")

    assert page.url == site.url + EVENT


# --- never older than what was shown ------------------------------------------------------


@pytest.mark.slow
def test_answer_from_a_cache_is_not_shown_after_a_newer_one(site: Site, page: Page) -> None:
    site.line.now = NOON
    page.goto(site.url + EVENT)
    keep(page, EVENT)
    site.own.publish(NEWER)
    site.line.now = NOON + timedelta(minutes=1)
    page.goto(f"{site.url}{EVENT}?lang=de")
    expect(page.locator("#s-snakes h3")).to_have_text("Better Snakes")

    page.goto(site.url + EVENT)  # the browser's own cache has that from before

    expect(page.locator("#s-snakes h3")).to_have_text("Better Snakes")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#s-snakes h3")).to_have_text("Better Snakes")


@pytest.mark.slow
def test_slow_answer_is_overtaken_by_that_of_another_tab(site: Site, page: Page) -> None:
    site.line.now = NOON
    page.goto(site.url + EVENT)
    keep(page, EVENT)
    site.line.held[SNAKES] = held = Event()
    asked = len(site.line.asked)
    page.evaluate(f"location.href = '{SNAKES}?lang=en'")
    eventually(lambda: f"GET {SNAKES}" in site.line.asked[asked:])
    del site.line.held[SNAKES]  # for others
    site.own.publish(NEWER)
    site.line.now = NOON + timedelta(minutes=1)
    other = page.context.new_page()
    other.goto(f"{site.url}{SNAKES}?lang=de")
    eventually(lambda: "Better Snakes" in copies(other).get(SNAKES, ""))

    held.set()

    expect(page.locator("h1")).to_have_text("Better Snakes")
    assert "Better Snakes" in copies(other)[SNAKES]


@pytest.mark.slow
def test_clock_of_the_site_that_was_ahead_keeps_nobody_from_what_is_new(
    site: Site, page: Page
) -> None:
    site.line.now = NOON + timedelta(days=365)
    page.goto(site.url + EVENT)
    keep(page, SNAKES)
    site.line.now = NOON
    site.own.publish(NEWER)

    page.goto(f"{site.url}{SNAKES}?lang=en")

    expect(page.locator("h1")).to_have_text("Better Snakes")
    eventually(lambda: "Better Snakes" in copies(page)[SNAKES])


@pytest.mark.slow
def test_copy_comes_where_the_network_keeps_readers_waiting(tmp_path: Path, page: Page) -> None:
    with serving(tmp_path, patience=1) as site:
        page.goto(site.url + EVENT)
        keep(page, SNAKES)
        site.own.publish(NEWER)
        site.line.held[SNAKES] = held = Event()

        page.goto(f"{site.url}{SNAKES}?lang=en")

        expect(page.locator("h1")).to_have_text("Snakes")
        expect(page.locator(".copy")).to_contain_text("As of")
        held.set()
        eventually(lambda: "Better Snakes" in copies(page)[SNAKES])


@pytest.mark.slow
@pytest.mark.parametrize("status", [502, 503, 504])
def test_copy_comes_while_the_site_is_away(site: Site, page: Page, status: int) -> None:
    page.goto(site.url + EVENT)
    keep(page, SNAKES)
    site.line.status[SNAKES] = f"{status} Away"
    site.line.status[TREES] = f"{status} Away"

    page.goto(f"{site.url}{SNAKES}?lang=en")
    expect(page.locator("h1")).to_have_text("Snakes")
    expect(page.locator(".copy")).to_contain_text("As of")
    page.goto(site.url + TREES)
    expect(page.locator("h1")).to_have_text("Gate")


@pytest.mark.slow
@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "500 Internal Server Error"])
def test_what_answers_otherwise_is_shown_and_not_kept(site: Site, page: Page, status: str) -> None:
    page.goto(site.url + EVENT)
    keep(page, SNAKES)
    site.line.status[SNAKES] = status

    page.goto(f"{site.url}{SNAKES}?lang=en")
    expect(page.locator("h1")).to_have_text("Gate")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("Snakes")


@pytest.mark.slow
def test_session_that_is_gone_leaves_its_copy(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, TREES)
    site.own.publish("\n".join(line for line in AGENDA.splitlines() if "trees" not in line))

    page.goto(f"{site.url}{TREES}?lang=en")
    expect(page.locator(".notice")).to_have_text("This session is no longer on the agenda.")
    eventually(lambda: TREES not in copies(page))


# --- releases -----------------------------------------------------------------------------


@pytest.mark.slow
def test_copy_has_the_scripts_of_its_own_release(site: Site, page: Page, tmp_path: Path) -> None:
    page.goto(site.url + EVENT)
    keep(page, SNAKES)
    newer = app_of(site.own)
    static = tmp_path / "newer"
    shutil.copytree(tmp_path / "static", static)
    newer.static_folder = str(static)
    with static.joinpath("site.js").open("a") as file:
        file.write("\ndocument.documentElement.dataset.release = 2;\n")
    site.line.app = newer.wsgi_app
    page.goto(site.url + TREES)
    expect(page.locator("html")).to_have_attribute("data-release", "2")
    newest = re.findall(r"/static/site\.js\?v=\w+", newer.test_client().get(TREES).text)
    eventually(lambda: set(newest) <= files(page))
    eventually(lambda: TREES in copies(page))
    page.context.set_offline(True)

    page.goto(site.url + SNAKES)
    expect(page.locator(".copy")).to_contain_text("As of")
    expect(page.locator("html")).not_to_have_attribute("data-release", "2")
    page.goto(site.url + TREES)
    expect(page.locator(".copy")).to_contain_text("As of")
    expect(page.locator("html")).to_have_attribute("data-release", "2")


def files(page: Page) -> set[str]:
    """Return the addresses of the static files that the browser keeps."""
    found: list[str] = page.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("calsvc:files:"));
          const open = await Promise.all(names.map((name) => caches.open(name)));
          const kept = await Promise.all(open.map((each) => each.keys()));
          return kept.flat().map(({url}) => url.slice(location.origin.length));
        }"""
    )
    return set(found)


@pytest.mark.slow
def test_file_of_another_release_is_not_kept(site: Site, page: Page) -> None:
    """While copies of two releases run, one answers for the other's file, and says so."""
    site.line.headers["/static/stars.js"] = "no-cache"
    page.goto(site.url + EVENT)
    # The page asks for it, and then the worker, which gives up.
    eventually(lambda: site.line.asked.count("GET /static/stars.js") == 2)
    is_gone = "navigator.serviceWorker.getRegistration().then((found) => !found)"
    eventually(lambda: bool(page.evaluate(is_gone)))
    kept = files(page)

    site.line.headers.clear()
    page.reload()

    eventually(lambda: EVENT in copies(page))
    assert [each for each in kept if "stars" in each] == []
    assert [each for each in files(page) if "stars" in each] != []


# --- what is kept, and for how long -------------------------------------------------------


def test_no_key_is_kept_and_a_deleted_calendar_leaves_the_device(
    site: Site, open_page: OpenPage
) -> None:
    with open_page(site.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        choose(page, "snakes")
        keep(page, MY, SNAKES, EVENT)
        eventually(lambda: "Snakes" in copies(page)[MY])
        page.goto(site.url + MY)
        key = page.locator("code").first.text_content() or ""
        feed = page.locator("#feed").input_value().split("/")[-2]
        eventually(lambda: 'aria-pressed="true"' in copies(page)[EVENT])
        kept = copies(page)
        page.get_by_role("button", name="Share my sessions").click()
        page.goto(page.locator("#shared").input_value())
        after = copies(page)
        page.goto(site.url + MY)
        page.get_by_text("Delete my calendar …").click()
        page.get_by_role("button", name="Delete my calendar").click()
        expect(page.locator("#done")).to_have_text("Your calendar is deleted.")
        eventually(lambda: not [each for each in copies(page).values() if "Snakes</h3" in each])
        left = copies(page)
        page.context.set_offline(True)
        page.goto(site.url + MY)
        welcome = page.locator("main").inner_text()

    assert len(key) == len(feed) == 32
    assert [path for path, text in {**kept, **after}.items() if key in text or feed in text] == []
    assert [path for path in after if "shared" in path] == []
    assert [path for path, text in left.items() if 'aria-pressed="true"' in text] == []
    assert "There is no account." in welcome
    assert "deleted" not in welcome


@pytest.mark.slow
def test_feeds_are_left_to_the_network(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT)
    page.evaluate("fetch('/events/conf.ics').then((answer) => answer.text())")
    page.evaluate("fetch('/api/events/conf').then((answer) => answer.text())")
    page.goto(f"{site.url}{EVENT}embed/")
    page.goto(f"{site.url}{EVENT}changes/")
    page.goto(f"{site.url}{EVENT}?q=snakes")

    assert set(copies(page)) <= {"/", EVENT, DAYS}
    page.context.set_offline(True)
    for path in ("/events/conf.ics", "/api/events/conf", "/healthz"):
        asked = f"fetch('{path}', {{cache: 'no-store'}}).then(() => 'there', () => 'not there')"
        assert page.evaluate(asked) == "not there"


@pytest.mark.slow
def test_copies_are_bounded_in_number_and_age(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT, MY)
    page.evaluate(
        """async () => {
          const pages = await caches.open("calsvc:pages:/");
          const html = await (await pages.match("/my/")).text();
          const put = (path, asked) =>
            pages.put(path, new Response(html, {headers: {"X-Asked": asked, "X-Came": asked}}));
          const day = 24 * 60 * 60_000;
          await put("/events/conf/sessions/old/", Date.now() - 31 * day);
          for (let number = 0; number < 220; number += 1) {
            await put(`/events/conf/sessions/s${number}/`, Date.now() - day);
          }
        }"""
    )

    keep(page, SNAKES)

    eventually(lambda: len(copies(page)) <= 201)
    left = copies(page)
    assert {MY, SNAKES} <= left.keys()
    assert f"{EVENT}sessions/old/" not in left
    assert f"{EVENT}sessions/s219/" in left


# --- stars --------------------------------------------------------------------------------


@pytest.mark.slow
def test_star_whose_session_is_gone_is_told_and_keeps_no_other_waiting(
    site: Site, page: Page
) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT)
    page.context.set_offline(True)
    star(page, "snakes").evaluate("it => { it.value = 'nothing'; it.click(); }")
    star(page, "opening").click()
    is_unsaved(page, "opening")
    page.goto(site.url + EVENT)
    page.context.set_offline(False)
    page.goto(site.url + SNAKES)

    expect(page.locator(".told")).to_contain_text("“Snakes” is no longer on the agenda")
    expect(page.locator("header .mine")).to_have_text("My calendar (1)")
    page.locator(".told").get_by_role("button", name="Close").click()
    expect(page.locator(".told")).to_be_hidden()
    assert summaries(feed_address(page)) == ["Opening"]


@pytest.mark.slow
def test_press_whose_answer_was_lost_is_taken_back(site: Site, page: Page) -> None:
    def lose(route: Any) -> None:
        route.fetch()  # the site has it
        route.abort()

    page.goto(site.url + EVENT)
    choose(page, "opening")
    page.context.route("**/my/add*", lose, times=1)
    star(page, "snakes").click()
    is_unsaved(page, "snakes")

    star(page, "snakes").click()

    expect(page.locator(".star[data-unsaved]")).to_have_count(0)
    expect(page.locator(".star[aria-busy]")).to_have_count(0)
    assert page.evaluate("localStorage['calsvc:unsaved']") == "{}"
    assert summaries(feed_address(page)) == ["Opening"]


@pytest.mark.slow
def test_star_of_another_tab_shows_here(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    other = page.context.new_page()
    other.goto(site.url + EVENT)
    page.context.set_offline(True)

    star(page, "snakes").click()
    expect(star(other, "snakes")).to_have_attribute("aria-pressed", "true")
    star(other, "snakes").click()
    expect(star(page, "snakes")).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_star_that_was_saved_shows_on_an_older_copy(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT, SNAKES)
    page.goto(site.url + EVENT)
    choose(page, "snakes")
    eventually(lambda: "Snakes" in copies(page).get(MY, ""))
    page.context.set_offline(True)

    page.goto(site.url + SNAKES)
    expect(page.get_by_role("button", name="In My calendar")).to_be_visible()
    page.goto(site.url + MY)
    expect(page.locator("article h3")).to_have_text(["Snakes"])  # fetched behind the star


@pytest.mark.slow
def test_star_of_a_newcomer_without_network_makes_a_calendar_later(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    keep(page, EVENT, MY)
    page.context.set_offline(True)
    page.goto(site.url + EVENT)
    star(page, "snakes").click()
    is_unsaved(page, "snakes")
    page.goto(site.url + MY)
    expect(page.locator("#unsent li")).to_have_text(["Snakes"])
    page.close()

    later = page.context.new_page()
    page.context.set_offline(False)
    later.goto(site.url + MY)
    expect(later.locator("article h3")).to_have_text(["Snakes"])


@pytest.mark.slow
def test_deletion_is_of_stars_that_were_not_sent_too(site: Site, page: Page) -> None:
    page.goto(site.url + EVENT)
    choose(page, "opening")
    page.route("**/my/add*", lambda route: route.abort())
    star(page, "snakes").click()
    is_unsaved(page, "snakes")
    page.route("**/my/add*", lambda route: route.abort())
    page.goto(site.url + MY)
    page.get_by_text("Delete my calendar …").click()
    page.get_by_role("button", name="Delete my calendar").click()
    expect(page.locator("#done")).to_have_text("Your calendar is deleted.")

    assert page.evaluate("localStorage['calsvc:unsaved']") == "{}"
    assert page.url.startswith(f"{site.url}{MY}") and "done" not in page.url.partition("#")[0]
