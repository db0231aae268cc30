"""Texts of foreign agendas: HTML becomes Markdown or a plain line, anything else stays.

Tools mix HTML, Markdown and plain text in one field, and none says which it is.  A text is
taken for HTML if it has tags that format text; ``Vec<String>`` has none.
"""

import html
import re
from typing import Any

from markdownify import MarkdownConverter

from calsvc.agenda.fields import UNSAFE
from calsvc.importers.habits import literals

LONGEST = 60_000  # characters that are read of a text; an event file takes a third of them
_NAMES = (
    "a abbr b big blockquote br cite code dd del div dl dt em figure font h1 h2 h3 h4 h5 h6 hr"
    " i iframe img ins kbd li mark ol p pre q s script section small span strike strong style"
    " sub sup table tbody td th thead tr tt u ul"
).replace(" ", "|")
_TAG = re.compile(rf"</?(?:{_NAMES})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_SURE_TAG = re.compile(
    rf"</(?:{_NAMES})\s{{0,9}}>|<(?:br|hr|p|img)(?=[\s/>])[^<>]*>", re.IGNORECASE
)
"""What only HTML has: a closing tag, or one that needs none."""
_BLOCK = re.compile(r"<(?:p|div|ul|ol|dl|table|h[1-6]|blockquote|pre)(?=[\s/>])", re.IGNORECASE)
_UNKNOWN_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?=[\s/>])|!--)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DOCUMENT = re.compile(r"\s*(?:<!doctype[^<>]*>\s*)?<html(?=[\s>])[^<>]*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s{0,9}>", re.IGNORECASE)
_BODY = re.compile(r"<body(?=[\s>])[^<>]*>", re.IGNORECASE)
_FRAME_END = re.compile(r"</(?:body|html)\s{0,9}>", re.IGNORECASE)
_COMMENT = re.compile(r"<![^<>]*>")
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
"""In a document, what has a name is a tag: Outlook has ``<o:p>``."""
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_LAST_SPACES = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)


def has_tags(text: str) -> bool:
    """Tell whether a text is HTML, or Markdown that has HTML in it."""
    return _SURE_TAG.search(text) is not None


def plain(value: Any) -> str | None:
    """Return a text or number as one line without markup; None for what is empty or neither."""
    text = _text(value)
    if has_tags(text):
        text = _TAG.sub(" ", _without_gaps(text))
    return " ".join((html.unescape(text) if _ENTITY.search(text) else text).split()) or None


def markdown(value: Any) -> str | None:
    """Return a text as Markdown; None for what is empty or no text.

    Markdown and plain text come back as they are, with their line ends made one kind.
    """
    text = _unescaped(value)
    return _EMPTY_LINES.sub("\n\n", _tidy(_converted(text) if has_tags(text) else text)) or None


def words(value: Any) -> tuple[str, bool]:
    """Return a text in a format that has no Markdown, and whether it is Markdown now.

    It is, with its pictures as links, if it was HTML; plain text comes back as it is, for
    ``literals`` to make Markdown of.
    """
    text = _unescaped(value)
    if not has_tags(text):
        return _tidy(text), False
    text = _EMPTY_LINES.sub("\n\n", _tidy(_converted(_body(text), has_marks=False)))
    return literals.counted(text), True


def _unescaped(value: Any) -> str:
    """Return a text with one kind of line ends, and without entities if it is no HTML."""
    text = _text(value).replace("\r\n", "\n").replace("\r", "\n")
    if not has_tags(text) and _ENTITY.search(text):
        unescaped = html.unescape(text)
        # Escaped twice, as a page inside a feed is; `&lt;b&gt;` within a text is the words.
        if not has_tags(unescaped) or _BLOCK.match(unescaped.lstrip()):
            return unescaped
    return text


def _body(text: str) -> str:
    """Return what is in the body of an HTML document; any other text as it is."""
    if not _DOCUMENT.match(text):
        return text
    start = _BODY.search(text) or _HEAD_END.search(text) or _DOCUMENT.match(text)
    body = _COMMENT.sub("", _FRAME_END.sub("", text[start.end() if start else 0 :]))
    return _ANY_TAG.sub(lambda tag: tag[0] if _TAG.fullmatch(tag[0]) else "", body)


def paragraphs(*values: Any) -> str | None:
    """Return several texts as one in Markdown; what another one begins with is there once."""
    kept: list[str] = []
    for text in filter(None, map(markdown, values)):
        if any(other.startswith(text) for other in kept):
            continue
        kept = [*(other for other in kept if not text.startswith(other)), text]
    return "\n\n".join(kept) or None


def _text(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return value[:LONGEST] if isinstance(value, str) else ""


def _without_gaps(text: str) -> str:
    """Take out the tags that stand within words: ``H<sub>2</sub>O``."""
    inline = r"</?(?:a|abbr|b|big|cite|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|tt|u)"
    return re.sub(rf"{inline}(?=[\s/>])[^<>]*>", "", text, flags=re.IGNORECASE)


class _Converter(MarkdownConverter):
    """What makes Markdown of HTML in whose words no marks are meant."""

    def escape(self, text: str | None, parent_tags: set[str]) -> str:
        return literals.escaped(text or "")

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Return a link to a picture: pages and calendars show none, and few lack its words."""
        source = str(el.get("src") or "")
        shown = literals.escaped(" ".join(str(el.get("alt") or "").split()))
        if el.find_parent("a") or not re.fullmatch(r"https?://[^\s<>()]+", source):
            return shown
        is_dot = {str(el.get("width")), str(el.get("height"))} & {"0", "1"}  # which counts readers
        link = f"[{shown}]({source})" if shown else f"<{source}>"
        return "" if is_dot else link


def _converted(text: str, *, has_marks: bool = True) -> str:
    """Return HTML as Markdown; ``has_marks`` tells whether there may be Markdown in it."""
    is_page = _BLOCK.search(text) is not None
    text = UNSAFE.sub(_line_end_or_space, _UNKNOWN_TAG.sub("&lt;", text))
    if not is_page:  # Markdown, or lines, with a tag here and there: its line ends count
        text = re.sub(r"\s*\n\s*\n\s*", "</p><p>", text.strip()) if "\n" in text else text
        text = f"<p>{text}</p>".replace("\n", "<br>")
    converter = (MarkdownConverter if has_marks else _Converter)(
        # The parser of lxml takes any input, and goes to a depth of 256 elements at most.
        bs4_options="lxml",
        heading_style="ATX",
        bullets="-",
        strip=["iframe", "font", *(["img"] if has_marks else [])],
        escape_asterisks=is_page,
        escape_underscores=is_page,
    )
    try:
        return str(converter.convert(f"<html><body>{text}</body></html>"))
    except RecursionError:  # nested deeper than any abstract
        return html.unescape(_TAG.sub(" ", text))


def _line_end_or_space(found: re.Match[str]) -> str:
    return found[0] if found[0] in "\n\t" else " "


def _tidy(text: str) -> str:
    return _LAST_SPACES.sub("", text.replace("\xa0", " ")).strip()
