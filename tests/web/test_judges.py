"""The judges of pages see what is wrong with a bad one."""

import re
from collections.abc import Iterator

import pytest
from browser import OpenPage, View
from flask import Flask
from judges import MISSED, faults_of, lost_on, tabbed
from overheard import Ears
from playwright.sync_api import Browser
from readers import ask
from servers import free_port, listening
from visits import OpenVisit, at, in_each_engine

BAD = """<!doctype html>
<head>
<title>Bad</title>
<link rel="stylesheet" href="https://example.org/style.css">
<script src="/nothing.js"></script>
<script src="/bad.js" defer></script>
<script>alert(1)</script>
<header><a href="#main">Skip</a></header>
<p style="color: #ccc">pale</p>
<p><div></p>
<main id="main"><img src="/picture.png"><button tabindex="-1">Not for the keyboard</button></main>
"""
SMALL = """<!doctype html>
<style>
* { margin: 0; }
p { width: 9em; overflow: hidden; font: 1rem/1.2 monospace; }
b { position: absolute; top: 3px; left: 10px; white-space: nowrap; }
</style>
<p>One word, and another</p><b>over it</b><p>Antidisestablishmentarianism</p><i>Beside&nbsp;it</i>
"""
SCRIPT = """
console.warn("a warning");
Promise.reject(new Error("a broken promise"));
setTimeout(() => document.querySelector("p").append(" and done"), 100);
throw new Error("a fault");
"""
POLICY = "default-src 'self' https:"

pytestmark = pytest.mark.slow


@pytest.fixture
def bad_page(ears: Ears) -> Iterator[str]:
    """The address of a page that does much that it should not."""
    app, port = Flask("bad", static_folder=None), free_port()
    app.add_url_rule("/", "page", lambda: (BAD, {"Content-Security-Policy": POLICY}))
    app.add_url_rule("/bad.js", "script", lambda: (SCRIPT, {"Content-Type": "text/javascript"}))
    url = f"http://127.0.0.1:{port}"
    ears.listen(app, url)
    with listening(app, port):
        yield f"{url}/"


@in_each_engine
def test_judges_see_what_a_page_does(bad_page: str, open_visit: OpenVisit) -> None:
    with pytest.raises(AssertionError) as caught, open_visit(bad_page) as visit:
        visit.see(at("p", "and done"))

    told = str(caught.value)
    for words in (
        r"(asks another site for|does not get) https://example\.org/style\.css",
        rf"asks for {bad_page}nothing\.js: 404",
        r"Content Security Policy|default-src|breaks its policy",
        r"writes .*a warning",
        r"fails: .*a fault",
        r"fails: .*a broken promise",
    ):
        assert re.search(words, told), words


def test_judges_see_what_a_page_is(bad_page: str, open_page: OpenPage, axe: str) -> None:
    with pytest.raises(AssertionError), open_page(bad_page, View(width=320)) as page:
        faults = faults_of(page, axe)
        focused = list(tabbed(page))
        missed = page.evaluate(MISSED)

    rules = {fault.partition(":")[0] for fault in faults}
    assert {"html-has-lang", "image-alt"} <= rules
    assert len(focused) == 1
    assert len(missed) == 1 and "Not for the keyboard" in missed[0]
    assert any("close-order" in fault for fault in ask("validate.mjs", {"html": BAD})["faults"])


def test_judge_sees_what_cannot_be_read(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 400, "height": 300})
    page.set_content(SMALL)
    small = lost_on(page)
    page.add_style_tag(content="html { font-size: 200% } p { width: auto }")
    page.add_style_tag(content="b { position: static } i { padding-left: 400px }")
    large = lost_on(page)
    page.close()

    assert [fault.partition(":")[0] for fault in small] == ["is cut", "is covered"]
    assert "Antidis" in small[0]
    assert "over it" in small[1] and "One word" in small[1]
    assert [fault.partition(":")[0] for fault in large] == [
        *("is wider than the window", "goes beyond it"),
        "is cut",
    ]
