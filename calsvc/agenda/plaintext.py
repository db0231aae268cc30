"""Descriptions, which are written in Markdown, as plain text: calendar programs show no other.

A text without Markdown stays as it is to the letter, but for lines that were wrapped by hand.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from textwrap import indent

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

WIDTHS = range(60, 121)
"""Characters in the longest line of what was wrapped by hand."""
NARROW = 30
"""So few are enough where a line goes on in small letters: lists of short lines rarely do."""
LONG_WORD = 40
"""Characters of a word, such as an address, that may be longer than lines are."""
NESTING = 100
"""Levels of quotes and lists; the parser leaves out what is deeper."""
GROWTH = 8
"""A text that would grow by more, by a long address for each ``[a]``, stays as it is."""
WRAPPED = "is_wrapped"
"""What the meta of a token says of its lines."""
MARKS = frozenset(
    """
    heading_open bullet_list_open ordered_list_open blockquote_open fence hr table_open
    em_open strong_open s_open link_open image code_inline
    """.split()
)
"""The tokens that make a text Markdown: indented lines alone do not."""
PERHAPS = re.compile(r"[`*_~\[<]|^\s*(?:[#>=+|:-]|\d+[.)])", re.MULTILINE)
"""What a text has if it is Markdown; to parse others would take a hundred times as long."""


_ITEM = re.compile(r"\s*(?:[•‣◦·*+–—-]\s|\d+[.):])")
"""What items of lists begin with, in Markdown or not; times of a programme, too."""
_BARE = re.compile(r"(?:(?<=\bhttp)|(?<=\bhttps))://(?:[^\s<>\[\]`\"\\&]|&(?![#\w]+;))+")
"""An address in a text, behind its scheme, up to what Markdown reads in any case."""


class _Markdown(MarkdownIt):
    """A parser that leaves addresses as they are written; HTML would need them encoded."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


def keep_addresses(markdown: MarkdownIt) -> None:
    """Let a parser find no marks within addresses: ``…/model#object.__init__`` has none."""
    markdown.inline.ruler.before("newline", "bare_address", _bare_address)


def _bare_address(state: StateInline, silent: bool) -> bool:
    found = _BARE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    address = found[0].rstrip("*_~.,;:!?)")  # which stand behind it more often than in it
    if not silent:
        state.pending += address
    state.pos += len(address)
    return bool(address)


_markdown = _Markdown("js-default", {"linkify": False, "maxNesting": NESTING})
keep_addresses(_markdown)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return a description without marks.

    Links become ``words (address)``, items of lists begin with ``• `` or their number, and
    pictures are replaced by their words.
    """
    if PERHAPS.search(text) and (shown := _without_marks(text)) is not None:
        return shown
    return joined(text)


def joined(text: str) -> str:
    """Return a text without Markdown, with the lines joined that were wrapped by hand."""
    paragraphs = groupby(text.split("\n"), key=lambda line: not line.strip())
    return "\n".join(_unwrapped(list(lines)) for _, lines in paragraphs)


def _without_marks(text: str) -> str | None:
    """Return a text of Markdown without marks; None for any other."""
    tokens = _markdown.parse(text)
    _mark_wrapped(tokens, text.split("\n"))
    is_whole = all(token.level < NESTING - 1 for token in tokens)
    if not is_whole or MARKS.isdisjoint(_types(tokens)):
        return None
    shown = "\n\n".join(_blocks(iter(tokens))[0])
    return shown if len(shown) <= GROWTH * len(text) else None


def _types(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        yield token.type
        yield from (child.type for child in token.children or ())


# --- blocks -------------------------------------------------------------------------------


def _blocks(tokens: Iterator[Token]) -> tuple[list[str], bool]:
    """Return the texts of blocks up to the end of the quote or item that they stand in.

    The second value is whether blank lines stand between them.
    """
    blocks, is_loose = [], False
    for token in tokens:
        match token.type:
            case "paragraph_open":
                is_loose = is_loose or not token.hidden
            case "inline":
                blocks.append(_words(token))
            case "fence":
                blocks.append(token.content.rstrip("\n"))
            case "code_block":
                blocks.append(indent(token.content.rstrip("\n"), "    "))
            case "bullet_list_open" | "ordered_list_open":
                blocks.append(_list(tokens))
            case "blockquote_open":
                blocks.append("\n\n".join(_blocks(tokens)[0]))
            case "table_open":
                blocks.append(_table(tokens))
            case "blockquote_close" | "list_item_close":
                break
    return [block for block in blocks if block], is_loose


def _list(tokens: Iterator[Token]) -> str:
    items: list[tuple[str, list[str]]] = []
    are_loose = []
    for token in tokens:
        if token.type != "list_item_open":
            break
        blocks, is_loose = _blocks(tokens)
        items.append((f"{token.info}{token.markup} " if token.info else "• ", blocks))
        are_loose.append(is_loose)
    gap = "\n\n" if any(are_loose) else "\n"
    return gap.join(_item(marker, gap.join(blocks)) for marker, blocks in items)


def _item(marker: str, text: str) -> str:
    return (marker + indent(text, " " * len(marker)).lstrip(" ")).rstrip()


def _table(tokens: Iterator[Token]) -> str:
    """Return a table with a row on each line."""
    rows: list[list[str]] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                rows.append([])
            case "inline":
                rows[-1].append(_words(token))
            case "table_close":
                break
    return "\n".join(" · ".join(filter(None, row)) for row in rows)


# --- words --------------------------------------------------------------------------------


def _words(inline: Token) -> str:
    """Return the words of a paragraph, a heading or a cell."""
    return _spoken(inline.children or (), " " if inline.meta.get(WRAPPED) else "\n")


def _spoken(tokens: Iterable[Token], line_end: str) -> str:
    words: list[str] = []
    start, address = 0, ""
    for token in tokens:
        match token.type:
            case "softbreak":
                words.append(line_end)
            case "hardbreak":
                words.append("\n")
            case "image":
                words.append(_spoken(token.children or (), line_end))
            case "link_open":
                start, address = len(words), str(token.attrs["href"])
            case "link_close":
                words[start:] = [_link("".join(words[start:]), address)]
            case _:
                words.append(token.content)
    return "".join(words)


def _link(words: str, address: str) -> str:
    bare = address.removeprefix("mailto:")
    if words.strip() in {"", address, bare}:
        return bare
    return f"{words} ({bare})"


# --- lines --------------------------------------------------------------------------------


def _mark_wrapped(tokens: Iterable[Token], source: Sequence[str]) -> None:
    """Note of each paragraph whether it was wrapped: as its lines are in the source."""
    for token in tokens:
        if token.type == "inline" and token.map:
            lines, words = source[slice(*token.map)], token.content.split("\n")
            # Marks of lists and quotes stand in the source alone, and are a part of its width.
            token.meta[WRAPPED] = len(lines) == len(words) and _is_wrapped(lines, words)


def _is_wrapped(lines: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether a paragraph's lines end where there was no more room, not by intent.

    ``words`` are the lines without marks before them.
    """
    cut = [place for place in range(len(lines) - 1) if not _ends_by_intent(lines[place])]
    if not cut or sum(bool(_ITEM.match(line)) for line in words) > 1:
        return False
    # After an edit, lines may be of any length, and are long all the same.
    is_full = all(len(words[place]) in WIDTHS and " " in words[place] for place in cut)
    return (is_full and len(words[-1]) < WIDTHS.stop) or _fills_a_width(lines, words, cut)


def _fills_a_width(lines: Sequence[str], words: Sequence[str], cut: Sequence[int]) -> bool:
    """Return whether no line exceeds a width that each would with the next one's first word.

    ``cut`` are the places of the lines that do not end by intent.
    """
    widths = [len(line.rstrip()) for line in lines]
    is_long = [any(len(word) >= LONG_WORD for word in line.split()) for line in words]
    width = max((each for each, long in zip(widths, is_long, strict=True) if not long), default=0)
    first_words = [(line.split() or [""])[0] for line in words]
    is_narrow = any(first_words[place + 1][:1].islower() for place in cut)
    if not (NARROW if is_narrow else WIDTHS.start) <= width < WIDTHS.stop:
        return False
    return all(widths[place] + 1 + len(first_words[place + 1]) > width for place in cut)


def _ends_by_intent(line: str) -> bool:
    """Return whether Markdown keeps the end of a line (CommonMark 0.31, 6.7)."""
    return line.endswith(("  ", "\\"))


def _unwrapped(lines: Sequence[str]) -> str:
    """Return the lines of a paragraph, joined where they were wrapped."""
    if not _is_wrapped(lines, lines) or any(line[:1].isspace() for line in lines):
        return "\n".join(lines)
    ends = ("\n" if _ends_by_intent(line) else " " for line in lines[:-1])
    return "".join(chain.from_iterable(zip(lines, [*ends, ""], strict=True)))
