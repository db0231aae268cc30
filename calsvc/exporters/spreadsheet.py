"""An event as a table for spreadsheets: CSV (RFC 4180), a row for each time of a session.

It begins with U+FEFF, without which Excel takes UTF-8 for another code.  The columns are called
as the keys of the event file are; persons stand in the column of their role, one a line, as do
links and tags, so that importing it finds everything again.  Times are on the clocks of the
row's time zone; one that the clocks show twice has its offset.  What is all day has days for
times, the first and the last.  What is announced without a time has a row too.

No cell is a formula to a spreadsheet, whoever wrote the title: one that looks like it begins
with an apostrophe.  Where a spreadsheet splits cells at semicolons, or at line breaks, what
follows there could become a cell, so it gets a space.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from calsvc import timezones
from calsvc.agenda.people import Role
from calsvc.answers import Body, Feed, Format
from calsvc.exporters.context import Context
from calsvc.ical.vevent import View, summary
from calsvc.schedule.entries import Content, Entry, Schedule
from calsvc.schedule.selection import Selection

CSV = Format("csv", "text/csv; charset=utf-8; header=present", is_compressed=True)
BYTE_ORDER_MARK = "\ufeff"
FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
"""What a cell begins with that spreadsheets run, or would run without its apostrophe."""
FORMULA_INSIDE = re.compile(r"(?<=[;\n\t])(?= *(?:[=@＝＠]|[+\-＋－](?:\S|.{0,200}\|)))")
"""Where a formula could begin within a cell; lists of Markdown, ``- words``, are none."""


class Row(NamedTuple):
    """An entry with what its cells depend on."""

    entry: Entry
    title: str
    status: str
    page: str
    wholes: tuple[str, ...]
    """Ids of the sessions that it is a part of."""

    @property
    def content(self) -> Content:
        """Return what people see of the entry."""
        return self.entry.content

    def time(self, which: str) -> str:
        """Return its start or end, on the clocks of its zone; a day if it is all day, or empty."""
        slot = self.content.slot
        if not slot:
            return ""
        if slot.days:
            return str(slot.days[which == "end"])
        moment: datetime = getattr(slot, f"local_{which}")
        both = slot.local_start, slot.local_end
        if any(timezones.is_repeated(each, slot.timezone) for each in both):
            return moment.isoformat()  # the end too, which is not on the clocks of the start
        seconds = ":%S" if moment.second else ""
        return f"{moment:%Y-%m-%d %H:%M{seconds}}"

    def people(self, role: Role) -> str:
        """Return the persons of a role, a line each; those of none are speakers."""
        people = self.content.people
        return "\n".join(each.full_name for each in people if (each.role or "speaker") == role)


COLUMNS: dict[str, Callable[[Row], str | None]] = {
    "title": lambda row: row.title,
    "start": lambda row: row.time("start"),
    "end": lambda row: row.time("end"),
    "timezone": lambda row: row.content.slot.timezone if row.content.slot else None,
    "room": lambda row: row.content.room,
    "kind": lambda row: row.content.kind,
    "track": lambda row: row.content.track,
    "speakers": lambda row: row.people("speaker"),
    "moderators": lambda row: row.people("moderator"),
    "panelists": lambda row: row.people("panelist"),
    "authors": lambda row: row.people("author"),
    "hosts": lambda row: row.people("host"),
    "description": lambda row: row.content.description,
    "tags": lambda row: "\n".join(row.content.tags),
    "language": lambda row: row.content.language,
    "level": lambda row: row.content.level,
    "status": lambda row: row.status,
    "url": lambda row: row.content.url or row.page,
    "links": lambda row: "\n".join(
        f"{link.title}: {link.url}" if link.title else link.url for link in row.content.links
    ),
    "stream": lambda row: row.content.stream,
    "part_of": lambda row: ", ".join(row.wholes),
    "id": lambda row: row.entry.session,
    "uid": lambda row: row.entry.uid,
}
"""By its header, what a column has of a row."""


def csv_table(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    """Return an event, or what is selected of it, as CSV."""
    written = io.StringIO(newline="")
    written.write(BYTE_ORDER_MARK)
    rows = csv.writer(written)  # with CRLF, as RFC 4180 has it
    rows.writerow(COLUMNS)
    for row in _rows(schedule, selection, context):
        rows.writerow([guarded(cell(row) or "") for cell in COLUMNS.values()])
    body, name = written.getvalue().encode("utf-8"), f"{schedule.event.id}.{CSV.suffix}"
    return Feed(Body(body), CSV, context.blocks.modified, name, is_download=True)


def guarded(text: str) -> str:
    """Return the text of a cell that no spreadsheet runs."""
    text = FORMULA_INSIDE.sub(" ", text)
    return f"'{text}" if FORMULA.match(text) else text


def _rows(schedule: Schedule, selection: Selection, context: Context) -> Iterator[Row]:
    wholes = _wholes(schedule)
    shown = {entry.uid: entry for entry in selection.entries(schedule)}
    shown |= {entry.uid: entry for entry in selection.announced(schedule)}
    for entry in shown.values():
        content, page = entry.content, context.addresses.entry(schedule.event.id, entry.session)
        is_marked = entry.is_cancelled and selection.display.cancelled == "mark"
        view = View(entry, page, language=context.blocks.language)
        yield Row(
            entry=entry,
            title=summary(view) if is_marked else entry.title,
            status="confirmed" if is_marked else content.note or content.status,
            page=page,
            wholes=wholes.get(entry.session, ()),
        )


def _wholes(schedule: Schedule) -> dict[str | None, tuple[str, ...]]:
    """Return the ids of the wholes of each part, those of all its times together."""
    sessions = {entry.uid: entry.session for entry in schedule.entries}
    found: dict[str | None, dict[str, None]] = {}
    for entry in schedule.entries:
        named = filter(None, map(sessions.get, entry.content.parents))
        found.setdefault(entry.session, {}).update(dict.fromkeys(named))
    return {name: tuple(wholes) for name, wholes in found.items()}
