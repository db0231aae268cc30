"""XLSX and ODS, and XLS and XLSB where they are kept: each sheet a table or a grid."""

import io
import zipfile
import zlib

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import MAX_OCTETS, Source
from calsvc.importers.tables import grids, rows, workbooks

PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
"""What is in the archive of a spreadsheet: of XLSX, XLSB and ODS."""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an XLS begins, and other files of that time."""
MOST_PARTS = 5_000


def recognises(source: Source) -> bool:
    """Tell whether a source is an archive with a workbook in it, or an XLS."""
    if source.octets.startswith(OLD):
        return source.suffix not in {".doc", ".ppt", ".msg"}
    if not source.octets.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.octets)) as archive:
            names = set(archive.namelist())
            is_sheets = "content.xml" not in names or _is_sheets(archive)
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return not names.isdisjoint(PARTS) and is_sheets


def _is_sheets(archive: zipfile.ZipFile) -> bool:
    """Tell whether an OpenDocument is a spreadsheet, and no text."""
    try:
        with archive.open("mimetype") as kind:
            return b"spreadsheet" in kind.read(200)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return True


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the sessions of the sheets that are shown.

    Raises ``SourceError`` for what is no spreadsheet, or one that unpacks to too much.
    """
    octets = source.octets
    if octets.startswith(b"PK"):
        octets = _repacked(source)
    draft = Draft()
    tables = []
    for sheet in workbooks.sheets(octets, source.name):
        if sheet.is_hidden:
            draft.left_out.append(f"the hidden sheet {sheet.name}")
            continue
        made, left_out = grids.tables(
            sheet.rows, wishes.columns, source.name, place=sheet.name, spans=sheet.spans
        )
        tables.extend(made)
        draft.left_out.extend(f"{sheet.name}: {told}" for told in left_out)
        if not made and any(any(row) for row in sheet.rows):
            draft.left_out.append(f"{sheet.name}, which has no names of columns that are known")
    return rows.draft_of(tables, wishes, source.name, draft)


def _repacked(source: Source) -> bytes:
    """Return the archive with its parts unpacked, each as large as the directory says at most.

    Sizes are added up before anything is unpacked, and a part that lies about its own is
    broken.
    """
    broken = SourceError(source.name, "is a broken archive", "save or fetch it again")
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(source.octets)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_OCTETS or len(parts) > MOST_PARTS:
                what = f"unpacks to more than {MAX_OCTETS // 1024**2} MiB"
                raise SourceError(source.name, what, "save the agenda alone, without pictures")
            with zipfile.ZipFile(packed, "w") as copy:
                for part in parts:
                    if not part.is_dir():
                        copy.writestr(part.filename, archive.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise broken from error
    except (NotImplementedError, RuntimeError) as error:  # a method, or a password
        raise broken from error
    return packed.getvalue()
