"""What the processes of one server count, in memory that they have in common.

Each worker counts on a page of its own, so none waits for another, and whoever is asked adds
the pages up.  A worker that takes the place of a dead one goes on with its page: what was
counted stays counted.  A worker holds its page by a lock on its part of a file without a name,
which ends with the process, however that ends.
"""

import fcntl
import mmap
import os
import sys
import tempfile
import time
import weakref
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from threading import Lock
from typing import NamedTuple

from calsvc.web.agents import FAMILIES, family_of
from calsvc.web.resources import PAIRS, resource_of

STATUSES = ("2xx", "304", "3xx", "4xx", "5xx")
"""The label ``status`` of answers; ``3xx`` is the others of that class."""
MEMORIES = ("feeds", "events", "answers", "personal", "pages")
"""What a worker remembers, within the settings or as much as is given to it."""
ACTS = ("lookup", "read", "write")
"""What is asked of storage: one value by its key, or a transaction."""
BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
"""Seconds: the upper bounds of a histogram's buckets; one more has no bound."""
SOURCES = ("well", "failing", "waiting")
"""How followed sources are: the last look was well, or failed, or a change waits for a person."""
ALIVE = 10  # seconds without a sign of life after which a page's process counts as gone

WORD = 8  # octets of a number
NANO = 1_000_000_000
_BEAT, _STARTS, _MEMORY = 0, 1, 2
_TIMES = _MEMORY + len(MEMORIES)
_TIME = len(BOUNDS) + 2  # numbers of a histogram: its buckets, and nanoseconds in all
_ANSWERS = _TIMES + len(ACTS) * _TIME
_AGENT, _PAIR = len(PAIRS) * len(STATUSES), len(STATUSES)
_PAGE = _ANSWERS + len(FAMILIES) * _AGENT
_STATUS = tuple(  # by the code of an answer
    STATUSES.index("304" if code == 304 else f"{max(code // 100, 2)}xx") for code in range(600)
)


class Histogram(NamedTuple):
    """How often something took how long."""

    buckets: list[int]
    """How often at most as long as each of ``BOUNDS`` says, and more than the one before; the
    last is longer than all."""
    seconds: float
    """In all."""


class Figures:
    """The numbers of one server."""

    def __init__(self, workers: int = 1, file: int | None = None) -> None:
        """``file`` is one that another process made, for as many workers or more."""
        self.pages = 1 + 2 * workers  # those that replace others may overlap with them
        octets = (1 + self.pages) * _PAGE * WORD
        self.file = _nameless(octets) if file is None else file
        """The descriptor of the file that is the memory."""
        weakref.finalize(self, os.close, self.file)
        self._words = memoryview(mmap.mmap(self.file, octets)).cast("Q")
        self._own = memoryview(bytearray(_PAGE * WORD)).cast("Q")  # read by nobody
        self._lock = Lock()

    def _page(self, number: int) -> memoryview:
        return self._words[number * _PAGE : (number + 1) * _PAGE]

    def claim(self) -> None:
        """Count on a page on which no living process counts, from now on."""
        for number in range(1, 1 + self.pages):
            try:
                fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
            except OSError:  # a living one has it
                continue
            self._own = self._page(number)
            self._own[_STARTS] += 1
            return

    # --- counting -------------------------------------------------------------------------

    def answered(self, agent: str, path: str, query: str, code: int) -> None:
        """Count an answer; to be called in one thread of each process."""
        place = family_of(agent) * _AGENT + resource_of(path, query) * _PAIR + _STATUS[code]
        self._own[_ANSWERS + place] += 1

    def stored(self, act: str, seconds: float) -> None:
        """Count what was asked of storage, one of ``ACTS``."""
        first = _TIMES + ACTS.index(act) * _TIME
        bucket = first + bisect_left(BOUNDS, seconds)
        with self._lock:
            self._own[bucket] += 1
            self._own[first + _TIME - 1] += int(seconds * NANO)

    def beat(self, octets: Mapping[str, int]) -> None:
        """Give a sign of life, and tell what each of ``MEMORIES`` takes in this process."""
        for place, name in enumerate(MEMORIES, _MEMORY):
            self._own[place] = octets.get(name, 0)
        self._own[_BEAT] = int(time.monotonic())

    def follow(self, sources: Mapping[str, int]) -> None:
        """Tell how many sources are followed, by ``SOURCES``; one process of a server does so."""
        page = self._page(0)
        for place, name in enumerate(SOURCES, 1):
            page[place] = sources.get(name, 0)
        page[_BEAT] = int(time.monotonic())

    # --- adding up ------------------------------------------------------------------------

    def _workers(self) -> Iterator[memoryview]:
        """Yield the pages on which any process counted."""
        pages = map(self._page, range(1, 1 + self.pages))
        return (page for page in pages if page[_STARTS])

    def _living(self) -> list[memoryview]:
        return [page for page in self._workers() if _is_fresh(page)]

    @property
    def workers(self) -> int:
        """Return how many workers live."""
        return len(self._living())

    @property
    def starts(self) -> int:
        """Return how many workers were started."""
        return sum(page[_STARTS] for page in self._workers())

    @property
    def octets(self) -> dict[str, int]:
        """Return what each of ``MEMORIES`` takes in all workers that live."""
        living = self._living()
        return {
            name: sum(page[place] for page in living)
            for place, name in enumerate(MEMORIES, _MEMORY)
        }

    @property
    def times(self) -> dict[str, Histogram]:
        """Return how long storage took, by ``ACTS``."""
        found = {}
        for place, act in enumerate(ACTS):
            first = _TIMES + place * _TIME
            *buckets, nanoseconds = self._sums(first, first + _TIME)
            found[act] = Histogram(buckets, nanoseconds / NANO)
        return found

    @property
    def answers(self) -> dict[tuple[str, str, str, str], int]:
        """Return how many answers there were, by client, kind, form and status; none that is 0."""
        names = product((each.name for each in FAMILIES), PAIRS, STATUSES)
        counted = zip(names, self._sums(_ANSWERS, _PAGE), strict=True)
        return {(client, *pair, status): n for (client, pair, status), n in counted if n}

    @property
    def sources(self) -> dict[str, int]:
        """Return how many sources are followed, by ``SOURCES``; nothing while nobody tells."""
        page = self._page(0)
        return dict(zip(SOURCES, page[1:], strict=False)) if _is_fresh(page) else {}

    def _sums(self, first: int, after: int) -> Sequence[int]:
        pages = [page[first:after].tolist() for page in self._workers()]
        return [*map(sum, zip(*pages, strict=True))] or [0] * (after - first)


def _is_fresh(page: memoryview) -> bool:
    return bool(page[_BEAT]) and time.monotonic() - page[_BEAT] < ALIVE


def _nameless(octets: int) -> int:
    """Return the descriptor of a file that is gone with the last process that has it open."""
    if sys.platform == "linux":
        file = os.memfd_create("calsvc")  # in memory: no folder has to be writable
    else:
        file, path = tempfile.mkstemp()
        os.unlink(path)
    os.ftruncate(file, octets)
    return file
