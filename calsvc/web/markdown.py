"""Descriptions, which are written in Markdown, as HTML and as plain text."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from calsvc.agenda.plaintext import keep_addresses

LENGTH = 160  # characters that search engines and messengers show
BREAKS = {"softbreak", "hardbreak"}

# HTML in a description is shown as text, links to scripts are not links, and a picture is
# replaced by its text: a page fetches nothing from other sites.
_markdown = MarkdownIt("js-default", {"breaks": True, "linkify": False})
keep_addresses(_markdown)
_markdown.add_render_rule(
    "image", lambda renderer, tokens, place, *_: escape(tokens[place].content)
)


@lru_cache(maxsize=1024)
def html(text: str, top: int = 2) -> Markup:
    """Return a description as HTML that is safe in a page.

    Its headings begin at the level ``top`` and skip no level, as those of a page should.
    """
    tokens = _markdown.parse(text)
    level = top - 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + top - 1, level + 1, 6)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"
    return Markup(_markdown.renderer.render(tokens, _markdown.options, {}))  # noqa: S704


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return the first words of a description on one line: 160 characters at most, no markup."""
    line = " ".join(" ".join(map(_words, _markdown.parse(text))).split())
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1].rpartition(' ')[0]}…"


def _words(block: Token) -> str:
    if block.children is None:
        return block.content
    return "".join(" " if child.type in BREAKS else child.content for child in block.children)
