"""Answers as WSGI has them (PEP 3333), where none of Flask's makes them: in front of it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from calsvc.answers import Answer, Cache
from calsvc.web.caching import ALWAYS_SENT

STATUS_LINES = {each.value: f"{each.value} {each.phrase}" for each in HTTPStatus}


class Sent(NamedTuple):
    """An answer as WSGI has it."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


def sent(answer: Answer, also: Mapping[str, str] = ALWAYS_SENT) -> Sent:
    """Return an answer as WSGI has it, with more headers."""
    headers = [*answer.headers.items(), *also.items()]
    return Sent(STATUS_LINES[answer.status], headers, [answer.body])


def plain(status: HTTPStatus, words: str) -> Sent:
    """Return an answer of a few words."""
    text = f"{words}\n".encode()
    about = {
        **ALWAYS_SENT,
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Cache-Control": str(Cache.NEVER),
    }
    return Sent(STATUS_LINES[status], [*about.items()], [text])
