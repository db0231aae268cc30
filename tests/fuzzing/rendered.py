"""The documents of a schedule, held against the rules of each format."""

import csv
import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

from conftest import BASE_URL
from frabrules import faults_of_json, faults_of_xml
from readers import faults

from calsvc.addresses import Addresses
from calsvc.exporters.context import Context
from calsvc.exporters.spreadsheet import BYTE_ORDER_MARK
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.schedule.entries import Schedule
from calsvc.schedule.query import selection_of
from calsvc.schedule.versions import Version

RUN = "=+-@\t\r＝＋－＠"
"""What a cell begins with that a spreadsheet runs."""


def judged(schedule: Schedule, history: tuple[Version, ...] = (), query: str = "") -> bytes:
    """Return the feed of a schedule.  Raises ``AssertionError`` if any document of it is wrong."""
    addresses = Addresses(BASE_URL)
    context = Context(addresses, Blocks(schedule, addresses), history)
    found = {}
    for suffix, exporter in EXPORTERS.items():
        pairs = [("parts", "yes")] if "parts" in exporter.options else []
        selection = selection_of(pairs, filters=exporter.filters, options=exporter.options)
        found[suffix] = exporter.export(schedule, selection, context).body
        JUDGES[suffix](found[suffix])
    return found["ics"]


def _ics(body: bytes) -> None:
    assert faults(body) == []


def _jcal(body: bytes) -> None:
    name, properties, components = json.loads(body)
    assert name == "vcalendar" and properties
    assert {each[0] for each in components} <= {"vevent", "vtimezone"}


def _csv(body: bytes) -> None:
    text = body.decode().removeprefix(BYTE_ORDER_MARK)
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert [row for row in rows if len(row) != len(head)] == []
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.lstrip()[:1] and cell.lstrip()[0] in RUN] == []


def _atom(body: bytes) -> None:
    root = ElementTree.fromstring(body)  # noqa: S314 -- it is our own
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
        *("feed", "id", "title", "updated", "link", "author", "name", "entry", "content"),
    }


def _xml(body: bytes) -> None:
    assert faults_of_xml(body) == []


def _json(body: bytes) -> None:
    assert faults_of_json(body) == []


JUDGES: dict[str, Callable[[bytes], None]] = {
    "ics": _ics,
    "atom": _atom,
    "csv": _csv,
    "xml": _xml,
    "json": _json,
    "jcal": _jcal,
}
