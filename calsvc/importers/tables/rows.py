"""The rows of a table → draft sessions: what CSV, spreadsheets, YAML, JSON and XML share.

A table is whatever has names for its cells: the columns of a sheet, or the keys of records.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytz

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftSession, Wishes
from calsvc.importers.habits import markup
from calsvc.importers.habits.remarks import Remarks, shortened
from calsvc.importers.tables import cells, columns, commas, own_table, timing
from calsvc.importers.tables.columns import EMPTY, Cells
from calsvc.importers.tables.dates import plain
from calsvc.importers.tables.headings import meanings, unit
from calsvc.importers.tables.timing import Days, Timing

KINDS = frozenset("break keynote lunch social workshop poster panel tutorial talk plenary".split())
"""Columns of yes and no that make a kind of sessions."""
CANCELLED = re.compile(r"cancel|abgesagt|annul|entfällt|withdrawn", re.IGNORECASE)
TENTATIVE = re.compile(r"tentativ|provisional|pending|unconfirmed|vorläufig", re.IGNORECASE)
REFUSED = re.compile(r"reject|declin|refus|abgelehnt|wait|draft|delet|spam|denied", re.IGNORECASE)
_ZONE = re.compile(
    r"[(\[]\s*([A-Z]{2,5}|(?:UTC|GMT)[+-]\d{1,2}|[A-Z][a-z]+/[A-Z][A-Za-z_/]+)\s*[)\]]"
)
PEOPLE = ("people", "moderators", "panelists")
PLACES = ("room", "track", "description", "abstract")
"""What tells that a row with a time, but no title, is a session, and no empty place."""
DAY = "the day that is ticked"
ASK_DAY = "name the first day by --date, such as --date 2027-06-15"


@dataclass
class Table:
    """Rows with names for their cells."""

    names: list[str]
    """Of the columns, or keys, in their order."""
    rows: list[Cells]
    place: str = ""
    """What the table is called in its source, if it is one of several: the name of a sheet."""


def draft_of(tables: Iterable[Table], wishes: Wishes, source: str, draft: Draft) -> Draft:
    """Add the sessions of tables to a draft, and return it.

    Raises ``SourceError`` if no table has a title for its rows, or none of the times has a day.
    """
    tables = list(tables)
    remarks = Remarks()
    zones: Counter[str] = Counter()
    wished = [_wishes_of(table, wishes, is_only=len(tables) == 1) for table in tables]
    if wishes.columns and not any(each.columns for each in wished):
        wished = [wishes] * len(tables)  # so that the error tells which column there is not
    readings = [
        _Reading(table, wish, source, remarks) for table, wish in zip(tables, wished, strict=True)
    ]
    found = [each for each in readings if each.has_titles]
    timed = [each for each in found if "start" in each.columns.of or "date" in each.columns.of]
    for each in timed or found:
        each.settle(draft, wishes)
        zones.update(timing.zones(each.timings))
        draft.sessions.extend(each.sessions())
        draft.guessed.extend(told for told in each.guessed if told not in draft.guessed)
        if each.unused:
            place = f"{each.table.place}: " if each.table.place else ""
            draft.left_out.append(f"{place}columns {', '.join(each.unused)}"[:300])
    if not draft.sessions:
        raise _nothing(tables, source)
    for each in timed:
        if days := each.days_unread:
            what = f"has days that cannot be read, such as {shortened(days[0])!r}"
            raise SourceError(source, what, "write them as 2027-06-15")
    if any(each.has_days_missing for each in timed):
        what = (
            f"has days that are none after {wishes.date}"
            if wishes.date
            else "has times, but no dates"
        )
        raise SourceError(source, what, ASK_DAY)
    _set_zone(draft, zones, timed)
    draft.left_out.extend(remarks.lines())
    for table in tables:
        if all(each.table is not table for each in timed or found) and table.place:
            draft.left_out.append(f"{table.place}, which has no sessions")
    return draft


def _wishes_of(table: Table, wishes: Wishes, *, is_only: bool) -> Wishes:
    """Return the wishes for one of several tables: none of columns that are all of another."""
    names = {plain(each).strip() for each in table.names}
    if is_only or any(plain(column).strip() in names for _, column in wishes.columns):
        return wishes
    return replace(wishes, columns=())


def _nothing(tables: Sequence[Table], source: str) -> SourceError:
    names = list(dict.fromkeys(name for table in tables for name in table.names if name))[:20]
    what = f"has columns {', '.join(map(repr, names))}, of which none is a title" if names else ""
    advice = "name the columns, such as --column title=Topic --column start=Begin"
    return SourceError(source, what or "has no rows that can be read", advice)


def _set_zone(draft: Draft, zones: Counter[str], readings: Sequence["_Reading"]) -> None:
    """Take the zone that rows or names of columns have: ``Time (CET)``."""
    for reading in readings:
        for name in reading.columns.of.get("start", []):
            if match := _ZONE.search(name):
                zones[match[1]] += 1
    if draft.timezone is None and zones:
        draft.timezone = zones.most_common(1)[0][0]
    if len(zones) > 1:
        others = ", ".join(each for each in zones if each != draft.timezone)
        draft.guessed.append(f"times are in {draft.timezone}, and some in {others}")


class _Reading:
    """A table that is being read."""

    def __init__(self, table: Table, wishes: Wishes, source: str, remarks: Remarks) -> None:
        self.table = table
        self.remarks = remarks
        self.guessed: list[str] = []
        self.timings: list[Timing] = []
        self.is_own = own_table.is_own(table.names)
        wished = wishes.columns or (own_table.TIMES if self.is_own else ())
        self.columns = columns.assign(table.names, table.rows, wished, source)
        self.rows = own_table.shown(table.rows) if self.is_own else self._by_days(table.rows)
        self.commas = {
            name: commas.are_between(name, [row.get(name) for row in self.rows])
            for held in PEOPLE
            for name in self.columns.of.get(held, [])
        }
        if name := next((each for each, told in self.commas.items() if told[1]), None):
            between = "people" if self.commas[name][0] else "a person and an organization"
            self.guessed.append(f"commas in the column {name} are taken to stand between {between}")
        unused = [each for each in self.columns.unused if each.strip()]
        self.unused = unused if self.has_titles and not self.is_own else []

    def _by_days(self, rows: list[Cells]) -> list[Cells]:
        """Return a row for each day that is ticked in columns such as ``day1`` and ``day2``."""
        days = [name for name in self.columns.flags if cells.moment(name).said]
        if not days or not self.columns.of.keys().isdisjoint({"date", "day"}):
            return rows
        self.columns.of["day"] = [DAY]
        ticked = ([each for each in days if cells.is_true(row.get(each))] for row in rows)
        return [
            {**row, DAY: day}
            for row, ticks in zip(rows, ticked, strict=True)
            for day in ticks or [""]
        ]

    @property
    def has_titles(self) -> bool:
        return "title" in self.columns.of

    @property
    def has_days_missing(self) -> bool:
        """Tell whether rows have times, and none of them has a day."""
        timed = [each for each in self.timings if each.has_time]
        return bool(timed) and not any(each.start for each in timed)

    @property
    def days_unread(self) -> list[str]:
        """Return the days of rows that say nothing else of theirs, where there are several."""
        if any(each.said or each.weekday or each.instant for each in self.timings):
            return []
        for name in self.columns.unused:
            if 0 in {meanings(name).get(each) for each in ("date", "day")}:
                said = dict.fromkeys(cells.text(row.get(name)) for row in self.rows)
                if len(found := list(filter(None, said))) > 1:
                    return found
        return []

    def settle(self, draft: Draft, wishes: Wishes) -> None:
        """Decide when each row is."""
        length = next((unit(each) for each in self.columns.of.get("duration", [])), "")
        self.timings = [timing.reading(self.columns, row, length) for row in self.rows]
        zone = wishes.timezone or draft.timezone or ""
        is_american = zone.startswith("America/") if "/" in zone else None
        first_day = wishes.date or draft.first_day
        days = Days(first_day, is_american)
        timing.settle(self.timings, days)
        self.guessed.extend(days.guessed)

    def sessions(self) -> Iterable[DraftSession]:
        for row, when in zip(self.rows, self.timings, strict=True):
            if session := self._session(row, when):
                yield session

    def _session(self, row: Cells, when: Timing) -> DraftSession | None:
        of = self.columns
        title = cells.text(of.cell(row, "title"))
        people = self._people(row)
        kind = cells.text(of.cell(row, "kind")) or self._flagged(row)
        guessed = list(when.guessed)
        if not title:
            title = self._named(row) or kind or ", ".join(each.name for each in people)
            if title:
                guessed.append(f"a title is missing, and {shortened(title)} is taken")
            elif when.has_time and any(map(cells.text, (of.cell(row, each) for each in PLACES))):
                title = "Untitled"
                guessed.append("a title is missing, so it is called Untitled")
            else:
                self._leave_out_untitled(row)
                return None
        status = cells.text(of.cell(row, "status"))
        if REFUSED.search(status):
            self.remarks.add("sessions whose status says that they do not take place", title)
            return None
        for words in when.unread:
            self.remarks.add("times that cannot be read", f'"{words}"')
        if when.has_time and not when.start:
            self.remarks.add("times without a day that can be read", title)
        is_cancelled = bool(CANCELLED.search(status)) or cells.is_true(row.get("cancelled"))
        session = DraftSession(
            title,
            start=when.start,
            end=when.end,
            kind=kind or None,
            people=people,
            is_cancelled=is_cancelled,
            is_tentative=bool(TENTATIVE.search(status)),
            guessed=guessed,
        )
        self._describe(session, row)
        if self.is_own:
            own_table.read_session(session, row)
        if when.zone in pytz.all_timezones_set:
            session.timezone = when.zone
        return session

    def _named(self, row: Cells) -> str:
        """Return what a row without a title has in another column that may be one."""
        may_be = (each for each in self.table.names if 0 < meanings(each).get("title", 9) < 3)
        taken = {name for held in ("people", "room") for name in self.columns.of.get(held, ())}
        found = (row.get(each) for each in may_be if each not in taken)
        return next((cells.text(each) for each in found if not cells.is_flag(each)), "")

    def _leave_out_untitled(self, row: Cells) -> None:
        words = " ".join(filter(None, (cells.text(cell) for cell in row.values())))
        if words:
            self.remarks.add("rows without a title", f'"{shortened(words)}"')

    def _describe(self, session: DraftSession, row: Cells) -> None:
        """Give a session what its row says beside title, time and people."""
        of = self.columns
        for name in ("room", "track", "language", "level"):
            setattr(session, name, cells.text(of.cell(row, name)) or None)
        session.description = markup.paragraphs(
            *(cells.prose(of.cell(row, name)) for name in ("subtitle", "abstract", "description"))
        )
        session.tags = [word for cell in of.cells(row, "tags") for word in cells.words(cell)]
        address, key = cells.text(of.cell(row, "url")), cells.text(of.cell(row, "key"))
        session.url = address if address.startswith(("http://", "https://")) else None
        if address and not session.url:
            if key:
                self.remarks.add("addresses without a host", address)
            else:
                key = address
        session.key = key or None
        session.part_of = cells.words(of.cell(row, "part_of"))
        session.stream = cells.text(of.cell(row, "stream")) or None
        for column in of.of.get("links", []):
            for found in cells.words(row.get(column)):
                if found.startswith(("http://", "https://")):
                    session.links.append((found, column))

    def _flagged(self, row: Cells) -> str:
        """Return the kind that a column of yes and no says: ``break``."""
        kinds = (each for each in self.columns.flags if each.strip().lower() in KINDS)
        return next((each for each in kinds if cells.is_true(row.get(each))), "")

    def _people(self, row: Cells) -> list[DraftPerson]:
        found: list[DraftPerson] = []
        for name in PEOPLE:
            role = {"moderators": "moderator", "panelists": "panelist"}.get(name)
            for column, cell in self._held(row, name):
                between, _ = self.commas.get(column, (True, False))
                found.extend(cells.people(cell, role=role, commas=between))
        named = [
            f"{cells.text(first)} {cells.text(last)}".strip()
            for first, last in zip(
                self.columns.cells(row, "first_name"),
                self.columns.cells(row, "last_name"),
                strict=False,
            )
        ]
        if not found:
            found = [DraftPerson(each) for each in named if each]
        self._organize(found, row)
        for each in found:
            if each.name.isdecimal():
                self.remarks.add("people of whom there is only an id", each.name)
        return [
            each for each in found if not cells.is_flag(each.name) and not each.name.isdecimal()
        ]

    def _held(self, row: Cells, name: str) -> Iterable[tuple[str, Any]]:
        """Yield the columns and cells that a row has of a field."""
        wanted = self.columns.cells(row, name)
        for column in self.columns.of.get(name, []):
            if (cell := row.get(column)) not in EMPTY and cell in wanted:
                wanted.remove(cell)
                yield column, cell

    def _organize(self, people: list[DraftPerson], row: Cells) -> None:
        """Give people the organizations that a row has, where it is clear whose each is."""
        several = [cells.text(each) for each in self.columns.cells(row, "organization")]
        bare = [each for each in people if not each.organization and each.role is None]
        if len(several) == 1 and len(bare) > 1:
            several = [each.strip() for each in re.split(r"[;,|/]", several[0])]
        if len(several) == len(bare):
            for person, organization in zip(bare, several, strict=True):
                person.organization = organization or None
        elif any(several) and bare:
            self.remarks.add("organizations of several people", f'"{shortened(several[0])}"')
