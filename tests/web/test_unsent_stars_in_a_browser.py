"""Stars that are pressed without network: sent later, and none is lost."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from test_journeys import choose, feed_address, star
from test_stars_in_a_browser import is_unsaved
from venue import EVENT, MY, SNAKES, Venue, copies, keep, summaries
from waiting import eventually


@pytest.mark.slow
def test_star_whose_session_is_gone_is_told_and_keeps_no_other_waiting(
    venue: Venue, phone: Page
) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    phone.context.set_offline(True)
    star(phone, "snakes").evaluate("it => { it.value = 'nothing'; it.click(); }")
    star(phone, "opening").click()
    is_unsaved(phone, "opening")
    phone.goto(venue.url + EVENT)
    phone.context.set_offline(False)
    phone.goto(venue.url + SNAKES)

    expect(phone.locator(".told")).to_contain_text("“Snakes” is no longer on the agenda")
    expect(phone.locator("header .mine")).to_have_text("My calendar (1)")
    phone.locator(".told").get_by_role("button", name="Close").click()
    expect(phone.locator(".told")).to_be_hidden()
    assert summaries(feed_address(phone)) == ["Opening"]


@pytest.mark.slow
def test_press_whose_answer_was_lost_is_taken_back(venue: Venue, phone: Page) -> None:
    def lose(route: Any) -> None:
        route.fetch()  # the site has it
        route.abort()

    phone.goto(venue.url + EVENT)
    choose(phone, "opening")
    phone.context.route("**/my/add*", lose, times=1)
    star(phone, "snakes").click()
    is_unsaved(phone, "snakes")

    star(phone, "snakes").click()

    expect(phone.locator(".star[data-unsaved]")).to_have_count(0)
    expect(phone.locator(".star[aria-busy]")).to_have_count(0)
    assert phone.evaluate("localStorage['calsvc:unsaved']") == "{}"
    assert summaries(feed_address(phone)) == ["Opening"]


@pytest.mark.slow
def test_star_of_another_tab_shows_here(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    other = phone.context.new_page()
    other.goto(venue.url + EVENT)
    phone.context.set_offline(True)

    star(phone, "snakes").click()
    expect(star(other, "snakes")).to_have_attribute("aria-pressed", "true")
    star(other, "snakes").click()
    expect(star(phone, "snakes")).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_star_that_was_saved_shows_on_an_older_copy(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT, SNAKES)
    phone.goto(venue.url + EVENT)
    choose(phone, "snakes")
    eventually(lambda: "Snakes" in copies(phone).get(MY, ""))
    phone.context.set_offline(True)

    phone.goto(venue.url + SNAKES)
    expect(phone.get_by_role("button", name="In My calendar")).to_be_visible()
    phone.goto(venue.url + MY)
    expect(phone.locator("article h3")).to_have_text(["Snakes"])  # fetched behind the star


@pytest.mark.slow
def test_star_of_a_newcomer_makes_a_calendar_later(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT, MY)
    phone.context.set_offline(True)
    phone.goto(venue.url + EVENT)
    star(phone, "snakes").click()
    is_unsaved(phone, "snakes")
    phone.goto(venue.url + MY)
    expect(phone.locator("#unsent li")).to_have_text(["Snakes"])
    phone.close()

    later = phone.context.new_page()
    phone.context.set_offline(False)
    later.goto(venue.url + MY)
    expect(later.locator("article h3")).to_have_text(["Snakes"])


@pytest.mark.slow
def test_deletion_is_of_stars_that_were_not_sent_too(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    choose(phone, "opening")
    phone.route("**/my/add*", lambda route: route.abort())
    star(phone, "snakes").click()
    is_unsaved(phone, "snakes")
    phone.route("**/my/add*", lambda route: route.abort())
    phone.goto(venue.url + MY)
    phone.get_by_text("Delete my calendar …").click()
    phone.get_by_role("button", name="Delete my calendar").click()
    expect(phone.locator("#done")).to_have_text("Your calendar is deleted.")

    assert phone.evaluate("localStorage['calsvc:unsaved']") == "{}"
    assert phone.url.startswith(f"{venue.url}{MY}") and "done" not in phone.url.partition("#")[0]


@pytest.mark.slow
def test_calendar_that_is_opened_here_has_no_stars_of_the_one_before(
    venue: Venue, phone: Page
) -> None:
    made = phone.request.post(f"{venue.url}/api/calendars", data={"sessions": []}).json()
    phone.goto(venue.url + EVENT)
    choose(phone, "snakes")
    phone.goto(f"{venue.url}{MY}#{made['edit_key']}")
    before = phone.evaluate("Object.keys(JSON.parse(localStorage['calsvc:saved']))")
    phone.get_by_role("button", name="Open it here").click()
    expect(phone.locator("#done")).to_be_visible()

    assert before == ["conf/snakes"]
    assert phone.evaluate("localStorage['calsvc:saved']") == "{}"


@pytest.mark.slow
def test_answer_that_is_cut_off_keeps_no_other_star_waiting(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    phone.context.set_offline(True)
    for session in ("opening", "snakes"):
        star(phone, session).click()
        is_unsaved(phone, session)
    phone.route(
        "**/my/add*", lambda route: route.fulfill(response=route.fetch(), body="{"), times=1
    )
    phone.context.set_offline(False)

    for session in ("opening", "snakes"):
        expect(star(phone, session)).not_to_have_attribute("data-unsaved", "")
        expect(star(phone, session)).not_to_have_attribute("aria-busy", "true")
    expect(phone.locator("header .mine")).to_have_text("My calendar (2)")
    phone.goto(venue.url + MY)
    assert summaries(feed_address(phone)) == ["Opening", "Snakes"]


@pytest.mark.slow
def test_star_is_saved_by_a_browser_that_limits_no_time(venue: Venue, phone: Page) -> None:
    phone.add_init_script("delete AbortSignal.timeout")  # as Safari before 16
    phone.goto(venue.url + EVENT)
    choose(phone, "snakes")
    expect(phone.locator("header .mine")).to_have_text("My calendar (1)")
