"""Events on a page of another site, in a real browser: choosing, looks, words and parts.

The page has a strict Content-Security-Policy of its own, and another origin and site.
"""

import re

import pytest
from browser import View
from hosts import (
    AGENDA,
    EVENT,
    SESSION,
    SESSIONS,
    SUBSCRIBE,
    OpenHost,
    Sites,
    choose,
    feed_of,
    fill,
    is_pressed,
    key_of,
    star,
)
from judges import faults_of
from playwright.sync_api import expect


@pytest.mark.slow
@pytest.mark.parametrize("view", [View(), View("dark", width=320)], ids=["wide", "phone"])
def test_choice_is_in_the_calendar_program(sites: Sites, open_host: OpenHost, view: View) -> None:
    one, two, three = SESSIONS
    with open_host(AGENDA, view) as page:
        choose(page, one, two, three)
        feed = feed_of(page)
        fill(feed, one, two, three)
        star(page, two).click()
        is_pressed(star(page, two), False)
        fill(feed, one, three)
        page.reload()
        is_pressed(star(page, one))
        is_pressed(star(page, two), False)
        same = feed_of(page)
        key = key_of(page, sites)
        mine = page.locator("calsvc-agenda [data-link=my]").get_attribute("href")
        cookies = page.context.cookies()

    assert same == feed
    assert mine == f"{sites.events}/my/#{key}"
    assert cookies == []


@pytest.mark.slow
def test_star_goes_into_a_calendar_that_another_page_has_made_meanwhile(
    sites: Sites, open_host: OpenHost
) -> None:
    one, two, _ = SESSIONS
    with open_host(AGENDA) as page:
        choose(page, two)
        star(page, two).click()
        is_pressed(star(page, two), False)
        sessions = [{"event": EVENT, "session": one}]
        answer = page.request.post(f"{sites.events}/api/calendars", data={"sessions": sessions})
        key = answer.json()["edit_key"]
        # The way back to a page brings it as it was left: nobody tells it what is kept.
        page.evaluate(
            "([name, key]) => { localStorage[name] = key; }", [f"calsvc:{sites.events}", key]
        )
        choose(page, two)
        fill(feed_of(page), one, two)
        assert key_of(page, sites) == key


@pytest.mark.slow
def test_two_quick_stars_make_one_calendar(sites: Sites, open_host: OpenHost) -> None:
    one, two, _ = SESSIONS
    made = []
    with open_host(AGENDA) as page:
        expect(star(page, one)).to_be_visible()
        page.on("request", lambda each: made.append(each.url) if each.method == "POST" else None)
        page.evaluate(
            """names => {
              const root = document.querySelector("calsvc-agenda").shadowRoot;
              for (const name of names) root.querySelector(`.star[value=${name}]`).click();
            }""",
            [one, two],
        )
        fill(feed_of(page), one, two)

    assert made == [f"{sites.events}/api/calendars"]


@pytest.mark.slow
def test_elements_of_a_page_agree(open_host: OpenHost) -> None:
    with open_host(AGENDA + SESSION) as page:
        choose(page, "genai-startups")
        is_pressed(star(page, "genai-startups", "calsvc-session"))
        star(page, "genai-startups", "calsvc-session").click()
        is_pressed(star(page, "genai-startups"), False)


@pytest.mark.slow
def test_keyboard_chooses(open_host: OpenHost) -> None:
    with open_host(AGENDA) as page:
        star(page, "metamate").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        is_pressed(star(page, "metamate"))
        page.keyboard.press("Enter")
        is_pressed(star(page, "metamate"), False)


# --- frames -------------------------------------------------------------------------------


@pytest.mark.slow
def test_frame_needs_no_script(sites: Sites, open_host: OpenHost) -> None:
    one, two, _ = SESSIONS
    frame = f'<iframe src="{sites.events}/events/{EVENT}/embed/" title="Agenda"></iframe>'
    with open_host(frame, View(scripts="off")) as page:
        inside = page.frame_locator("iframe")
        for session in (one, two):
            with page.expect_popup() as opened:
                inside.locator(f"button[name=session][value={session}]").click()
            agenda = opened.value
            expect(agenda).to_have_url(re.compile(f"/events/{EVENT}/#s-{session}$"))
        for session in (one, two):
            is_pressed(agenda.locator(f"button[name=session][value={session}]"))
        with page.expect_popup() as opened:
            inside.get_by_role("link", name=SESSIONS[one]).click()
        expect(opened.value).to_have_url(f"{sites.events}/events/{EVENT}/sessions/{one}/")


# --- looks --------------------------------------------------------------------------------

COLORS = """() => {
  const root = document.querySelector("calsvc-agenda").shadowRoot;
  const of = (it) => getComputedStyle(root.querySelector(it));
  return {
    link: of("a.button").color,
    star: of(".star").color,
    text: of("h2").color,
    page: of(".embedded").backgroundColor,
    font: of("h2").fontFamily,
  };
}"""
DARK = {"text": "rgb(237, 237, 241)", "page": "rgb(21, 21, 24)"}  # as the stylesheet has them
LIGHT = {"text": "rgb(29, 29, 33)", "page": "rgb(255, 255, 255)"}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_page_sets_wins(sites: Sites, open_host: OpenHost, scheme: str) -> None:
    sites.style = """
      :root { color-scheme: light dark; }
      calsvc-agenda { --calsvc-accent: rgb(1 2 3); --calsvc-page: rgb(4 5 6); }
      calsvc-agenda { --calsvc-font: monospace; }
      a, button, h2 { color: red !important; }
      """
    with open_host(AGENDA, View(scheme)) as page:  # type: ignore[arg-type]
        expect(star(page, "metamate")).to_be_visible()
        found = page.evaluate(COLORS)

    assert found == {
        "link": "rgb(1, 2, 3)",
        "star": "rgb(1, 2, 3)",
        "text": (DARK if scheme == "dark" else LIGHT)["text"],
        "page": "rgb(4, 5, 6)",
        "font": "monospace",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("declared", "reader", "wanted"),
    [
        ("", "dark", LIGHT),
        ("light dark", "dark", DARK),
        ("light dark", "light", LIGHT),
        ("dark", "light", DARK),
    ],
)
def test_it_is_dark_where_the_page_is(
    sites: Sites, open_host: OpenHost, declared: str, reader: str, wanted: dict[str, str]
) -> None:
    sites.style = f":root {{ color-scheme: {declared}; }}" if declared else ""
    with open_host(AGENDA, View(reader)) as page:  # type: ignore[arg-type]
        expect(star(page, "metamate")).to_be_visible()
        found = page.evaluate(COLORS)

    assert {name: found[name] for name in wanted} == wanted


IS_TIME_BESIDE = """() => {
  const row = document.querySelector("calsvc-agenda").shadowRoot.querySelector("tr");
  const left = (it) => row.querySelector(it).getBoundingClientRect().left;
  return left("article") > left("th");
}"""


@pytest.mark.slow
def test_it_is_narrow_where_its_place_is(sites: Sites, open_host: OpenHost) -> None:
    sites.style = "main { max-width: 400px; }"
    with open_host(AGENDA) as page:
        expect(star(page, "metamate")).to_be_visible()
        narrow = page.evaluate(IS_TIME_BESIDE)
        page.locator("main").evaluate("it => it.style.maxWidth = 'none'")
        wide = page.evaluate(IS_TIME_BESIDE)

    assert (narrow, wide) == (False, True)


@pytest.mark.slow
@pytest.mark.parametrize("view", [View("dark"), View(width=320)], ids=["dark", "phone"])
def test_elements_have_no_barriers(
    sites: Sites,
    open_host: OpenHost,
    axe: str,
    view: View,
) -> None:
    sites.style = ":root { color-scheme: light dark; }"
    with open_host(AGENDA + SESSION + SUBSCRIBE, view) as page:
        expect(page.locator("calsvc-subscribe a").first).to_be_visible()
        choose(page, "genai-startups")
        feed_of(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # there the bar covers nothing
        faults = faults_of(page, axe)

    assert faults == []


# --- words and parts ----------------------------------------------------------------------


@pytest.mark.slow
def test_it_speaks_the_language_around_it(open_host: OpenHost) -> None:
    with open_host(AGENDA + f'<div lang="en">{SESSION}</div>', language="de") as page:
        expect(page.locator("calsvc-agenda h2").first).to_contain_text("Mittwoch, 25. Juni 2025")
        expect(page.locator("calsvc-session")).to_contain_text("Wednesday, June 25, 2025")


@pytest.mark.slow
def test_attributes_can_change_and_elements_come_later(open_host: OpenHost) -> None:
    with open_host(AGENDA) as page:
        expect(star(page, "metamate")).to_be_visible()
        page.evaluate(
            """() => {
              const agenda = document.querySelector("calsvc-agenda");
              agenda.setAttribute("kind", "panel");
              agenda.setAttribute("tz", "Asia/Kolkata");
            }"""
        )
        expect(star(page, "metamate")).to_have_count(0)
        expect(page.locator("calsvc-agenda h2")).to_contain_text(
            "Wednesday, June 25, 2025"
        )  # until six
        page.evaluate(
            """attributes => {
              const element = document.createElement("calsvc-session");
              for (const [name, value] of attributes) element.setAttribute(name, value);
              document.querySelector("main").append(element);
            }""",
            [["event", EVENT], ["session", "metamate"]],
        )
        expect(star(page, "metamate", "calsvc-session")).to_be_visible()


@pytest.mark.slow
def test_buttons_are_for_the_part(sites: Sites, open_host: OpenHost) -> None:
    with open_host(SUBSCRIBE) as page:
        field = page.locator("calsvc-subscribe input")
        expect(field).to_have_value(f"{sites.events}/events/{EVENT}.ics?kind=panel")
        apple, google = page.locator("calsvc-subscribe a.button").all()[:2]
        links = [apple.get_attribute("href"), apple.get_attribute("target")]
        assert links == [f"webcal{field.input_value().removeprefix('http')}", "_self"]
        assert google.get_attribute("target") == "_blank"
        more = page.locator("calsvc-subscribe a").last
        assert more.get_attribute("href") == (
            f"{sites.events}/events/{EVENT}/subscribe/?kind=panel&lang=en"
        )
