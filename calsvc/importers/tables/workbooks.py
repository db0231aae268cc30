"""A spreadsheet → sheets of cells, by calamine, in a process of its own.

``python -m calsvc.importers.tables.workbooks`` reads a spreadsheet from standard input and writes
its sheets as JSON.  A file of two kilobytes can name a last cell so far away that calamine takes
all memory and ends its process; so its process has limits, and is not ours.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from calsvc.errors import SourceError

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 60
MOST_CELLS = 3_000_000
MOST_OUTPUT = 96 * 1024 * 1024
"""Characters of all cells together."""
_KINDS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
Span = tuple[int, int, int, int]


@dataclass
class Sheet:
    """The cells of a sheet, as they were last calculated."""

    name: str
    is_hidden: bool
    rows: list[list[Any]]
    spans: list[Span] = field(default_factory=list)
    """Merged cells: their first row and column, their last row and column."""


def sheets(octets: bytes, source: str) -> list[Sheet]:
    """Return the sheets of a spreadsheet.

    Raises ``SourceError`` for what is none, or takes more time or memory than any agenda.
    """
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 (this interpreter runs this module)
            command, input=octets, capture_output=True, timeout=MOST_SECONDS, check=False
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        found = {"error": "takes too long to read"}
    except (ValueError, OSError):
        found = None
    found = found or {"error": "is broken, or far too large"}
    if "error" in found:
        advice = "open it in a spreadsheet program, and save the agenda alone, as XLSX or CSV"
        raise SourceError(source, found["error"], advice)
    return [
        Sheet(
            each["name"],
            each["is_hidden"],
            [[_read(cell) for cell in row] for row in each["rows"]],
            [tuple(span) for span in each["spans"]],
        )
        for each in found["sheets"]
    ]


def _read(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    kind, value = cell
    return timedelta(seconds=value) if kind == "length" else _KINDS[kind](value)


def _written(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.isoformat()]
    if isinstance(cell, timedelta):
        return ["length", cell.total_seconds()]
    return cell


def _rows(rows: Iterable[list[Any]], left: list[int]) -> Iterable[list[Any]]:
    for row in rows:
        written = [_written(cell) for cell in row]
        while written and written[-1] in ("", None):
            written.pop()
        left[0] -= sum(len(cell) + 8 if isinstance(cell, str) else 8 for cell in written) + 8
        if left[0] < 0:
            raise MemoryError
        yield written


def parsed(octets: bytes) -> dict[str, Any]:
    """Return the sheets of a spreadsheet as JSON has them, or what is wrong with it."""
    from python_calamine import (  # noqa: PLC0415 (only this process needs it)
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    left = [MOST_OUTPUT]
    found = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        for each in workbook.sheets_metadata:
            if each.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(each.name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                return {"error": f"has a sheet of more than {MOST_CELLS} cells"}
            found.append(
                {
                    "name": each.name,
                    "is_hidden": each.visible != SheetVisibleEnum.Visible,
                    "rows": list(_rows(sheet.to_python(skip_empty_area=False), left)),
                    "spans": [(*first, *last) for first, last in sheet.merged_cell_ranges or ()],
                }
            )
    except PasswordError:
        return {"error": "is locked by a password"}
    except (CalamineError, MemoryError, ValueError, OverflowError, OSError):
        return {"error": "is broken, or far too large"}
    return {"sheets": found}


def main() -> None:
    """Write the sheets of standard input to standard output, within limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(parsed(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
