"""A visit to a site in any engine: what journeys need of a browser, and no more.

A journey says what its reader does and sees; Playwright does that in Chromium and Firefox,
``webkit.py`` in WebKit.  As in ``browser.py``, the end of a visit judges what was opened.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

import pytest
from browser import TIMEOUT, OpenPage
from playwright.sync_api import Locator, Page, expect
from tiers import slow

in_each_engine = pytest.mark.parametrize("engine", ["chromium", slow("firefox"), slow("webkit")])
"""Runs a journey in all three; Chromium's is of the sample."""


class Place(NamedTuple):
    """Something on a page that a reader sees, the first of its kind."""

    css: str = ""
    role: str = ""
    """With ``name``, in place of a selector: what assistive technology calls it."""
    name: str = ""
    says: str = ""
    """What stands in it, whatever the capitals."""


def at(css: str, says: str = "") -> Place:
    """Return what a selector finds, also in shadow roots."""
    return Place(css, says=says)


def by(role: str, name: str) -> Place:
    """Return what has a role, and a name with these words in it."""
    return Place(role=role, name=name)


class Visit(Protocol):
    """A reader at a page, who waits for what is not there yet."""

    @property
    def address(self) -> str:
        """Where the reader is."""

    def go(self, address: str) -> None:
        """Open an address."""

    def reload(self) -> None:
        """Open the same once more."""

    def arrive(self, address: str) -> None:
        """Wait until the reader is led to an address."""

    def see(self, place: Place) -> None:
        """Wait until it is seen."""

    def miss(self, place: Place) -> None:
        """Wait until nothing of the kind is seen."""

    def count(self, place: Place) -> int:
        """Return how many are seen now."""

    def read(self, place: Place) -> str:
        """Return the words that are seen in it."""

    def value(self, place: Place) -> str:
        """Return what a field holds."""

    def press(self, place: Place) -> None:
        """Click on it."""

    def write(self, place: Place, words: str) -> None:
        """Write into a field, in place of what it holds."""

    def paste(self, place: Place) -> None:
        """Put into a field what was copied."""

    def tell(self, script: str) -> Any:
        """Return what a function of JavaScript gives in the page."""


OpenVisit = Callable[..., AbstractContextManager[Visit]]
"""Begins a visit of somebody who was never there, as ``OpenPage`` opens a page.

Takes ``is_alone``, too: the site will be away, which the console may tell.
"""


@pytest.fixture
def open_visit(engine: str, request: pytest.FixtureRequest) -> OpenVisit:
    """Begin visits in the engine of the test, the only one that is started."""
    opener: OpenVisit = request.getfixturevalue(f"visit_{engine}")
    return opener


# --- by Playwright ------------------------------------------------------------------------


class PlaywrightVisit:
    """A visit by a page of Playwright's."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @property
    def address(self) -> str:
        return self._page.url

    def go(self, address: str) -> None:
        self._page.goto(address)

    def reload(self) -> None:
        self._page.reload()

    def arrive(self, address: str) -> None:
        self._page.wait_for_url(address)

    def see(self, place: Place) -> None:
        self._seen(place).first.wait_for()

    def miss(self, place: Place) -> None:
        expect(self._seen(place)).to_have_count(0, timeout=TIMEOUT)

    def count(self, place: Place) -> int:
        return self._seen(place).count()

    def read(self, place: Place) -> str:
        return " ".join(self._seen(place).first.inner_text().split())

    def value(self, place: Place) -> str:
        return self._seen(place).first.input_value()

    def press(self, place: Place) -> None:
        self._seen(place).first.click()

    def write(self, place: Place, words: str) -> None:
        self._seen(place).first.fill(words)

    def paste(self, place: Place) -> None:
        self._seen(place).first.press("ControlOrMeta+v")

    def tell(self, script: str) -> Any:
        return self._page.evaluate(script)

    def _seen(self, place: Place) -> Locator:
        if place.role:
            # Playwright types the roles that there are.
            found = self._page.get_by_role(place.role, name=place.name)  # type: ignore[arg-type]
        else:
            found = self._page.locator(place.css)
        return found.filter(visible=True, has_text=place.says or None)


def _by_playwright(open_page: OpenPage) -> OpenVisit:
    @contextmanager
    def opened(*words: Any, **options: Any) -> Iterator[Visit]:
        with open_page(*words, **options) as page:
            yield PlaywrightVisit(page)

    return opened


@pytest.fixture
def visit_chromium(open_page: OpenPage) -> OpenVisit:
    """Begin visits in Chromium."""
    return _by_playwright(open_page)


@pytest.fixture
def visit_firefox(open_firefox: OpenPage) -> OpenVisit:
    """Begin visits in Firefox."""
    return _by_playwright(open_firefox)
