"""What the columns of a table on a page are, by their heads and by what is in them.

A column is a field (time, title, people, room …), or a room, a track or a day of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calsvc.importers.habits import clocks
from calsvc.importers.habits.clocks import NOON, Hours
from calsvc.importers.pages import bylines, timelines
from calsvc.importers.pages import days as written
from calsvc.importers.pages.passages import Cell, Grid

Row = Sequence[Cell | None]

FIELDS = {
    "time": "time|times|hour|hours|when|zeit|uhrzeit|beginn|start|starts|start time|begin|from|von"
    "|heure|horaire|hora|horario|slot|time slot|timeslot",
    "end": "end|ends|end time|finish|until|to|ende|bis|fin",
    "duration": "duration|length|dauer|min|mins|minutes|durée|duración",
    "day": "day|date|tag|datum|jour|día|fecha",
    "title": "title|session|sessions|session title|session name|topic|topics|talk|talk title|event"
    "|activity|agenda|agenda item|item|what|subject|program|programme|presentation|titel|thema"
    "|vortrag|programm|programmpunkt|titre|sujet|título|charla|tema|actividad|name of session"
    "|description of activity|event description|event title|event name|events|session/event"
    "|activities|contents?|schedule|lecture|paper",
    "people": "speaker|speakers|speaker name|speaker(s)|presenter|presenters|presenter(s)|who"
    "|author|authors|author(s)|name|host|hosts|facilitator|facilitators|lead|leads|leader"
    "|moderator|moderators|instructor|instructors|chair|referent|referenten|referent:in|sprecher"
    "|vortragende|wer|intervenant|intervenants|orateur|ponente|ponentes|by|person|people"
    "|session lead",
    "organization": "organi[sz]ation|affiliation|company|institution|firma",
    "room": "room|rooms|location|where|venue|place|raum|ort|saal|salle|lieu|sala|lugar",
    "track": "track|stream|strand|theme",
    "kind": "type|kind|format|category|session type|art|typ|tipo",
    "links": "slides?|videos?|recordings?|links?|materials?|notes|resources?|slides/video|pdf"
    "|folien|material|youtube|abstract link",
    "description": "abstract|description|details|beschreibung|info|comments?|summary|remarks?",
}
"""What the head of a column can say it is."""
_FIELDS = {name: re.compile(words, re.IGNORECASE) for name, words in FIELDS.items()}
_ZONE = re.compile(
    rf"\b(?:(?:UTC|GMT)\s?[+\-−]\s?\d{{1,2}}(?::?\d\d)?|{'|'.join(clocks.ZONES)})(?![A-Za-z])"
)
LONGEST_TIME_CELL = 60  # characters
LONGEST_BESIDE = 25  # characters that a cell has beside a time: its length, a zone in words


@dataclass
class Column:
    """What a column of a table is."""

    field: str | None = None
    head: str = ""
    day: int | None = None
    """The number of the heading of its day, where it is of one."""


def text_of(cell: Cell | None) -> str:
    """Return the text of a place in a table."""
    return cell.text.strip() if cell else ""


def hours_of(cell: Cell | None) -> Hours | None:
    """Return the hours that a cell is, or begins with where little else is in it."""
    text = text_of(cell)
    if not cell or not text or len(text) > LONGEST_TIME_CELL:
        return None
    if cell.lines[0].instant and (marked := timelines.hours_of(cell.lines[0])):
        return marked
    if begins := written.leading(text):
        text = begins[1]
    if found := clocks.whole(text) or _on_two_lines(cell):
        return found
    begun = clocks.leading(text)
    if not begun or len(begun[1]) > LONGEST_BESIDE or re.search(r"[^\W\d_]{5}", begun[1]):
        return None
    return begun[0]


def _on_two_lines(cell: Cell) -> Hours | None:
    """Return the hours of a cell whose start and end stand below each other."""
    parts = [clocks.whole(line.text) for line in cell.lines]
    if len(parts) != 2 or not parts[0] or not parts[1] or parts[0].end or parts[1].end:
        return None
    return parts[0]._replace(end=parts[1].start, zone=parts[0].zone or parts[1].zone)


def zone_of(head: str) -> str | None:
    """Return the zone that the head of a column of times names: ``Time (UTC)``."""
    found = _ZONE.search(head) if len(head) <= 40 else None
    return found[0] if found else None


def is_spread(row: Row) -> bool:
    """Tell whether one cell takes a whole row of several columns."""
    return len(row) > 1 and len({id(cell) for cell in row if cell}) == 1


def turned(grid: Grid) -> Grid:
    """Return a table with a row for each time, where each time has a column."""
    rows = [row for row in grid.rows if row]
    if len(rows) < 2:
        return grid
    head, *others = rows
    times = [hours_of(cell) is not None for cell in head[1:]]
    are_times = len(times) > 1 and sum(times) * 10 >= len(times) * 8 and not hours_of(head[0])
    if not are_times or any(hours_of(row[0]) for row in others):
        return grid
    cells = {id(cell): cell for row in rows for cell in row if cell}
    on_its_side = {
        key: Cell(cell.lines, cell.is_head, cell.columns, cell.rows) for key, cell in cells.items()
    }
    width = max(map(len, rows))
    return Grid(
        [
            [on_its_side.get(id(row[place])) if place < len(row) else None for row in rows]
            for place in range(width)
        ]
    )


def heads(rows: Sequence[Row]) -> int:
    """Return how many rows the head of a table has."""
    count = 0
    for row in rows[:3]:
        cells = [cell for cell in row if cell]
        texts = [text for cell in cells if (text := cell.text.strip())]
        is_head = sum(cell.is_head for cell in cells) * 2 > len(cells)
        has_names = sum(1 for text in texts if field_of(text)) >= 2
        is_above = count == 0 and len(texts) > 1 and all(len(text) < 40 for text in texts)
        is_above = is_above and len(rows) > 2 and any(map(hours_of, rows[1]))
        has_days = sum(1 for text in texts if written.heading(text)) >= 2
        if any(map(hours_of, cells)) or not (is_head or has_names or has_days or is_above):
            break
        count += 1
    return count


def field_of(head: str) -> str | None:
    """Return the field that the head of a column names."""
    bare = re.sub(r"[*_:#]|\(.*?\)|\bin [A-Z]{2,4}\b", "", head)
    bare = re.sub(r"^\W+|[^\w)]+$", "", bare)  # as in ``🕘 Time``
    if not bare or len(bare) > 40:
        return None
    for name, pattern in _FIELDS.items():
        if pattern.fullmatch(bare):
            return name
    if "/" in bare and all(names := [field_of(part) for part in bare.split("/")]):
        return names[0]
    is_time = re.match(r"(?:time|zeit|uhrzeit|hora|horaire)\b", bare, re.IGNORECASE)
    return "time" if is_time else None


def columns(rows: Sequence[Row], count: int) -> list[Column]:
    """Return what each column is; ``count`` rows are the head."""
    width = max((len(row) for row in rows), default=0)
    found = []
    for place in range(width):
        parts: list[str] = []
        for row in rows[:count]:
            text = text_of(row[place]) if place < len(row) else ""
            if text and text not in parts and not is_spread(row):
                parts.append(text)
        head = " ".join(parts)
        found.append(Column(field_of(parts[0]) if parts else None, head))
    _find_time(found, rows[count:])
    return found


def _find_time(found: list[Column], rows: Sequence[Row]) -> None:
    """Let the one column be ``time`` that says when sessions begin."""
    are_hours = {id(cell): hours_of(cell) is not None for row in rows for cell in _once(row)}
    counts = [
        sum(1 for row in rows if place < len(row) and are_hours[id(row[place])])
        for place in range(len(found))
    ]
    named = [place for place, each in enumerate(found) if each.field == "time" and counts[place]]
    best = named[0] if named else max(range(len(found)), key=lambda at: counts[at], default=None)
    for column in found:
        if column.field == "time":
            column.field = None
    if best is None or not counts[best] or not (counts[best] > 1 or named or len(rows) < 4):
        return
    found[best].field = "time"
    for place, column in enumerate(found):
        if place != best and counts[place] * 10 >= counts[best] * 8 and counts[place] > 1:
            zones = {zone_of(each.head) for each in (found[best], column)} - {None}
            column.field = "elsewhere" if len(zones) > 1 else _second_time(rows, best, place)


def _once(row: Row) -> list[Cell | None]:
    """Return the cells of a row, those that span columns once."""
    return list({id(cell): cell for cell in row}.values())


def _second_time(rows: Sequence[Row], first: int, second: int) -> str:
    """Return whether a second column of times has the ends, or the same on other clocks."""
    apart = set()
    for row in rows:
        one, other = (
            hours_of(row[place]) if place < len(row) else None for place in (first, second)
        )
        if one and other and one.start and other.start:
            apart.add((other.start.minutes - one.start.minutes) % NOON)
    return "elsewhere" if len(apart) == 1 and apart.pop() % 30 == 0 and len(rows) > 2 else "end"


def name_the_rest(found: list[Column], rows: Sequence[Row]) -> None:
    """Say of columns that no head names, beside fields, what they probably are."""
    unnamed = [place for place, column in enumerate(found) if column.field is None]
    if len(unnamed) > 1 and not any(column.field == "title" for column in found):
        first, second = (
            [text for row in rows if place < len(row) and (text := text_of(row[place]))]
            for place in unnamed[:2]
        )
        if len(set(first)) * 2 <= len(first) and len(set(second)) * 10 > len(second) * 8:
            found[unnamed[0]].field, found[unnamed[1]].field = "kind", "title"
    for place, column in enumerate(found):
        if column.field:
            continue
        texts = [text for row in rows if place < len(row) and (text := text_of(row[place]))]
        if not any(each.field == "title" for each in found):
            column.field = "title"
        elif texts and sum(map(bylines.are_names, texts)) * 2 >= len(texts):
            column.field = "people"
        else:
            column.field = "description"
