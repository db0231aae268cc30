"""Texts that were taken out of an event, known by their digests alone.

An old event file, in a folder that was not there when a name was taken out, would bring it
back.  So what was taken out is remembered, but not in words: each text has a digest of its
own, with which the words of a file can be compared.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import unquote

from calsvc.agenda.fields import Value
from calsvc.agenda.model import Event
from calsvc.errors import AbsentTextError
from calsvc.schedule.entries import Schedule
from calsvc.schedule.redaction import KEPT, LINKS

SALT_OCTETS = 16


class Absence(NamedTuple):
    """A text that an event no longer has."""

    digest: str
    """Made with ``salt``, so that nobody finds names by a list of digests."""
    salt: str
    length: int
    """Characters of the text."""

    @classmethod
    def of(cls, text: str, salt: bytes) -> "Absence":
        """Return what is remembered of a text."""
        words = _plain(text)
        return cls(_digest(words, salt), salt.hex(), len(words))

    def is_in(self, text: str) -> bool:
        """Tell whether a text has the absent one, as words of its own."""
        salt = bytes.fromhex(self.salt)
        return any(_digest(each, salt) == self.digest for each in _words(text, self.length))


def refuse_absent(
    event: Event, absences: Sequence[Absence], previous: Schedule | None = None
) -> None:
    """Raise ``AbsentTextError`` if an agenda has a text that was taken out.

    It names the event as it is known: by the id of ``previous``, the schedule that it follows.
    """
    event_id = previous.event.id if previous else event.id
    if not absences:
        return
    for session in event.sessions:
        if _has(session, absences):
            raise AbsentTextError(event_id, f"session {session.id}")
    if _has(event.model_copy(update={"sessions": ()}), absences):
        raise AbsentTextError(event_id, "the event's own keys")


def _has(value: Value, absences: Sequence[Absence]) -> bool:
    return any(absence.is_in(text) for text in _texts("", value) for absence in absences)


def _texts(name: str, value: Any) -> Iterator[str]:
    match value:
        case str():
            yield unquote(value) if name in LINKS else value
        case Value():
            for each in type(value).model_fields:
                if each not in KEPT:
                    yield from _texts(each, getattr(value, each))
        case tuple():
            for each in value:
                yield from _texts(name, each)
        case Mapping():
            for each in value.values():
                yield from _texts("", each)


def _words(text: str, length: int) -> Iterator[str]:
    """Yield the parts of that length that begin and end with words, as a digest is made of them."""
    plain = _plain(text)
    for start in _edges(plain, length):
        yield plain[start : start + length]


def _edges(plain: str, length: int) -> Iterator[int]:
    for start in range(len(plain) - length + 1):
        if _is_edge(plain, start) and _is_edge(plain, start + length):
            yield start


def _is_edge(text: str, place: int) -> bool:
    """Tell whether no word goes on at a place; some scripts have no spaces between words."""
    around = text[max(place - 1, 0) : place + 1]
    is_inside = 0 < place < len(text) and re.fullmatch(r"\w\w", around)
    return not is_inside or any(unicodedata.category(each) == "Lo" for each in around)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _digest(plain: str, salt: bytes) -> str:
    return blake2b(plain.encode(), key=salt, digest_size=32).hexdigest()
