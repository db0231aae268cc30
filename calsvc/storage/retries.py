"""What is tried again because another one wrote at the same time.

PostgreSQL with stricter transactions, and engines that spread rows over machines, end one of two
transactions that get into each other's way; so does a standby that is behind.  Nothing of it is
stored then, so whoever asked is not told of it: the whole transaction is made once more.
"""

import functools
import random
import time
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from calsvc.errors import OvertakenError

ATTEMPTS = 14
SHORTEST, LONGEST = 0.01, 0.4  # seconds between two attempts, at most; in the mean half of it
OVERTAKEN = {"40001", "40P01"}  # a serialization failure, also of a standby; a deadlock

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's code of an error; None if it has none."""
    told = error.orig if isinstance(error, SQLAlchemyError) and hasattr(error, "orig") else error
    return getattr(told, "sqlstate", None)


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further attempt, by chance, and longer and longer."""
    chance = random.SystemRandom()  # processes that were forked would draw the same otherwise
    for attempt in range(1, ATTEMPTS):
        yield chance.uniform(0, min(LONGEST, SHORTEST * 2**attempt))


def retried(act: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Call a function again where others overtook it.

    It must make one transaction and change nothing besides, so that nothing was done where an
    ``OvertakenError`` leaves it.  That error passes through when it comes again and again.
    """

    @functools.wraps(act)
    def act_again(*args: _Given.args, **named: _Given.kwargs) -> _Result:
        left: Iterator[float] | None = None  # most are not overtaken, and are made for each feed
        while True:
            try:
                return act(*args, **named)
            except OvertakenError:
                left = left or pauses()
                pause = next(left, None)
                if pause is None:
                    raise
                time.sleep(pause)

    return act_again
