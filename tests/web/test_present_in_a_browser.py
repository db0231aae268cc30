"""What is on is marked while an agenda stays open, whatever the clock says."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import OpenPage, View
from conftest import schedule_of
from playwright.sync_api import Page, expect
from servers import free_port, listening

from calsvc.live.events import Live
from calsvc.web.app import create_app

EVENT = """
name: Conf
timezone: UTC
date: 2027-06-15
sessions:
  - {id: one, title: One, when: 09:00-10:00, room: A}
  - {id: two, title: Two, when: 10:00-11:00, room: A}
  - {id: off, title: Off, when: 10:00-11:00, room: B, status: cancelled}
  - {id: three, title: Three, when: 12:00-13:00, room: B}
"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """An event that is on in June 2027."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with listening(create_app(Live([schedule_of(EVENT)], url)), port):
        yield f"{url}/events/conf/"


def marked(page: Page, name: str) -> list[str]:
    """Return the titles of the sessions with a class."""
    return page.locator(f"article.{name} h3").all_inner_texts()


def test_marks_follow_the_clock(site: str, open_page: OpenPage) -> None:
    with open_page(site, View()) as page:
        page.clock.install(time=datetime(2027, 6, 15, 9, 59, 30, tzinfo=UTC))
        page.reload()
        expect(page.locator("article.now .on")).to_have_text("On now")
        seen = [(marked(page, "now"), marked(page, "over"))]
        for minutes in (1, 61, 70, 60):
            page.clock.fast_forward(minutes * 60_000)
            page.clock.run_for(60_000)
            seen.append((marked(page, "now"), marked(page, "over")))

    assert seen == [
        (["One"], []),
        (["Two"], ["One"]),
        ([], ["One", "Two"]),
        (["Three"], ["One", "Two"]),
        ([], []),  # where all is over nothing steps back
    ]


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
