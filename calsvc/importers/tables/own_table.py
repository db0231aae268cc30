"""What calsvc itself writes into a table for spreadsheets, read back to the letter.

``exporters/spreadsheet`` calls columns as the keys of event files are.  Times are read as those
of any table, for a spreadsheet may have written them anew; what else its columns hold needs no
guess: persons by role, links and tags, one a line, and the ids of the sessions around it.  Uids
are left alone, for who copies a row in a spreadsheet copies its uid, too.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from calsvc.agenda.people import Person, short_form
from calsvc.importers.drafts import DraftPerson, DraftSession

NAMES = frozenset({"title", "start", "end", "timezone", "hosts", "authors", "part_of", "id", "uid"})
"""Columns by which a table is known as calsvc's; of others, some may be taken out."""
TIMES = (("start", "start"), ("end", "end"))
"""The columns of times, in which there may be more days than times."""
ROLES = {
    "speakers": "speaker",
    "moderators": "moderator",
    "panelists": "panelist",
    "authors": "author",
    "hosts": "host",
}
TEXTS = ("room", "kind", "track", "description", "language", "level", "url", "stream")
FORMULA = re.compile(r"'(?='*\s*[=+\-@\t\r＝＋－＠])")
"""The apostrophe that keeps spreadsheets from running a cell."""
SPACE = re.compile(r"(?<=[;\n\t]) (?= *(?:[=@＝＠]|[+\-＋－](?:\S|.{0,200}\|)))")
"""The space that keeps them from it where they split a cell."""
PAGE = re.compile(r"https?://[^/]+(?:/\S*)?/events/[^/]+/sessions/([^/]+)/")
LINK = re.compile(r"(?:(?P<title>.*\S): )?(?P<url>https?://\S+)")
_PERSON: TypeAdapter[Person] = TypeAdapter(Annotated[Person, short_form])


def is_own(names: Iterable[str]) -> bool:
    """Tell whether the columns are those of a table that calsvc wrote."""
    return {*names} >= NAMES


def shown(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without what keeps spreadsheets from running their cells."""
    return [{name: _shown(cell) for name, cell in row.items()} for row in rows]


def _shown(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return SPACE.sub("", cell[1:] if FORMULA.match(cell) else cell)


def read_session(session: DraftSession, row: Mapping[str, Any]) -> None:
    """Give a session what its row says, but for its times."""
    session.title = _cell(row, "title") or session.title
    session.key = _cell(row, "id")
    for name in TEXTS:
        setattr(session, name, _cell(row, name))
    if page := PAGE.fullmatch(session.url or ""):
        session.url = None if page[1] == session.key else session.url
    session.tags = _lines(row, "tags")
    session.links = [
        (link["url"], link["title"] or "")
        for line in _lines(row, "links")
        if (link := LINK.fullmatch(line))
    ]
    session.part_of = [each.strip() for each in (_cell(row, "part_of") or "").split(",")]
    session.part_of = [*filter(None, session.part_of)]
    session.people = [
        _person(line, role) for column, role in ROLES.items() for line in _lines(row, column)
    ]
    first, last = _day(row, "start"), _day(row, "end")
    if first and last:
        session.day, session.last_day = first, last
        session.start = session.end = None
    if _cell(row, "status") == "postponed":  # the time is that from which it went
        session.start = session.end = session.day = None


def _cell(row: Mapping[str, Any], name: str) -> str | None:
    cell = row.get(name)
    return str(cell).strip() or None if isinstance(cell, str | int | float) else None


def _day(row: Mapping[str, Any], name: str) -> date | None:
    """Return the day that a cell without a time says."""
    try:
        return date.fromisoformat(_cell(row, name) or "")
    except ValueError:
        return None


def _lines(row: Mapping[str, Any], name: str) -> list[str]:
    return [*filter(None, map(str.strip, (_cell(row, name) or "").split("\n")))]


def _person(line: str, role: str) -> DraftPerson:
    try:
        read = _PERSON.validate_python(line)
    except ValidationError:
        return DraftPerson(line, role=role)
    return DraftPerson(read.name, read.organization, role)
