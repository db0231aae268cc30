"""A module of calsvc that runs in a process of its own, within limits of time and memory.

What strangers give is hostile at times, and parsers have their weak spots; so whatever it holds,
reading it ends, and neither a server nor whoever runs a command is harmed.

::

     asked(module, question) ──▶ python -m module ──▶ answer(told)
     here                        pickle, by stdin     there: its limits, then told(*question)
                             ◀── JSON, by stdout

Whoever asks needs none of what that module imports.
"""

import json
import math
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from calsvc.errors import FaultError, FetchError, SourceError

KILLING = 5  # seconds after which a process is killed that was told to end


class Bounds(NamedTuple):
    """What a process may take."""

    seconds: float
    """Of the processor."""
    memory: int
    """Octets."""
    patience: float
    """Seconds by the clock."""


def asked(module: str, question: tuple[Any, ...], bounds: Bounds, name: str, smaller: str) -> Any:
    """Return what a module answers, as JSON has it; ``name`` is what it is asked about.

    Raises the ``SourceError`` that is its answer, one that advises ``smaller`` if that takes
    too much, and ``FaultError`` if the module fails.
    """
    command = [sys.executable, "-P", "-m", module]
    given = pickle.dumps(question)
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter runs a module of ours
            command, input=given, capture_output=True, timeout=bounds.patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise SourceError(name, "takes too long to read", smaller) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(name, f"cannot be read now: {reason}", "try again") from error
    if done.returncode:
        raise _failed(name, done.returncode, done.stderr, bounds, smaller)
    said = json.loads(done.stdout)
    if "error" in said:
        kind = FetchError if said["is_of_fetching"] else SourceError
        raise kind(*said["error"])
    return said["told"]


def answer(told: Callable[..., Any], bounds: Bounds) -> None:
    """Answer what this process was started for, with what ``told`` returns or raises."""
    seconds = math.ceil(bounds.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + KILLING))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    question = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 -- what started this process
    try:
        said = {"told": told(*question)}
    except SourceError as error:
        is_of_fetching = isinstance(error, FetchError)
        words = [error.source, error.what, error.advice]
        said = {"error": words, "is_of_fetching": is_of_fetching}
    json.dump(said, sys.stdout)


def _failed(name: str, code: int, errors: bytes, bounds: Bounds, smaller: str) -> SourceError:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if code == -signal.SIGXCPU:
        return SourceError(name, f"takes more than {bounds.seconds} seconds to read", smaller)
    if code < 0 or last.startswith("MemoryError"):
        return SourceError(name, "takes far too much memory to read", smaller)
    return FaultError(name, last)
