"""The reader of each format, recognised by content; as a program, it reads what ``apart`` asks.

A new format takes a row here and one in ``formats``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from calsvc.errors import SourceError, hint
from calsvc.importers.apart import BOUNDS, DRAFT
from calsvc.importers.confined import answer
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
    """What reads one foreign format."""

    name: str
    """As ``--from`` has it: ``frab-xml``."""
    recognises: Callable[[Source], bool]
    """Tells whether a source is surely in this format, by its content."""
    read: Callable[[Source, Wishes], Draft]
    """Raises ``SourceError`` for what is not in this format, or cannot be understood."""


_ROWS: tuple[Reader, ...] = (
    Reader("ics", calendars.is_calendar, calendars.read_ics),
    Reader("jcal", jcal.is_jcal, calendars.read_jcal),
    Reader("frab-xml", frab_xml.recognises, frab_xml.read),
    Reader("frab-json", frab_json.recognises, frab_json.read),
    Reader("sessionize", sessionize.recognises, sessionize.read),
    Reader("pretalx", pretalx.recognises, pretalx.read),
    Reader("hoverboard", hoverboard.recognises, hoverboard.read),
    Reader("open-event", open_event.recognises, open_event.read),
    Reader("indico", indico.recognises, indico.read),
    Reader("spreadsheet", spreadsheets.recognises, spreadsheets.read),
    Reader("csv", delimited.recognises, delimited.read),
    Reader("data", records.recognises, records.read),
    Reader("html", webpages.recognises, webpages.read),
    Reader("markdown", markdown.recognises, markdown.read),
    Reader("text", plaintext.recognises, plaintext.read),
)
CALENDARS = ("ics", "jcal")
READERS = {reader.name: reader for reader in _ROWS}
"""By name; the first one that recognises a source reads it."""


def read(source: Source, wishes: Wishes, name: str | None = None) -> tuple[Draft, Reader]:
    """Return the agenda in a source, and the reader that read it: ``name``, or by content.

    Raises ``SourceError``.
    """
    if name is not None and name not in READERS:
        raise SourceError(source.name, f"there is no format {name!r}", hint(name, READERS))
    if wishes.entry_for_entry:
        known, name = [READERS[each] for each in CALENDARS], None
    else:
        known = [READERS[name]] if name else [*READERS.values()]
    for reader in known:
        if name or reader.recognises(source):
            draft = reader.read(source, wishes)
            draft.guessed[:0] = source.told
            return draft, reader
    if wishes.entry_for_entry:
        advice = "give the address of the .ics itself, not of the page that leads to it"
        raise SourceError(source.name, "is no calendar", advice)
    ways = ", ".join(READERS)
    raise SourceError(source.name, "is in no format known here", f"name one by --from: {ways}")


def _told(source: Source, wishes: Wishes, form: str | None) -> dict[str, Any]:
    """Return what a source says, as JSON has it.  Raises ``SourceError``."""
    draft, reader = read(source, wishes, form)
    return {"draft": DRAFT.dump_python(draft, mode="json"), "form": reader.name}


if __name__ == "__main__":
    answer(_told, BOUNDS)
