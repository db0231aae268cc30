"""What a server tells operators: of itself, and what its first process says to the others."""

import mmap
from collections.abc import Iterable, Iterator

SIZE = 1024  # octets of what it can tell
UNWRITTEN = (
    "Nothing can be stored now, so people cannot change their calendars; feeds go on."
    " The log says why."  # everybody may read this, and the reason may name a host
)
OTHER_HOST = (
    "People ask for {}; set CALSVC_BASE_URL to the address that they use,"
    " because links in calendars lead to {}"
)
UNRECORDED = (
    "Stamps and dates of {} are told that are not recorded yet; that is tried again every ten"
    " seconds, and needs a database that can be written"
)


class Bulletin:
    """A sentence that the first process tells those that it forked.

    They have this memory in common, so it gets there also while storage is away.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SIZE)

    def write(self, words: str) -> None:
        """Replace what is told; an empty text tells nothing."""
        self._memory[:] = words.encode("utf-8", "replace")[:SIZE].ljust(SIZE, b"\0")

    def read(self) -> str:
        """Return what is told."""
        return self._memory[:].rstrip(b"\0").decode("utf-8", "replace")


def own_notices(
    unwritten: str | None, unrecorded: Iterable[str], other_host: str | None, base_url: str
) -> Iterator[str]:
    """Yield what operators should know of this process, and of how it is asked."""
    if unwritten:
        yield UNWRITTEN
    if late := ", ".join(sorted(each or "the site" for each in unrecorded)):
        yield UNRECORDED.format(late)
    if other_host:
        yield OTHER_HOST.format(other_host, base_url)
