"""WebKit for tests: GTK's, which is Safari's engine too, by the system's WebDriver.

Its driver does not tell what a page writes to the console, so pages are overheard
(``overheard.py``).  Nor can it take a site or the network away, be without scripts, or make a
window narrower than 447 pixels.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import HEIGHT, TIMEOUT, View
from conftest import tool
from overheard import Ears
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import ReadTimeoutError
from visits import OpenVisit, Place, Visit
from waiting import PATIENCE

NARROWEST = 447  # pixels: the buttons of the window need them
TRIES = 2  # to start it
BAR = 38  # pixels that they take from its height
SEEN = """(css, name, says) => {
  const within = (root) => [
    ...root.querySelectorAll(css),
    ...[...root.querySelectorAll("*")].flatMap((it) => it.shadowRoot ? within(it.shadowRoot) : []),
  ];
  const plain = (words) => words.replace(/\\s+/g, " ").toLowerCase();
  const labels = (it) => [...it.labels ?? []].map(({textContent}) => textContent);
  const named = (it) => [it.ariaLabel, it.textContent, ...labels(it)].join(" ");
  return within(document).filter((it) => {
    const {width, height} = it.getBoundingClientRect();
    return width && height && it.checkVisibility({visibilityProperty: true})
      && plain(it.textContent).includes(plain(says)) && plain(named(it)).includes(plain(name));
  });
}"""
IS_WHOLE = "() => document.readyState === 'complete'"
CENTER = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
IS_OWN = """
const {left, top, width, height} = arguments[0].getBoundingClientRect();
return arguments[0].contains(
  arguments[0].getRootNode().elementFromPoint(left + width / 2, top + height / 2));
"""
# What may have a role and a name; the driver says whether it has.
ROLES = {
    "button": "button, summary, [role=button]",
    "checkbox": "input[type=checkbox]",
    "link": "a[href]",
    "region": "section, [role=region]",
    "searchbox": "input[type=search]",
}


PASSING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen that nobody looks at, as X11 names it."""
    readable, writable = os.pipe()
    server = subprocess.Popen(
        [tool("Xvfb"), "-displayfd", str(writable), "-screen", "0", "1600x1200x24"],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    try:
        with open(readable) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def visit_webkit(screen: str, ears: Ears) -> OpenVisit:
    """Begin visits in a WebKit that was never there."""
    driver = tool("WebKitWebDriver")
    # Debian keeps its browser where no PATH leads.
    [browser] = [*Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")]

    @contextmanager
    def opened(
        address: str,
        view: View | None = None,
        cookies: Mapping[str, str] | None = None,
        **_: Any,  # the policy of a page refuses other sites; nothing is told of one that is away
    ) -> Iterator[Visit]:
        pages, heard = ears.pages, len(ears.heard)
        with _session(driver, browser, screen, view or View()) as session:
            session.get(address)
            for name, value in (cookies or {}).items():  # which are for the site one is at
                session.add_cookie({"name": name, "value": value})
                session.refresh()
            yield WebKitVisit(session)
        assert ears.pages > pages, "nobody listens to the pages of this site"
        assert not ears.heard[heard:], "\n".join(ears.heard[heard:])

    return opened


@contextmanager
def _session(driver: str, browser: Path, screen: str, view: View) -> Iterator[WebDriver]:
    options = Options()
    options.binary_location = str(browser)
    options.add_argument("--automation")
    if view.scheme == "dark":
        options.add_argument("--dark-mode")
    locale = f"{view.locale.replace('-', '_')}.UTF-8"
    environment = {
        **os.environ,
        "DISPLAY": screen,
        "LANG": locale,
        "LANGUAGE": locale,
        "TZ": view.timezone,
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # there is none for root
    }
    service, session = _begun(driver, environment, options)
    try:
        try:
            session.set_window_rect(0, 0, max(view.width, NARROWEST), HEIGHT + BAR)
            yield session
        finally:
            session.quit()
    finally:
        service.stop()


def _begun(driver: str, environment: dict[str, str], options: Options) -> tuple[Service, WebDriver]:
    """Return a driver and its session; now and then a browser hangs as it starts."""
    for tries_left in reversed(range(TRIES)):
        service = Service(driver, env=environment, log_output=subprocess.DEVNULL)
        service.start()
        direct = Proxy({"proxyType": ProxyType.DIRECT})
        config = ClientConfig(service.service_url, proxy=direct, timeout=int(PATIENCE))
        try:
            return service, WebDriver(RemoteConnection(client_config=config), options=options)
        except BaseException as error:
            service.stop()
            if not (isinstance(error, ReadTimeoutError) and tries_left):
                raise
    raise AssertionError("no try is left")


class WebKitVisit:
    """A visit by a session of the driver."""

    def __init__(self, session: WebDriver) -> None:
        self._session = session

    @property
    def address(self) -> str:
        return self._session.current_url

    def go(self, address: str) -> None:
        self._session.get(address)

    def reload(self) -> None:
        self._session.refresh()

    def arrive(self, address: str) -> None:
        def is_there() -> bool:
            return self.address == address and self.tell(IS_WHOLE)

        self._wait(is_there, f"{address} is not reached")

    def see(self, place: Place) -> None:
        self._first(place)

    def miss(self, place: Place) -> None:
        self._wait(lambda: not self._seen(place), f"{place} stays")

    def count(self, place: Place) -> int:
        return len(self._seen(place))

    def read(self, place: Place) -> str:
        return " ".join(self._first(place).text.split())

    def value(self, place: Place) -> str:
        return str(self._first(place).get_property("value"))

    def press(self, place: Place) -> None:
        def click(element: WebElement) -> None:
            # At the edge where the driver leaves it, something may stay in front of it.
            self._session.execute_script(CENTER, element)
            try:
                element.click()
            except ElementClickInterceptedException:
                # The driver takes a symbol that is used within, as that of a star, for another's.
                if not self._session.execute_script(IS_OWN, element):
                    raise
                ActionChains(self._session).move_to_element(element).click().perform()

        self._do(place, click)

    def write(self, place: Place, words: str) -> None:
        def overwrite(field: WebElement) -> None:
            field.clear()
            field.send_keys(words)

        self._do(place, overwrite)

    def paste(self, place: Place) -> None:
        self._do(place, lambda field: field.send_keys(Keys.CONTROL, "v"))

    def tell(self, script: str) -> Any:
        return self._session.execute_script(f"return ({script})()")

    # --- with patience ----------------------------------------------------------------------

    def _seen(self, place: Place) -> list[WebElement]:
        css = ROLES[place.role] if place.role else place.css
        found: list[WebElement] = self._session.execute_script(
            f"return ({SEEN})(...arguments)", css, place.name, place.says
        )
        return [each for each in found if not place.role or _is_called(each, place)]

    def _first(self, place: Place) -> WebElement:
        found: WebElement = self._do(place, lambda element: element)
        return found

    def _do(self, place: Place, act: Callable[[WebElement], Any]) -> Any:
        """Act on the first that is seen, as soon as that can be done."""
        acted: list[Any] = []

        def is_done() -> bool:
            acted.extend(map(act, self._seen(place)[:1]))
            return bool(acted)

        self._wait(is_done, f"{place} is not there")
        return acted[0]

    def _wait(self, is_so: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + TIMEOUT / 1000
        while time.monotonic() < deadline:
            try:
                if is_so():
                    return
                reason = "in vain"
            except PASSING as error:  # a page that is just being left, or what is covered
                reason = str(error)
            time.sleep(0.05)
        pytest.fail(f"{complaint}, on {self.address}: {reason}")


def _is_called(element: WebElement, place: Place) -> bool:
    is_named = place.name.lower() in element.accessible_name.lower()
    return is_named and element.aria_role == place.role
