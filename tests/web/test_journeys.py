"""What people do with a site, in a real browser: choose, subscribe, read from far away, print.

The journeys that most people take are in ``test_journeys_in_each_engine.py``.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browser import OpenPage, View
from playwright.sync_api import Browser, Locator, Page, expect
from programs import AGENDA
from readers import faults, read_ical
from servers import copied_events, free_port, get, serving
from tiers import slow
from waiting import eventually

Timed = tuple[str, datetime, datetime]
"""Title, start and end of a session."""

DAY = date(2025, 6, 25)
VENUE = ZoneInfo("America/Los_Angeles")
TITLES = {
    "agentic-evals": "Agentic Evals",
    "genai-startups": "Live Panel: GenAI Startups",
    "closing-remarks": "Closing Remarks",
}
EVENT = "/events/ai-data-2025/"
with_and_without_scripts = pytest.mark.parametrize(
    "view",
    [
        slow(View()),
        slow(View(scripts="off")),
        slow(View("dark", width=320)),
        View("dark", "off", "de-DE", width=320),
    ],
    ids=["wide", "wide-no-scripts", "phone", "phone-no-scripts"],
)


def instant(clock: str) -> datetime:
    """Return the instant of a time of the agenda, in UTC."""
    return datetime.fromisoformat(f"{DAY} {clock}").replace(tzinfo=VENUE).astimezone(UTC)


TIMES = {title: (instant(start), instant(end)) for start, end, title in AGENDA}
"""When each session is on."""


def star(page: Page, session: str) -> Locator:
    """Return the button that chooses a session."""
    return page.locator(f"button[name=session][value={session}]").first


def choose(page: Page, *sessions: str) -> None:
    """Press the stars of sessions, and see them pressed and saved."""
    for session in sessions:
        star(page, session).click()
        expect(star(page, session)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".star[aria-busy]")).to_have_count(0)


def feed_address(page: Page) -> str:
    """Return the address that My calendar gives to calendar programs."""
    page.locator("header a[href^='/my/']").click()
    address = page.locator("input[readonly][value$='.ics']").input_value()
    page.wait_for_load_state()  # what is pressed before goes without scripts
    return address


def sessions_of(address: str) -> list[Timed]:
    """Return what a calendar program finds at an address."""
    status, body = get(address)
    assert status == 200
    assert faults(body) == []
    return sorted(
        (entry.summary, entry.start, entry.end)
        for entry in read_ical(body)
        if isinstance(entry.start, datetime) and isinstance(entry.end, datetime)
    )


def expected(*sessions: str) -> list[Timed]:
    """Return sessions as the agenda has them."""
    return sorted((TITLES[each], *TIMES[TITLES[each]]) for each in sessions)


# --- choosing -----------------------------------------------------------------------------


@with_and_without_scripts
def test_choice_is_in_the_calendar_program(
    served_site: str, open_page: OpenPage, view: View
) -> None:
    with open_page(served_site + EVENT, view) as page:
        choose(page, *TITLES)
        address = feed_address(page)
        chosen = sessions_of(address)

        page.goto(served_site + EVENT)
        star(page, "genai-startups").click()
        expect(star(page, "genai-startups")).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".star[aria-busy]")).to_have_count(0)
        left = sessions_of(feed_address(page))

        assert chosen == expected(*TITLES)
        assert left == expected("agentic-evals", "closing-remarks")
        assert feed_address(page) == address


@pytest.mark.slow
def test_star_works_in_place(served_site: str, open_page: OpenPage) -> None:
    with open_page(served_site + EVENT) as page:
        page.evaluate("window.isStill = true")
        choose(page, *TITLES)

        assert page.evaluate("window.isStill")


@pytest.mark.slow
def test_double_click_on_a_star_is_one_click(served_site: str, open_page: OpenPage) -> None:
    with open_page(served_site + EVENT) as page:
        page.evaluate("window.isStill = true")
        star(page, "metamate").dblclick()
        expect(star(page, "metamate")).to_have_attribute("aria-pressed", "true")
        page.wait_for_load_state("networkidle")

        assert page.evaluate("window.isStill")
        expect(star(page, "metamate")).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_two_quick_stars_make_one_calendar(served_site: str, open_page: OpenPage) -> None:
    one, two, _ = TITLES
    with open_page(served_site + EVENT) as page:
        page.evaluate(
            "names => names.forEach((it) => document.querySelector(`.star[value=${it}]`).click())",
            [one, two],
        )
        for session in (one, two):
            expect(star(page, session)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".star[aria-busy]")).to_have_count(0)

        assert sessions_of(feed_address(page)) == expected(one, two)


@pytest.mark.slow
def test_star_that_cannot_be_saved_leads_to_what_is_wrong(
    served_site: str, chromium: Browser
) -> None:
    # Which does not judge that something fails.
    with chromium.new_context(service_workers="block") as context:
        page = context.new_page()
        page.goto(served_site + EVENT)
        star(page, "metamate").evaluate("it => { it.value = 'nothing'; it.click(); }")

        expect(page.locator("h1")).to_have_text("There is nothing at this address.")


@pytest.mark.slow
def test_change_of_the_agenda_is_in_the_calendar_program(
    tmp_path: Path, open_page: OpenPage
) -> None:
    events = copied_events(tmp_path)
    path = events / "ai-data-2025.yaml"
    moved = ("Closing Remarks", instant("16:20"), instant("16:30"))

    with serving(events, free_port()) as site, open_page(site + EVENT) as page:
        choose(page, *TITLES)
        address = feed_address(page)
        assert sessions_of(address) == expected(*TITLES)
        changed = path.read_text("utf-8").replace("when: 16:25-16:30", "when: 16:20-16:30")
        path.write_text(changed, "utf-8")

        eventually(
            lambda: (
                sessions_of(address)
                == sorted([*expected("agentic-evals", "genai-startups"), moved])
            )
        )


@pytest.mark.slow
@pytest.mark.parametrize("scripts", ["run", "off"])
def test_part_of_an_agenda_is_in_the_calendar_program(
    served_site: str, open_page: OpenPage, scripts: str
) -> None:
    with open_page(served_site + EVENT, View(scripts=scripts)) as page:
        page.get_by_label("Search").fill("startups")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Subscribe").click()
        address = page.locator("input[readonly][value*='.ics']").first.input_value()

        assert sessions_of(address) == expected("genai-startups")


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("subscribe/", "{site}/events/ai-data-2025.ics"),
        ("embed/help", '<script src="{site}/embed.js" async></script>'),
    ],
)
def test_text_is_marked_where_there_is_no_clipboard(
    served_site: str, open_page: OpenPage, path: str, text: str
) -> None:
    """Browsers have none for a site without https, but for one of the same computer."""
    with open_page(served_site + EVENT + path) as page:
        page.add_init_script(NO_CLIPBOARD)
        page.reload()
        page.get_by_role("button", name="Copy").first.click()

        page.wait_for_function("() => getSelection().toString() !== ''")
        assert page.evaluate("getSelection().toString()") == text.format(site=served_site)
        assert page.get_by_role("button", name="Copied").count() == 0


@pytest.mark.slow
def test_friend_takes_what_is_ticked_without_scripts(served_site: str, open_page: OpenPage) -> None:
    view = View(scripts="off")
    with (
        open_page(served_site + EVENT, view) as page,
        open_page(f"{served_site}/my/", view) as theirs,
    ):
        choose(page, *TITLES)
        page.goto(f"{served_site}/my/")
        page.get_by_role("button", name="Share my sessions").click()
        theirs.goto(page.locator("input[readonly][value*='/my/shared/']").input_value())
        theirs.get_by_role("checkbox", name="GenAI Startups").uncheck()
        theirs.get_by_role("button", name="calendar").click()

        assert sessions_of(feed_address(theirs)) == expected("agentic-evals", "closing-remarks")
        assert sessions_of(feed_address(page)) == expected(*TITLES)


@pytest.mark.slow
@pytest.mark.parametrize("scripts", ["run", "off"])
def test_calendar_goes_on_on_another_device(
    served_site: str, open_page: OpenPage, scripts: str
) -> None:
    view = View(scripts=scripts)
    with (
        open_page(served_site + EVENT, view) as page,
        open_page(f"{served_site}/my/", view) as phone,
    ):
        choose(page, "agentic-evals")
        address = feed_address(page)
        page.get_by_text("Use this calendar on another device").click()
        with_key = page.locator("input[readonly][value*='/my/#']").input_value()
        phone.goto(with_key)
        if scripts == "off":
            phone.get_by_label("Key of the calendar").fill(
                page.locator("code:visible").inner_text()
            )
        phone.get_by_role("button", name="Open it here").click()
        assert feed_address(phone) == address
        assert "#" not in phone.url
        phone.goto(served_site + EVENT)
        choose(phone, "closing-remarks")

        assert sessions_of(address) == expected("agentic-evals", "closing-remarks")


@pytest.mark.slow
@pytest.mark.parametrize("scripts", ["run", "off"])
def test_removal_is_undone(served_site: str, open_page: OpenPage, scripts: str) -> None:
    with open_page(served_site + EVENT, View(scripts=scripts)) as page:
        choose(page, *TITLES)
        address = feed_address(page)
        own = page.get_by_role("button", name="My calendar: Live Panel: GenAI Startups")
        own.click()
        if scripts == "run":
            expect(own).to_have_attribute("aria-pressed", "false")
            expect(page.locator("header .mine")).to_have_text("My calendar (2)")
        else:
            expect(page.locator("p[role=status]")).to_contain_text("GenAI Startups")
        assert sessions_of(address) == expected("agentic-evals", "closing-remarks")
        if scripts == "run":
            page.reload()
            page.goto(f"{page.url}?removed=ai-data-2025/genai-startups")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Undo")).to_have_count(0)

        assert sessions_of(address) == expected(*TITLES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "scripts"),
    [("Enter", "run"), slow("Space", "run"), slow("Enter", "off"), slow("Space", "off")],
)
def test_keyboard_alone_chooses(
    served_site: str, open_page: OpenPage, key: str, scripts: str
) -> None:
    with open_page(served_site + EVENT, View(scripts=scripts)) as page:
        wanted = star(page, "metamate").element_handle()
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.locator(":focus").evaluate("(it, wanted) => it === wanted", wanted):
                break
        page.keyboard.press(key)
        expect(star(page, "metamate")).to_have_attribute("aria-pressed", "true")
        assert [title for title, _, _ in sessions_of(feed_address(page))] == [
            "Metamate from Chatbot to Coworker"
        ]


# --- reading ------------------------------------------------------------------------------


def clock(moment: datetime, *, beside: date) -> str:
    """Return a local time as Americans write it, with its day in short if that is another."""
    time = f"{moment.hour % 12 or 12}:{moment:%M %p}"
    return time if moment.date() == beside else f"{moment:%a, %b} {moment.day}, {time}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Los_Angeles", "PDT, Los Angeles"),
        ("Asia/Kolkata", "IST, Kolkata"),
        ("Australia/Sydney", "AEST, Sydney"),
    ],
)
def test_agenda_is_shown_in_the_zone_asked_for(
    served_site: str, open_page: OpenPage, zone: str, name: str
) -> None:
    local = {
        title: tuple(moment.astimezone(ZoneInfo(zone)) for moment in times)
        for title, times in TIMES.items()
    }
    with open_page(f"{served_site}{EVENT}days/?tz={zone}") as page:
        days = page.locator("section.day")
        shown = {
            article.locator("h3").inner_text(): [
                " ".join(time.inner_text().split()) for time in article.locator("time").all()
            ]
            for article in days.locator("article").all()
        }
        # What starts before 06:00 is of the evening before.
        days_of = {
            title: (start - timedelta(hours=6)).date() for title, (start, _) in local.items()
        }
        for day in sorted(set(days_of.values())):
            section = days.filter(has_text=f"{day:%A}, {day:%B} {day.day}, {day.year}")
            titles = section.locator("article h3").all_inner_texts()
            assert sorted(titles) == sorted(title for title, of in days_of.items() if of == day)
        expect(page.locator(".zones [aria-current]")).to_have_text(name)

        assert shown == {
            title: [
                clock(start, beside=days_of[title]),
                clock(end, beside=start.date()),
            ]
            for title, (start, end) in local.items()
        }


@pytest.mark.slow
def test_agenda_is_printed_whole_and_without_buttons(served_site: str, open_page: OpenPage) -> None:
    with open_page(served_site + EVENT) as page:
        on_screen = page.locator("button:visible, select:visible").count()
        page.emulate_media(media="print")

        titles = page.locator("article h3:visible").all_inner_texts()
        assert on_screen > len(AGENDA)
        assert page.locator("button:visible, input:visible, select:visible").count() == 0
        assert sorted(titles) == sorted(title for _, _, title in AGENDA)
