"""A real browser for tests: the system's Chromium, on a site that this machine serves.

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

Takes the address, a ``View``, the cookies by name, and ``others``: addresses of sites that
the page may turn to besides its own.
"""


# For a module, not for all: while it is open, asyncio runs nothing else in this process.
@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    """The browser itself."""
    path = tool("chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: playwright.Browser) -> OpenPage:
    """Open pages in a browser that was never there."""

    @contextmanager
    def opened(
        address: str,
        view: View | None = None,
        cookies: Mapping[str, str] | None = None,
        others: Collection[str] = (),
    ) -> Iterator[playwright.Page]:
        view = view or View()
        context = chromium.new_context(
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
            complaints = _complaints(context, sites, has_scripts=view.scripts != "missing")
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
    context: playwright.BrowserContext, sites: Collection[str], *, has_scripts: bool
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
        elif request.resource_type == "script" and not has_scripts:
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
        if request.failure not in {"net::ERR_ABORTED", NO_NETWORK}:
            complain(f"does not get {request.url}: {request.failure}")

    def on_console(message: playwright.ConsoleMessage) -> None:
        # The console also tells that a page is an error page, which its status says.
        is_status = message.location["url"] in opened and message.text.startswith("Failed to load")
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
