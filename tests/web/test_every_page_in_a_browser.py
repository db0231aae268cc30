"""Every page in a real browser: no barriers, narrow on a phone, at rest, and keyboard alone."""

import re
import time
from collections.abc import Callable, Iterable, Iterator

import pytest
from browser import OpenPage, View
from fullsite import FullSite, Sample, refuse
from judges import MISSED, faults_of, lost_on, tabbed
from playwright.sync_api import Page, Route, expect
from visits import OpenVisit, at
from waiting import eventually

WIDE, PHONE = View(), View("dark", locale="de-DE", width=320)
# Any two choices of scheme, scripts, language and width meet in one of them.
VIEWS = [
    WIDE,
    View("light", "missing", "de-DE", width=320),
    PHONE,
    View("dark", "missing", "en-US", width=320),
    View("dark", "missing", "de-DE", width=1280),
]
AGENDAS = [Sample("/events/ai-data-2025/"), Sample("/my/")]


def shown(view: View) -> str:
    """Return a view in short."""
    return f"{view.scheme}-{view.scripts}-{view.locale}-{view.width}"


def test_some_pages_have_no_barriers_on_a_phone(
    full_site: FullSite, open_page: OpenPage, axe: str
) -> None:
    """Of eight pages one is looked at."""
    refuse(barriers(full_site, open_page, axe, PHONE, full_site.samples[2::8]))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS, ids=shown)
def test_page_has_no_barriers(
    full_site: FullSite, open_page: OpenPage, axe: str, view: View
) -> None:
    refuse(barriers(full_site, open_page, axe, view))


def barriers(
    full_site: FullSite,
    open_page: OpenPage,
    axe: str,
    view: View,
    samples: Iterable[Sample] = (),
) -> dict[Sample, list[str]]:
    """Return what is wrong with pages as they are seen."""
    return {
        sample: faults_of(page, axe)
        for sample, page in opened(full_site, open_page, view, samples=samples)
    }


def opened(
    full_site: FullSite,
    open_page: OpenPage,
    view: View,
    scripts: Callable[[Route], None] | None = None,
    samples: Iterable[Sample] = (),
) -> Iterator[tuple[Sample, Page]]:
    """Yield samples, by default all, opened; ``scripts`` sees to how their scripts come."""
    for is_mine in (True, False):
        wanted = [each for each in samples or full_site.samples if each.is_mine == is_mine]
        if not wanted:
            continue
        address, cookies = full_site.url + wanted[0].path, full_site.cookies(wanted[0])
        with open_page(address, view, cookies) as page:
            if scripts:
                page.route("**/*.js*", scripts)
            for number, sample in enumerate(wanted):
                if number or scripts:
                    page.goto(full_site.url + sample.path)
                if view.scripts == "run":
                    expect(page.locator(":not(:defined)")).to_have_count(0)
                expect(page.locator("[aria-busy=true]")).to_have_count(0)
                page.wait_for_function(PAINTED)  # what is pressed before may be lost
                yield sample, page


PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
LOADING = "() => !!document.querySelector(':not(:defined), [aria-busy]')"
TOO_WIDE = "() => document.scrollingElement.scrollWidth > innerWidth"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["firefox", "webkit"])  # Chromium is asked for more above
@pytest.mark.parametrize("width", [390, 1280])
def test_page_is_no_wider_than_its_window_in_other_engines(
    full_site: FullSite, open_visit: OpenVisit, width: int
) -> None:
    wide = []
    for is_mine in (True, False):
        paths = [each.path for each in full_site.samples if each.is_mine == is_mine]
        cookies = full_site.cookies(Sample("/", is_mine))
        with open_visit(full_site.url + paths[0], View(width=width), cookies) as visit:
            for path in paths:
                visit.go(full_site.url + path)
                visit.see(at("h1, h2, h3"))
                eventually(lambda: not visit.tell(LOADING))
                wide += [path] if visit.tell(TOO_WIDE) else []

    assert wide == []


LATE = 0.2  # seconds
SHIFTS = """() => new Promise((told) => {
  const shifts = [];
  const note = (list) => shifts.push(...list.getEntries().map((each) =>
    each.sources.map((source) => source.node?.outerHTML?.slice(0, 200))));
  new PerformanceObserver(note).observe({type: "layout-shift", buffered: true});
  setTimeout(() => told(shifts), 200);
})"""


def late(route: Route) -> None:
    """Let a script come after the page was seen without it."""
    time.sleep(LATE)
    route.fallback()


FAR_AWAY = View(timezone="Asia/Kolkata")


@pytest.mark.slow
def test_nothing_jumps_while_an_agenda_loads(full_site: FullSite, open_page: OpenPage) -> None:
    refuse(jumps(full_site, open_page, FAR_AWAY._replace(width=320), AGENDAS))


@pytest.mark.slow
@pytest.mark.parametrize("view", [FAR_AWAY, FAR_AWAY._replace(width=320)], ids=shown)
def test_nothing_jumps_while_a_page_loads(
    full_site: FullSite, open_page: OpenPage, view: View
) -> None:
    refuse(jumps(full_site, open_page, view))


def jumps(
    full_site: FullSite, open_page: OpenPage, view: View, samples: Iterable[Sample] = ()
) -> dict[Sample, list[str]]:
    """Return what moves on pages whose scripts come late."""
    return {
        sample: [str(each) for each in page.evaluate(SHIFTS)]
        for sample, page in opened(full_site, open_page, view, late, samples)
    }


# --- large text ---------------------------------------------------------------------------

LARGE = [View(width=390, text=200), View("dark", locale="de-DE", width=1280, text=200)]


@pytest.mark.slow
def test_large_text_of_some_pages_is_whole(full_site: FullSite, open_page: OpenPage) -> None:
    """Of eight pages one is looked at."""
    refuse(lost(full_site, open_page, LARGE[0], full_site.samples[1::8]))


@pytest.mark.slow
@pytest.mark.parametrize("view", LARGE, ids=shown)
def test_large_text_is_whole(full_site: FullSite, open_page: OpenPage, view: View) -> None:
    """At 200 % as browsers have it in their settings (WCAG 2.2, 1.4.4)."""
    refuse(lost(full_site, open_page, view))


def lost(
    full_site: FullSite, open_page: OpenPage, view: View, samples: Iterable[Sample] = ()
) -> dict[Sample, list[str]]:
    """Return what cannot be read of pages."""
    return {
        sample: lost_on(page)
        for sample, page in opened(full_site, open_page, view, samples=samples)
    }


# --- what the keyboard reaches ------------------------------------------------------------


def test_keyboard_reaches_everything_of_my_calendar(
    full_site: FullSite, open_page: OpenPage
) -> None:
    assert_reached(full_site, open_page, WIDE, [Sample("/my/")])


@pytest.mark.slow
@pytest.mark.parametrize("view", [WIDE, View("dark", "missing", "de-DE", width=320)], ids=shown)
def test_keyboard_reaches_everything(full_site: FullSite, open_page: OpenPage, view: View) -> None:
    assert_reached(full_site, open_page, view)


def assert_reached(
    full_site: FullSite, open_page: OpenPage, view: View, samples: Iterable[Sample] = ()
) -> None:
    """Hold pages to it that Tab leads to all that can be used, and shows where it is."""
    for sample, page in opened(full_site, open_page, view, samples=samples):
        focused = list(tabbed(page))

        assert 'href="#main"' in focused[0].html, sample
        assert [each for each in focused if not (each.is_visible and each.is_outlined)] == [], (
            sample
        )
        assert page.evaluate(MISSED) == [], sample


@pytest.mark.slow
def test_keyboard_skips_to_the_content(full_site: FullSite, open_page: OpenPage) -> None:
    for sample, page in opened(full_site, open_page, View()):
        page.keyboard.press("Tab")
        expect(page.locator(".skip"), sample.path).to_be_focused()
        page.keyboard.press("Enter")
        expect(page, sample.path).to_have_url(re.compile("#main$"))
        page.keyboard.press("Tab")
        expect(page.locator("body > header :focus"), sample.path).to_have_count(0)
