"""A module of calsvc that runs in a process of its own, within limits of time and memory.

What strangers give is hostile at times, and parsers have their weak spots; so whatever it holds,
reading it ends, and neither a server nor whoever runs a command is harmed.

::

     asked(module, question) ──▶ python -m module ──▶ answer(told)
     here                        pickle, by stdin     there: its limits, then told(*question)
                             ◀── JSON, by stdout

Whoever asks needs none of what that module imports.  That process has no setting of calsvc's,
such as a password of storage; whatever else runs here goes first, and it is the first to end
where memory is short.
"""

import json
import math
import os
import pickle
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from calsvc.errors import FaultError, FetchError, SourceError

KILLING = 5  # seconds after which a process is killed that was told to end
NICENESS = 10  # steps behind whatever else runs here
FIRST_TO_END = "1000"  # where memory is short
INHERITED = re.compile(
    r"PATH|PYTHON\w+|LD_LIBRARY_PATH|HOME|TMPDIR|TZ|TZDIR|LANG|LANGUAGE|LC_\w+|SSL_CERT_(?:FILE|DIR)"
)
"""The variables of the environment that a process is given: by which it runs, and no secrets."""


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
            command,
            input=given,
            capture_output=True,
            timeout=bounds.patience,
            check=False,
            env=_inherited(os.environ),
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
    _yield()
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


def _inherited(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if INHERITED.fullmatch(name)}


def _yield() -> None:
    """Let whatever else runs here go first."""
    os.nice(NICENESS)
    with suppress(OSError):  # no Linux
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_END, "ascii")


def _failed(name: str, code: int, errors: bytes, bounds: Bounds, smaller: str) -> SourceError:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if code == -signal.SIGXCPU:
        return SourceError(name, f"takes more than {bounds.seconds} seconds to read", smaller)
    if code < 0 or last.startswith("MemoryError"):
        return SourceError(name, "takes far too much memory to read", smaller)
    return FaultError(name, last)
