"""What the first process of a server tells the workers that it forked."""

import mmap

SIZE = 1024  # octets of what it can tell


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
