"""Judges of a page in a browser: barriers, width, and what the keyboard reaches."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Page
from readers import install_clients

TABS = 1000  # more have no end
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,  # what is in them is a sample itself
}
VIOLATIONS = """async (options) => {
  const {violations} = await axe.run(options);
  return violations.flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) =>
    `${id}: ${html} ${failureSummary.split("\\n").join(" ")}`));
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .map((it) => `goes beyond it: ${it.outerHTML.slice(0, 100)}`)"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe, which finds barriers for people with disabilities."""
    return (install_clients() / "axe-core" / "axe.min.js").read_text("utf-8")


def faults_of(page: Page, axe: str) -> list[str]:
    """Return what is wrong with a page as it is seen."""
    page.evaluate(axe)
    faults: list[str] = page.evaluate(VIOLATIONS, AXE)
    if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
        faults += ["is wider than the window", *page.evaluate(TOO_WIDE)]
    return faults


# --- the keyboard -------------------------------------------------------------------------

FOCUSED = """() => {
  let it = document.activeElement;
  if (it === document.body) return null;
  while (it.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
  (window.reached ??= new Set()).add(it);
  // Some of it must be in sight (WCAG 2.2, 2.4.11): a corner, or what is between.
  const {left, top, right, bottom} = it.getClientRects()[0] ?? it.getBoundingClientRect();
  const points = (from, to, end) => [Math.max(from, 0) + 1, (from + to) / 2, Math.min(to, end) - 1];
  const isAt = (x, y) => it.contains(it.getRootNode().elementFromPoint(x, y));
  const isSeen = points(left, right, innerWidth)
    .some((x) => points(top, bottom, innerHeight).some((y) => isAt(x, y)));
  const {outlineStyle, outlineWidth} = getComputedStyle(it);
  const isOutlined = outlineStyle === "auto"
    || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  return [
    it.outerHTML.slice(0, 200),
    isSeen,
    isOutlined || it.tagName === "IFRAME",
  ];
}"""
MISSED = """() => [
    ...document.querySelectorAll("a[href], button, input, select, summary, textarea"),
  ]
  .filter((it) => it.checkVisibility({visibilityProperty: true}) && !it.disabled)
  .filter((it) => it.type !== "radio" && !window.reached.has(it))
  .map((it) => it.outerHTML.slice(0, 200))"""


class Focused(NamedTuple):
    """What the keyboard is at."""

    html: str
    is_visible: bool
    is_outlined: bool


def tabbed(page: Page) -> Iterator[Focused]:
    """Yield what Tab leads to, from the top to the end of a page."""
    first = None
    for _ in range(TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or found == first:
            return
        first = first or found
        yield Focused(*found)
    pytest.fail("Tab finds no end")
