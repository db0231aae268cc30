"""Agenda pages in Markdown, as site generators and wikis have them, with their front matter."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import clocks
from calsvc.importers.pages import bylines, frontmatter, pages, webpages
from calsvc.importers.pages import days as written
from calsvc.importers.pages.passages import Cell, Grid, Line, Page, Run, grid, words

TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.*?-->|\{%.*?%\}|\{:.*?\}", re.DOTALL)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
CHECKBOX = re.compile(r"^(\s*(?:[-*+]|\d{1,3}[.)])\s+)\[[ xX]\]\s+")
SHORTEST_WRAPPED = 45
"""Characters of a line that is wrapped because it is full."""
RULE = re.compile(r"\s*+(?:\|\s*+)?:?-{3,}+[\s|:-]*+")
"""A line of dashes: below the head of a table, and between days in some."""
DEEPEST = 60
"""Lists and quotes in each other, which no agenda has more of."""


def recognises(source: Source) -> bool:
    """Tell whether a source is surely a page in Markdown with times."""
    if source.members or source.suffix not in {".md", ".markdown", ".mdown", ".mkd", ".qmd"}:
        return False
    return bool(source.octets.strip())


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the agenda in a page.  Raises ``SourceError``."""
    text, title, years = frontmatter.parted(source.text)
    mended = _mended(text)
    markup = MarkdownIt("commonmark", {"maxNesting": DEEPEST, "breaks": True}).enable("table")
    try:
        if re.search(r"<(?:table|li|h[1-6])\b", text):
            passages = webpages.passages(markup.render(mended).encode())
        else:
            passages = [*_passages(markup.parse(mended))]
    except RecursionError:
        raise SourceError(source.name, "is nested too deep", "give the agenda alone") from None
    return pages.read(Page(passages, title, None, years), wishes, source.name)


def _mended(text: str) -> str:
    """Return a text whose tables are as CommonMark's extension has them.

    Other dialects let the head have fewer cells than the line below it, and let lines of
    dashes stand between rows.
    """
    lines: list[str] = []
    is_in_table = False
    for line in text.split("\n"):
        is_rule = bool(RULE.fullmatch(line)) and "-" in line
        if is_rule and is_in_table:
            continue
        if is_rule and line.lstrip().startswith("|") and not (lines and _is_row(lines[-1])):
            lines += ["", "|" + "   |" * _width(line)]
        if is_rule and lines and "|" in line and _is_row(lines[-1]):
            missing = _width(line) - _width(lines[-1])
            lines[-1] = lines[-1].rstrip() + (" |" if lines[-1].rstrip()[-1] != "|" else "")
            lines[-1] += " |" * missing
            line = line.rstrip().rstrip("|") + "|" + "---|" * -missing
            is_in_table = True
        elif not _is_row(line):
            is_in_table = False
        line = CHECKBOX.sub(r"\1", line)
        lines.append(re.sub(r"\\\\[ \t]*$", "  ", line))
    return "\n".join(lines)


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _width(line: str) -> int:
    """Return how many cells a line of a table has."""
    return len(re.sub(r"\\\\.", "", line).strip().strip("|").split("|"))


def _passages(tokens: Sequence[Token]) -> Iterator[Line | Grid]:
    """Yield the lines and tables of a page."""
    depth = level = item = 0
    rows: list[list[Cell]] = []
    in_table = False
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "heading_close":
                level = 0
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                item += 1
            case "table_open":
                rows, in_table = [], True
            case "table_close":
                yield grid(rows)
                in_table = False
            case "tr_open":
                rows.append([])
            case "th_open" | "td_open":
                rows[-1].append(Cell(is_head=token.type == "th_open"))
            case "inline" if in_table:
                rows[-1][-1].lines = [*_lines(token, 0, 0)]
            case "inline":
                for line in _lines(token, depth, level):
                    line.item = item if depth else 0
                    yield line


def _lines(token: Token, depth: int, level: int) -> Iterator[Line]:
    """Yield the lines of a paragraph, an item, a heading or a cell."""
    runs: list[Run] = []
    url: str | None = None
    is_link = False
    is_bold = breaks = 0
    bold = ""
    begins = _beginnings(token.content.split("\n"), depth) if "\n" in token.content else []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"} or (
            child.type == "html_inline" and BREAK.fullmatch(child.content)
        ):
            is_inside = child.type == "softbreak" and (is_link or is_bold)
            is_new = child.type != "softbreak" or breaks >= len(begins) or begins[breaks]
            if is_new and not is_inside:
                yield _line(runs, depth, level, bold)
                runs, bold = [], ""
            else:
                runs.append(Run(" ", url))
            breaks += 1
        elif child.type == "link_open":
            url, is_link = str(child.attrs.get("href") or "") or None, True
        elif child.type == "link_close":
            url, is_link = None, False
        elif child.type in {"strong_open", "strong_close"}:
            is_bold += 1 if child.type == "strong_open" else -1
        elif child.type in {"text", "code_inline"}:
            text = TAG.sub("", child.content)
            runs.append(Run(text, url))
            bold += text if is_bold else ""
    yield _line(runs, depth, level, bold)


def _beginnings(lines: Sequence[str], depth: int) -> list[bool]:
    """Tell behind which lines of a paragraph another line of an agenda begins, and no wrapped text.

    Below a line of a list that is full, it is one only where it has a time, a day or people
    itself.
    """
    timed = [*map(_has_time, lines)]
    if not any(timed):
        return [False for _ in lines]
    return [
        not (depth and len(line) >= SHORTEST_WRAPPED)
        or is_timed
        or bylines.read(after.strip()) is not None
        for line, after, is_timed in zip(lines, [*lines[1:], ""], [*timed[1:], False], strict=True)
    ]


def _has_time(line: str) -> bool:
    return bool(clocks.leading(line) or written.heading(line, is_line=True))


def _line(runs: list[Run], depth: int, level: int, bold: str) -> Line:
    line = words(runs)
    is_whole = bool(bold.strip()) and bold.strip() == line.text
    if is_whole and not depth and not level and not clocks.leading(line.text):
        level = 6
    return Line(line, depth, level)
