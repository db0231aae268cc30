"""Agenda pages in HTML: their text as lines and tables, with what tags and classes mark.

Where a page has all its sessions as schema.org events too, those are taken.  Scripts are
never run: what a page shows only by them is not there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree, html

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import clocks
from calsvc.importers.pages import days as written
from calsvc.importers.pages import frontmatter, marks, microdata, pages
from calsvc.importers.pages.passages import Cell, Grid, Line, Page, Run, grid, words

SKIPPED = frozenset(
    "script style nav footer template noscript svg title select button textarea iframe"
    " object".split()
)
"""Not ``head``: where a page leaves out its tags, all of the page can stand in it."""
BLOCKS = frozenset(
    "p div section article li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr th td"
    " blockquote pre figure figcaption main header summary details address hr form fieldset body"
    " html center caption aside label".split()
)
LISTS = frozenset({"ul", "ol"})
DASH = re.compile(r"\s*(?:[-–—~]|to|until|bis)\s*", re.IGNORECASE)


def recognises(source: Source) -> bool:
    """Tell whether a source is surely a web page."""
    if source.members:
        return False
    head = source.octets[:3000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if source.suffix in {".html", ".htm"} and head.startswith((b"---", b"+++")):
        return True
    if source.media_type in {"text/html", "application/xhtml+xml"}:
        return head.startswith(b"<")
    return head.startswith((b"<!doctype html", b"<html")) or (
        head.startswith(b"<") and (b"<html" in head or source.suffix in {".html", ".htm", ".xhtml"})
    )


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the agenda in a page.  Raises ``SourceError``."""
    fields = frontmatter.Parted("")
    if source.octets[:10].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"---", b"+++")):
        fields = frontmatter.parted(source.text)
        source = replace(source, octets=fields.text.encode(), charset="utf-8")
    root = _root(source)
    address = _address(root, source)
    marked = microdata.read(root, address)
    page = Page(
        [*_passages(root)], _title(root) or fields.title, address, _years(root) + fields.years
    )
    try:
        draft = _drawn(page, wishes, source, marked)
    except SourceError:
        if not marked or not marked.sessions:
            raise
        return marked
    if not marked:
        return draft
    if len(marked.sessions) > 1 and len(marked.sessions) * 10 >= len(draft.sessions) * 9:
        return marked
    for field in ("name", "venue", "address", "timezone"):
        setattr(draft, field, getattr(marked, field) or getattr(draft, field))
    return draft


def _drawn(page: Page, wishes: Wishes, source: Source, marked: Draft | None) -> Draft:
    """Return the agenda in a page; if that has no days, those of the event that it marks."""
    try:
        return pages.read(page, wishes, source.name)
    except SourceError:
        if wishes.date or not marked or not marked.first_day:
            raise
    draft = pages.read(page, replace(wishes, date=marked.first_day), source.name)
    draft.guessed.append(
        f"the first day is taken to be {marked.first_day}, which the page marks as the event's"
    )
    return draft


def passages(octets: bytes) -> list[Line | Grid]:
    """Return the lines and tables of a part of a page, in UTF-8."""
    return [*_passages(_root(Source("", octets)))]


def _root(source: Source) -> etree._Element:
    encoding = "utf-8" if source.is_utf8 else (source.charset or None)
    try:
        parser = html.HTMLParser(encoding=encoding, no_network=True, huge_tree=False)
    except LookupError:
        parser = html.HTMLParser(no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(source.octets, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise SourceError(source.name, "is no page in HTML", "fetch or save it again") from error
    return root


def _address(root: etree._Element, source: Source) -> str | None:
    if source.name.startswith(("http://", "https://")):
        return source.name
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        found = root.xpath(path)
        if isinstance(found, list) and found and str(found[0]).startswith("http"):
            return str(found[0]).strip()
    return None


def _title(root: etree._Element) -> str | None:
    found = root.find(".//title")
    return " ".join((found.text or "").split()) or None if found is not None else None


def _years(root: etree._Element) -> tuple[int, ...]:
    found = root.xpath("//meta[contains(@property, 'published') or @name='date']/@content")
    texts = found if isinstance(found, list) else []
    return tuple(int(match[0]) for text in texts if (match := re.match(r"20\d\d", str(text))))


class _Walk:
    """The walk through a page, which makes passages of it."""

    def __init__(self, root: etree._Element) -> None:
        self.passages: list[Line | Grid] = []
        self._runs: list[Run] = []
        self._sorts: list[str | None] = [None]
        self._urls: list[str | None] = [None]
        self._level = 0
        self._level_around = 0
        self._depth = 0
        self._inside = [0]
        self._items = 0
        self._instant: datetime | None = None
        self._rows: list[list[Cell]] | None = None
        self._days = _tabs(root)
        self._layout = {
            id(table) for table in root.iter("table") if table.find(".//table") is not None
        }

    def start(self, element: etree._Element, tag: str) -> None:
        """Go into an element."""
        if day := self._days.get(element.get("id") or ""):
            self.flush()
            self.passages.append(Line(words([Run(day)]), level=3))
        sort = marks.sort(element, tag)
        is_beside = tag == "small" and bool(self._level)  # a title's speaker, or its subtitle
        if tag in BLOCKS or tag == "br" or sort or is_beside:
            self.flush()
        if is_beside:
            self._level_around, self._level = self._level, 0
        self._sorts.append(sort or self._sorts[-1])
        self._urls.append(element.get("href") if tag == "a" else self._urls[-1])
        is_item = tag in {"li", "article"} or marks.is_session(element)
        self._items += is_item
        self._inside.append(self._items if is_item else self._inside[-1])
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
        elif tag in LISTS:
            self._depth += 1
        elif tag == "table" and id(element) not in self._layout:
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows:
            rows, columns = marks.span(element, "rowspan"), marks.span(element, "colspan")
            self._rows[-1].append(Cell(is_head=tag == "th", rows=rows, columns=columns))
        if sort in {"time", "end"}:
            self._instant = marks.instant(element)
        shown = marks.shown(element, tag)
        if shown:
            self._runs.append(Run(shown, None))
        self.text(None if shown else element.text)

    def end(self, element: etree._Element, tag: str) -> None:
        """Leave an element."""
        own = self._sorts.pop()
        is_beside = tag == "small" and bool(self._level_around)
        if tag in BLOCKS or (own and own != self._sorts[-1]) or is_beside:
            self.flush(own)
        if is_beside:
            self._level_around, self._level = 0, self._level_around
        self._urls.pop()
        self._inside.pop()
        if re.fullmatch("h[1-6]", tag):
            self._level = self._level_around = 0
        elif tag in LISTS:
            self._depth -= 1
        elif tag == "table" and self._rows is not None and id(element) not in self._layout:
            self.passages.append(grid(self._rows))
            self._rows = None
        self.text(element.tail)

    def text(self, text: str | None) -> None:
        """Read a text between tags."""
        if text:
            self._runs.append(Run(text, self._urls[-1]))

    def flush(self, sort: str | None = None) -> None:
        """End a line."""
        line = Line(
            words(self._runs),
            self._depth,
            self._level,
            sort or self._sorts[-1],
            item=self._inside[-1],
            instant=self._instant,
        )
        self._runs = []
        if not line.text and not line.instant:
            return
        self._instant = None
        if self._rows is None:
            self.passages.append(line)
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1].lines.append(line)


def _tabs(root: etree._Element) -> dict[str, str]:
    """Return the days by the ids of what tabs show of them: ``<a href="#d2">15 June</a>``."""
    found = {}
    for element in root.iter("a", "button"):
        text = " ".join("".join(element.itertext()).split())
        names = ("href", "data-target", "data-bs-target", "aria-controls")
        targets = [element.get(name) or "" for name in names]
        ids = [each.lstrip("#") for each in targets if each.startswith("#") or each == targets[3]]
        if any(ids) and len(text) <= written.LONGEST_HEADING and written.heading(text):
            found.update({each: text for each in ids if each})
    return found if len(found) > 1 else {}


def _passages(root: etree._Element) -> Iterator[Line | Grid]:
    """Yield the lines and tables of a page."""
    walk = _Walk(root)
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                walk.text(element.tail)
        elif event in {"comment", "pi"}:
            walk.text(element.tail)
        elif event == "start" and tag in SKIPPED:
            skipped = element
        elif event == "start":
            walk.start(element, tag)
        else:
            walk.end(element, tag)
    walk.flush()
    for passage in _joined(walk.passages):
        if isinstance(passage, Grid):
            for cell in {id(cell): cell for row in passage.rows for cell in row if cell}.values():
                cell.lines = [line for line in _joined(cell.lines) if isinstance(line, Line)]
        yield passage


def _joined(passages: Iterable[Line | Grid]) -> list[Line | Grid]:
    """Return passages with a start and an end that stand apart in one line."""
    found: list[Line | Grid] = []
    for each in passages:
        before = found[-1] if found else None
        if isinstance(each, Line) and isinstance(before, Line) and _is_end_of(before, each):
            dash = "" if re.search(r"[-–—]\s*$", before.text) else " – "
            rest = re.sub(r"^\s*[-–—]\s*", "", each.text)
            before.words = words([*before.words.runs, Run(f"{dash or ' '}{rest}")])
            before.until = each.instant
        else:
            found.append(each)
    return found


def _is_end_of(before: Line, line: Line) -> bool:
    """Tell whether a line is an end, or a dash, whose start is the line before."""
    if before.sort != "time" or before.until or not before.text:
        return False
    if DASH.fullmatch(line.text):
        return not re.search(r"[-–—]\s*$", before.text)
    has_dash = bool(re.search(r"[-–—]\s*$", before.text) or re.match(r"\s*[-–—]", line.text))
    is_start = bool(before.instant or clocks.whole(before.text.rstrip(" -–—")))
    is_end = bool(line.instant or clocks.whole(line.text.lstrip(" -–—")))
    return is_start and is_end and (has_dash or line.sort == "end")
