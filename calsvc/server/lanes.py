"""Threads for what takes time, in lanes, so that what waits for storage keeps nothing else waiting.

Each lane has threads of its own.  A request that waits too long for one, or that storage keeps
too long, is told to come again; so storage that hangs holds the threads of its lanes alone.

One thread answers whatever is quick: Python runs one at a time, and more would only take
turns.  Others help while it is kept, as by a database.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple

from calsvc.addresses import PATHS
from calsvc.server.calls import Call
from calsvc.web.auth import COOKIE, SAFE
from calsvc.web.sent import Sent
from calsvc.web.site import MOST_EXAMINED

MOST_WAITING = 256  # requests of a lane; more are told to come again
PATIENCE = 6.0  # seconds after which one that waits is told to come again
LONG = 0.05  # seconds after which one that waits gets a thread more
KEY = f"{COOKIE}="

Make = Callable[[], Sent]


class Kind(NamedTuple):
    """A kind of requests, which has a lane of its own."""

    name: str
    threads: int
    """At most."""
    is_given_up: bool
    """Whether an answer that is being made is not waited for either: it changes nothing."""


PAGES = Kind("pages", threads=2, is_given_up=False)
"""What is made of what is in memory."""
READS = Kind("reads", threads=6, is_given_up=True)
"""What is read from storage: personal feeds and pages."""
CHANGES = Kind("changes", threads=4, is_given_up=False)
"""What is stored: who chose what.  Nobody is told to come again once it may have happened."""
EXAMINATIONS = Kind("examinations", threads=MOST_EXAMINED + 2, is_given_up=False)
"""What the doctor does, which takes seconds; those who find no place are told so at once."""
HEALTH = Kind("health", threads=1, is_given_up=False)
"""What tells whether all is well: however much else waits, whoever asks is not kept waiting."""

KINDS = (PAGES, READS, CHANGES, EXAMINATIONS, HEALTH)


def kind_of(call: Call, path: str) -> Kind:
    """Return which kind of requests one is, for a path of the application."""
    if PATHS.is_of_health(path):
        return HEALTH
    if PATHS.is_of_doctor(path) and call.method not in SAFE:
        return EXAMINATIONS
    if PATHS.is_personal(path):
        return READS if call.method in SAFE else CHANGES
    # An agenda is shown with the reader's own stars.
    has_key = any(name == "cookie" and KEY in value for name, value in call.headers)
    return READS if has_key else PAGES


class _Waiting:
    """A request that waits for its answer."""

    __slots__ = ("answer", "make", "since", "taken")

    def __init__(self, make: Make, answer: "asyncio.Future[Sent | None]", since: float) -> None:
        self.make = make
        self.answer = answer
        self.since = since
        self.taken = Lock()
        """Whoever has it may begin the answer, or give it up."""


class Lane:
    """The threads for one kind of requests, in one worker, and what waits for them.

    ``_work``, ``_help`` and ``_make`` run in its threads, all else in that of the event loop.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._calls: SimpleQueue[_Waiting] = SimpleQueue()
        self._waiting: dict[_Waiting, None] = {}  # the one that came first, first
        self._threads = 0
        self._is_looking = False

    async def answer(self, make: Make) -> Sent | None:
        """Return what ``make`` does, called in a thread; None for who has to come again."""
        if len(self._waiting) >= MOST_WAITING:
            return None
        loop = asyncio.get_running_loop()
        call = _Waiting(make, loop.create_future(), loop.time())
        self._waiting[call] = None
        self._calls.put(call)
        if not self._threads:
            self._add_thread(loop)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LONG, self._look, loop)
        return await call.answer

    def _add_thread(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let one more answer; where the system has none to give, the next look asks again."""
        work = self._help if self._threads else self._work
        with suppress(RuntimeError, MemoryError):
            Thread(target=work, args=[loop], name=self._kind.name, daemon=True).start()
            self._threads += 1

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer requests, one after the other."""
        while True:
            self._make(self._calls.get(), loop)

    def _help(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer requests as long as they wait for long."""
        is_late = True
        with suppress(Empty):
            while is_late:
                call = self._calls.get_nowait()
                is_late = loop.time() - call.since > LONG / 2
                self._make(call, loop)
        with suppress(RuntimeError):  # the loop is closed, and the worker ends
            loop.call_soon_threadsafe(self._leave)

    def _make(self, call: _Waiting, loop: asyncio.AbstractEventLoop) -> None:
        if not call.taken.acquire(blocking=False):
            return
        try:
            made, error = call.make(), None
        except BaseException as raised:
            made, error = None, raised
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._end, call, made, error)

    def _end(self, call: _Waiting, made: Sent | None, error: BaseException | None = None) -> None:
        self._waiting.pop(call, None)
        if call.answer.done():  # it was given up
            return
        if error:
            call.answer.set_exception(error)
        else:
            call.answer.set_result(made)

    def _leave(self) -> None:
        self._threads -= 1

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up what waits too long, and get help where something is not begun for a while."""
        now, is_late = loop.time(), not self._threads
        for call in [*self._waiting]:
            if call.since > now - LONG:
                break
            if call.since <= now - PATIENCE:
                if is_waiting := call.taken.acquire(blocking=False):
                    del call.make  # it holds a body, and stands in the queue until a thread comes
                if is_waiting or self._kind.is_given_up:
                    self._end(call, None)
            elif not call.taken.locked():
                is_late = True
        if is_late and self._threads < self._kind.threads:
            self._add_thread(loop)
        self._is_looking = bool(self._waiting)
        if self._is_looking:
            loop.call_later(LONG, self._look, loop)
