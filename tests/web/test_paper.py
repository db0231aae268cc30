"""What is printed: a day a page, rooms as columns where they fit, nothing cut, and the feed."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from agendas import long_agenda
from browser import OpenPage, View
from conftest import BASE_URL, client_of, schedule_of
from fullsite import FullSite, Sample
from linkreaders import read_qr
from playwright.sync_api import Page, expect
from servers import free_port, listening
from tiers import slow

from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.web.app import create_app

A4 = (595, 842)  # points
SESSION = "/events/extremes/sessions/long/"
PORTRAIT, LANDSCAPE = View(width=703), View(width=1054)  # pixels of it between its margins


def agenda(*rooms: int) -> Schedule:
    """Return an agenda whose days have so many rooms, with a session in each every hour."""
    sessions = "".join(
        f"  - {{id: s{day}-{hour}-{room}, when: 2032-06-{15 + day} {hour}:00-{hour}:45,"
        f' title: "{TITLE} {day}-{hour}-{room}", room: Room {room}, people: [Ada Example, Acme]}}\n'
        for day, number in enumerate(rooms)
        for hour in range(10, 13)
        for room in range(number)
    )
    return schedule_of(
        "name: Conf\ntimezone: Europe/Berlin\n"
        + f"dates: {{from: 2032-06-15, to: 2032-06-{14 + len(rooms)}}}\nsessions:\n{sessions}"
    )


TITLE = "Internationalization of Representational Infrastructure"
MIXED, LIST_FIRST = agenda(3, 1, 8), agenda(1, 4, 9)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Agendas whose days are tables and lists, and a long one."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/events/"
    schedules = [
        schedule.model_copy(update={"event": schedule.event.model_copy(update={"id": name})})
        for name, schedule in (
            ("mixed", MIXED),
            ("list-first", LIST_FIRST),
            ("long", long_agenda(773)),
        )
    ]
    with listening(create_app(Live(schedules, url.removesuffix("/events/"))), port):
        yield url


def sheets(page: Page) -> list[tuple[int, int]]:
    """Return the sizes of the sheets of paper that a page is printed on, in points."""
    octets = page.pdf(format="A4", prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", octets)
    return [(int(float(width)), int(float(height))) for width, height in boxes]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mixed", [A4[::-1], A4, A4[::-1]]),
        slow("list-first", [A4, A4[::-1], A4]),
    ],
)
def test_each_day_has_a_sheet_turned_as_it_needs(
    site: str, open_page: OpenPage, name: str, expected: list[tuple[int, int]]
) -> None:
    with open_page(f"{site}{name}/days/", View(width=390)) as page:
        assert sheets(page) == expected


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("article h3, article p, th")]
    .filter((it) => it.checkVisibility() && it.textContent.trim())
    .flatMap((it) => [...it.getClientRects()].map((box) => [it, box]));
  boxes.sort(([, one], [, other]) => one.top - other.top);
  const found = [];
  boxes.forEach(([it, box], place) => {
    for (const [other, {left, right, top}] of boxes.slice(place + 1)) {
      if (top > box.bottom - 2) break;
      const isBeside = left > box.right - 1 || right < box.left + 1;
      if (!isBeside && it.parentElement !== other.parentElement) {
        found.push(`${it.textContent.trim()} / ${other.textContent.trim()}`);
      }
    }
  });
  return found;
}"""
CUT = """() => [...document.querySelectorAll("article :is(h3, p), th")]
  .filter((it) => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1
    && getComputedStyle(it).display !== "inline")
  .map((it) => it.textContent)"""


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("mixed/days/", LANDSCAPE),
        slow("list-first/days/", LANDSCAPE),
        slow("list-first/days/", PORTRAIT),
        slow("long/days/", PORTRAIT),
        slow("long/?q=python", PORTRAIT),
    ],
)
def test_nothing_is_cut_or_covered(site: str, open_page: OpenPage, path: str, view: View) -> None:
    with open_page(site + path, view) as page:
        titles = page.locator("article h3").count()
        page.emulate_media(media="print")

        assert page.locator("article h3:visible").count() == titles > 0
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert page.evaluate(CUT) == []
        assert page.evaluate(OVERLAPS)[:5] == []


@pytest.mark.slow
def test_times_and_rooms_are_told_beside_each_session(site: str, open_page: OpenPage) -> None:
    """A row of a list may go on over the page, far from its time."""
    with open_page(f"{site}list-first/days/", View(width=390, locale="de-DE")) as page:
        page.emulate_media(media="print")

        first = page.locator("article").first
        assert " ".join(first.inner_text().split()).startswith(
            f"{TITLE} 0-10-0 10:00 – 10:45 Room 0"
        )


@pytest.mark.slow
def test_feed_is_there_to_scan_and_to_type(site: str, open_page: OpenPage) -> None:
    address = f"{site}mixed.ics?room=room-1"
    with open_page(f"{site}mixed/?room=room-1") as page:
        paper = page.locator(".on-paper")
        assert not paper.is_visible()
        page.emulate_media(media="print")

        expect(paper).to_contain_text(address)
        code = paper.locator("svg")
        box = code.bounding_box()
        assert box and box["width"] > 90  # an inch, for modules that a phone can tell apart
        assert read_qr(code.evaluate("it => it.outerHTML")) == address.replace("http:", "webcal:")


@pytest.mark.parametrize(
    ("text", "query", "has_address", "has_code"),
    [
        ("date: 2032-06-15", "", True, True),
        ("date: 2032-06-15", f"?q={'very+' * 40}long", True, False),
        ("date: 2032-06-15\nstatus: cancelled", "", False, False),
        ("date: 2022-06-15", "", False, False),
    ],
)
def test_nobody_is_asked_to_subscribe_in_vain(
    text: str, query: str, has_address: bool, has_code: bool
) -> None:
    client = client_of(schedule_of(f"name: Conf\ntimezone: Europe/Berlin\n{text}"))

    page = unescape(client.get(f"/events/conf/{query}").text)

    paper = page.partition('<div class="on-paper">')[2].partition("</div>")[0]
    assert (f"{BASE_URL}/events/conf.ics" in paper, "<svg" in paper) == (has_address, has_code)


@pytest.mark.slow
def test_session_and_choice_are_printed_without_what_is_pressed(
    full_site: FullSite, open_page: OpenPage
) -> None:
    samples = [Sample(each) for each in ("/my/", full_site.shared, SESSION)]
    for sample in samples:
        address, cookies = full_site.url + sample.path, full_site.cookies(sample)
        with open_page(address, View(locale="en-GB"), cookies) as page:
            page.emulate_media(media="print")

            pressed = page.locator("button, input, select, summary, nav a:not([data-back])")
            seen = pressed.filter(visible=True)
            assert seen.evaluate_all("found => found.map((it) => it.outerHTML)") == []
            for words in ("09:00 – 10:00", "7 November 2027", "Übersetzung", "EST", "Extremes"):
                expect(page.locator("body")).to_contain_text(words, use_inner_text=True)
            assert page.evaluate(CUT) == []
