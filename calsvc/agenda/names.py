"""Names of rooms, tracks and persons: which spellings are one, and how addresses write them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import zip_longest

from calsvc.agenda.fields import slug

SPOKEN_SYMBOLS = (
    (re.compile(r"(?<=[\w+])\+(?=\+|\W|$)|(?<=\+)\+"), " plus "),  # C++, C++20, A+; not Data+AI
    (re.compile(r"(?<=\w)[#♯](?!\w)"), " sharp "),  # C#; not Room#2
    (re.compile(r"(?<![\w.])\.(?=[^\W\d])"), " dot "),  # .NET; not ASP.NET
)
"""Symbols that tell names apart, with the words for them in addresses."""


@lru_cache(maxsize=8192)
def spelling_key(name: str) -> str:
    """Return what all spellings of one name have in common.

    Capitals, the kind and number of spaces, Unicode's composed and decomposed forms, and
    characters that cannot be seen (zero-width space, soft hyphen) make no other name.
    """
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    seen = "".join(each for each in composed if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())


def listed_spellings(listed: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Return the spelling that counts for each name that is ``used``.

    That is the name itself where it is listed so, else the listed name of the same key;
    without one, the spelling that is used most, in whatever order, and rather not in capitals.
    """
    counts = Counter(used)
    listed = list(listed)
    chosen: dict[str, str] = {}
    for name in (*listed, *sorted(counts, key=lambda each: (-counts[each], each.isupper(), each))):
        chosen.setdefault(spelling_key(name), name)
    return {name: name if name in listed else chosen[spelling_key(name)] for name in counts}


@lru_cache(maxsize=8192)
def in_address(name: str) -> str:
    """Return a name as addresses have it: ``Hall A`` is ``hall-a``, ``C++`` is ``c-plus-plus``.

    A name without letters and digits stays as it is, such as ``★``.
    """
    spoken = unicodedata.normalize("NFKC", name)
    for symbol, words in SPOKEN_SYMBOLS:
        spoken = symbol.sub(words, spoken)
    return slug(spoken) or plain(name).lstrip("! ")


@lru_cache(maxsize=8192)
def in_former_address(name: str) -> str:
    """Return a name as addresses had it before symbols counted: ``C++`` was ``c``."""
    return slug(name) or in_address(name)


def plain(text: str) -> str:
    """Return a text without accents and capitals, on one line."""
    decomposed = unicodedata.normalize("NFKD", text)
    if not decomposed.isascii():
        for accent in filter(unicodedata.combining, set(decomposed)):
            decomposed = decomposed.replace(accent, "")
    return " ".join(decomposed.casefold().split())


@lru_cache(maxsize=8192)
def natural_key(name: str) -> list[tuple[bool, int, str]]:
    """Return a key that sorts names as people do: ``Room 2`` before ``Room 10``, ``é`` by ``e``."""
    parts = re.split(r"([0-9]+)", plain(name))
    return [(not each.isdecimal(), int(each) if each.isdecimal() else 0, each) for each in parts]


def hidden_difference(name: str, other: str) -> str | None:
    """Return words for the first character in which two names differ, if eyes may miss it.

    That is a character of ``name`` outside ASCII that is no Latin letter: a Cyrillic А in
    a Latin name, a space of another width, or an accent of its own.  None where the
    difference can be seen.
    """
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other):
        differs: Iterable[object] = map(unicodedata.combining, name)
    else:
        differs = (one != two for one, two in zip_longest(name, other))
    place = next((place for place, here in enumerate(differs) if here), len(name))
    character = name[place : place + 1]
    title = unicodedata.name(character, "a character without a name") if character else ""
    if character.isascii() or title.startswith("LATIN"):
        return None
    return f"U+{ord(character):04X} ({title}) at character {place + 1}"


def one_value(names: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the names that addresses cannot tell apart, by the value that they share.

    Spellings of one name count as one.
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        found.setdefault(in_address(name), {}).setdefault(spelling_key(name), name)
    return {value: list(same.values()) for value, same in found.items() if len(same) > 1}
