"""Threads for what takes time, in lanes, so that what waits for storage keeps nothing else waiting.

Each lane has threads of its own.  A request that waits too long for one, or that storage keeps
too long, is told to come again; so storage that hangs holds the threads of its lanes alone.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import NamedTuple

from calsvc.addresses import PATHS
from calsvc.server.calls import Call
from calsvc.web.auth import COOKIE, SAFE
from calsvc.web.sent import Sent, plain

MOST_WAITING = 256  # requests of a lane; more are told to come again
PATIENCE = 6.0  # seconds after which one that waits is told to come again
RETRY_AFTER = "30"  # seconds
BUSY = plain(
    HTTPStatus.SERVICE_UNAVAILABLE, "Please try again in a moment.", Retry_After=RETRY_AFTER
)
KEY = f"{COOKIE}="


class Kind(NamedTuple):
    """A kind of requests, which has a lane of its own."""

    name: str
    threads: int
    is_given_up: bool
    """Whether an answer that is being made is not waited for either: it changes nothing."""


# Python runs one of them at a time; more only wait for what is outside of Python.
PAGES = Kind("pages", threads=2, is_given_up=False)
"""What is made of what is in memory."""
READS = Kind("reads", threads=6, is_given_up=True)
"""What is read from storage: personal feeds and pages."""
CHANGES = Kind("changes", threads=4, is_given_up=False)
"""What is stored: who chose what.  Nobody is told to come again once it may have happened."""

KINDS = (PAGES, READS, CHANGES)


def kind_of(call: Call, path: str) -> Kind:
    """Return which kind of requests one is, for a path of the application."""
    if PATHS.is_personal(path):
        return READS if call.method in SAFE else CHANGES
    # An agenda is shown with the reader's own stars.
    has_key = any(name == "cookie" and KEY in value for name, value in call.headers)
    return READS if has_key else PAGES


class Lane:
    """The threads for one kind of requests, in one worker."""

    def __init__(self, kind: Kind) -> None:
        self._is_given_up = kind.is_given_up
        self._threads = ThreadPoolExecutor(kind.threads, thread_name_prefix=kind.name)
        self._waiting = 0

    async def answer(self, make: Callable[[], Sent]) -> Sent:
        """Return what ``make`` does, called in a thread; or tell to come again."""
        if self._waiting >= MOST_WAITING:
            return BUSY
        made = self._threads.submit(make)
        answer = asyncio.wrap_future(made)
        self._waiting += 1
        try:
            done, _ = await asyncio.wait([answer], timeout=PATIENCE)
            if not done and (made.cancel() or self._is_given_up):
                return BUSY
            return await answer
        finally:
            self._waiting -= 1
