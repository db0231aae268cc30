"""What browsers keep of a site, and what a site remembers of its pages."""

import re

from flask.testing import FlaskClient
from realsite import EVENT_PAGE

from calsvc.live.memory import OVERHEAD
from calsvc.web.caching import MEMORY, Pages


def test_static_file_is_kept_for_good_under_the_address_of_its_content(
    client: FlaskClient,
) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)

    own, old = client.get(address), client.get("/static/calsvc.css?v=000000000000")

    assert own.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert old.headers["Cache-Control"] == "no-cache"
    assert own.data == old.data
    assert own.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/nothing.css").status_code == 404


# --- what is remembered -------------------------------------------------------------------


def test_pages_are_remembered_by_what_they_show() -> None:
    made = []
    memory = Pages()

    def render() -> str:
        made.append("once more")
        return "a page " * 1000

    pages = [memory.page(key, render) for key in ("one", "two", "one")]

    assert len(made) == 2
    assert pages[0] is pages[2]


def test_page_that_nobody_asked_for_longest_is_forgotten_first() -> None:
    memory = Pages()
    large = "x" * (MEMORY // 3 - OVERHEAD)

    def made(key: str) -> bool:
        rendered = []
        memory.page(key, lambda: rendered.append(key) or large)  # type: ignore[func-returns-value]
        return bool(rendered)

    assert [made(key) for key in ("one", "two", "three", "one")] == [True, True, True, False]
    assert made("four")
    assert [made("one"), made("two")] == [False, True]


def test_address_with_a_tracker_shows_the_page_that_is_remembered(client: FlaskClient) -> None:
    plain = client.get(EVENT_PAGE)

    tracked = client.get(f"{EVENT_PAGE}?utm_source=mail&fbclid=xyz")

    assert tracked.headers["ETag"] == plain.headers["ETag"]
