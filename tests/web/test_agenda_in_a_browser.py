"""A large agenda in a real browser: found, planned and read by keyboard, on any screen."""

from collections.abc import Iterator
from time import sleep
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from agendas import long_agenda
from browser import OpenPage, View
from flask import Flask
from judges import faults_of
from playwright.sync_api import Page, expect
from servers import free_port, listening
from tiers import slow

from calsvc.live.events import Live
from calsvc.web.app import create_app

PHONE = View(width=390)
SEARCH = "?q=python"
RESULT = "section.day article"
MOST_STOPS = 25  # before the first result
LOWEST = 700  # pixels from the top at which the first result begins


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """An agenda of 773 sessions on three days."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with listening(create_app(Live([long_agenda(773)], url)), port):
        yield f"{url}/events/conf/"


def top(page: Page, selector: str) -> float:
    """Return how far below the top of the page something begins."""
    found: float = page.locator(selector).first.evaluate(
        "it => it.getBoundingClientRect().top + scrollY"
    )
    return found


@pytest.mark.parametrize("view", [PHONE, slow(View("dark", "off", "de-DE", width=320))])
def test_results_are_in_sight_and_few_steps_away(
    site: str, open_page: OpenPage, view: View
) -> None:
    with open_page(site + SEARCH, view) as page:
        assert top(page, RESULT) < LOWEST
        stops = 0
        while not page.locator(f"{RESULT} :focus").count():
            page.keyboard.press("Tab")
            stops += 1
            assert stops <= MOST_STOPS
        assert page.locator(".found").inner_text() != ""


UNDER_STARS = """() => [...document.querySelectorAll(".plan article:has(> .star) > h3")]
  .filter((it) => it.getBoundingClientRect().right
    > it.parentElement.querySelector(":scope > .star").getBoundingClientRect().left)
  .map((it) => it.innerText)"""


@pytest.mark.slow
def test_no_title_runs_under_its_star_on_a_phone(site: str, open_page: OpenPage) -> None:
    with open_page(site, PHONE) as page:
        assert page.locator("article > .star").count() > 200
        assert page.evaluate(UNDER_STARS) == []


@pytest.mark.slow
def test_search_by_its_key_leaves_no_empty_fields(site: str, open_page: OpenPage) -> None:
    with open_page(f"{site}days/", PHONE) as page:
        page.keyboard.press("/")
        page.keyboard.type("Rust")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}?q=Rust")

        expect(page.locator(".chip")).to_contain_text("Search: Rust")
        assert page.locator("#q").input_value() == "Rust"
        page.keyboard.press("/")
        page.keyboard.press("Delete")
        page.keyboard.press("Enter")
        page.wait_for_url(site)


@pytest.mark.slow
def test_old_anchor_leads_to_the_session_on_its_day(site: str, open_page: OpenPage) -> None:
    with open_page(f"{site}days/2025-06-27/", PHONE) as page:
        session = page.locator("article[id]").first.get_attribute("id")

        page.goto(f"{site}#{session}")
        page.wait_for_url(f"{site}days/#{session}")

        expect(page.locator(f"article[id='{session}']")).to_be_in_viewport()


@pytest.mark.slow
def test_day_and_time_stay_in_sight(site: str, open_page: OpenPage) -> None:
    with open_page(f"{site}days/2025-06-26/", PHONE) as page:
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")

        expect(page.locator(".days [aria-current]")).to_be_in_viewport()
        seen = "box => box.getBoundingClientRect().top"
        heads = page.locator("th[scope=row]").evaluate_all(f"it => it.map({seen})")
        bar = page.locator(".days").evaluate("it => it.getBoundingClientRect().bottom")
        assert any(abs(head - bar) < 2 for head in heads)


@pytest.mark.slow
def test_table_is_scrolled_and_left_by_keyboard(site: str, open_page: OpenPage) -> None:
    with open_page(site, View(width=950)) as page:
        region = page.get_by_role("region", name="Plan by room, Wednesday, June 25, 2025")
        region.focus()
        page.keyboard.press("ArrowRight")

        expect(region).to_be_focused()
        page.wait_for_function("() => document.querySelector('.by-room').scrollLeft > 0")
        head = region.locator("tbody th").first
        edge = "it => it.getBoundingClientRect().left"
        assert head.evaluate(edge) == region.evaluate(edge)
        page.keyboard.press("Tab")
        assert page.locator(".by-room article :focus").count() == 1


@pytest.mark.slow
def test_filter_button_says_what_it_leads_to(site: str, open_page: OpenPage) -> None:
    with open_page(site) as page:
        page.locator(".find summary").first.click()
        page.get_by_label("Room 3").check()
        button = page.locator(".apply button")
        expect(button).not_to_have_text("Show 773 sessions")
        told = button.inner_text()
        button.click()

        assert told == f"Show {page.locator('.found').inner_text().partition(':')[0]}"


SHIFTS = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().map(entry => entry.value)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve([]), 500);
})"""


def in_pieces(app: Flask) -> Flask:
    """Have pages pause before their agenda, as they do on a slow line."""
    whole = app.wsgi_app

    def slowly(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        head, agenda, rest = b"".join(whole(environ, start_response)).partition(
            b'<section class="day'
        )
        yield head
        if agenda:
            sleep(0.5)
            yield agenda + rest

    app.wsgi_app = slowly  # type: ignore[method-assign]
    return app


@pytest.mark.parametrize("view", [slow(PHONE), View()])
def test_nothing_jumps_while_an_agenda_loads(open_page: OpenPage, view: View) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Live([long_agenda(60)], url))
    with listening(in_pieces(app), port), open_page(f"{url}/events/conf/", view) as page:
        assert sum(page.evaluate(SHIFTS)) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("", View()),
        ("", View("dark", locale="de-DE", width=320)),
        ("?view=list", View("dark")),
        ("days/", View("dark", locale="de-DE", width=1280)),
        (SEARCH, View(width=320)),
    ],
)
def test_large_agenda_has_no_barriers(
    site: str, open_page: OpenPage, axe: str, path: str, view: View
) -> None:
    with open_page(site + path, view) as page:
        assert faults_of(page, axe) == []
