"""What a reader tells of a source beside its sessions: lines that count, with an example.

Two hundred attachments are one line for whoever imports, not two hundred.
"""

LONGEST = 60  # characters of an example
MOST = 30  # kinds of things that are told apart


class Remarks:
    """Things of a kind, counted, in the order in which they first came up."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def add(self, what: str, example: str = "", count: int = 1) -> None:
        """Count something: ``attachments``; the first example is told."""
        if count < 1:
            return
        what = shortened(what, 2 * LONGEST)
        if what not in self._counts and len(self._counts) >= MOST:
            what, example = "other things", ""
        self._counts[what] = self._counts.get(what, 0) + count
        if example:
            self._examples.setdefault(what, shortened(example))

    def lines(self) -> list[str]:
        """Return a line for each kind: ``times that cannot be read, such as "25:99" (2)``."""
        return [
            f"{what}, such as {self._examples[what]} ({count})"
            if what in self._examples
            else f"{what} ({count})"
            for what, count in self._counts.items()
        ]


def shortened(text: str, length: int = LONGEST) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
