"""The words of many texts, and in which texts there is a word that holds given letters.

A search looks for letters within words, so that ``net`` finds ``networks``.  Each different
word is looked into once, however many texts have it; by letters that stand together in them,
most words are not looked into at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

TOGETHER = 3
"""Letters by which words are listed."""


class Words:
    """The words of texts that are given in order."""

    def __init__(self, texts: Iterable[str]) -> None:
        """``texts`` are plain: words are between single spaces."""
        self._texts: dict[str, list[int]] = defaultdict(list)
        """Word → the places of the texts that have it."""
        number = -1
        for number, text in enumerate(texts):
            for word in set(text.split()):
                self._texts[word].append(number)
        self._number = number + 1
        self._words: dict[str, list[str]] = defaultdict(list)
        """Letters that stand together → the words that hold them."""
        for word in self._texts:
            for letters in _together(word):
                self._words[letters].append(word)

    def places(self, asked: str) -> set[int]:
        """Return the places of the texts that hold each of the words asked for."""
        found = set(range(self._number))
        # What is long is rare, and leaves little to look for.
        for letters in sorted(set(asked.split()), key=len, reverse=True):
            if not found:
                break
            found &= set[int]().union(*(self._texts[word] for word in self._with(letters)))
        return found

    def _with(self, letters: str) -> Sequence[str]:
        """Return the words that hold some letters."""
        if len(letters) <= TOGETHER:
            return self._words.get(letters, ())
        parts = (letters[at : at + TOGETHER] for at in range(len(letters) - TOGETHER + 1))
        rarest = min((self._words.get(part, ()) for part in parts), key=len)
        return [word for word in rarest if letters in word]


def _together(word: str) -> set[str]:
    lengths = range(1, TOGETHER + 1)
    return {word[at : at + many] for many in lengths for at in range(len(word) - many + 1)}
