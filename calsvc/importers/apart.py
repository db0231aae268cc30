"""A source is read in a process of its own, within limits of time and memory.

That process runs ``reading``, which this module does not import: so whoever starts it has none
of the parsers.
"""

from pydantic import TypeAdapter

from calsvc.importers.confined import Bounds, asked
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source

BOUNDS = Bounds(seconds=60, memory=3 * 1024 * 1024 * 1024, patience=120)
SMALLER = "give the agenda alone, or in parts"
READING = "calsvc.importers.reading"
DRAFT = TypeAdapter(Draft)
"""How a draft gets from that process to this one."""


def drafted(source: Source, wishes: Wishes, form: str | None) -> tuple[Draft, str]:
    """Return the draft of a source, and the name of the reader that read it.

    Raises ``SourceError`` for what is no agenda, or takes more time or memory than any.
    """
    told = asked(READING, (source, wishes, form), BOUNDS, source.name, SMALLER)
    return DRAFT.validate_python(told["draft"]), told["form"]
