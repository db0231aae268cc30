"""Plain text, written as Markdown that says the same: what is no mark does not become one."""

import re

from calsvc.agenda.plaintext import joined, plain

NOTHING = "![]()"
"""A picture of nothing, which shows nowhere: with it a text is Markdown, and its escapes count."""
_ADDRESS = re.compile(r"\bhttps?://(?:[^\s<>\[\]`\"\\&]|&(?![#\w]+;))+(?<![*_~.,;:!?)])")
"""An address, in which there are no marks (``agenda.plaintext``)."""
_MARK = re.compile(
    r"[`*~\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|\\(?=[!-/:-@\[-`{-~]|$)", re.MULTILINE
)
"""What would be a mark anywhere; a backslash is one before a sign and a line's end."""
_AT_FIRST = re.compile(r"^(?:(?=[#>=|:-])|(?=\+\s|\+$)|(\d{1,9})(?=[.)](?:\s|$)))", re.MULTILINE)
"""Where there would be one at the beginning of a line."""
_INDENT = re.compile(r"^[ \t]+(?=\S)", re.MULTILINE)
_ITEM = re.compile(r"^(\s*)[*•-](?=\s|$)")


def literal(text: str) -> str:
    """Return Markdown whose plain text is ``text``, but for lines that were wrapped by hand.

    It is the same text if it has no marks, or none but those of lists.
    """
    wanted = joined(text)
    if _lines(plain(text)) == _lines(wanted):
        return text
    soft = NOTHING + _INDENT.sub(_kept_blanks, escaped(wanted))
    soft = re.sub(r"\n{3,}", lambda found: f"\n{NOTHING}" * (len(found[0]) - 2) + "\n\n", soft)
    if plain(soft) == wanted:
        return soft
    # Lines that would be joined, as those that were wrapped by hand are, end by intent.
    return re.sub(r"(?<!\n)\n(?!\n)", r"\\\n", soft)


def counted(markdown: str) -> str:
    """Return Markdown in which escapes count: without a mark they would show."""
    has_escapes = re.search(r"\\[!-/:-@\[-`{-~]", markdown) is not None
    return NOTHING + markdown if has_escapes and plain(markdown) == joined(markdown) else markdown


def escaped(text: str) -> str:
    """Return a text with a backslash before what Markdown would take for marks."""
    found: list[str] = []
    end = 0
    text = _AT_FIRST.sub(lambda mark: f"{mark[1] or ''}\0", text.replace("\0", ""))
    for address in _ADDRESS.finditer(text):
        found += [_without_marks(text[end : address.start()]), address[0]]
        end = address.end()
    return "".join([*found, _without_marks(text[end:])])


def _without_marks(text: str) -> str:
    return _MARK.sub(r"\\\g<0>", text).replace("\0", "\\")


def _kept_blanks(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(each)};" for each in found[0])


def _lines(text: str) -> list[str]:
    """Return the lines that are not empty, with one sign before the items of lists."""
    return [_ITEM.sub(r"\1•", line) for line in text.split("\n") if line.strip()]
