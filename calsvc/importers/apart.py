"""A source is read in a process of its own, within limits of time and memory.

Foreign files are hostile at times, and parsers have their weak spots; so whatever a file holds,
an import ends, and neither a server that follows it nor whoever runs the command is harmed.
"""

import json
import pickle
import resource
import signal
import subprocess
import sys
from typing import Any

from pydantic import TypeAdapter

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.formats import read

MOST_SECONDS = 60
MOST_MEMORY = 3 * 1024 * 1024 * 1024
SMALLER = "give the agenda alone, or in parts"
_DRAFT = TypeAdapter(Draft)


def drafted(source: Source, wishes: Wishes, form: str | None) -> tuple[Draft, str]:
    """Return the draft of a source, and the name of the reader that read it.

    Raises ``SourceError`` for what is no agenda, or takes more time or memory than any.
    """
    asked = pickle.dumps((source, wishes, form))
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter runs this module
            command, input=asked, capture_output=True, timeout=2 * MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SourceError(source.name, "takes too long to read", SMALLER) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(source.name, f"cannot be read now: {reason}", "try again") from error
    if done.returncode:
        raise _failed(source.name, done.returncode, done.stderr)
    told = json.loads(done.stdout)
    if "error" in told:
        raise SourceError(*told["error"])
    return _DRAFT.validate_python(told["draft"]), told["form"]


def _failed(name: str, code: int, errors: bytes) -> SourceError:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if code == -signal.SIGXCPU:
        return SourceError(name, f"takes more than {MOST_SECONDS} seconds to read", SMALLER)
    if code < 0 or last.startswith("MemoryError"):
        return SourceError(name, "takes far too much memory to read", SMALLER)
    return SourceError(
        name, f"cannot be read, by a fault of calsvc's own: {last}", "tell the makers of calsvc"
    )


def _told(source: Source, wishes: Wishes, form: str | None) -> dict[str, Any]:
    """Return what a source says, or what is wrong with it, as JSON has it."""
    try:
        draft, reader = read(source, wishes, form)
        return {"draft": _DRAFT.dump_python(draft, mode="json"), "form": reader.name}
    except SourceError as error:
        return {"error": [error.source, error.what, error.advice]}


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 -- the process that started this one
    json.dump(_told(*asked), sys.stdout)


if __name__ == "__main__":
    _main()
