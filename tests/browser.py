"""Real browsers for tests: the system's Chromium and Firefox, on a site that this machine serves.

A page is also judged when it is closed: one that writes errors or warnings to the
console (where violations of its Content-Security-Policy are told), that asks for
something which is not there, or that turns to another site, fails the test.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal, NamedTuple

import pytest
from conftest import tool
from playwright import sync_api as playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
HEIGHT = 800  # pixels
USUAL_TEXT = 16  # pixels
ABORTED = {"net::ERR_ABORTED", "NS_BINDING_ABORTED"}
TIMEOUT = 30_000  # milliseconds that something which must happen may take
BLOCKED = "Service Worker registration blocked by Playwright"
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"
"""What becomes of requests while a test takes the network away."""


class View(NamedTuple):
    """How somebody looks at a page."""

    scheme: Literal["light", "dark"] = "light"
    scripts: Literal["run", "missing", "off"] = "run"
    """``missing`` are those of the site, so that a test can still look into the page."""
    locale: str = "en-US"
    timezone: str = "America/Los_Angeles"
    """The zone of the reader's computer."""
    width: int = 1280  # pixels
    text: int = 100  # percent of the usual size, by the browser's settings
    keeps: bool = False
    """Whether the browser keeps pages for when there is no network."""


OpenPage = Callable[..., AbstractContextManager[playwright.Page]]
"""Opens an address; the end of the block judges and closes the page.

Takes the address, a ``View``, the cookies by name, ``others``: addresses of sites that the
page may turn to besides its own, and ``is_alone``: the site will be away, and what a page
does not get then is no fault of its own.
"""


# For a module, not for all: while it is open, asyncio runs nothing else in this process.
@pytest.fixture(scope="module")
def driver() -> Iterator[playwright.Playwright]:
    """What drives Chromium and Firefox: there can be one at a time."""
    with playwright.sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(driver: playwright.Playwright) -> Iterator[playwright.Browser]:
    """The browser itself."""
    browser = driver.chromium.launch(executable_path=tool("chromium"), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: playwright.Browser) -> OpenPage:
    """Open pages in a browser that was never there."""
    return opening(lambda scheme: chromium)


@pytest.fixture(scope="module")
def firefox(driver: playwright.Playwright) -> Iterator[Callable[[str], playwright.Browser]]:
    """Firefox by its scheme: it takes no other one from its driver once it runs.

    Nor does it take ``scripts`` of a ``View``, or that movements be reduced.
    """
    path, started = tool("firefox-esr"), dict[str, playwright.Browser]()

    def launched(scheme: str) -> playwright.Browser:
        if scheme not in started:
            started[scheme] = driver.firefox.launch(
                channel="moz-firefox",  # Mozilla's own, by WebDriver BiDi
                executable_path=path,
                firefox_user_prefs={"ui.systemUsesDarkTheme": int(scheme == "dark")},
            )
        return started[scheme]

    yield launched
    for browser in started.values():
        browser.close()


@pytest.fixture
def open_firefox(firefox: Callable[[str], playwright.Browser]) -> OpenPage:
    """Open pages in a Firefox that was never there."""
    return opening(firefox)


def opening(browser_of: Callable[[str], playwright.Browser]) -> OpenPage:
    """Return what opens pages in the browser of a scheme."""

    @contextmanager
    def opened(
        address: str,
        view: View | None = None,
        cookies: Mapping[str, str] | None = None,
        others: Collection[str] = (),
        is_alone: bool = False,
    ) -> Iterator[playwright.Page]:
        view = view or View()
        context = browser_of(view.scheme).new_context(
            color_scheme=view.scheme,
            java_script_enabled=view.scripts != "off",
            locale=view.locale,
            reduced_motion="reduce",  # so that scrolling takes no time
            service_workers="allow" if view.keeps else "block",
            timezone_id=view.timezone,
            viewport={"width": view.width, "height": HEIGHT},
        )
        context.set_default_timeout(TIMEOUT)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": address}])
        try:
            sites = {_site(each) for each in (address, *others)}
            complaints = _complaints(context, sites, view, is_alone)
            page = context.new_page()
            if view.text != View().text:
                sizes = {"standard": USUAL_TEXT * view.text // 100}
                context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
            page.goto(address)
            yield page
        finally:
            context.close()
        assert not complaints, "\n".join(complaints)

    return opened


def _site(address: str) -> str:
    return "/".join(address.split("/")[:3])


def _complaints(
    context: playwright.BrowserContext, sites: Collection[str], view: View, is_alone: bool
) -> list[str]:
    """Return the list to which all is added that pages should not do."""
    complaints: list[str] = []
    opened: set[str] = set()

    def complain(words: str) -> None:
        complaints.append(f"{context.pages[0].url} {words}")

    def stay_here(route: playwright.Route) -> None:
        request = route.request
        if _site(request.url) not in sites:
            complain(f"asks another site for {request.url}")
            route.abort()
        elif request.resource_type == "script" and view.scripts == "missing":
            route.fulfill(body="", content_type="text/javascript")
        else:
            route.continue_()

    def on_response(response: playwright.Response) -> None:
        if response.request.is_navigation_request():
            opened.add(response.url)
        elif response.status >= 400:
            complain(f"asks for {response.url}: {response.status}")

    def on_failure(request: playwright.Request) -> None:
        # A navigation aborts what is not there yet, and a download the navigation.
        if request.failure not in {*ABORTED, NO_NETWORK} and not is_alone:
            complain(f"does not get {request.url}: {request.failure}")

    def on_console(message: playwright.ConsoleMessage) -> None:
        # The console also tells that a page is an error page, which its status says.
        is_loading = message.text.startswith("Failed to load")
        is_status = is_loading and (is_alone or message.location["url"] in opened)
        is_of_test = message.text == BLOCKED or message.text.endswith(NO_NETWORK)
        if message.type in {"error", "warning"} and not is_status and not is_of_test:
            complain(f"writes {message.text!r}")

    def on_error(error: playwright.WebError) -> None:
        complain(f"fails: {error.error}")

    listeners: dict[Any, Callable[..., None]] = {
        "response": on_response,
        "requestfailed": on_failure,
        "console": on_console,
        "weberror": on_error,
    }
    for event, listener in listeners.items():
        context.on(event, listener)
    context.route("**/*", stay_here)
    return complaints
