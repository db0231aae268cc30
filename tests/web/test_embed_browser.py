"""Events on a page of another site, in a real browser: choosing, looks, and what goes wrong.

The page has a strict Content-Security-Policy of its own, and another origin and site.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

import pytest
from browser import OpenPage, View, listening, storage_of_events
from databases import eventually, free_port
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from readers import faults, read_ical
from test_pages import axe, faults_of  # noqa: F401 -- a fixture

from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.schedule.itineraries import MAX_SESSIONS, Choice
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.site import Site

EVENT = "ai-data-2025"
SESSIONS = {
    "agentic-evals": "Agentic Evals",
    "genai-startups": "Live Panel: GenAI Startups",
    "closing-remarks": "Closing Remarks",
}
AGENDA = f'<calsvc-agenda event="{EVENT}"><a href="/">Agenda</a></calsvc-agenda>'
SESSION = f'<calsvc-session event="{EVENT}" session="genai-startups"></calsvc-session>'
SUBSCRIBE = f'<calsvc-subscribe event="{EVENT}" kind="panel"></calsvc-subscribe>'
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A conference</title>
<link rel="icon" href="/style.css">
<link rel="stylesheet" href="/style.css">
<script type="module" src="{site}/embed.js"></script>
</head>
<body>
<main><h1>A conference</h1>{content}</main>
</body>
</html>
"""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " script-src {site}; connect-src {site}; frame-src {site};"
    " require-trusted-types-for 'script'; trusted-types calsvc"
)


@dataclass
class Sites:
    """The site of events, and one of somebody else."""

    events: str
    host: str
    site: Site
    """What the site of events keeps calendars with."""
    pages: dict[str, str] = field(default_factory=dict)
    """What stands on pages of the host, by path."""
    style: str = ""

    def app(self) -> Flask:
        """Return the host."""
        app = Flask("host", static_folder=None)

        @app.get("/style.css")
        def style() -> tuple[str, dict[str, str]]:
            return self.style, {"Content-Type": "text/css"}

        @app.get("/<path>")
        def page(path: str) -> tuple[str, dict[str, str]]:
            language, _, content = self.pages[path].partition(":")
            html = PAGE.format(language=language, site=self.events, content=content)
            return html, {"Content-Security-Policy": POLICY.format(site=self.events)}

        return app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Both sites, served."""
    storage = storage_of_events(tmp_path_factory.mktemp("site"))
    port, host_port = free_port(), free_port()
    # Another name makes it another site too, to which no cookie would go.
    events, host = f"http://127.0.0.1:{port}", f"http://localhost:{host_port}"
    live, calendars = Live((), events), Calendars(storage.database)
    Follower(live, storage, calendars).step()
    app = create_app(live, calendars)
    sites = Sites(events, host, app.extensions["calsvc"])
    with listening(app, port), listening(sites.app(), host_port):
        yield sites
    storage.close()


@pytest.fixture
def sites(served: Sites) -> Sites:
    """Both sites; the host is plain, and anybody may make calendars."""
    served.site.new_calendars.hourly = 0
    served.pages = {}
    served.style = ""
    return served


OpenHost = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def open_host(sites: Sites, open_page: OpenPage) -> OpenHost:
    """Open a page of the host, which may ask the site of events for things, and no other."""

    def opened(
        content: str, view: View | None = None, language: str = "en"
    ) -> AbstractContextManager[Page]:
        sites.pages["page"] = f"{language}:{content}"
        return open_page(f"{sites.host}/page", view, others=[sites.events])

    return opened


def star(page: Page, session: str, element: str = "calsvc-agenda") -> Locator:
    """Return the button that chooses a session."""
    return page.locator(f"{element} button[name=session][value={session}]")


def is_pressed(button: Locator, wanted: bool = True) -> None:
    """See a star pressed, or not."""
    expect(button).to_have_attribute("aria-pressed", "true" if wanted else "false")


def choose(page: Page, *sessions: str) -> None:
    """Press the stars of sessions in the agenda, and see them pressed."""
    for session in sessions:
        star(page, session).click()
        is_pressed(star(page, session))


def feed_of(page: Page) -> str:
    """Return the address that the agenda has for calendar programs, when it is there."""
    page.locator("calsvc-agenda summary", has_text="My calendar").click()
    field = page.locator("calsvc-agenda details[data-calendar] input")
    expect(field).to_have_value(re.compile(r"\.ics$"))
    return field.input_value()


def titles_in(feed: str) -> list[str]:
    """Return what a calendar program finds at an address, sorted."""
    with urlopen(feed) as answer:  # noqa: S310 -- of this machine
        octets = answer.read()
    assert faults(octets) == []
    return sorted(entry.summary for entry in read_ical(octets))


def fill(feed: str, *sessions: str) -> None:
    """Wait until a feed has these sessions and no others."""
    eventually(lambda: titles_in(feed) == sorted(SESSIONS[each] for each in sessions))


def key_of(page: Page, sites: Sites) -> str | None:
    """Return the key that the host page keeps."""
    found: str | None = page.evaluate("name => localStorage[name]", f"calsvc:{sites.events}")
    return found


# --- choosing -----------------------------------------------------------------------------


@pytest.mark.parametrize("view", [View(), View("dark", width=320)], ids=["wide", "phone"])
def test_choice_is_in_the_calendar_program(sites: Sites, open_host: OpenHost, view: View) -> None:
    one, two, three = SESSIONS
    with open_host(AGENDA, view) as page:
        choose(page, one, two, three)
        feed = feed_of(page)
        fill(feed, one, two, three)
        star(page, two).click()
        is_pressed(star(page, two), False)
        fill(feed, one, three)
        page.reload()
        is_pressed(star(page, one))
        is_pressed(star(page, two), False)
        same = feed_of(page)
        key = key_of(page, sites)
        mine = page.locator("calsvc-agenda [data-link=my]").get_attribute("href")
        cookies = page.context.cookies()

    assert same == feed
    assert mine == f"{sites.events}/my/#{key}"
    assert cookies == []


def test_two_quick_stars_make_one_calendar(sites: Sites, open_host: OpenHost) -> None:
    one, two, _ = SESSIONS
    made = []
    with open_host(AGENDA) as page:
        expect(star(page, one)).to_be_visible()
        page.on("request", lambda each: made.append(each.url) if each.method == "POST" else None)
        page.evaluate(
            """names => {
              const root = document.querySelector("calsvc-agenda").shadowRoot;
              for (const name of names) root.querySelector(`.star[value=${name}]`).click();
            }""",
            [one, two],
        )
        fill(feed_of(page), one, two)

    assert made == [f"{sites.events}/api/calendars"]


def test_elements_of_a_page_agree(open_host: OpenHost) -> None:
    with open_host(AGENDA + SESSION) as page:
        choose(page, "genai-startups")
        is_pressed(star(page, "genai-startups", "calsvc-session"))
        star(page, "genai-startups", "calsvc-session").click()
        is_pressed(star(page, "genai-startups"), False)


def test_keyboard_chooses(open_host: OpenHost) -> None:
    with open_host(AGENDA) as page:
        star(page, "metamate").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        is_pressed(star(page, "metamate"))
        page.keyboard.press("Enter")
        is_pressed(star(page, "metamate"), False)


# --- frames -------------------------------------------------------------------------------


def test_frame_needs_no_script(sites: Sites, open_host: OpenHost) -> None:
    one, two, _ = SESSIONS
    frame = f'<iframe src="{sites.events}/events/{EVENT}/embed/" title="Agenda"></iframe>'
    with open_host(frame, View(scripts="off")) as page:
        inside = page.frame_locator("iframe")
        for session in (one, two):
            with page.expect_popup() as opened:
                inside.locator(f"button[name=session][value={session}]").click()
            agenda = opened.value
            expect(agenda).to_have_url(re.compile(f"/events/{EVENT}/#s-{session}$"))
        for session in (one, two):
            is_pressed(agenda.locator(f"button[name=session][value={session}]"))
        with page.expect_popup() as opened:
            inside.get_by_role("link", name=SESSIONS[one]).click()
        expect(opened.value).to_have_url(f"{sites.events}/events/{EVENT}/sessions/{one}/")


# --- looks --------------------------------------------------------------------------------

COLORS = """() => {
  const root = document.querySelector("calsvc-agenda").shadowRoot;
  const of = (it) => getComputedStyle(root.querySelector(it));
  return {
    link: of("a.button").color,
    star: of(".star").color,
    text: of("h2").color,
    page: of(".embedded").backgroundColor,
    font: of("h2").fontFamily,
  };
}"""
DARK = {"text": "rgb(237, 237, 241)", "page": "rgb(21, 21, 24)"}  # as the stylesheet has them
LIGHT = {"text": "rgb(29, 29, 33)", "page": "rgb(255, 255, 255)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_page_sets_wins(sites: Sites, open_host: OpenHost, scheme: str) -> None:
    sites.style = """
      :root { color-scheme: light dark; }
      calsvc-agenda { --calsvc-accent: rgb(1 2 3); --calsvc-page: rgb(4 5 6); }
      calsvc-agenda { --calsvc-font: monospace; }
      a, button, h2 { color: red !important; }
      """
    with open_host(AGENDA, View(scheme)) as page:  # type: ignore[arg-type]
        expect(star(page, "metamate")).to_be_visible()
        found = page.evaluate(COLORS)

    assert found == {
        "link": "rgb(1, 2, 3)",
        "star": "rgb(1, 2, 3)",
        "text": (DARK if scheme == "dark" else LIGHT)["text"],
        "page": "rgb(4, 5, 6)",
        "font": "monospace",
    }


@pytest.mark.parametrize(
    ("declared", "reader", "wanted"),
    [
        ("", "dark", LIGHT),
        ("light dark", "dark", DARK),
        ("light dark", "light", LIGHT),
        ("dark", "light", DARK),
    ],
)
def test_it_is_dark_where_the_page_is(
    sites: Sites, open_host: OpenHost, declared: str, reader: str, wanted: dict[str, str]
) -> None:
    sites.style = f":root {{ color-scheme: {declared}; }}" if declared else ""
    with open_host(AGENDA, View(reader)) as page:  # type: ignore[arg-type]
        expect(star(page, "metamate")).to_be_visible()
        found = page.evaluate(COLORS)

    assert {name: found[name] for name in wanted} == wanted


LANES = """() => {
  const root = document.querySelector("calsvc-agenda").shadowRoot;
  const articles = [...root.querySelectorAll("article")];
  return new Set(articles.map((it) => it.getBoundingClientRect().left)).size;
}"""


def test_it_is_narrow_where_its_place_is(sites: Sites, open_host: OpenHost) -> None:
    sites.style = "main { max-width: 400px; }"
    with open_host(AGENDA) as page:
        expect(star(page, "metamate")).to_be_visible()
        narrow = page.evaluate(LANES)
        page.locator("main").evaluate("it => it.style.maxWidth = 'none'")
        wide = page.evaluate(LANES)

    assert narrow == 1
    assert wide > 1


@pytest.mark.parametrize("view", [View("dark"), View(width=320)], ids=["dark", "phone"])
def test_elements_have_no_barriers(
    sites: Sites,
    open_host: OpenHost,
    axe: str,  # noqa: F811
    view: View,
) -> None:
    sites.style = ":root { color-scheme: light dark; }"
    with open_host(AGENDA + SESSION + SUBSCRIBE, view) as page:
        expect(page.locator("calsvc-subscribe a").first).to_be_visible()
        choose(page, "genai-startups")
        feed_of(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # there the bar covers nothing
        faults = faults_of(page, axe)

    assert faults == []


# --- words and parts ----------------------------------------------------------------------


def test_it_speaks_the_language_around_it(open_host: OpenHost) -> None:
    with open_host(AGENDA + f'<div lang="en">{SESSION}</div>', language="de") as page:
        expect(page.locator("calsvc-agenda h2").first).to_contain_text("Mittwoch, 25. Juni 2025")
        expect(page.locator("calsvc-session")).to_contain_text("Wednesday, June 25, 2025")


def test_attributes_can_change_and_elements_come_later(open_host: OpenHost) -> None:
    with open_host(AGENDA) as page:
        expect(star(page, "metamate")).to_be_visible()
        page.evaluate(
            """() => {
              const agenda = document.querySelector("calsvc-agenda");
              agenda.setAttribute("kind", "panel");
              agenda.setAttribute("tz", "Asia/Kolkata");
            }"""
        )
        expect(star(page, "metamate")).to_have_count(0)
        expect(page.locator("calsvc-agenda h2")).to_contain_text("Thursday, June 26, 2025")
        page.evaluate(
            """attributes => {
              const element = document.createElement("calsvc-session");
              for (const [name, value] of attributes) element.setAttribute(name, value);
              document.querySelector("main").append(element);
            }""",
            [["event", EVENT], ["session", "metamate"]],
        )
        expect(star(page, "metamate", "calsvc-session")).to_be_visible()


def test_buttons_are_for_the_part(sites: Sites, open_host: OpenHost) -> None:
    with open_host(SUBSCRIBE) as page:
        field = page.locator("calsvc-subscribe input")
        expect(field).to_have_value(f"{sites.events}/events/{EVENT}.ics?kind=panel")
        apple, google = page.locator("calsvc-subscribe a.button").all()[:2]
        links = [apple.get_attribute("href"), apple.get_attribute("target")]
        assert links == [f"webcal{field.input_value().removeprefix('http')}", "_self"]
        assert google.get_attribute("target") == "_blank"
        more = page.locator("calsvc-subscribe a").last
        assert more.get_attribute("href") == (
            f"{sites.events}/events/{EVENT}/subscribe/?kind=panel&lang=en"
        )


# --- what goes wrong ----------------------------------------------------------------------


@pytest.fixture
def page(sites: Sites, chromium: Browser) -> Iterator[Page]:
    """A page in a browser where things may fail."""
    with chromium.new_context() as context:
        yield context.new_page()


def test_unknown_event_is_told_with_a_link(sites: Sites, page: Page) -> None:
    sites.pages["page"] = 'de:<calsvc-agenda event="nothing"></calsvc-agenda>'
    page.goto(f"{sites.host}/page")

    expect(page.locator("calsvc-agenda [role=alert]")).to_contain_text(
        "Unter dieser Adresse ist nichts."
    )
    expect(page.locator("calsvc-agenda [role=alert] a")).to_have_attribute(
        "href", f"{sites.events}/events/nothing/"
    )


def test_site_that_is_away_leaves_what_authors_wrote(sites: Sites, page: Page) -> None:
    sites.pages["page"] = f"de-AT:{AGENDA}"
    page.route("**/embed/**", lambda route: route.abort())
    page.goto(f"{sites.host}/page")

    expect(page.locator("calsvc-agenda [role=alert]")).to_contain_text("gerade nicht")
    expect(page.get_by_role("link", name="Agenda", exact=True)).to_be_visible()


def test_star_goes_back_when_nothing_was_saved(sites: Sites, page: Page) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    page.goto(f"{sites.host}/page")
    notice = page.locator("calsvc-agenda [role=alert]")
    page.route("**/api/**", lambda route: route.abort())
    star(page, "agentic-evals").click()

    expect(notice).to_contain_text("This could not be saved.")
    is_pressed(star(page, "agentic-evals"), False)

    page.unroute("**/api/**")
    choose(page, "agentic-evals")

    expect(notice).to_be_hidden()
    fill(feed_of(page), "agentic-evals")


def test_full_calendar_says_so_until_there_is_room(sites: Sites, page: Page) -> None:
    one, two, _ = SESSIONS
    sites.pages["page"] = f"en:{AGENDA}"
    page.goto(f"{sites.host}/page")
    notice = page.locator("calsvc-agenda [role=alert]")
    choose(page, one)
    feed_of(page)  # it is saved
    key = key_of(page, sites)
    assert key
    many = [Choice(event=EVENT, session=f"s{number}") for number in range(MAX_SESSIONS - 1)]
    sites.site.stored.change(key, lambda itinerary: itinerary.adding(many))
    star(page, two).click()

    expect(notice).to_have_text("Your calendar is full. Please remove some sessions first.")
    is_pressed(star(page, two), False)

    star(page, one).click()
    is_pressed(star(page, one), False)
    choose(page, two)

    expect(notice).to_be_hidden()
    fill(page.locator("calsvc-agenda [data-calendar] input").input_value(), two)


def test_too_many_calendars_are_told(sites: Sites, page: Page) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    sites.site.new_calendars.hourly = 1
    page.goto(f"{sites.host}/page")
    choose(page, "agentic-evals")
    feed_of(page)  # it is saved
    page.evaluate("localStorage.clear()")
    page.reload()
    star(page, "agentic-evals").click()

    expect(page.locator("calsvc-agenda [role=alert]")).to_have_text(
        "Too many calendars were made from here. Please try again later."
    )
    is_pressed(star(page, "agentic-evals"), False)


def test_choice_lasts_as_long_as_the_page_where_nothing_may_be_stored(
    sites: Sites, page: Page
) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw Error(); }})"
    )
    page.goto(f"{sites.host}/page")
    choose(page, "agentic-evals", "genai-startups")

    fill(feed_of(page), "agentic-evals", "genai-startups")


def test_calendar_that_was_deleted_is_begun_anew(sites: Sites, page: Page) -> None:
    one, two, _ = SESSIONS
    sites.pages["page"] = f"en:{AGENDA}"
    page.goto(f"{sites.host}/page")
    choose(page, one)
    feed = feed_of(page)
    delete(sites, key_of(page, sites))
    choose(page, two)
    is_pressed(star(page, one), False)
    page.reload()
    is_pressed(star(page, two))
    is_pressed(star(page, one), False)
    other = feed_of(page)

    assert other != feed
    fill(other, two)


def delete(sites: Sites, key: str | None) -> None:
    """Delete a calendar, as its owner can from another device."""
    request = Request(  # noqa: S310 -- of this machine
        f"{sites.events}/api/calendars/me",
        method="DELETE",
        headers={"Authorization": f"Bearer {key}"},
    )
    with urlopen(request) as answer:  # noqa: S310
        assert answer.status == 204
