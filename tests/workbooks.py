"""Spreadsheets that tests write by hand: the least that XLSX and ODS need."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
Cell = str | int | float | None
DATE, TIME = 1, 2
"""Styles of cells that show a number as a date, or as a time."""


def zipped(parts: Mapping[str, str]) -> bytes:
    """Return an archive of texts by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell | tuple[float, int]]]],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """Return an XLSX of these rows; a number with a style is a date or a time.

    ``merged`` are ranges of the first sheet: ``A1:B2``.
    """
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14"/><xf numFmtId="20"/></cellXfs></styleSheet>',
    }
    named, related = [], [f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>']
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        named.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>')
        target = f"worksheets/sheet{number}.xml"
        related.append(
            f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="{target}"/>'
        )
        ranges = "".join(f'<mergeCell ref="{each}"/>' for each in (merged if number == 1 else ()))
        parts[f"xl/{target}"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{_rows(rows)}</sheetData>'
            + (f"<mergeCells>{ranges}</mergeCells>" if ranges else "")
            + "</worksheet>"
        )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{''.join(named)}</sheets></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(related)}</Relationships>'
    )
    return zipped(parts)


def _rows(rows: Sequence[Sequence[Cell | tuple[float, int]]]) -> str:
    written = []
    for number, row in enumerate(rows, 1):
        cells = []
        for place, cell in enumerate(row):
            at = f"{chr(ord('A') + place)}{number}"
            if isinstance(cell, tuple):
                cells.append(f'<c r="{at}" s="{cell[1]}"><v>{cell[0]}</v></c>')
            elif isinstance(cell, str):
                text = escape(cell)
                cells.append(f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>')
            elif cell is not None:
                cells.append(f'<c r="{at}"><v>{cell}</v></c>')
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(written)


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """Return an ODS of one sheet of texts."""
    written = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{_OPEN}:office:1.0"'
        f' xmlns:table="{_OPEN}:table:1.0" xmlns:text="{_OPEN}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Agenda">{written}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0"><manifest:file-entry'
        ' manifest:full-path="/" manifest:media-type='
        '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})
