"""Where to read more: the parts of a rule's source that have an address on the web."""

import re
from collections.abc import Iterator
from typing import NamedTuple

RFC = r"RFC (?P<rfc>\d+)(?:, (?P<section>\d+(?:\.\d+)*))?"
THREAD = r"(?P<repository>[\w.-]+/[\w.-]+)#(?P<number>\d+)"
LINKED = re.compile(f"{RFC}|{THREAD}", re.ASCII)


class Piece(NamedTuple):
    """A part of a source."""

    words: str
    address: str = ""
    """Empty if it has none."""


def pieces(source: str) -> Iterator[Piece]:
    """Yield the parts of a rule's source in order: RFCs and threads have addresses."""
    end = 0
    for found in LINKED.finditer(source):
        if found.start() > end:
            yield Piece(source[end : found.start()])
        yield Piece(found[0], _address(found))
        end = found.end()
    if source[end:]:
        yield Piece(source[end:])


def _address(found: re.Match[str]) -> str:
    if found["rfc"]:
        section = f"#section-{found['section']}" if found["section"] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{found['rfc']}{section}"
    return f"https://github.com/{found['repository']}/issues/{found['number']}"
