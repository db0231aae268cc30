"""What commas in a column of people stand between: people, or a person and an organization."""

import re
from collections.abc import Sequence
from typing import Any

from calsvc.importers.tables.headings import meanings, normal

_PLURAL = re.compile(r"(?:s|vortragende|referent(?:en|innen)|redner|sprecher|people|by)$")


def are_between(name: str, sample: Sequence[Any]) -> tuple[bool, bool]:
    """Tell whether commas in a column stand between people, and whether that is a guess.

    Else an organization may follow: in ``Speaker 1``, which has one person, and where what
    follows looks like no name.
    """
    is_counted = bool(re.search(r"\d", name))
    words = [each for each in sample if isinstance(each, str) and "," in each]
    if is_counted or not words or (meanings(name) and _PLURAL.search(normal(name))):
        return not is_counted, False
    named = sum(all(map(_is_like_a_name, each.split(","))) for each in words)
    return named * 2 > len(words), True


def _is_like_a_name(words: str) -> bool:
    """Tell whether a text may be the name of a person: a few words in capitals."""
    parts = words.split()
    return 2 <= len(parts) <= 4 and all(each[0].isupper() and each[-1].isalpha() for each in parts)
