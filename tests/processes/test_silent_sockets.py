"""Hundreds of silent, dripping and slowly reading sockets: everybody else is answered."""

import resource
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from servers import served_site
from sockets import Wire, ask, request
from tiers import slow

__all__ = ["served_site"]

ROUNDS = 4
PROMPT = 15.0  # seconds; on a machine that is not busy, it takes milliseconds
FEED = "/events/ai-data-2025.ics"
PAGE = "/events/ai-data-2025/"


class Kind(NamedTuple):
    """What a client does that keeps a server waiting."""

    begins: bytes
    drips: bytes = b""
    """What it sends again and again."""
    reads: int = 0
    """Octets that it reads again and again."""


def form(port: int, *headers: str, body: bytes = b"") -> bytes:
    """Return a form as a page of the site sends it."""
    origin = f"127.0.0.1:{port}"
    sent = ("Content-Type: application/x-www-form-urlencoded", f"Origin: http://{origin}")
    return request("/my/add", *sent, *headers, method="POST", body=body, host=origin)


def star(port: int) -> bytes:
    """Return the form that a star sends."""
    body = b"event=ai-data-2025&session=genai-startups"
    return form(port, f"Content-Length: {len(body)}", body=body)


def kinds(port: int) -> dict[str, Kind]:
    """Return what clients do, by names."""
    length, chunked = "Content-Length: 99", "Transfer-Encoding: chunked"
    return {
        "nothing": Kind(b""),
        "half a line": Kind(b"GET /events/ai-da"),
        "half a head": Kind(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: "),
        "half a body": Kind(form(port, length, body=b"event=")),
        "half a chunk": Kind(form(port, chunked, body=b"9\r\nevent=")),
        "dripping head": Kind(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", drips=b"x"),
        "dripping body": Kind(form(port, length), drips=b"x"),
        "reads nothing": Kind(request(PAGE) * 50),
        "reads slowly": Kind(request(FEED) * 50, reads=100),
    }


NAMES = [*kinds(0)]


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process have as many sockets as it may."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("names", [NAMES, *(slow([name]) for name in NAMES)])
@pytest.mark.parametrize("number", [60, slow(300)])
def test_everybody_else_is_answered(served_site: str, names: list[str], number: int) -> None:
    port = int(served_site.rpartition(":")[2])
    wanted = [(request(FEED), 200), (request(PAGE), 200), (star(port), 303)]
    does = [kinds(port)[name] for name in names for _ in range(number)]

    with ExitStack() as stack:
        clients = [(kind, stack.enter_context(Wire(port, receives=4096))) for kind in does]
        for kind, wire in clients:
            wire.send(kind.begins)
        for _ in range(ROUNDS):
            for kind, wire in clients:
                wire.drip(kind.drips, kind.reads)
            for octets, status in wanted:
                assert ask(port, octets, within=PROMPT).status == status
