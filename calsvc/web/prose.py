"""Descriptions, which are written in Markdown, as HTML and as plain words."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

TOP = 3  # the first level of headings in a description: below those of the page
LENGTH = 160  # characters of what search engines and messengers show

# HTML in a description shows as it is written, links to scripts are no links, and of a
# picture there are its words: a page fetches nothing from elsewhere.
_markdown = MarkdownIt("js-default", {"breaks": True, "linkify": False})
_markdown.add_render_rule(
    "image", lambda renderer, tokens, place, *_: escape(tokens[place].content)
)


@lru_cache(maxsize=1024)
def html(text: str) -> Markup:
    """Return a description as HTML that is safe in a page."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + TOP - 1, 6)}"
    return Markup(_markdown.renderer.render(tokens, _markdown.options, {}))  # noqa: S704


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return the first words of a description, without its marks and on one line."""
    words = [
        child.content
        for token in _markdown.parse(text)
        for child in token.children or ()
        if child.type in {"text", "code_inline"}
    ]
    line = " ".join(" ".join(words).split())
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1].rpartition(' ')[0]}…"
