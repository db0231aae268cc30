"""Copies of pages in a real browser: none is older than what was shown, whatever the line does."""

import re
import shutil
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page, expect
from test_journeys import choose
from venue import (
    AGENDA,
    EVENT,
    MY,
    NEWER,
    NOON,
    SNAKES,
    TREES,
    Venue,
    app_of,
    copies,
    files,
    keep,
    serving,
)
from waiting import eventually


@pytest.mark.slow
def test_answer_from_a_cache_is_not_shown_after_a_newer_one(venue: Venue, phone: Page) -> None:
    venue.line.now = NOON
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    venue.own.publish(NEWER)
    venue.line.now = NOON + timedelta(minutes=1)
    phone.goto(f"{venue.url}{EVENT}?lang=de")
    expect(phone.locator("#s-snakes h3")).to_have_text("Better Snakes")

    phone.goto(venue.url + EVENT)  # the browser's own cache has that from before

    expect(phone.locator("#s-snakes h3")).to_have_text("Better Snakes")
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("#s-snakes h3")).to_have_text("Better Snakes")


@pytest.mark.slow
def test_slow_answer_is_overtaken_by_that_of_another_tab(venue: Venue, phone: Page) -> None:
    venue.line.now = NOON
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    venue.line.held[SNAKES] = held = Event()
    asked = len(venue.line.asked)
    phone.evaluate(f"location.href = '{SNAKES}?lang=en'")
    eventually(lambda: f"GET {SNAKES}" in venue.line.asked[asked:])
    del venue.line.held[SNAKES]  # for others
    venue.own.publish(NEWER)
    venue.line.now = NOON + timedelta(minutes=1)
    other = phone.context.new_page()
    other.goto(f"{venue.url}{SNAKES}?lang=de")
    eventually(lambda: "Better Snakes" in copies(other).get(SNAKES, ""))

    held.set()

    expect(phone.locator("h1")).to_have_text("Better Snakes")
    assert "Better Snakes" in copies(other)[SNAKES]


@pytest.mark.slow
def test_answer_on_its_way_brings_no_calendar_back_that_was_deleted(
    venue: Venue, phone: Page
) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    choose(phone, "snakes")
    other = phone.context.new_page()
    other.goto(venue.url + EVENT)
    venue.line.held[SNAKES] = held = Event()
    other.evaluate(f"location.href = '{SNAKES}'")
    eventually(lambda: f"GET {SNAKES}" in venue.line.asked)
    phone.goto(venue.url + MY)
    phone.get_by_text("Delete my calendar …").click()
    phone.get_by_role("button", name="Delete my calendar").click()
    expect(phone.locator("#done")).to_have_text("Your calendar is deleted.")
    eventually(lambda: 'aria-pressed="true"' not in "".join(copies(phone).values()))

    held.set()

    expect(other.locator("h1")).to_have_text("Snakes")
    expect(other.locator(".star").first).to_have_attribute("aria-pressed", "true")  # it is late
    keep(phone, TREES)
    assert 'aria-pressed="true"' not in "".join(copies(phone).values())


@pytest.mark.slow
@pytest.mark.parametrize("done", ["opened", "deleted"])
def test_no_copy_stands_for_the_calendar_that_comes_after_it(
    venue: Venue, phone: Page, done: str
) -> None:
    phone.goto(venue.url + EVENT)
    choose(phone, "snakes")
    keep(phone, EVENT, MY)
    venue.line.status[MY] = "503 Away"
    phone.goto(venue.url + MY)
    expect(phone.locator("article h3")).to_have_text(["Snakes"])
    phone.goto(f"{venue.url}{MY}?done={done}")
    expect(phone.locator("h1")).to_have_text("Gate")


@pytest.mark.slow
def test_agenda_that_came_without_its_stars_replaces_no_copy(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    choose(phone, "snakes")
    phone.reload()
    eventually(lambda: 'aria-pressed="true"' in copies(phone)[EVENT])
    with venue.own.away():
        phone.goto(f"{venue.url}{EVENT}?lang=en")
        expect(phone.locator("h1")).to_have_text("Conf")
        keep(phone, TREES)
    assert 'aria-pressed="true"' in copies(phone)[EVENT]


@pytest.mark.slow
def test_clock_of_the_site_that_was_ahead_keeps_nobody_from_what_is_new(
    venue: Venue, phone: Page
) -> None:
    venue.line.now = NOON + timedelta(days=365)
    phone.goto(venue.url + EVENT)
    keep(phone, SNAKES)
    venue.line.now = NOON
    venue.own.publish(NEWER)

    phone.goto(f"{venue.url}{SNAKES}?lang=en")

    expect(phone.locator("h1")).to_have_text("Better Snakes")
    eventually(lambda: "Better Snakes" in copies(phone)[SNAKES])


@pytest.mark.slow
def test_copy_comes_where_the_network_keeps_readers_waiting(tmp_path: Path, phone: Page) -> None:
    with serving(tmp_path, patience=1) as venue:
        phone.goto(venue.url + EVENT)
        keep(phone, SNAKES)
        venue.own.publish(NEWER)
        venue.line.held[SNAKES] = held = Event()

        phone.goto(f"{venue.url}{SNAKES}?lang=en")

        expect(phone.locator("h1")).to_have_text("Snakes")
        expect(phone.locator(".copy")).to_contain_text("As of")
        held.set()
        eventually(lambda: "Better Snakes" in copies(phone)[SNAKES])


@pytest.mark.slow
@pytest.mark.parametrize("status", [502, 503, 504])
def test_copy_comes_while_the_site_is_away(venue: Venue, phone: Page, status: int) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, SNAKES)
    venue.line.status[SNAKES] = f"{status} Away"
    venue.line.status[TREES] = f"{status} Away"

    phone.goto(f"{venue.url}{SNAKES}?lang=en")
    expect(phone.locator("h1")).to_have_text("Snakes")
    expect(phone.locator(".copy")).to_contain_text("As of")
    phone.goto(venue.url + TREES)
    expect(phone.locator("h1")).to_have_text("Gate")


@pytest.mark.slow
@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "500 Internal Server Error"])
def test_what_answers_otherwise_is_shown_and_not_kept(
    venue: Venue, phone: Page, status: str
) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, SNAKES)
    venue.line.status[SNAKES] = status

    phone.goto(f"{venue.url}{SNAKES}?lang=en")
    expect(phone.locator("h1")).to_have_text("Gate")
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("h1")).to_have_text("Snakes")


@pytest.mark.slow
def test_session_that_is_gone_leaves_its_copy(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, TREES)
    venue.own.publish("\n".join(line for line in AGENDA.splitlines() if "trees" not in line))

    phone.goto(f"{venue.url}{TREES}?lang=en")
    expect(phone.locator(".notice")).to_have_text("This session is no longer on the agenda.")
    eventually(lambda: TREES not in copies(phone))


# --- releases -----------------------------------------------------------------------------


@pytest.mark.slow
def test_copy_has_the_scripts_of_its_own_release(venue: Venue, phone: Page, tmp_path: Path) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, SNAKES)
    newer = app_of(venue.own)
    static = tmp_path / "newer"
    shutil.copytree(tmp_path / "static", static)
    newer.static_folder = str(static)
    with static.joinpath("site.js").open("a") as file:
        file.write("\ndocument.documentElement.dataset.release = 2;\n")
    venue.line.app = newer.wsgi_app
    phone.goto(venue.url + TREES)
    expect(phone.locator("html")).to_have_attribute("data-release", "2")
    newest = re.findall(r"/static/site\.js\?v=\w+", newer.test_client().get(TREES).text)
    eventually(lambda: set(newest) <= files(phone))
    eventually(lambda: TREES in copies(phone))
    phone.context.set_offline(True)

    phone.goto(venue.url + SNAKES)
    expect(phone.locator(".copy")).to_contain_text("As of")
    expect(phone.locator("html")).not_to_have_attribute("data-release", "2")
    phone.goto(venue.url + TREES)
    expect(phone.locator(".copy")).to_contain_text("As of")
    expect(phone.locator("html")).to_have_attribute("data-release", "2")


@pytest.mark.slow
def test_file_of_another_release_is_not_kept(venue: Venue, phone: Page) -> None:
    """While copies of two releases run, one answers for the other's file, and says so."""
    venue.line.headers["/static/stars.js"] = "no-cache"
    phone.goto(venue.url + EVENT)
    # The page asks for it, and then the worker, which gives up.
    eventually(lambda: venue.line.asked.count("GET /static/stars.js") == 2)
    is_gone = "navigator.serviceWorker.getRegistration().then((found) => !found)"
    eventually(lambda: bool(phone.evaluate(is_gone)))
    kept = files(phone)

    venue.line.headers.clear()
    phone.reload()

    eventually(lambda: EVENT in copies(phone))
    assert [each for each in kept if "stars" in each] == []
    assert [each for each in files(phone) if "stars" in each] != []
