"""What goes wrong on a page of another site is told there, and mended."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from urllib.request import Request, urlopen

import pytest
from hosts import (
    AGENDA,
    DAYS,
    EVENT,
    POLICY,
    SESSIONS,
    Sites,
    choose,
    feed_of,
    fill,
    is_pressed,
    key_of,
    star,
)
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route, expect
from tiers import slow

from calsvc.schedule.itineraries import MAX_SESSIONS, Choice


@pytest.fixture
def page(sites: Sites, chromium: Browser) -> Iterator[Page]:
    """A page in a browser where things may fail."""
    with chromium.new_context() as context:
        yield context.new_page()


def fulfilled(status: int, media_type: str, body: str) -> Callable[[Route], None]:
    """Return what answers requests so."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return lambda route: route.fulfill(
        status=status, content_type=media_type, body=body, headers=headers
    )


FRAMES, SHEETS, MODULES = "**/embed/*", "**/*.css*", "**/elements.js"
AWAY: dict[str, tuple[str, Callable[[Route], None], str]] = {
    "away": (FRAMES, lambda route: route.abort(), "Failed to fetch"),
    "in-trouble": (FRAMES, fulfilled(503, "text/html", "<h1>Later</h1>"), "the answer is 503"),
    "json": (FRAMES, fulfilled(200, "application/json", "{}"), "application/json"),
    "gate": (FRAMES, fulfilled(200, "text/html", "<main>Log in</main>"), "another page"),
    "nothing": (FRAMES, fulfilled(200, "text/html", ""), "another page"),
    "no-looks": (SHEETS, fulfilled(200, "text/html", "<p>No"), "text/html, and not text/css"),
    "no-sheets": (SHEETS, lambda route: route.abort(), "Failed to fetch"),
    "no-modules": (MODULES, lambda route: route.abort(), "elements.js"),
}
"""What can be away, by what asks for what: how it is, and what the console says of it."""


def is_own(message: ConsoleMessage) -> bool:
    """Tell whether the script wrote something to the console."""
    return message.text.startswith("calsvc: ")


def lines_of(page: Page) -> tuple[list[str], list[Error]]:
    """Return the lists to which what the script writes and what fails unseen is added."""
    lines: list[str] = []
    errors: list[Error] = []
    page.on("console", lambda each: lines.append(each.text) if is_own(each) else None)
    page.on("pageerror", lambda each: errors.append(each))
    return lines, errors


def has_fallback_alone(page: Page) -> None:
    """See what authors wrote inside an element, and nothing else of it."""
    agenda = page.locator("calsvc-agenda")
    expect(agenda).not_to_have_attribute("aria-busy", "true")
    expect(agenda.get_by_role("link", name="Agenda", exact=True)).to_be_visible()
    inside = agenda.evaluate(
        "it => it.shadowRoot && [...it.shadowRoot.children].map(e => e.localName)"
    )
    assert inside in (None, ["slot"])
    assert agenda.inner_text() == "Agenda"
    height = agenda.evaluate("it => it.getBoundingClientRect().height")
    assert height < 100  # as much as the link needs


@pytest.mark.slow
@pytest.mark.parametrize("name", AWAY)
def test_site_that_is_away_leaves_what_authors_wrote(sites: Sites, page: Page, name: str) -> None:
    pattern, answer, words = AWAY[name]
    sites.pages["page"] = f"de-AT:{AGENDA}"
    page.route(pattern, answer)
    lines, errors = lines_of(page)
    with page.expect_console_message(is_own):
        page.goto(f"{sites.host}/page")

    has_fallback_alone(page)
    [line] = lines
    assert words in line
    assert "\n" not in line
    assert errors == []


@pytest.mark.parametrize(
    ("event", "status"),
    [slow("nothing", 404), slow("withdrawn", 410), slow("", 404), slow("a b", 404)],
)
def test_event_that_is_not_there_leaves_what_authors_wrote(
    sites: Sites, page: Page, event: str, status: int
) -> None:
    sites.pages["page"] = f"en:{AGENDA.replace(EVENT, event)}"
    lines, errors = lines_of(page)
    with page.expect_console_message(is_own):
        page.goto(f"{sites.host}/page")

    has_fallback_alone(page)
    [line] = lines
    assert line.startswith(f"calsvc: {sites.events}/events/")
    assert line.endswith(f": the answer is {status}")
    assert errors == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "is_shown"),
    [
        (POLICY.replace("connect-src {site}", "connect-src 'self'"), False),
        (POLICY.replace("script-src {site}", "script-src {site}/embed.js"), False),
        (POLICY.replace("trusted-types calsvc", "trusted-types other"), False),
        (
            POLICY.replace("require-trusted-types-for 'script'; ", "").replace("calsvc", "other"),
            True,
        ),
        (POLICY.partition(" require-")[0], True),
    ],
)
def test_policy_of_the_page_around_decides(
    sites: Sites, page: Page, policy: str, is_shown: bool
) -> None:
    sites.pages["page"], sites.policy = f"en:{AGENDA}", policy
    lines, errors = lines_of(page)
    with nullcontext() if is_shown else page.expect_console_message(is_own):
        page.goto(f"{sites.host}/page")
    if is_shown:
        expect(star(page, "metamate")).to_be_visible()
    else:
        has_fallback_alone(page)

    assert len(lines) == (0 if is_shown else 1)
    assert errors == []


@pytest.mark.slow
def test_site_that_never_answers_leaves_what_authors_wrote(sites: Sites, page: Page) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    waiting: list[Route] = []
    page.route(FRAMES, lambda route: waiting.append(route))
    lines, errors = lines_of(page)
    page.clock.install()
    with page.expect_request(FRAMES):
        page.goto(f"{sites.host}/page")
    with page.expect_console_message(is_own):
        page.clock.fast_forward(20_000)

    has_fallback_alone(page)
    assert lines[0].endswith("there is no answer")
    assert errors == []


@pytest.mark.slow
def test_element_that_is_taken_away_or_changed_meanwhile_says_nothing(
    sites: Sites, page: Page
) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    waiting: list[Route] = []
    page.route("**/nothing/embed/*", lambda route: waiting.append(route))
    lines, errors = lines_of(page)
    page.goto(f"{sites.host}/page")
    expect(star(page, "metamate")).to_be_visible()
    with page.expect_request("**/nothing/embed/*"):
        page.locator("calsvc-agenda").evaluate("it => it.setAttribute('event', 'nothing')")
    page.locator("calsvc-agenda").evaluate(f"it => it.setAttribute('event', '{EVENT}')")
    expect(star(page, "metamate")).to_be_visible()
    with page.expect_request("**/nothing/embed/*"):
        page.locator("calsvc-agenda").evaluate("it => it.setAttribute('event', 'nothing')")
    page.locator("calsvc-agenda").evaluate("it => it.remove()")
    page.evaluate("new Promise((done) => setTimeout(done))")

    assert (len(waiting), lines, errors) == (2, [], [])


@pytest.mark.slow
def test_day_that_cannot_be_loaded_leaves_the_one_on_show(sites: Sites, page: Page) -> None:
    sites.pages["page"] = f"de:{DAYS}"
    lines, errors = lines_of(page)
    page.goto(f"{sites.host}/page")
    shown = page.locator(".days [aria-current]").inner_text()
    page.route("**/embed/days/**", lambda route: route.abort())
    page.locator(".days a").first.click()
    notice = page.locator("calsvc-agenda [role=alert]")

    expect(notice).to_have_text("Das ließ sich nicht laden. Bitte gleich noch einmal versuchen.")
    expect(page.locator(".days [aria-current]")).to_have_text(shown)
    expect(page.locator(".day")).to_have_count(1)
    assert (len(lines), errors) == (1, [])

    page.unroute("**/embed/days/**")
    page.locator(".days a").first.click()
    expect(page.locator(".days a").first).to_have_attribute("aria-current", "page")
    expect(notice).to_be_hidden()


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
        "Too much was made or changed from here. Please try again later."
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
