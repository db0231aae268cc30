"""The switch of zones in a real browser: the reader's own, which the device remembers."""

import re
import time

import pytest
from browser import OpenPage, View
from playwright.sync_api import Locator, Page, Route, expect
from tiers import slow

EVENT = "/events/ai-data-2025/"
OTHER = "/events/systems-reliability-2026/"  # has no times
SESSION = f"{EVENT}sessions/genai-startups/"
BERLIN = View(timezone="Europe/Berlin")
LATE = 0.3  # seconds


def visit(page: Page, address: str, there: str) -> None:
    """Open an address, and see that it leads to another one, or stays."""
    page.goto(address, wait_until="commit")  # what comes after is no matter of this address
    expect(page).to_have_url(there)
    page.wait_for_load_state()


def offered(page: Page) -> list[str]:
    """Return the zones that a page offers in sight."""
    return page.locator(".zones > a:visible").all_inner_texts()


def in_use(page: Page) -> Locator:
    """Return the zone that is marked as the one in use."""
    return page.locator(".zones > [aria-current]")


@pytest.mark.parametrize(
    ("view", "name"),
    [
        slow(BERLIN, "CEST, Berlin"),
        slow(View(timezone="Europe/Berlin", locale="de-DE", width=320), "MESZ, Berlin"),
        slow(View(timezone="Asia/Kolkata"), "IST, Kolkata"),
        slow(View(timezone="Europe/Istanbul"), "UTC+3, Istanbul"),
        slow(View(timezone="America/St_Johns"), "UTC−2:30, St Johns"),
        slow(View(timezone="UTC"), "UTC"),
    ],
)
def test_own_zone_stands_beside_that_of_the_event(
    served_site: str, open_page: OpenPage, view: View, name: str
) -> None:
    with open_page(served_site + EVENT, view) as page:
        assert offered(page) == ["PDT, Los Angeles", name]
        expect(in_use(page)).to_have_text("PDT, Los Angeles")
        page.get_by_role("link", name=name).click()
        expect(in_use(page)).not_to_have_text("PDT, Los Angeles")

        page.wait_for_load_state()
        assert len(offered(page)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "US/Pacific"])
def test_who_is_at_the_event_has_no_other_zone(
    served_site: str, open_page: OpenPage, zone: str
) -> None:
    with open_page(served_site + EVENT, View(timezone=zone)) as page:
        assert offered(page) == ["PDT, Los Angeles"]


@pytest.mark.slow
def test_own_zone_is_remembered_until_that_of_the_event_is_chosen(
    served_site: str, open_page: OpenPage
) -> None:
    own = "?tz=Europe/Berlin"
    with open_page(served_site + EVENT, BERLIN) as page:
        page.locator(".star[value=genai-startups]").first.click()
        expect(page.locator(".star[aria-busy]")).to_have_count(0)
        page.get_by_role("link", name="CEST, Berlin").click()
        page.wait_for_url(served_site + EVENT + own)

        for path in (EVENT, f"{EVENT}?kind=panel#s-genai-startups", SESSION, "/my/"):
            there, _, anchor = path.partition("#")
            there += f"&{own[1:]}" if "?" in there else own
            visit(page, served_site + path, served_site + there + (anchor and f"#{anchor}"))
            expect(in_use(page)).to_have_text("CEST, Berlin")
            expect(page.locator("article, .slot").get_by_text("10:20 PM").first).to_be_visible()
        visit(page, f"{served_site}{EVENT}?tz=Asia/Tokyo", f"{served_site}{EVENT}?tz=Asia/Tokyo")
        visit(page, served_site + OTHER, served_site + OTHER)

        visit(page, served_site + SESSION, served_site + SESSION + own)
        page.get_by_role("link", name="PDT, Los Angeles").click()
        page.wait_for_url(f"{served_site}{SESSION}?")
        visit(page, served_site + EVENT, served_site + EVENT)
        expect(in_use(page)).to_have_text("PDT, Los Angeles")


SEEN = """addEventListener("pagehide", () => {
  const isSeen = performance.getEntriesByType("paint").length > 0
    && document.querySelector("main").checkVisibility({visibilityProperty: true});
  sessionStorage.setItem("seen", `${sessionStorage.getItem("seen") ?? ""}${isSeen} `);
})"""


@pytest.mark.slow
def test_times_of_another_zone_are_not_seen_before(served_site: str, open_page: OpenPage) -> None:
    def late(route: Route) -> None:
        time.sleep(LATE)
        route.fallback()

    with open_page(f"{served_site}{EVENT}?tz=Europe/Berlin", BERLIN) as page:
        with page.expect_navigation():
            in_use(page).click()
        page.add_init_script(SEEN)
        page.route(re.compile(r"zone\.js|\?tz="), late)
        visit(page, served_site + EVENT, f"{served_site}{EVENT}?tz=Europe/Berlin")

        assert page.evaluate("sessionStorage.getItem('seen')") == "false "


@pytest.mark.slow
@pytest.mark.parametrize("view", [BERLIN, View(timezone="Asia/Tokyo", scripts="off")])
def test_city_that_is_typed_is_shown_by_enter(
    served_site: str, open_page: OpenPage, view: View
) -> None:
    with open_page(f"{served_site}{EVENT}?kind=panel", view) as page:
        assert offered(page)[0] == "PDT, Los Angeles"
        page.locator(".zones summary").click()
        page.get_by_label("City or time zone").fill("são paulo")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served_site}{EVENT}?kind=panel&tz=s%C3%A3o+paulo")

        expect(in_use(page)).to_have_text("UTC−3, Sao Paulo")
        expect(page.locator("article").first).to_contain_text("5:20")


@pytest.mark.slow
def test_city_of_several_zones_is_asked_for(served_site: str, open_page: OpenPage) -> None:
    with open_page(f"{served_site}/my/") as page:
        page.goto(f"{served_site}{SESSION}")
        page.locator(".zones summary").click()
        page.get_by_label("City or time zone").fill("Birmingham")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="London, United Kingdom").click()

        expect(in_use(page)).to_have_text("BST, London")
        expect(page.locator("h1")).to_have_text("Live Panel: GenAI Startups")


@pytest.mark.slow
def test_zone_that_the_site_does_not_know_is_forgotten(
    served_site: str, open_page: OpenPage
) -> None:
    """A device may be newer than the site's tz database."""
    with open_page(served_site + EVENT, BERLIN) as page:
        page.locator(".zones a.own").click()
        expect(in_use(page)).to_have_text("CEST, Berlin")
        html = page.request.get(f"{served_site}{EVENT}?tz=Nowhere").text()
        page.route(
            re.compile(r"\?tz="), lambda route: route.fulfill(body=html, content_type="text/html")
        )
        visit(page, served_site + EVENT, f"{served_site}{EVENT}?tz=Europe/Berlin")
        expect(page.locator("h1")).to_have_text("Which time zone do you mean?")

        visit(page, served_site + EVENT, served_site + EVENT)
