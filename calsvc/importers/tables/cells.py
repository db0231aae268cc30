"""What one cell of a table holds: a text, a length of time, people, words, a moment.

A cell is whatever a CSV file, a spreadsheet, JSON or YAML can hold; nothing here fails on any.
"""

import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as pages

from calsvc.importers.drafts import DraftPerson
from calsvc.importers.habits import clocks, instants, markup
from calsvc.importers.habits.clocks import Clock, Hours
from calsvc.importers.tables import dates
from calsvc.importers.tables.dates import Said

LONGEST_MOMENT = 400
"""Characters that a date and a time can take, with the tags of HTML around them."""
EPOCHS = range(946_684_800, 4_102_444_800)
"""Seconds since 1970 that are taken for an instant: from 2000 to 2100."""
MOST_LISTED = 200
"""Values that are read of a list in one cell."""
LONGEST_MINUTES = 14 * clocks.DAY
TRUE = frozenset("y yes true x 1 ja oui si ✓ ✔".split())
FALSE = frozenset("n no false 0 nein non - — n/a na none null tba tbd".split())
UNDECIDED = frozenset({"tba", "tbd", "tbc"})
"""Titles of what takes place, though nobody knows yet what it is."""

_POINTED = re.compile(r"([01]?\d|2[0-3])\.([0-5][05]|1[3-9]|[2-5]\d)")
"""``10.30``, which is a date in other columns.

Of minutes that may be months only the fives are taken: ``15.10`` is a time, ``15.06`` a day.
"""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_BETWEEN_PEOPLE = re.compile(r"\s*(?:[;|\n•]|\s/\s|\s(?:&|and|und|et|y|with|mit)\s)\s*")
_IN_BRACKETS = re.compile(r"\s*(?P<name>[^()]{2,80}?)\s*\((?P<organization>[^()]{2,120})\)\s*")
_NUMBERED = re.compile(r"\d{1,9}\s*:\s*(?=\S)")
_PERSON_KEYS = ("name", "full name", "fullname", "display name", "speaker", "public name", "person")
_FIRM_KEYS = ("organization", "organisation", "company", "affiliation", "institution", "employer")


class Moment(NamedTuple):
    """What a cell says of when something is."""

    said: Said | None = None
    hours: Hours | None = None
    instant: datetime | None = None
    """Aware, where the cell has an offset."""
    end: datetime | None = None
    """Of an instant, where one cell has both."""


def text(cell: Any) -> str:
    """Return a cell as one line of plain text, with entities read and tags left out."""
    return markup.plain(_spelled(cell)) or ""


def prose(cell: Any) -> str:
    """Return a cell as it is written, with its lines and tags."""
    return _spelled(cell)


def _spelled(cell: Any, depth: int = 0) -> str:
    if cell is None or isinstance(cell, dict):
        return ""
    if isinstance(cell, list):
        found = (_spelled(each, depth + 1) for each in cell[:MOST_LISTED])
        return ", ".join(filter(None, found)) if depth < 2 else ""
    if isinstance(cell, float) and math.isfinite(cell) and cell.is_integer():
        return str(int(cell)) if abs(cell) < 1e15 else ""  # spreadsheets have no other numbers
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) > 10**18:
        return ""  # no agenda has such a number, and writing it out can take very long
    return str(cell).replace("\0", "")


def is_flag(cell: Any) -> bool:
    """Tell whether a cell says only yes or no, or nothing."""
    return isinstance(cell, bool) or text(cell).lower() in TRUE | FALSE | {""}


def is_true(cell: Any) -> bool:
    """Tell whether a cell says yes."""
    return text(cell).lower() in TRUE


def words(cell: Any) -> list[str]:
    """Return the words of a cell that lists some: tags, tracks."""
    if isinstance(cell, list):
        return [each for each in map(text, cell) if each]
    return [each for each in map(str.strip, re.split(r"[,;|\n]", text(cell))) if each]


def minutes(cell: Any, unit: str = "") -> int | None:
    """Return the minutes that a length of time has, None if a cell has none.

    ``unit`` is what the name of the column says: ``min``, ``h``, ``s``.
    """
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute or None
    if isinstance(cell, timedelta):
        return _bounded(cell.total_seconds() / 60)
    words = text(cell).replace(",", ".")
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", words):
        number = float(words)
        if unit == "h" or (not unit and "." in words and 0.25 <= number < 12):
            return _bounded(number * 60)
        if unit == "s" or (not unit and number >= 1000 and number % 60 == 0):
            return _bounded(number / 60)
        if not unit and 0 < number < 1:  # a spreadsheet counts in days
            return _bounded(number * clocks.DAY)
        return _bounded(number)
    return clocks.duration(words) if len(words) <= clocks.LONGEST_TIME else None


def _bounded(number: float) -> int | None:
    return round(number) or None if 0 < number <= LONGEST_MINUTES else None


def moment(cell: Any, *, is_clock: bool = False) -> Moment:
    """Return what a cell says of when something is: a day, hours, an instant, or nothing.

    ``is_clock`` tells that the cell is in a column of times, where ``930``, ``9`` and ``10.15``
    are such.
    """
    if is_clock and (digits := re.fullmatch(r"(\d{1,2})\.?(\d\d)?", text(cell))):
        cell = f"{digits[1]}:{digits[2] or '00'}"
    elif is_clock and (pointed := _POINTED.fullmatch(text(cell))):
        cell = f"{pointed[1]}:{pointed[2]}"
    if isinstance(cell, datetime):
        return Moment(instant=cell) if cell.tzinfo else _local(cell)
    if isinstance(cell, date):
        return Moment(_said(cell))
    if isinstance(cell, time):
        return Moment(hours=_hours(cell, is_sure=False))  # 1:30 is typed for 13:30
    if isinstance(cell, timedelta):
        whole = int(cell.total_seconds() // 60)
        clock = Clock(whole, True, True)
        return Moment(hours=Hours(clock)) if 0 <= whole < 2 * clocks.DAY else Moment()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _counted(cell)
    written = _spelled(cell)[: 10 * LONGEST_MOMENT]
    if _TAG.search(written) and (found := _tagged(written)):
        return found
    words = text(written)
    return _worded(words) if words and len(words) <= LONGEST_MOMENT else Moment()


def _said(day: date) -> Said:
    return Said(day.year, day.month, day.day)


def _hours(clock: time, *, is_sure: bool = True) -> Hours:
    is_24 = is_sure or clock.hour == 0 or clock.hour > 12
    return Hours(Clock(clock.hour * 60 + clock.minute, is_24, is_24))


def _local(start: datetime, end: datetime | None = None) -> Moment:
    """Return a naive time as a day and hours; the end is within a day, or not of this cell."""
    hours = _hours(start.time())
    if end and timedelta() < end - start < timedelta(days=1):
        hours = hours._replace(end=_hours(end.time()).start)
    return Moment(_said(start.date()), hours)


def _counted(number: float) -> Moment:
    """Read seconds since 1970, the serial number of a spreadsheet, or a part of a day."""
    if not 0 <= number < 1000 * EPOCHS.stop:
        return Moment()
    seconds = number / 1000 if number >= EPOCHS.stop else number
    if EPOCHS.start <= seconds < EPOCHS.stop:
        return Moment(instant=datetime.fromtimestamp(int(seconds), UTC))
    if 0 < number < 1:
        return Moment(hours=Hours(Clock(round(number * clocks.DAY), True, True)))
    if 36_526 <= number < 73_415:  # days since 1899-12-30: 2000 to 2100
        day = date(1899, 12, 30) + timedelta(days=int(number))
        part = round((number - int(number)) * clocks.DAY)
        return Moment(_said(day), Hours(Clock(part, True, True)) if part else None)
    return _worded(text(number)) if float(number).is_integer() else Moment()


def _tagged(written: str) -> Moment | None:
    """Read the times that HTML has in attributes, as Drupal writes them (RDFa, ``<time>``)."""
    try:
        page = pages.fromstring(f"<div>{written}</div>")
    except (etree.LxmlError, ValueError):
        return None
    found: list[datetime] = []
    for element in page.iter(etree.Element):
        value = element.get("content") or element.get("datetime")
        if (each := instants.instant(value)) and each not in found:
            found.append(each)
    if not found:
        return None
    start, end = found[0], found[1] if len(found) == 2 else None
    if end and bool(end.tzinfo) != bool(start.tzinfo):
        end = None
    return Moment(instant=start, end=end) if start.tzinfo else _local(start, end)


@lru_cache(maxsize=10_000)
def _worded(words: str) -> Moment:
    """Read a day, hours, or both in either order."""
    if found := instants.instant(words):
        return (
            Moment(instant=found)
            if found.tzinfo
            else Moment(_said(found.date()), _hours(found.time()))
        )
    if said := dates.read(words):
        return Moment(said)
    if hours := clocks.whole(words):
        return Moment(hours=hours)
    pieces = [
        match.span() for match in re.finditer(r"[\s,;T]+|(?<=[a-z.])(?=\d)|(?<=\d)(?=@)", words)
    ]
    if len(pieces) > 12:
        return Moment()
    if two := _two_moments(words):
        return two
    for start, end in pieces:
        before, after = words[:start].strip(" ,;|@–-"), words[end:].strip(" ,;|@–-")
        for day, clock in ((before, after), (after, before)):
            said = dates.read(day)
            hours = clocks.whole(clock) if said else None
            if said and hours:
                return Moment(said, hours)
    return Moment()


def _two_moments(words: str) -> Moment | None:
    """Read ``2019-10-16 09:00 - 2019-10-16 10:00``."""
    for match in re.finditer(r"\s+(?:[-–—/]|to|bis|until)\s+", words):
        first, second = (
            instants.instant(words[: match.start()]),
            instants.instant(words[match.end() :]),
        )
        if first and second and first.tzinfo and second.tzinfo:
            return Moment(instant=first, end=second)
        if (
            first
            and second
            and first.date() <= second.date()
            and second - first < timedelta(days=1)
        ):
            hours = _hours(first.time())._replace(end=_hours(second.time()).start)
            return Moment(_said(first.date()), hours)
    return None


def people(cell: Any, *, role: str | None = None, commas: bool = True) -> list[DraftPerson]:
    """Return the people in a cell; ``commas`` tells whether those stand between people.

    Where they do not, what follows one is the person's organization.
    """
    if isinstance(cell, dict | list):
        return [each for each in _listed_people(cell) if each.name]
    names = _NUMBERED.sub("", _lines(cell))
    found = []
    for piece in _pieces(names, commas):
        person = _IN_BRACKETS.fullmatch(piece)
        name, _, organization = piece.partition(",")
        if commas or len(name.split()) < 2:
            name, organization = piece, ""
        if person:
            name, organization = person["name"], person["organization"]
        if name := " ".join(name.split()).strip(" ,;"):
            found.append(DraftPerson(name, " ".join(organization.split()) or None, role))
    return found[:MOST_LISTED]


def _lines(cell: Any) -> str:
    """Return the lines of a cell, each as plain text: people may stand in one each."""
    lines = re.split(r"\n|<br\b[^<>]*>|</(?:li|p|div)>", _spelled(cell)[: 10 * LONGEST_MOMENT])
    return "\n".join(filter(None, map(markup.plain, lines)))


def _pieces(names: str, commas: bool) -> Iterator[str]:
    """Yield each person of a text; commas in brackets stand between no people."""
    for piece in _BETWEEN_PEOPLE.split(names):
        yield from re.split(r",(?![^(]*\))", piece) if commas else [piece]


def _listed_people(cell: dict[str, Any] | list[Any]) -> Iterator[DraftPerson]:
    for each in cell if isinstance(cell, list) else [cell]:
        if isinstance(each, dict):
            by_key = {dates.plain(str(key)).replace("_", " "): value for key, value in each.items()}
            first = text(by_key.get("first name") or by_key.get("firstname"))
            last = text(by_key.get("last name") or by_key.get("lastname"))
            name = next(filter(None, (text(by_key.get(key)) for key in _PERSON_KEYS)), "")
            firm = next(filter(None, (text(by_key.get(key)) for key in _FIRM_KEYS)), None)
            role = text(by_key.get("role")) or None
            yield DraftPerson(name or f"{first} {last}".strip(), firm, role)
        elif not isinstance(each, list):
            yield from people(each, commas=False)
