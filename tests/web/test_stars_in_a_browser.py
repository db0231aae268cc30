"""Stars in a real browser: at once, counted, and none lost where the network is."""

from collections.abc import Iterator

import pytest
from browser import OpenPage, View
from playwright.sync_api import Browser, Page, Route, expect
from test_journeys import EVENT, TITLES, choose, expected, feed_address, sessions_of, star

UNSAVED = "Not saved: no connection. It will be tried again."


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that was never there, and whose network may fail."""
    with chromium.new_context(locale="en-US", service_workers="block") as context:
        yield context.new_page()


def is_unsaved(page: Page, session: str) -> None:
    """See a star say that it is not saved."""
    expect(star(page, session)).to_have_attribute("data-unsaved", "Not saved: no connection")
    expect(page.locator(".told")).to_have_text(UNSAVED)


def test_star_shows_at_once_and_is_saved_behind_it(served_site: str, page: Page) -> None:
    held: list[Route] = []
    page.route("**/my/add*", lambda route: held.append(route))
    page.goto(served_site + EVENT)

    star(page, "metamate").click()

    expect(star(page, "metamate")).to_have_attribute("aria-pressed", "true")
    expect(star(page, "metamate")).to_have_attribute("aria-busy", "true")
    expect(page.locator("header .mine")).to_have_text("My calendar")
    [route] = held
    route.continue_()
    expect(page.locator("header .mine")).to_have_text("My calendar (1)")
    expect(star(page, "metamate")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.slow
def test_star_without_network_stays_says_so_and_is_saved_later(
    served_site: str, page: Page
) -> None:
    page.goto(served_site + EVENT)
    page.context.set_offline(True)

    star(page, "genai-startups").click()

    is_unsaved(page, "genai-startups")
    expect(star(page, "genai-startups")).to_have_attribute("aria-pressed", "true")
    assert page.url == served_site + EVENT
    page.context.set_offline(False)
    expect(page.locator("header .mine")).to_have_text("My calendar (1)")
    expect(page.locator(".star[data-unsaved]")).to_have_count(0)
    assert sessions_of(feed_address(page)) == expected("genai-startups")


@pytest.mark.slow
def test_star_pressed_without_network_is_saved_by_the_next_page(
    served_site: str, page: Page
) -> None:
    page.goto(served_site + EVENT)
    choose(page, "closing-remarks")
    page.context.set_offline(True)
    star(page, "genai-startups").click()
    is_unsaved(page, "genai-startups")
    star(page, "closing-remarks").click()
    expect(star(page, "closing-remarks")).to_have_attribute("aria-pressed", "false")
    page.close()
    context = page.context
    context.set_offline(False)

    later = context.new_page()
    later.goto(f"{served_site}/my/")

    expect(later.locator("article h3")).to_have_text(["Live Panel: GenAI Startups"])
    assert sessions_of(feed_address(later)) == expected("genai-startups")


@pytest.mark.slow
def test_star_taken_back_without_network_is_nothing(served_site: str, page: Page) -> None:
    page.goto(served_site + EVENT)
    page.context.set_offline(True)
    star(page, "metamate").click()
    is_unsaved(page, "metamate")

    star(page, "metamate").click()

    expect(star(page, "metamate")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".star[data-unsaved]")).to_have_count(0)
    assert page.evaluate("localStorage['calsvc:unsaved']") == "{}"


@pytest.mark.slow
@pytest.mark.parametrize("status", [502, 503, 504])
def test_star_waits_for_a_site_that_is_away_for_a_moment(
    served_site: str, page: Page, status: int
) -> None:
    page.route("**/my/add*", lambda route: route.fulfill(status=status), times=1)
    page.goto(served_site + EVENT)

    star(page, "metamate").click()
    is_unsaved(page, "metamate")
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("header .mine")).to_have_text("My calendar (1)")
    assert page.url == served_site + EVENT


@pytest.mark.slow
def test_gate_to_the_network_is_not_taken_for_the_site(served_site: str, page: Page) -> None:
    page.route("**/my/add*", lambda route: route.fulfill(body="<h1>Wi-Fi</h1>"), times=1)
    page.goto(served_site + EVENT)

    star(page, "metamate").click()

    is_unsaved(page, "metamate")


@pytest.mark.slow
def test_first_star_tells_what_it_did_and_how_to_subscribe(
    served_site: str, open_page: OpenPage
) -> None:
    with open_page(served_site + EVENT) as page:
        told = page.get_by_role("status").filter(has_text="Added to My calendar.")
        choose(page, "metamate")
        expect(told).to_be_visible()
        told.get_by_role("button", name="Close").click()
        expect(told).to_have_count(0)
        choose(page, "genai-startups")
        expect(page.locator("header .mine")).to_have_text("My calendar (2)")
        expect(told).to_have_count(0)
        page.goto(served_site)
        expect(page.locator("header .mine")).to_have_text("My calendar (2)")


@pytest.mark.slow
def test_agenda_shows_only_ones_own_sessions_by_keyboard(
    served_site: str, open_page: OpenPage
) -> None:
    with open_page(served_site + EVENT, View(width=390)) as page:
        choose(page, *TITLES)
        switch = page.get_by_role("button", name="Only my sessions")
        switch.press("Space")
        expect(page.locator("article").filter(visible=True)).to_have_count(len(TITLES))
        expect(switch).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_own_sessions_stay_alone_on_the_days_after_until_the_reader_wants_all(
    served_site: str, open_page: OpenPage
) -> None:
    with open_page(served_site + EVENT) as page:
        switch = page.get_by_role("button", name="Only my sessions")
        none = page.get_by_text("You have chosen none of these.")
        shown = page.locator("article").filter(visible=True)
        every = shown.count()
        switch.click()
        expect(none).to_be_visible()
        expect(shown).to_have_count(0)
        page.reload()
        expect(switch).to_have_attribute("aria-pressed", "true")
        expect(shown).to_have_count(0)
        switch.click()
        expect(none).to_be_hidden()
        choose(page, *TITLES)
        page.reload()
        expect(shown).to_have_count(every)
        switch.click()
        page.reload()
        expect(shown).to_have_count(len(TITLES))
        expect(none).to_be_hidden()


@pytest.mark.slow
def test_switch_to_ones_own_leads_to_my_calendar_without_scripts(
    served_site: str, open_page: OpenPage
) -> None:
    with open_page(served_site + EVENT, View(scripts="off")) as page:
        page.get_by_role("link", name="Only my sessions").click()
        expect(page.locator("h1")).to_have_text("My calendar")
