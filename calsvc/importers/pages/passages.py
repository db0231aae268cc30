"""A page as a stream: lines (paragraphs, items of lists, headings) and tables, with links.

Markdown, HTML and plain text all come to this, and are read alike from here on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

MOST_COVERED = 20_000
"""Places of a table that spans cover: more is no table that anybody reads."""
WIDEST = 200  # columns


class Run(NamedTuple):
    """A piece of text, which may be a link."""

    text: str
    url: str | None = None


class Words(NamedTuple):
    """The text of a line, with its links; one space is between words, and none around."""

    runs: tuple[Run, ...] = ()

    @property
    def text(self) -> str:
        """Return the text alone."""
        return "".join(run.text for run in self.runs)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return the addresses with their words."""
        return [(run.url, run.text.strip()) for run in self.runs if run.url]

    def cut(self, start: int, end: int | None = None) -> "Words":
        """Return a part of the text with its links, by characters, as slices count them."""
        end = len(self.text) if end is None else end
        runs, place = [], 0
        for run in self.runs:
            piece = run.text[max(0, start - place) : max(0, end - place)]
            place += len(run.text)
            if piece:
                runs.append(Run(piece, run.url))
        return words(runs)


def words(runs: Iterable[Run]) -> Words:
    """Return runs as the text of a line."""
    kept: list[Run] = []
    has_space = True
    for run in runs:
        text = " ".join(run.text.split())
        if run.text[:1].isspace() and not has_space:
            text = f" {text}"
        if run.text[-1:].isspace() and text.strip():
            text = f"{text} "
        text = text.lstrip() if has_space else text
        if text:
            kept.append(Run(text, run.url))
            has_space = text.endswith(" ")
    if kept and kept[-1].text.endswith(" "):
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip())
    return Words(tuple(each for each in kept if each.text))


def plain(text: str) -> Words:
    """Return a text without links as the text of a line."""
    return words([Run(text)])


@dataclass
class Line:
    """A paragraph, an item of a list, or a heading."""

    words: Words
    depth: int = 0
    """Of lists: 0 for paragraphs and headings, 2 for an item of a list in a list."""
    level: int = 0
    """Of a heading: 1 to 6; 0 for what is none."""
    sort: str | None = None
    """What the page marks it as: ``title``, ``people``, ``room``, ``duration``, ``time`` …"""
    has_gap: bool = False
    """An empty line is before it, in a text."""
    item: int = 0
    """The number of the item of a list in which it is; 0 in none."""
    is_day: bool = False
    """It is the day that stood before a time."""
    instant: datetime | None = None
    """The moment that a page marks it with, and ``until`` that of its end."""
    until: datetime | None = None

    @property
    def text(self) -> str:
        """Return the text alone."""
        return self.words.text


@dataclass
class Cell:
    """A cell of a table."""

    lines: list[Line] = field(default_factory=list)
    is_head: bool = False
    rows: int = 1
    columns: int = 1

    @cached_property
    def text(self) -> str:
        """Return the text of all lines, once they are all there."""
        return " ".join(line.text for line in self.lines if line.text)


@dataclass
class Grid:
    """A table: each place of a row has its cell, the same one where a cell spans several."""

    rows: list[list[Cell | None]]


@dataclass
class Page:
    """A whole page."""

    passages: list[Line | Grid]
    title: str | None = None
    address: str | None = None
    """Where it stands on the web, if known."""
    years: tuple[int, ...] = ()
    """That its own fields name, such as a date of publication."""


def grid(rows: Sequence[Sequence[Cell]]) -> Grid:
    """Return a table of the cells as they are written, with spans filled in."""
    filled: list[list[Cell | None]] = [[] for _ in rows]
    covered = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < len(filled[number]) and filled[number][column] is not None:
                column += 1
            height = min(cell.rows, len(rows) - number)
            width = min(cell.columns, WIDEST - column)
            covered += max(0, height * width - 1)
            if width <= 0 or covered > MOST_COVERED:
                break
            for below in filled[number : number + height]:
                below.extend([None] * (column + width - len(below)))
                below[column : column + width] = [cell] * width
            column += width
    return Grid(filled)
