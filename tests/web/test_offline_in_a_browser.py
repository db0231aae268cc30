"""Pages without network in a real browser: what was opened is there, and nothing else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from browser import OpenPage, View
from judges import faults_of
from playwright.sync_api import Page, expect
from test_every_page_in_a_browser import SHIFTS
from test_journeys import choose, feed_address, star
from test_stars_in_a_browser import is_unsaved
from venue import (
    AGENDA,
    DAY,
    DAYS,
    EVENT,
    KEEPS,
    MY,
    NOON,
    SNAKES,
    Venue,
    copies,
    keep,
    serving,
    summaries,
    titles,
)
from waiting import eventually


@pytest.mark.slow
def test_star_reload_search_and_zone_without_network_and_nothing_is_lost(
    venue: Venue, open_page: OpenPage
) -> None:
    with open_page(venue.url + EVENT, KEEPS) as page:
        keep(page, EVENT, MY, SNAKES)
        eventually(lambda: DAYS in copies(page))
        page.goto(venue.url + EVENT)
        choose(page, "opening")
        page.context.set_offline(True)

        star(page, "snakes").click()
        is_unsaved(page, "snakes")
        page.reload()
        expect(page.get_by_role("status").filter(has_text="As of")).to_be_visible()
        for chosen in ("opening", "snakes"):
            expect(star(page, chosen)).to_have_attribute("aria-pressed", "true")

        page.get_by_label("Search").fill("plants hall")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_contain_text("1 found in this copy")
        assert titles(page) == ["Trees"]
        page.goto(f"{venue.url}{EVENT}?tz=America/New_York")
        expect(page.locator("#s-snakes .when, #s-snakes time").first).to_contain_text("4:00")
        page.goto(venue.url + SNAKES)
        expect(page.get_by_role("button", name="In My calendar")).to_be_visible()
        page.goto(venue.url + MY)
        expect(page.locator("#unsent li")).to_have_text(["Snakes"])

        page.context.set_offline(False)
        expect(page.locator("article h3")).to_have_text(["Opening", "Snakes"])
        assert summaries(feed_address(page)) == ["Opening", "Snakes"]


# --- what is there ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-US", "As of Jun 14, 2:00 PM GMT+2"),
        ("de-DE", "Stand: 14. Juni, 14:00 MESZ"),
    ],
)
def test_copy_says_of_when_it_is_in_the_events_zone(
    venue: Venue, open_page: OpenPage, locale: str, told: str
) -> None:
    venue.line.now = NOON
    with open_page(venue.url + EVENT, KEEPS._replace(locale=locale)) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.reload()

        expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


@pytest.mark.slow
def test_copy_of_today_says_its_time_alone_and_can_be_loaded_again(
    venue: Venue, open_page: OpenPage
) -> None:
    venue.line.now = NOON
    with open_page(venue.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.clock.set_fixed_time(NOON + timedelta(hours=1))
        page.reload()

        expect(page.locator(".copy")).to_contain_text("As of 2:00 PM GMT+2")
        page.context.set_offline(False)
        page.get_by_role("button", name="Load again").click()
        expect(page.locator(".copy")).to_be_hidden()


@pytest.mark.slow
def test_days_that_were_not_opened_are_there(venue: Venue, open_page: OpenPage) -> None:
    with open_page(venue.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        seen = {}
        for path in (EVENT, DAY, DAYS, f"{EVENT}#s-owls"):
            page.goto(venue.url + path)
            expect(page.locator(".copy")).to_contain_text("As of")
            current = page.locator(".days [aria-current]")
            seen[path] = titles(page), current.inner_text()

    assert seen == {
        EVENT: (["Opening", "Snakes"], "Tue, Jun 15"),
        DAY: (["Trees", "Owls"], "Wed, Jun 16"),
        DAYS: (["Opening", "Snakes", "Trees", "Owls"], "All days"),
        f"{EVENT}#s-owls": (["Opening", "Snakes", "Trees", "Owls"], "All days"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found", "told"),
    [
        ("?q=PLANTS+tree", ["Trees"], "1 found in this copy"),
        ("?q=ada", ["Snakes"], "1 found in this copy"),
        ("?q=nothing", [], "0 found in this copy"),
        ("?track=plants", ["Opening", "Snakes", "Trees", "Owls"], "Filters need a connection"),
        ("?utm_source=letter", ["Opening", "Snakes"], "4 sessions"),
    ],
)
def test_search_in_a_copy_looks_at_all_days(
    venue: Venue, open_page: OpenPage, query: str, found: list[str], told: str
) -> None:
    with open_page(venue.url + EVENT, KEEPS._replace(width=1280)) as page:
        keep(page, EVENT)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(f"{venue.url}{EVENT}{query}")

        expect(page.locator(".found")).to_contain_text(told)
        assert titles(page) == found
        expect(page.locator("#q")).to_have_value(query.partition("q=")[2].replace("+", " "))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "zone", "times", "name"),
    [
        (
            f"{DAYS}?tz=America/New_York",
            "",
            {"Snakes": ["4:00 AM", "5:00 AM"], "Owls": ["5:30 PM", "6:30 PM"]},
            "EDT, New York",
        ),
        (
            f"{DAYS}?tz=tokyo",
            "",
            {"Snakes": ["5:00 PM", "6:00 PM"], "Owls": ["Thu, Jun 17, 6:30 AM", "7:30 AM"]},
            "UTC+9, Tokyo",
        ),
        (
            DAYS,
            "?tz=America/New_York",
            {"Snakes": ["10:00 AM", "11:00 AM"], "Owls": ["11:30 PM", "Thu, Jun 17, 12:30 AM"]},
            "CEST, Berlin",
        ),
        (
            f"{DAYS}?tz=Munich",
            "",
            {"Snakes": ["10:00 AM", "11:00 AM"], "Owls": ["11:30 PM", "Thu, Jun 17, 12:30 AM"]},
            "CEST, Berlin",
        ),
    ],
    ids=["name", "city", "back to the event's", "a city that only the site knows"],
)
def test_copy_is_shown_in_the_zone_that_is_asked_for(
    venue: Venue,
    open_page: OpenPage,
    path: str,
    zone: str,
    times: dict[str, list[str]],
    name: str,
) -> None:
    with open_page(f"{venue.url}{DAYS}{zone}", KEEPS._replace(width=1280)) as page:
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(venue.url + path)

        expect(page.locator(".zones [aria-current]")).to_have_text(name, use_inner_text=True)
        seen = {
            title: [
                " ".join(each.split())
                for each in page.locator("article", has_text=title)
                .locator("time")
                .all_inner_texts()
            ]
            for title in times
        }
        is_told = "times stay in the zone they were in" in page.locator(".copy").inner_text()
        assert (seen, is_told) == (times, "Munich" in path)


@pytest.mark.slow
def test_time_of_before_is_in_the_zone_of_the_copy_too(venue: Venue, phone: Page) -> None:
    venue.own.publish(AGENDA.replace("2032-06-15 10:00-11:00", "2032-06-15 12:00-13:00"))
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    eventually(lambda: "Moved" in copies(phone)[EVENT])
    phone.context.set_offline(True)
    phone.goto(f"{venue.url}{EVENT}?tz=America/New_York")

    expect(phone.locator(".mark", has_text="Moved")).to_have_text(re.compile(r"was 4:00\sAM$"))


@pytest.mark.slow
def test_switch_of_zones_works_on_copies_and_is_remembered(
    venue: Venue, open_page: OpenPage
) -> None:
    with open_page(venue.url + EVENT, KEEPS) as page:
        choose(page, "snakes")
        eventually(lambda: {EVENT, MY, DAYS} <= copies(page).keys())
        keep(page, SNAKES)
        page.context.set_offline(True)
        seen = []

        def see() -> None:
            expect(page.locator(".copy")).to_contain_text("As of")
            expect(page.locator(".zones [aria-current]")).to_have_count(1)
            times = page.locator("main", has=page.locator(".zones")).locator("time[datetime*=T]")
            told = page.locator(".zones [aria-current]").inner_text(), times.first.inner_text()
            seen.append((told[0], " ".join(told[1].split())))

        page.goto(venue.url + SNAKES)
        see()
        page.locator(".zones .own").click()
        page.wait_for_url(f"{venue.url}{SNAKES}?tz=America/Los_Angeles")
        see()
        page.goto(venue.url + MY)
        page.wait_for_url(f"{venue.url}{MY}?tz=America/Los_Angeles")
        see()
        page.locator(".zones [data-zone=event]").click()
        page.wait_for_url(f"{venue.url}{MY}?")
        see()

    at_event, own = ("CEST, Berlin", "10:00 AM"), ("PDT, Los Angeles", "1:00 AM")
    assert seen == [at_event, own, own, at_event]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "locale", "heading"),
    [("", "en-US", "No connection"), ("?lang=de", "en-US", "Keine Verbindung")],
)
def test_page_that_was_never_opened_says_so(
    venue: Venue, open_page: OpenPage, query: str, locale: str, heading: str
) -> None:
    with open_page(venue.url + EVENT, KEEPS._replace(locale=locale)) as page:
        keep(page, EVENT)
        page.context.set_offline(True)
        page.goto(f"{venue.url}{SNAKES}{query}")

        expect(page.locator("h1")).to_have_text(heading)
        page.locator("main a").click()
        expect(page.locator("h3")).to_have_text(["Conf"])  # kept with the first page


@pytest.mark.slow
def test_site_below_a_path_is_kept(tmp_path: Path, open_page: OpenPage) -> None:
    with serving(tmp_path, "/cal") as venue, open_page(venue.url + EVENT, KEEPS) as page:
        eventually(lambda: f"/cal{DAYS}" in copies(page))
        page.context.set_offline(True)
        page.goto(venue.url + DAY)

        expect(page.locator(".copy")).to_contain_text("As of")
        assert titles(page) == ["Trees", "Owls"]


@pytest.mark.slow
def test_device_can_have_the_site_as_an_app(venue: Venue, open_page: OpenPage) -> None:
    with open_page(venue.url + EVENT, KEEPS) as page:
        session = page.context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")

        assert manifest["url"] == f"{venue.url}/site.webmanifest"
        assert manifest["errors"] == []
        errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [each["errorId"] for each in errors] == ["in-incognito"]  # as tests are


@pytest.mark.slow
@pytest.mark.parametrize("path", [EVENT, f"{EVENT}?q=animals", DAY, SNAKES, MY])
def test_copy_has_no_barriers_and_nothing_jumps_while_it_loads(
    venue: Venue, open_page: OpenPage, axe: str, path: str
) -> None:
    venue.line.now = NOON
    view = View("dark", locale="de-DE", width=320, keeps=True)
    with open_page(venue.url + EVENT, view) as page:
        keep(page, EVENT, MY, SNAKES)
        eventually(lambda: DAYS in copies(page))
        page.context.set_offline(True)
        page.goto(venue.url + path)
        # My calendar is in the zone of the reader's computer: it may be of several events.
        time = "5:00" if path == MY else "14:00 MESZ"
        expect(page.locator(".copy")).to_contain_text(f"Stand: 14. Juni, {time}")

        assert faults_of(page, axe) == []
        is_narrowed = path not in {SNAKES, MY}
        assert is_narrowed or page.evaluate(SHIFTS) == []


@pytest.mark.slow
def test_address_that_leads_on_does_so_with_the_worker_too(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)

    phone.goto(f"{venue.url}{EVENT}?q=")

    assert phone.url == venue.url + EVENT


# --- what is kept, and for how long -------------------------------------------------------


@pytest.mark.slow
def test_no_key_is_kept_and_a_deleted_calendar_leaves_the_device(
    venue: Venue, open_page: OpenPage
) -> None:
    with open_page(venue.url + EVENT, KEEPS) as page:
        keep(page, EVENT)
        choose(page, "snakes")
        keep(page, MY, SNAKES, EVENT)
        eventually(lambda: "Snakes" in copies(page)[MY])
        page.goto(venue.url + MY)
        key = page.locator("code").first.text_content() or ""
        feed = page.locator("#feed").input_value().split("/")[-2]
        eventually(lambda: 'aria-pressed="true"' in copies(page)[EVENT])
        kept = copies(page)
        page.get_by_role("button", name="Share my sessions").click()
        page.goto(page.locator("#shared").input_value())
        after = copies(page)
        page.goto(venue.url + MY)
        page.get_by_text("Delete my calendar …").click()
        page.get_by_role("button", name="Delete my calendar").click()
        expect(page.locator("#done")).to_have_text("Your calendar is deleted.")
        eventually(lambda: not [each for each in copies(page).values() if "Snakes</h3" in each])
        left = copies(page)
        page.context.set_offline(True)
        page.goto(venue.url + MY)
        welcome = page.locator("main").inner_text()

    assert len(key) == len(feed) == 32
    assert [path for path, text in {**kept, **after}.items() if key in text or feed in text] == []
    assert [path for path in after if "shared" in path] == []
    assert [path for path, text in left.items() if 'aria-pressed="true"' in text] == []
    assert "There is no account." in welcome
    assert "deleted" not in welcome


@pytest.mark.slow
def test_feeds_are_left_to_the_network(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT)
    phone.evaluate("fetch('/events/conf.ics').then((answer) => answer.text())")
    phone.evaluate("fetch('/api/events/conf').then((answer) => answer.text())")
    phone.goto(f"{venue.url}{EVENT}embed/")
    phone.goto(f"{venue.url}{EVENT}changes/")
    phone.goto(f"{venue.url}{EVENT}?q=snakes")

    assert set(copies(phone)) <= {"/", EVENT, DAYS}
    phone.context.set_offline(True)
    for path in ("/events/conf.ics", "/api/events/conf", "/healthz"):
        asked = f"fetch('{path}', {{cache: 'no-store'}}).then(() => 'there', () => 'not there')"
        assert phone.evaluate(asked) == "not there"


@pytest.mark.slow
def test_copies_are_bounded_in_number_and_age(venue: Venue, phone: Page) -> None:
    phone.goto(venue.url + EVENT)
    keep(phone, EVENT, MY)
    phone.evaluate(
        """async () => {
          const pages = await caches.open("calsvc:pages:/");
          const html = await (await pages.match("/my/")).text();
          const put = (path, asked) =>
            pages.put(path, new Response(html, {headers: {"X-Asked": asked, "X-Came": asked}}));
          const day = 24 * 60 * 60_000;
          await put("/events/conf/sessions/old/", Date.now() - 31 * day);
          for (let number = 0; number < 220; number += 1) {
            await put(`/events/conf/sessions/s${number}/`, Date.now() - day);
          }
        }"""
    )

    keep(phone, SNAKES)

    eventually(lambda: len(copies(phone)) <= 201)
    left = copies(phone)
    assert {MY, SNAKES} <= left.keys()
    assert f"{EVENT}sessions/old/" not in left
    assert f"{EVENT}sessions/s219/" in left
