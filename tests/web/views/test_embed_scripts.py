"""However the script of embeds stands on a page, the elements are there, and come once."""

import pytest
from hosts import (
    AGENDA,
    EVENT,
    POLICY,
    SESSION,
    SUBSCRIBE,
    OpenHost,
    Sites,
    choose,
    is_pressed,
    star,
)
from playwright.sync_api import Page, Request, expect
from tiers import slow

ELEMENTS = AGENDA + SESSION + SUBSCRIBE
PLAIN = '<script src="{site}/embed.js"></script>'
MODULE = '<script type="module" src="{site}/embed.js"></script>'
WAYS = {
    "plain": (PLAIN, ELEMENTS),
    "module": (MODULE, ELEMENTS),
    "async": ('<script async src="{site}/embed.js"></script>', ELEMENTS),
    "defer": ('<script defer src="{site}/embed.js"></script>', ELEMENTS),
    "behind": ("", ELEMENTS + PLAIN),
    "between": ("", AGENDA + PLAIN + SESSION + SUBSCRIBE),
    "twice": (PLAIN + PLAIN, ELEMENTS + PLAIN),
    "both": (PLAIN + MODULE, ELEMENTS + MODULE),
    "two-versions": (PLAIN + PLAIN.replace(".js", ".js?v=2"), ELEMENTS),
}
QUICK = {"plain"}


@pytest.mark.parametrize("way", [way if way in QUICK else slow(way) for way in WAYS], ids=[*WAYS])
def test_elements_are_there_however_the_script_is_written(
    sites: Sites, open_host: OpenHost, way: str
) -> None:
    sites.script, content = WAYS[way]
    with open_host(content.format(site=sites.events)) as page:
        are_there(page)
        choose(page, "genai-startups")
        is_pressed(star(page, "genai-startups", "calsvc-session"))


def are_there(page: Page) -> None:
    """See each of the elements show something."""
    expect(star(page, "metamate")).to_be_visible()
    expect(star(page, "genai-startups", "calsvc-session")).to_be_visible()
    expect(page.locator("calsvc-subscribe a.button").first).to_be_visible()
    expect(page.locator("[aria-busy]")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["", "module"])
def test_script_and_elements_may_be_added_by_a_script(
    sites: Sites, open_host: OpenHost, kind: str
) -> None:
    asked: list[str] = []
    sites.script = ""
    sites.policy = POLICY.partition(" require-")[0]  # a page that demands them has its own way
    with open_host("<p>Nothing yet</p>") as page:
        page.on("request", lambda each: note(each, asked))
        page.evaluate(
            """([source, type, event]) => {
              const agenda = document.createElement("calsvc-agenda");
              agenda.setAttribute("event", event);
              document.querySelector("main").append(agenda);
              for (let number = 0; number < 2; number += 1) {
                const script = Object.assign(document.createElement("script"), {type});
                script.src = source;
                document.head.append(script);
              }
            }""",
            [f"{sites.events}/embed.js", kind, EVENT],
        )
        expect(star(page, "metamate")).to_be_visible()

    assert asked.count(f"{sites.events}/static/elements.js") == 1


def note(request: Request, asked: list[str]) -> None:
    """Note what is asked for."""
    asked.append(request.url)


@pytest.mark.slow
def test_elements_of_one_page_share_what_they_load(sites: Sites, open_host: OpenHost) -> None:
    asked: list[str] = []
    with open_host("<p>Nothing yet</p>") as page:
        page.on("request", lambda each: note(each, asked))
        page.evaluate(
            """names => {
              for (const [name, event] of names) {
                const element = document.createElement(name);
                element.setAttribute("event", event);
                document.querySelector("main").append(element);
              }
            }""",
            [["calsvc-agenda", EVENT], ["calsvc-agenda", "days"], ["calsvc-subscribe", EVENT]],
        )
        expect(page.locator("calsvc-agenda .star").first).to_be_visible()
        expect(page.locator("calsvc-agenda[event=days] .days")).to_be_visible()
        expect(page.locator("calsvc-subscribe a.button").first).to_be_visible()

    sheets = sorted(
        each.partition("?")[0] for each in asked if "/static/" in each and ".css" in each
    )
    assert sheets == [f"{sites.events}/static/{name}.css" for name in ("calsvc", "embed")]
