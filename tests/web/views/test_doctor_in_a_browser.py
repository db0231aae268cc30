"""The doctor's report in a real browser: without barriers, on a phone, and by the keyboard."""

from collections.abc import Iterator

import pytest
from browser import OpenPage, View
from judges import MISSED, faults_of, lost_on, tabbed
from playwright.sync_api import Page, expect
from servers import free_port, listening
from tiers import slow

from calsvc.config import Settings
from calsvc.doctor.examples import Frame, document
from calsvc.live.events import Live
from calsvc.web.app import create_app

ENTRIES = """\
BEGIN:VEVENT
DTSTART:20270615T090000
SUMMARY:One of {number}
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20270615T100000Z
SUMMARY:Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch التقويم
END:VEVENT
"""
BAD = document(Frame.BODY, "".join(ENTRIES.format(number=each) for each in range(10))).decode()
SOUND = document(Frame.ENTRY, "").decode()
VIEWS = [
    View("dark", locale="de-DE", width=390),
    slow(View()),
    slow(View("light", "missing", "de-DE", width=390)),
    slow(View("dark", "missing", width=1280)),
]
TABLE = "table.picture"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The doctor's page of a site."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Live((), url), settings=Settings(doctor=True, examinations=0))
    with listening(app, port):
        yield f"{url}/doctor"


def sent(page: Page, text: str) -> None:
    """Paste a calendar, and send it."""
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Prüfen").or_(
        page.get_by_role("button", name="Check it")
    ).click()
    expect(page.locator("#report")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_form_and_report_have_no_barriers(
    address: str, open_page: OpenPage, axe: str, view: View
) -> None:
    with open_page(address, view) as page:
        for text in ("", BAD, SOUND):
            if text:
                sent(page, text)

            assert faults_of(page, axe) == []
            assert lost_on(page) == []


@pytest.mark.slow
def test_wide_picture_is_a_table_and_a_narrow_one_a_list(address: str, open_page: OpenPage) -> None:
    with open_page(address, View(width=390)) as page:
        sent(page, BAD)

        expect(page.locator(TABLE)).to_be_hidden()
        page.get_by_text("Entry by entry").first.click()
        narrow = page.locator(".apps ul").filter(has_text="One of 0").first
        expect(narrow).to_be_visible()
        page.set_viewport_size({"width": 1280, "height": 800})
        expect(page.locator(TABLE)).to_be_visible()
        expect(narrow).to_be_hidden()


@pytest.mark.slow
def test_keyboard_reaches_all_of_a_report(address: str, open_page: OpenPage) -> None:
    with open_page(address, View(width=1280)) as page:
        sent(page, BAD)
        focused = [*tabbed(page)]

        assert [each for each in focused if not (each.is_visible and each.is_outlined)] == []
        assert page.evaluate(MISSED) == []


def test_form_is_sent_by_the_keyboard_without_scripts(address: str, open_page: OpenPage) -> None:
    view = View(scripts="off")
    with open_page(address, view) as page:
        page.get_by_label("Address of the calendar").fill("localhost/agenda.ics")
        page.keyboard.press("Enter")

        trouble = page.get_by_role("alert")
        expect(trouble).to_have_text(
            "Nothing on the open internet has this address. Please check it."
        )
        expect(page.get_by_label("Address of the calendar")).to_have_value("localhost/agenda.ics")
