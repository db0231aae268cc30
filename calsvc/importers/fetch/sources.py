"""What is imported: the octets of a file, or of what an address gave.

Nothing here is trusted.  Octets are bounded before they are read as anything, and what nests
deeper than any agenda is refused.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from calsvc.agenda.quoting import said
from calsvc.errors import SourceError

MAX_OCTETS = 64 * 1024 * 1024
"""Of a source, and of all its members together, unpacked."""
CODECS = ("utf-8-sig", "cp1252")
"""What a text is tried in that names no other; the last one is told of."""

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

    @cached_property
    def text(self) -> str:
        """Return the octets as text, in UTF-8, UTF-16 with a mark, or what was said.

        Raises ``SourceError`` for what is no text.
        """
        is_utf16 = self.octets[:2] in {b"\xff\xfe", b"\xfe\xff"}
        codecs = ["utf-16"] if is_utf16 else [*filter(None, [self.charset]), *CODECS]
        for codec in codecs:
            try:
                text = self.octets.decode(codec)
            except (UnicodeDecodeError, LookupError):
                continue
            if "\0" in text:
                break
            return text.replace("\r\n", "\n").replace("\r", "\n")
        raise SourceError(self.name, "is no text", "save it as UTF-8, or name its format by --from")

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
