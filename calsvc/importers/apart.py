"""A source is read in a process of its own, within limits of time and memory.

Foreign files are hostile at times, and parsers have their weak spots; so whatever a file holds,
an import ends, and neither a server that follows it nor whoever runs the command is harmed.
That process runs ``reading``, which this module does not import: so whoever starts it has none
of the parsers.
"""

import json
import pickle
import signal
import subprocess
import sys

from pydantic import TypeAdapter

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source

MOST_SECONDS = 60
MOST_MEMORY = 3 * 1024 * 1024 * 1024
SMALLER = "give the agenda alone, or in parts"
READING = "calsvc.importers.reading"
DRAFT = TypeAdapter(Draft)
"""How a draft gets from that process to this one."""


def drafted(source: Source, wishes: Wishes, form: str | None) -> tuple[Draft, str]:
    """Return the draft of a source, and the name of the reader that read it.

    Raises ``SourceError`` for what is no agenda, or takes more time or memory than any.
    """
    asked = pickle.dumps((source, wishes, form))
    command = [sys.executable, "-P", "-m", READING]
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter runs a module of ours
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
    return DRAFT.validate_python(told["draft"]), told["form"]


def _failed(name: str, code: int, errors: bytes) -> SourceError:
    last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if code == -signal.SIGXCPU:
        return SourceError(name, f"takes more than {MOST_SECONDS} seconds to read", SMALLER)
    if code < 0 or last.startswith("MemoryError"):
        return SourceError(name, "takes far too much memory to read", SMALLER)
    return SourceError(
        name, f"cannot be read, by a fault of calsvc's own: {last}", "tell the makers of calsvc"
    )
