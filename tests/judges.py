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
# What one line has room for, and fields that can be scrolled, are cut on purpose.
CUT = """() => [...document.querySelectorAll("body :not(input, .hidden, .skip, .abstract)")]
  .filter((it) => it.checkVisibility({visibilityProperty: true}) && !it.closest("svg, .hidden"))
  .filter((it) => {
    const {overflowX, overflowY, clipPath} = getComputedStyle(it);
    const isHidden = (overflow) => overflow === "hidden" || overflow === "clip";
    return clipPath === "none" && (
      (isHidden(overflowX) && it.scrollWidth > it.clientWidth + 1)
      || (isHidden(overflowY) && it.scrollHeight > it.clientHeight + 1));
  })
  .map((it) => `is cut: ${it.outerHTML.slice(0, 100)}`)"""
COVERED = """() => {
  const texts = [];
  // What stays in sight covers something wherever a page is scrolled to.
  const stays = (it) => it
    && (["sticky", "fixed"].includes(getComputedStyle(it).position) || stays(it.parentElement));
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    const it = all.currentNode.parentElement;
    const isSeen = it.checkVisibility({visibilityProperty: true})
      && getComputedStyle(it).clipPath === "none"
      && !it.closest(".hidden, .skip, .by-room, option, script, template") && !stays(it);
    if (!isSeen || !all.currentNode.textContent.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(all.currentNode);
    texts.push(...[...range.getClientRects()].map((box) => [it, box]));
  }
  texts.sort(([, one], [, other]) => one.top - other.top);
  return texts.flatMap(([it, box], place) => {
    const found = [];
    for (const [other, {left, right, top, bottom, height}] of texts.slice(place + 1)) {
      if (top > box.bottom) break;
      const across = Math.min(right, box.right) - Math.max(left, box.left);
      const down = Math.min(bottom, box.bottom) - top;
      if (it !== other && across > 2 && down > Math.min(box.height, height) / 2) {
        const [one, two] = [it, other].map((each) => each.outerHTML.slice(0, 80));
        found.push(`is covered: ${one} and ${two}`);
      }
    }
    return found;
  });
}"""
TOO_WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [
  "is wider than the window",
  ...[...document.querySelectorAll("body *")]
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
    .map((it) => `goes beyond it: ${it.outerHTML.slice(0, 100)}`),
]"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe, which finds barriers for people with disabilities."""
    return (install_clients() / "axe-core" / "axe.min.js").read_text("utf-8")


def faults_of(page: Page, axe: str) -> list[str]:
    """Return what is wrong with a page as it is seen."""
    page.evaluate(axe)
    return [*page.evaluate(VIOLATIONS, AXE), *page.evaluate(TOO_WIDE)]


def lost_on(page: Page) -> list[str]:
    """Return what of a page cannot be read: what is too wide, cut, or covered by other words."""
    return [fault for judge in (TOO_WIDE, CUT, COVERED) for fault in page.evaluate(judge)]


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

SETTLING = 500  # milliseconds


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
        if found and not all(found):  # a page on a busy machine may still be scrolling, or growing
            page.wait_for_timeout(SETTLING)
            found = page.evaluate(FOCUSED)
        if found is None or found == first:
            return
        first = first or found
        yield Focused(*found)
    pytest.fail("Tab finds no end")
