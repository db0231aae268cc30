"""What is imported: the octets of a file, or of what an address gave.

Nothing here is trusted.  Octets are bounded before they are read as anything, and what nests
deeper than any agenda is refused.
"""

import codecs
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from calsvc.agenda.quoting import said
from calsvc.errors import SourceError

MAX_OCTETS = 64 * 1024 * 1024
"""Of a source, and of all its members together, unpacked."""
CODEC = "utf-8-sig"
"""What a text is read in that names no other."""
OTHER_CODEC = "cp1252"
"""What it is read in if it is not that."""
MOST_WRONG = 100_000
"""Octets that are not UTF-8 in what is read as it: each takes its time."""
_LEADS = {b"\xc2", b"\xc3"}
"""How most letters of Latin begin in UTF-8; those of Windows-1252 that they are, are rare."""

JSON_START = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:["{]|\]\s*\Z|\[\s*["{\[\d]|\Z))"""
)
"""The beginning of an object, or of a list of texts, objects or rows."""


@dataclass(frozen=True)
class Source:
    """A file, or the answer of an address; or a folder or archive of several files."""

    name: str
    """A path or an address, for messages."""
    octets: bytes = b""
    media_type: str = ""
    """As an address said: ``application/json``, without parameters; empty for files."""
    charset: str = ""
    """As an address said; empty for files."""
    members: Mapping[str, "Source"] = field(default_factory=dict)
    """Of a folder or archive, by their paths in it."""
    told: tuple[str, ...] = ()
    """What was understood of the address or the file, for whoever imports it."""

    @property
    def suffix(self) -> str:
        """Return the end of the name, in small letters: ``.csv``; empty without one."""
        return PurePosixPath(self.name.partition("?")[0]).suffix.lower()

    @property
    def text(self) -> str:
        """Return the octets as text, in UTF-8, UTF-16 with a mark, or what was said.

        What is UTF-8 but for a few octets stays it.  Raises ``SourceError`` for what is no text.
        """
        return self._read[0]

    @property
    def guessed(self) -> str:
        """Return what had to be guessed of the octets to read them; empty if nothing had to."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[str, str]:
        text, guessed = self._decoded()
        if text is None or "\0" in text:
            advice = "save it as UTF-8, or name its format by --from"
            raise SourceError(self.name, "is no text", advice)
        return text.replace("\r\n", "\n").replace("\r", "\n"), guessed

    def _decoded(self) -> tuple[str | None, str]:
        """Return the octets as text, None if they are none, and what had to be guessed for it."""
        is_utf16 = self.octets[:2] in {b"\xff\xfe", b"\xfe\xff"}
        for codec in ["utf-16"] if is_utf16 else filter(None, [self.charset, CODEC]):
            with suppress(UnicodeError, LookupError):
                return self.octets.decode(codec), ""
        if is_utf16:
            return None, ""
        right, wrong = _letters(self.octets)
        if wrong < min(right, MOST_WRONG):
            told = f"octets that are not UTF-8, read as Windows-1252 or dropped: {wrong}"
            return self.octets.decode(CODEC, _MENDED), told
        told = "the file is not in UTF-8, so it is read as Windows-1252"
        with suppress(UnicodeDecodeError):
            return self.octets.decode(OTHER_CODEC), told
        return None, ""

    @cached_property
    def is_utf8(self) -> bool:
        """Tell whether the octets are UTF-8; else a text was read by what was said or likely."""
        try:
            self.octets.decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
        return True

    @cached_property
    def json(self) -> Any:
        """Return the value that the text is JSON of; None if it is none.

        A page may begin with a link, ``[Agenda](…)``: what follows the bracket tells.  Line
        ends within texts, as people paste them, are taken.

        Raises ``SourceError`` for JSON that is broken, or nested too deep.
        """
        if not JSON_START.match(self.octets):
            return None
        try:
            return json.loads(self.text, strict=False)
        except RecursionError:
            raise SourceError(self.name, "is nested too deep", "give an agenda's JSON") from None
        except ValueError as error:
            what = f"is broken JSON: {said(error)}"
            raise SourceError(self.name, what, "fetch or export it again") from error


def _letters(octets: bytes) -> tuple[int, int]:
    """Return how many letters are UTF-8 that ASCII does not have, and how many octets are not."""
    text = octets.decode(CODEC, "replace")
    wrong = text.count("\ufffd") - octets.count("\ufffd".encode())
    return len(text) - len(text.encode("ascii", "ignore")) - wrong, wrong


def _mended(error: UnicodeError) -> tuple[str, int]:
    """Read octets that are not UTF-8 as Windows-1252; a letter that was cut off is dropped."""
    assert isinstance(error, UnicodeDecodeError)
    found, behind = error.object[error.start : error.end], error.object[error.end : error.end + 1]
    is_cut_off = len(found) > 1 or (found in _LEADS and not behind.isupper())  # REUNI\xc3O
    return "" if is_cut_off else found.decode(OTHER_CODEC, "ignore"), error.end


_MENDED = "calsvc.mended"
codecs.register_error(_MENDED, _mended)
