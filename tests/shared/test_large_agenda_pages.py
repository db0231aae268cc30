"""FOSDEM 2021, with its 773 sessions in 106 rooms, as its pages show it."""

import gzip
import re
from collections.abc import Iterator
from datetime import date

import pytest
from browser import OpenPage, View
from conftest import NOW, SHARED, client_of
from pages import AgendaPage
from playwright.sync_api import Page, expect
from servers import free_port, listening

from calsvc.agenda import eventfile
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.reading import read
from calsvc.importers.updating.sheets import sheet
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app

SOURCE = SHARED / "schedules" / "frab-xml" / "fosdem-2021.xml"
DAYS = (date(2021, 2, 6), date(2021, 2, 7))
PHONE = View(width=390)
SCREEN = 844  # pixels
MOST_SCREENS = 40
MOST_STOPS = 25
LOWEST = 700  # pixels
LARGEST = 60 * 1024  # octets of a day's page


@pytest.fixture(scope="module")
def fosdem() -> Schedule:
    """The imported event, published."""
    draft, _ = read(opened(SOURCE), wishes := Wishes(timezone="Europe/Brussels"))
    drawing = draw(draft, wishes, SOURCE.name)
    text = sheet(drawing.mapping, drawing.guesses)
    event, _ = eventfile.parse(text, "fosdem-2021", SOURCE.name)
    return publish(event, None, NOW)


@pytest.fixture(scope="module")
def site(fosdem: Schedule) -> Iterator[str]:
    """The address of its agenda."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with listening(create_app(Live([fosdem], url)), port):
        yield f"{url}/events/fosdem-2021/"


@pytest.mark.parametrize(("path", "sheets"), [("days", 1), ("embed/days", 2)])
def test_page_of_a_day_is_small_and_has_every_session_once(
    fosdem: Schedule, path: str, sheets: int
) -> None:
    client = client_of(fosdem)
    titles: list[str] = []

    for day in DAYS:
        address = f"/events/fosdem-2021/{path}/{day}/"
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) < LARGEST
        html = gzip.decompress(answer.data).decode()
        assert len(re.findall(r'<link rel="stylesheet"', html)) == sheets
        titles += AgendaPage(html).titles

    assert len(titles) == len(fosdem.event.sessions) == 773


@pytest.mark.slow
def test_search_has_its_results_in_sight_on_a_phone(site: str, open_page: OpenPage) -> None:
    with open_page(f"{site}?q=python", PHONE) as page:
        first = page.locator("section.day article").first
        assert first.evaluate("it => it.getBoundingClientRect().top + scrollY") < LOWEST
        assert stops(page) <= MOST_STOPS


@pytest.mark.slow
@pytest.mark.parametrize("width", [280, 1000])
def test_frame_finds_in_all_days_and_fits(site: str, open_page: OpenPage, width: int) -> None:
    with open_page(f"{site}embed/", View(width=width)) as page:
        page.get_by_role("searchbox", name="Search").fill("python")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_contain_text("45 sessions: “python”")

        assert page.locator(".day").count() == len(DAYS)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def stops(page: Page) -> int:
    """Return how often Tab is pressed before it reaches a session."""
    for number in range(1, 100):
        page.keyboard.press("Tab")
        if page.locator("section.day article :focus").count():
            return number
    return 100


@pytest.mark.slow
@pytest.mark.parametrize("day", DAYS)
def test_day_is_not_long_on_a_phone(site: str, open_page: OpenPage, day: date) -> None:
    with open_page(f"{site}days/{day}/", PHONE) as page:
        assert page.evaluate("document.scrollingElement.scrollHeight") < MOST_SCREENS * SCREEN
