"""My calendar in a real browser: the key in the address, and all without a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import OpenPage, View
from flask import request
from people import CONF, Browser, my_site_of
from playwright.sync_api import expect
from servers import free_port, listening

from calsvc.schedule.itineraries import new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE


@dataclass(frozen=True)
class Served:
    """A site that listens, and what it was sent."""

    url: str
    key: str
    """Of a calendar with one session."""
    sent: list[str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site that a browser can open, with a calendar."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    my_site = my_site_of(tmp_path, CONF, base_url=url)
    app = create_app(my_site.live, Calendars(my_site.storage.database), my_site.settings)
    sent: list[str] = []

    @app.before_request
    def note() -> None:
        sent.append(f"{request.url} {request.headers} {request.get_data(as_text=True)}")

    person = Browser(app.test_client())
    person.post("/my/add", [("event", "conf"), ("session", "talk")], url)
    sent.clear()
    with listening(app, port):
        yield Served(url, person.key, sent)


def test_key_in_the_address_is_sent_by_the_button_alone(
    served: Served, open_page: OpenPage
) -> None:
    with open_page(f"{served.url}/my/#{served.key}") as page:
        filled_in = page.input_value("#key")
        address = page.url
        page.reload()
        before = list(served.sent)
        page.goto(f"{served.url}/my/#{served.key}")
        page.get_by_role("button", name="Open it here").click()
        page.wait_for_url(f"{served.url}/my/?done=opened#done")
        heading = page.locator("article h3").inner_text()
    [form] = [each for each in served.sent if f"{served.url}/my/open" in each.split()[0]]

    assert filled_in == served.key
    assert address == f"{served.url}/my/"
    assert before and not any(served.key in each for each in before)
    assert form.endswith(f"key={served.key}")
    assert heading == "Talk"


@pytest.mark.slow
def test_key_in_the_address_takes_the_place_of_no_calendar_by_itself(
    served: Served, open_page: OpenPage
) -> None:
    other = new_edit_key()
    cookies = {COOKIE: served.key}
    with open_page(f"{served.url}/my/", cookies=cookies) as page:
        page.evaluate(f"location.hash = '#{other}'")
        page.wait_for_function("() => location.hash === ''")
        filled_in = page.input_value("#key")
        is_shown = page.locator("#key").is_visible()
        page.reload()
        heading = page.locator("article h3").inner_text()

    assert (filled_in, is_shown, heading) == (other, True, "Talk")
    assert not any(other in each for each in served.sent)


@pytest.mark.slow
def test_section_in_the_address_is_no_key(served: Served, open_page: OpenPage) -> None:
    with open_page(f"{served.url}/my/#options", cookies={COOKIE: served.key}) as page:
        assert page.input_value("#key") == ""
        assert page.url.endswith("#options")


@pytest.mark.slow
def test_page_works_without_a_script(served: Served, open_page: OpenPage) -> None:
    view = View(scripts="off", width=320)
    with open_page(f"{served.url}/my/", view, {COOKIE: served.key}) as page:
        copy_buttons = page.locator("[data-copy]").filter(visible=True).count()
        page.get_by_role("button", name="My calendar: Talk").click()
        removed = page.locator("article").count()
        page.get_by_role("button", name="Undo").click()
        undone = page.locator("article h3").inner_text()
        is_at_hand = page.get_by_role("button", name="Delete my calendar").is_visible()
        page.get_by_text("Delete my calendar …").click()
        page.get_by_role("button", name="Delete my calendar").click()
        deleted = page.locator("main").inner_text()

    assert (copy_buttons, removed, undone, is_at_hand) == (0, 0, "Talk", False)
    assert "There is no account." in deleted


@pytest.mark.slow
def test_what_was_done_is_in_sight_and_has_the_focus(served: Served, open_page: OpenPage) -> None:
    """In the reader's own zone, too, to which the page turns by itself."""
    cookies = {COOKIE: served.key}
    view = View(width=390, timezone="Asia/Tokyo")
    with open_page(f"{served.url}/my/", view, cookies) as page:
        page.get_by_role("link", name="UTC+9, Tokyo").click()
        for path, button in (("options", "Save"), ("rotate", "Get a new"), ("delete", "Delete")):
            page.goto(f"{served.url}/my/", wait_until="commit")
            page.wait_for_url(f"{served.url}/my/?tz=Asia/Tokyo")
            form = page.locator(f"form[action^='/my/{path}']")
            page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
            form.get_by_role("button", name=button).click()
            done = page.locator("#done[role=status]")

            expect(done).to_be_focused()
            expect(done).to_be_in_viewport(ratio=1)
