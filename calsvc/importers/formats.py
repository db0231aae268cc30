"""The formats that can be imported, each with the function that reads it.

A new format takes only a row here: it is recognised by its content, or named by ``--from``.
"""

from collections.abc import Callable
from typing import NamedTuple

from calsvc.errors import SourceError, hint
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics import calendars, jcal
from calsvc.importers.pages import markdown, plaintext, webpages
from calsvc.importers.tables import delimited, records, spreadsheets
from calsvc.importers.tools import (
    frab_json,
    frab_xml,
    hoverboard,
    indico,
    open_event,
    pretalx,
    sessionize,
)


class Reader(NamedTuple):
    """One foreign format."""

    name: str
    """As ``--from`` has it: ``frab-xml``."""
    title: str
    """As people know it: ``frab, Pentabarf (schedule.xml)``."""
    recognises: Callable[[Source], bool]
    """Tells whether a source is surely in this format, by its content."""
    read: Callable[[Source, Wishes], Draft]
    """Raises ``SourceError`` for what is not in this format, or cannot be understood."""


_ROWS: tuple[Reader, ...] = (
    Reader("ics", "iCalendar (.ics)", calendars.is_calendar, calendars.read_ics),
    Reader("jcal", "jCal, calendars as JSON", jcal.is_jcal, calendars.read_jcal),
    Reader("frab-xml", "frab, Pentabarf (schedule.xml)", frab_xml.recognises, frab_xml.read),
    Reader("frab-json", "frab, c3voc (schedule.json)", frab_json.recognises, frab_json.read),
    Reader("sessionize", "Sessionize (API)", sessionize.recognises, sessionize.read),
    Reader("pretalx", "pretalx (API)", pretalx.recognises, pretalx.read),
    Reader("hoverboard", "Hoverboard (GDG)", hoverboard.recognises, hoverboard.read),
    Reader("open-event", "Open Event, eventyay", open_event.recognises, open_event.read),
    Reader("indico", "Indico (export)", indico.recognises, indico.read),
    Reader("spreadsheet", "XLSX, ODS, XLS", spreadsheets.recognises, spreadsheets.read),
    Reader("csv", "CSV, TSV", delimited.recognises, delimited.read),
    Reader("data", "YAML, JSON, TOML or XML of a site", records.recognises, records.read),
    Reader("html", "agenda page (HTML)", webpages.recognises, webpages.read),
    Reader("markdown", "agenda page (Markdown)", markdown.recognises, markdown.read),
    Reader("text", "agenda as text", plaintext.recognises, plaintext.read),
)
READERS = {reader.name: reader for reader in _ROWS}
"""By name; the first one that recognises a source reads it."""


def read(source: Source, wishes: Wishes, name: str | None = None) -> tuple[Draft, Reader]:
    """Return the agenda in a source, and the reader that read it: ``name``, or by content.

    Raises ``SourceError``.
    """
    if name is not None and name not in READERS:
        raise SourceError(source.name, f"there is no format {name!r}", hint(name, READERS))
    known = [READERS[name]] if name else READERS.values()
    for reader in known:
        if name or reader.recognises(source):
            draft = reader.read(source, wishes)
            draft.guessed[:0] = source.told
            return draft, reader
    ways = ", ".join(READERS)
    raise SourceError(source.name, "is in no format known here", f"name one by --from: {ways}")
