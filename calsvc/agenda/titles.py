"""Titles that say by themselves that something is cancelled."""

import re

_ONE = r"(?:cancell?ed|abgesagt|absage|entfällt|fällt aus)"
_WORD = rf"{_ONE}(?:\s*/\s*{_ONE})*"
_BRACKETED = rf"[\[(【（*]+\s*{_WORD}\s*!*[\])】）*]+"
_CAPITALS = r"(?-i:CANCELL?ED|ABGESAGT|ENTFÄLLT|FÄLLT AUS)"
_SIGNS = "[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]"
"""Signs such as a red cross, which stand before or behind the word."""
_MARK = rf"{_BRACKETED}\s*[:–—-]?|{_WORD}\s*!*\s*(?:[:：|–—]|\s-\s)|{_CAPITALS}(?=\W|$)(?!/)!*"
_BEFORE = re.compile(rf"^(?:(?:\s|{_SIGNS})*(?:{_MARK}){_SIGNS}*)+\s*", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s*(?:{_BRACKETED}|(?:[:：|–—]|\s-)\s*{_WORD}!*)\s*{_SIGNS}*\s*$|^\s*{_WORD}!*\s*$",
    re.IGNORECASE,
)


def without_cancelled(title: str) -> str:
    """Return a title without the mark that what it names is cancelled; it may leave nothing.

    ``CANCELLED: Talk``, ``[Cancelled] Talk`` and ``Talk (abgesagt)`` have one; ``Cancelled
    flights`` has none.
    """
    return _BEHIND.sub("", _BEFORE.sub("", title))


def says_cancelled(title: str) -> bool:
    """Tell whether a title has such a mark."""
    return without_cancelled(title) != title
