"""What is on is marked while a page stays open, whatever the clock says."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import OpenPage, View
from conftest import schedule_of
from people import Browser, my_site_of
from playwright.sync_api import Page, expect
from servers import free_port, listening

from calsvc.live.events import Live
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE

EVENT = """
name: Conf
timezone: UTC
dates: {from: 2027-06-15, to: 2027-06-16}
sessions:
  - {id: one, title: One, when: 2027-06-15 09:00-10:00, room: A}
  - {id: two, title: Two, when: 2027-06-15 10:00-11:00, room: A}
  - {id: "off", title: Off, when: 2027-06-15 10:00-11:00, room: B, status: cancelled}
  - {id: three, title: Three, when: 2027-06-15 12:00-13:00, room: B}
  - {id: four, title: Four, when: 2027-06-16 09:00-10:00, room: B}
"""
PAGES = {"agenda": "/events/conf/days/", "choice": "/my/"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An event that is on in June 2027, and the key of a calendar with all of its sessions."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    site = my_site_of(tmp_path_factory.mktemp("site"), schedule_of(EVENT), base_url=url)
    app = create_app(site.live, Calendars(site.storage.database), site.settings)
    person = Browser(app.test_client())
    for session in ("one", "two", "off", "three", "four"):
        person.post("/my/add", [("event", "conf"), ("session", session)], url)
    with listening(app, port):
        yield url, person.key
    site.storage.close()


def marked(page: Page, name: str) -> list[str]:
    """Return the titles of the sessions with a class."""
    return page.locator(f"article.{name} h3").all_inner_texts()


def later(page: Page, minutes: int) -> None:
    """Let the page see a later time."""
    page.clock.fast_forward(minutes * 60_000)
    page.clock.run_for(60_000)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_marks_follow_the_clock(site: tuple[str, str], open_page: OpenPage, path: str) -> None:
    url, key = site
    with open_page(url + path, View(), {COOKIE: key}) as page:
        page.clock.install(time=datetime(2027, 6, 15, 9, 59, 30, tzinfo=UTC))
        page.reload()
        expect(page.locator("article.now .on")).to_have_text("On now")
        seen = [(marked(page, "now"), marked(page, "over"))]
        for minutes in (1, 61, 70, 60, 24 * 60):
            later(page, minutes)
            seen.append((marked(page, "now"), marked(page, "over")))

    assert seen == [
        (["One"], []),
        (["Two"], ["One"]),
        ([], ["One", "Two"]),
        (["Three"], ["One", "Two"]),
        ([], ["One", "Two", "Three"]),
        ([], []),  # where all is over nothing steps back
    ]


def test_my_calendar_says_what_is_on_or_next_as_long_as_it_is_open(
    site: tuple[str, str], open_page: OpenPage
) -> None:
    url, key = site
    with open_page(f"{url}/my/", View(locale="en-GB"), {COOKIE: key}) as page:
        line = page.locator(".following")
        page.clock.install(time=datetime(2027, 6, 15, 8, 0, tzinfo=UTC))
        page.reload()
        expect(page.locator("article.now")).to_have_count(0)
        seen = [line.inner_text().strip()]
        links = [line.locator("a").get_attribute("href")]
        for minutes in (70, 60, 60):
            later(page, minutes)
            seen.append(line.inner_text().strip())
            links.append(line.locator("a").get_attribute("href"))
        later(page, 24 * 60)
        expect(line).to_be_hidden()
        ids = page.locator("article h3").evaluate_all("all => all.map(it => it.closest('[id]').id)")

    assert seen == [
        "Next: One, Tue 15 Jun, 09:00 · A",
        "On now: One, Tue 15 Jun, 09:00 · A",
        "On now: Two, Tue 15 Jun, 10:00 · A",
        "Next: Three, Tue 15 Jun, 12:00 · B",
    ]
    assert links == [f"#{ids[0]}", f"#{ids[0]}", f"#{ids[1]}", f"#{ids[3]}"]


def on_all_day() -> str:
    """Return an event of today, where at any time something is on in each of five rooms.

    Their order is not that of the names.
    """
    today = datetime.now(UTC).date()
    return f"name: Conf\ntimezone: UTC\ndate: {today}\nday_ends: '00:00'\nsessions:\n" + "".join(
        f"  - {{id: {name}{hour}, title: {name}{hour}, when: {hour:02}:00-{hour + 4:02}:00,"
        f" room: {room}}}\n"
        for hour in range(0, 24, 4)
        for name, room in zip("abcde", "EDCBA", strict=True)
    )


@pytest.mark.slow
def test_what_is_on_is_listed_in_the_order_in_which_the_page_came(open_page: OpenPage) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    lists = []
    with listening(create_app(Live([schedule_of(on_all_day())], url)), port):
        for scripts in ("off", "run"):
            with open_page(f"{url}/events/conf/", View(scripts=scripts)) as page:
                expect(page.locator("article.now .on")).to_have_count(5)
                lists.append(page.locator(".present li").all_inner_texts())

    assert len(lists[0]) in {4, 8}  # three and how many more, of now and of what comes next
    assert lists[0] == lists[1]
