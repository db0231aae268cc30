"""Visits written down, as examples of rules have them.

An account is blocks of lines, divided by empty lines, each one request and its answer::

    GET https://river.example/agenda.ics
    200
    Content-Type: text/calendar; charset=utf-8
    | BEGIN:VCALENDAR

First comes the request, then the status, the headers, and behind bars the content.  The last
``GET`` of an address is the first answer, and those before it are redirects to it; ``REQUESTS``
names the others.  What an account does not tell of is as at a sound server.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from calsvc.doctor.examples import ANSWER, Frame, document
from calsvc.doctor.visits import Answer, Visit

REQUESTS = {
    "HEAD": "head",
    "GET again": "again",
    "GET with gzip": "packed",
    "GET by Google": "google",
    "GET on port 80": "port_80",
    "GET /robots.txt": "robots",
    "CONNECT by IPv6": "refusing",
}
"""What a block begins with that is no first answer, and what of a visit it tells."""
NO_ANSWER = "no answer"
"""In the place of a status."""
TWINS = frozenset({"again", "packed", "google"})
"""What has the content of the first answer, if it is a success."""
SOUND = document(Frame.ENTRY, "")


class _Block(NamedTuple):
    request: str
    status: int
    headers: str
    content: bytes | None

    @property
    def address(self) -> str:
        return self.request.removeprefix("GET ")


def visit(account: str) -> Visit:
    """Return the visit of an account."""
    blocks = [_block(text) for text in re.split(r"\n\n+", account.strip("\n"))]
    others = {REQUESTS[each.request]: each for each in blocks if each.request in REQUESTS}
    chain = [each for each in blocks if each.request not in REQUESTS] or [_block("")]
    redirects = tuple(
        Answer(each.address, each.status, _named(each.headers)) for each in chain[:-1]
    )
    address = re.sub(r"^webcals?:", "https:", chain[0].address)
    found = Visit(chain[0].address, address, _first(chain[-1]), redirects)
    return _with_others(found, others) if found.gives else found


def _block(text: str) -> _Block:
    lines = text.splitlines()
    request, status = ANSWER.splitlines()[:2]
    if lines and re.match(r"(?:GET|HEAD|CONNECT)\b", lines[0]):
        request = lines.pop(0)
    if lines and (lines[0] == NO_ANSWER or lines[0].isdigit()):
        status = lines.pop(0)
    barred = [line.removeprefix("|").removeprefix(" ") for line in lines if line[:1] == "|"]
    return _Block(
        request,
        0 if status == NO_ANSWER else int(status),
        "\n".join(line for line in lines if line[:1] != "|"),
        "\r\n".join(barred).encode() if barred else None,
    )


def _first(block: _Block) -> Answer:
    headers = _changed(_named(ANSWER.split("\n", 2)[2]), block.headers)
    octets = SOUND if block.content is None else block.content
    is_cut = int(headers.get("content-length", 0)) > len(octets)
    address = re.sub(r"^webcals?:", "https:", block.address)
    return Answer(address, block.status, headers, octets, is_cut)


def _with_others(found: Visit, others: dict[str, _Block]) -> Visit:
    """Return a visit with the answers to other requests: as they are told, else sound ones."""
    first = found.answer
    bare = replace(first, octets=b"")
    sound = {
        "head": bare,
        "again": replace(bare, status=304) if first.header("ETag") else first,
        "packed": first,
        "google": first,
        "port_80": Answer(first.address, 301, {"location": found.address}),
    }
    told = {
        name: _other(others[name], first if name in TWINS else bare) if name in others else answer
        for name, answer in sound.items()
    }
    robots = others["robots"].headers if "robots" in others else ""
    refusing = tuple(others["refusing"].headers.split()) if "refusing" in others else ()
    return replace(found, **told, robots=robots, refusing=refusing)  # type: ignore[arg-type]


def _other(block: _Block, sound: Answer) -> Answer:
    octets = block.content
    if octets is None:
        octets = sound.octets if block.status == 200 else b""
    return Answer(sound.address, block.status, _changed(sound.headers, block.headers), octets)


def _changed(headers: Mapping[str, str], lines: str) -> dict[str, str]:
    """Return headers with those of lines in the place of others; ``-Name`` takes one away."""
    given = _named(lines)
    kept = {name: value for name, value in headers.items() if f"-{name}" not in given}
    return kept | {name: value for name, value in given.items() if name[:1] != "-"}


def _named(headers: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in headers.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
