"""What goes wrong on a page of another site is told there, and mended."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from hosts import AGENDA, EVENT, SESSIONS, Sites, choose, feed_of, fill, is_pressed, key_of, star
from playwright.sync_api import Browser, Page, expect

from calsvc.schedule.itineraries import MAX_SESSIONS, Choice


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
