"""Titles that say by themselves that something is cancelled."""

import re

_WORD = r"(?:cancell?ed|abgesagt|absage|entfällt|fällt aus)"
_BRACKETED = rf"[\[(【（]\s*{_WORD}\s*!?[\])】）]"
_CAPITALS = r"(?-i:CANCELL?ED|ABGESAGT|ENTFÄLLT|FÄLLT AUS)"
_BEFORE = re.compile(
    rf"^(?:\s*(?:{_BRACKETED}\s*[:–—-]?|{_WORD}\s*!?\s*(?:[:：|–—]|\s-\s)|{_CAPITALS}(?=\W|$)!?))+\s*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\s*(?:{_BRACKETED}|(?:[:：|–—]|\s-)\s*{_WORD}!?)\s*$|^\s*{_WORD}!?\s*$", re.IGNORECASE
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
