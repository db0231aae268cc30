"""A text without marks, as it is copied from a page: its lines, and tables divided by tabs."""

import re

from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import clocks
from calsvc.importers.pages import pages
from calsvc.importers.pages.passages import Cell, Grid, Line, Page, grid, plain

BULLET = re.compile(r"(?P<space>\s*)(?:[•·*‣◦▪○●–-]|\d{1,2}[.)])\s+(?P<text>\S.*)")
SHOUT = re.compile(r"[^a-zß-ÿ\d]{6,80}")
"""Capitals alone are a heading: ``SPEAKERS AND MODERATORS``."""
MOST_LINES = 200_000


def recognises(source: Source) -> bool:
    """Tell whether a source is surely a text with the times of an agenda."""
    if source.suffix not in {".txt", ".text", ""} or source.members or not source.is_utf8:
        return False
    if source.octets[:100].lstrip()[:1] in {b"<", b"{", b"["} or b"\0" in source.octets[:1000]:
        return False
    lines = source.text.splitlines()[:5000]
    return sum(1 for line in lines if clocks.leading(line.lstrip("|•·*- \t"))) >= 3


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the agenda in a text.  Raises ``SourceError``."""
    return pages.read(Page(_passages(source.text)), wishes, source.name)


def _passages(text: str) -> list[Line | Grid]:
    found: list[Line | Grid] = []
    rows: list[list[Cell]] = []
    has_gap = False
    for written in text.split("\n")[:MOST_LINES]:
        parts = _parts(written)
        if len(parts) > 1 and (clocks.whole(parts[0]) or rows):
            rows.append([Cell([Line(plain(part))]) for part in parts])
            continue
        if rows and written.strip():
            found.append(grid(rows))
            rows = []
        line = _line(written, has_gap=has_gap)
        has_gap = not line.text
        if line.text:
            found.append(line)
    return [*found, grid(rows)] if rows else found


def _parts(written: str) -> list[str]:
    """Return the cells of a line that tabs or bars divide; one of any other line."""
    text = written.strip()
    if "\t" in text:
        return [part.strip() for part in text.split("\t")]
    if text.startswith("|"):
        return [part.strip() for part in text.strip("|").split("|")]
    return [text]


def _line(written: str, *, has_gap: bool) -> Line:
    bullet = BULLET.fullmatch(written.rstrip())
    if bullet and not clocks.leading(written):
        return Line(
            plain(bullet["text"]), 1 + len(bullet["space"].expandtabs()) // 2, has_gap=has_gap
        )
    text = plain(written.strip().strip("|"))
    level = 2 if SHOUT.fullmatch(text.text) and " " in text.text else 0
    return Line(text, level=level, has_gap=has_gap)
