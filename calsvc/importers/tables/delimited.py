"""CSV, TSV and their like: what stands between cells is found, and so is the encoding."""

import csv
import io
from collections import Counter

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.tables import grids, rows
from calsvc.importers.tables.headings import meanings

SEPARATORS = (",", ";", "\t", "|")
"""The likeliest first."""
SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
MEDIA_TYPES = frozenset({"text/csv", "text/tab-separated-values", "application/csv"})
LOOKED_AT = 20_000
"""Characters in which the separator is looked for."""
MOST_ROWS = 200_000


def recognises(source: Source) -> bool:
    """Tell whether a source is a table by its name, or by names of columns in its first row."""
    if source.members or not source.octets:
        return False
    if source.suffix in SUFFIXES or source.media_type in MEDIA_TYPES:
        return True
    if source.suffix not in {"", ".txt"} or source.octets[:1] in b"<{[":
        return False
    try:
        first = source.text.lstrip("\ufeff\n").partition("\n")[0][:LOOKED_AT]
    except SourceError:
        return False
    names = max((first.split(each) for each in SEPARATORS[:3]), key=len)
    known = [fields for name in names if (fields := meanings(name.strip(' "')))]
    return len(known) >= 3 and any("title" in fields for fields in known)


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the sessions of a table.  Raises ``SourceError`` for what is none."""
    matrix = _matrix(source)
    made, left_out = grids.tables(matrix, wishes.columns, source.name)
    draft = Draft(left_out=left_out, guessed=[*filter(None, [source.guessed])])
    return rows.draft_of(made, wishes, source.name, draft)


def _matrix(source: Source) -> list[list[str]]:
    text = source.text.lstrip("\ufeff\n")
    separator = _separator(text)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first) <= 5:  # as Excel writes it
        text = rest
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append(row)
            if len(found) > MOST_ROWS:
                raise SourceError(source.name, f"has more than {MOST_ROWS} rows", "split it")
    except csv.Error as error:
        advice = "look for a quotation mark that is not closed"
        raise SourceError(
            source.name, f"is broken after row {len(found)}: {error}", advice
        ) from error
    return found


def _separator(text: str) -> str:
    """Return what stands between cells: what gives most rows the same number of them."""
    if text[:4].lower() == "sep=" and text[4:5] not in {"", "\n"}:
        return text[4]
    lines = text[:LOOKED_AT]

    def evenness(separator: str) -> tuple[float, int]:
        try:
            read = list(csv.reader(io.StringIO(lines, newline=""), delimiter=separator))
        except csv.Error:
            return 0.0, 0
        widths = Counter(len(row) for row in read if len(row) > 1)
        width, count = max(widths.items(), key=lambda each: each[1], default=(0, 0))
        return (round(count / len(read), 1), width) if width else (0.0, 0)

    return max(SEPARATORS, key=evenness)
