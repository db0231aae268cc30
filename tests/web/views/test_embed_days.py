"""Days, searches and the present of an agenda on another site, in a real browser."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from browser import OpenPage, View
from hosts import AGENDA, DAYS, OpenHost, Sites, choose, feed_of
from judges import faults_of, tabbed
from playwright.sync_api import FrameLocator, Locator, Page, expect
from tiers import slow

AGENDAS = "calsvc-agenda"
HALF_PAST_TEN = time(10, 30, tzinfo=UTC)


def days_in(place: Page | FrameLocator) -> list[str]:
    """Return the days whose sessions are seen, by their ids."""
    headings = place.locator(".day > h2").all()
    return [heading.get_attribute("id") or "" for heading in headings]


def titles_in(place: Page | FrameLocator) -> list[str]:
    """Return the titles of the sessions that are seen."""
    return place.locator("article h3").all_inner_texts()


def current(place: Page | FrameLocator) -> Locator:
    """Return the tab of what is shown."""
    return place.locator(".days [aria-current]")


def today(page: Page) -> date:
    """Return the day that is shown first, which is that of the server's clock."""
    [shown] = days_in(page)
    return date.fromisoformat(shown.removeprefix("day-"))


# --- days ---------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["Enter", slow(None)], ids=["keyboard", "mouse"])
def test_tab_shows_a_day_and_leaves_the_page_around_alone(
    open_host: OpenHost, key: str | None
) -> None:
    with open_host(DAYS) as page:
        expect(current(page)).to_have_count(1)
        before = page.url, page.evaluate("history.length"), page.title()
        day = today(page) + timedelta(days=1)
        tab = page.locator(".days [aria-current] + a")
        if key:
            tab.focus()
            page.keyboard.press(key)
        else:
            tab.click()
        expect(page.locator(f"#day-{day}")).to_be_visible()
        expect(current(page)).to_be_focused()
        one = days_in(page), titles_in(page)
        page.get_by_role("link", name="All days").click()
        expect(page.locator(".day")).to_have_count(5)
        expect(current(page)).to_have_text("All days")
        after = page.url, page.evaluate("history.length"), page.title()

    assert one == ([f"day-{day}"], [f"{day:%m%d}-{hour}" for hour in range(0, 24, 2)])
    assert after == before


@pytest.mark.slow
def test_day_begins_in_sight_however_far_somebody_had_scrolled(open_host: OpenHost) -> None:
    with open_host(DAYS, View(width=390)) as page:
        expect(current(page)).to_have_count(1)
        page.locator("article").last.scroll_into_view_if_needed()
        expect(current(page)).to_be_in_viewport()
        page.locator(".days a").first.click()
        expect(current(page)).to_be_focused()

        expect(page.locator(".day > h2")).to_be_in_viewport()
        expect(page.locator("article").first).to_be_in_viewport()


@pytest.mark.slow
def test_link_to_a_place_leads_there_within_the_element(open_host: OpenHost) -> None:
    with open_host(DAYS, View(width=390)) as page:
        before = page.url
        page.locator(".days .jump").click()
        [place] = re.findall(r"#(t-\d+)", page.locator(".days .jump").get_attribute("href") or "")
        row = page.locator(f"#{place}")
        expect(row).to_be_focused()
        expect(row).to_be_in_viewport()
        top = row.evaluate("it => it.getBoundingClientRect().top")
        bar = page.locator(".days").evaluate("it => it.getBoundingClientRect().bottom")

        assert top >= bar - 1
        assert page.url == before
        assert len(page.context.pages) == 1


# --- now ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_agenda_says_what_is_on_and_next_as_long_as_it_is_open(open_host: OpenHost) -> None:
    with open_host(DAYS, View(locale="en-GB", timezone="UTC")) as page:
        expect(current(page)).to_have_count(1)
        day = today(page)
        choose(page, f"s{day:%m%d}-14")
        feed_of(page)  # it is saved
        page.clock.install(time=datetime.combine(day, HALF_PAST_TEN))
        page.reload()
        present = page.locator(".present")
        expect(present).to_contain_text(f"On now {day:%m%d}-10 B · until 12:00")
        expect(present).to_contain_text(f"Next, at 12:00 {day:%m%d}-12 A")
        expect(page.locator("article.now h3")).to_have_text(f"{day:%m%d}-10")
        with page.expect_response("**/events/days/embed/**"):  # it is asked for again
            page.clock.fast_forward(120 * 60_000)
        expect(page.locator("calsvc-agenda[aria-busy]")).to_have_count(0)
        page.clock.run_for(60_000)
        expect(present).to_contain_text(f"On now {day:%m%d}-12 A · until 14:00")
        expect(present.locator(".mine")).to_contain_text(f"{day:%m%d}-14")
        expect(page.locator("article.now h3")).to_have_text(f"{day:%m%d}-12")
        assert page.locator("article.over h3").all_inner_texts() == [
            f"{day:%m%d}-{hour}" for hour in range(0, 12, 2)
        ]


@pytest.mark.slow
def test_agenda_that_stays_open_is_asked_for_again_unless_a_reader_is_in_it(
    open_host: OpenHost,
) -> None:
    asked: list[str] = []
    with open_host(DAYS) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.clock.install()
        page.reload()
        expect(current(page)).to_have_count(1)
        first = page.locator(".present").element_handle()
        with page.expect_response("**/events/days/embed/**"):
            page.clock.fast_forward(60 * 60_000)
        page.wait_for_function("shown => !shown.isConnected", arg=first)
        page.locator(".days a").first.click()
        expect(current(page)).to_be_focused()
        page.locator("h1").click()  # the reader looks at it
        before = len(asked)
        page.clock.fast_forward(120 * 60_000)
        page.clock.run_for(60_000)
        expect(page.locator(".days a").first).to_have_attribute("aria-current", "page")

    assert asked[before:] == []


# --- searching ----------------------------------------------------------------------------


@pytest.mark.slow
def test_search_finds_in_all_days_and_ends(open_host: OpenHost) -> None:
    with open_host(DAYS) as page:
        before = page.url, page.evaluate("history.length")
        field = page.get_by_role("searchbox", name="Search")
        field.fill("-14")
        field.press("Enter")
        expect(page.locator(".found")).to_contain_text("5 sessions: “-14”")
        expect(field).to_be_focused()
        found = titles_in(page), days_in(page), field.input_value()
        told = page.get_by_role("status").all_inner_texts()
        page.get_by_role("link", name="Clear").click()
        expect(page.locator(".day")).to_have_count(1)
        expect(field).to_be_focused()

        assert [title[-3:] for title in found[0]] == ["-14"] * 5
        assert (len(found[1]), found[2]) == (5, "-14")
        assert ["".join(each.split()) for each in told] == ["5sessions:“-14”Clear"]
        assert field.input_value() == ""
        assert (page.url, page.evaluate("history.length")) == before


@pytest.mark.slow
def test_search_of_a_small_agenda_waits_until_it_is_wanted(open_host: OpenHost) -> None:
    with open_host(AGENDA, View(locale="de-DE"), language="de") as page:
        field = page.locator("[name=search]")
        button = page.locator("summary", has_text="Suche")
        expect(button).to_be_visible()
        expect(field).to_be_hidden()
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(field).to_be_focused()
        page.keyboard.type("startups")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator(".found")).to_contain_text("1 Programmpunkt: “startups”")
        page.keyboard.press("Control+a")
        page.keyboard.type("nichts davon")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_contain_text("0 Programmpunkte")
        expect(page.get_by_text("Kein Programmpunkt passt dazu.")).to_be_visible()
        page.get_by_role("link", name="Zurücksetzen").click()
        expect(button).to_be_focused()
        expect(field).to_be_hidden()


# --- frames -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("scripts", ["off", "run"])
def test_frame_has_the_same(sites: Sites, open_host: OpenHost, scripts: str) -> None:
    address = f"{sites.events}/events/days/embed/"
    frame = f'<iframe src="{address}" title="Agenda" width="600" height="500"></iframe>'
    with open_host(frame, View(scripts=scripts)) as page:  # type: ignore[arg-type]
        inside = page.frame_locator("iframe")
        expect(inside.locator(".present")).to_contain_text("On now")
        inside.locator(".days .jump").click()
        inside.locator(".days a").first.click()
        expect(inside.locator(".days a").first).to_have_attribute("aria-current", "page")
        one = days_in(inside), titles_in(inside)
        inside.get_by_role("searchbox", name="Search").fill("-14")
        inside.get_by_role("button", name="Search").click()
        expect(inside.locator(".found")).to_contain_text("5 sessions: “-14”")
        found = titles_in(inside)
        inside.get_by_role("link", name="Clear").click()
        expect(inside.locator(".day")).to_have_count(1)

        first = date.fromisoformat(one[0][0].removeprefix("day-"))
        assert one == ([f"day-{first}"], [f"{first:%m%d}-{hour}" for hour in range(0, 24, 2)])
        assert [title[-3:] for title in found] == ["-14"] * 5
        assert len(page.context.pages) == 1


@pytest.mark.slow
def test_frame_says_what_is_on_as_long_as_it_is_open(sites: Sites, open_page: OpenPage) -> None:
    with open_page(f"{sites.events}/events/days/embed/", View(timezone="UTC")) as page:
        day = today(page)
        page.clock.install(time=datetime.combine(day, HALF_PAST_TEN))
        page.reload()
        expect(page.locator("article.now h3")).to_have_text(f"{day:%m%d}-10")
        page.clock.fast_forward(120 * 60_000)
        page.clock.run_for(60_000)
        expect(page.locator("article.now h3")).to_have_text(f"{day:%m%d}-12")
        page.locator(".present a").first.click()
        expect(page.locator(f"#s-s{day:%m%d}-12")).to_be_in_viewport()
        assert len(page.context.pages) == 1


# --- barriers -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "view", [View(), View("dark", locale="de-DE", width=320)], ids=["wide", "phone"]
)
def test_agenda_of_days_has_no_barriers(
    sites: Sites, open_host: OpenHost, axe: str, view: View
) -> None:
    sites.style = ":root { color-scheme: light dark; }"
    with open_host(DAYS, view, language=view.locale[:2]) as page:
        expect(current(page)).to_have_count(1)
        faults = faults_of(page, axe)
        page.locator("[name=search]").fill("-14")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_be_visible()
        faults += faults_of(page, axe)

    assert faults == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_keyboard_reaches_everything_in_sight(open_host: OpenHost, width: int) -> None:
    with open_host(DAYS, View(width=width)) as page:
        expect(current(page)).to_have_count(1)
        wanted = page.locator(f"{AGENDAS} :is(a, button, input, summary):visible").count()
        focused = list(tabbed(page))

    wrong = [each.html for each in focused if not (each.is_visible and each.is_outlined)]
    # A table that is higher than the window has its middle elsewhere.
    assert [html for html in wrong if 'role="region"' not in html] == []
    assert len(focused) >= wanted > 30


# --- widths -------------------------------------------------------------------------------


@pytest.fixture(params=[280, 360, slow(600), slow(1000), slow(1400)])
def width(request: pytest.FixtureRequest) -> Iterator[int]:
    """The width of the place that an agenda has."""
    yield request.param


BEYOND = """width => [...document.querySelector("calsvc-agenda").shadowRoot.querySelectorAll("*")]
  .filter((it) => it.checkVisibility() && !it.closest(".hidden, .days, .by-room, svg, .bar"))
  .filter((it) => it.getBoundingClientRect().right > width + 1)
  .map((it) => it.outerHTML.slice(0, 100))"""
BOXES = """() => [...document.querySelector("calsvc-agenda").shadowRoot.querySelectorAll("*")]
  .map((it) => [it.localName, it.getBoundingClientRect()])
  .map(([name, {width, height}]) => `${name} ${width} ${height}`)"""
# In such a column an element is no wider than its content is.
HOSTILE = """
  main { display: flex; flex-direction: column; align-items: center; }
  html { font-size: 62.5% !important; }
  * { color: lime !important; font-size: 40px !important; letter-spacing: 3px !important;
      line-height: 3 !important; text-transform: uppercase !important; --text: lime;
      --accent: lime; --bar: 9rem; box-shadow: 0 0 9px red; }
  article, nav, h3, .day, .now { display: none !important; }
  button, input, a { all: unset !important; }
"""


@pytest.mark.slow
def test_agenda_fits_its_place_whatever_is_around(
    sites: Sites, open_host: OpenHost, width: int
) -> None:
    sites.style = f"body {{ margin: 0; }} main {{ width: {width}px; }} h1 {{ display: none; }}"
    with open_host(DAYS, View(width=1440)) as page:
        expect(current(page)).to_have_count(1)
        beyond = page.evaluate(BEYOND, width)
        boxes = page.evaluate(BOXES)
        is_table = page.locator(".by-room thead").is_visible()
    sites.style += HOSTILE
    with open_host(DAYS, View(width=1440)) as page:
        expect(current(page)).to_have_count(1)
        again = page.evaluate(BOXES)

    assert beyond == []
    assert is_table == (width >= 1000)
    assert again == boxes


@pytest.mark.slow
def test_titles_are_not_below_their_stars(sites: Sites, open_host: OpenHost) -> None:
    sites.style = "main { width: 360px; }"
    with open_host(DAYS) as page:
        expect(current(page)).to_have_count(1)
        title = page.locator("article h3").first.evaluate("it => it.getBoundingClientRect().right")
        star = page.locator("article .star").first.evaluate("it => it.getBoundingClientRect().left")

    assert title <= star
