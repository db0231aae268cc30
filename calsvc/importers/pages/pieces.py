"""A cell of a table, or a part of a page, that is one session: its lines → the session."""

import re
from collections.abc import Iterable

from calsvc.importers.drafts import DraftPerson, DraftSession
from calsvc.importers.habits import clocks
from calsvc.importers.pages import bylines, timelines, titles
from calsvc.importers.pages.passages import Line, Words
from calsvc.importers.pages.timelines import Found

NOTHING = re.compile(r"[\s\-–—_.,:;…·*|/]*|n/?a|&nbsp;", re.IGNORECASE)
"""What stands in a cell that has nothing."""
BETWEEN = re.compile(r"(?:in|at|@|by|with|and|mit|von|um)", re.IGNORECASE)
"""A word between two fields of a session that a page marks."""
ROOM_LINE = re.compile(
    r"\W*(?:room|raum|location|venue|where|place|ort|salle|lieu|sala|lugar)\s*:\s*(?P<room>.+)",
    re.IGNORECASE,
)
PLACES = (
    "room|hall|saal|hörsaal|raum|auditorium|theat(?:re|er)|ballroom|salle|sala|aula|stage|lobby"
    "|foyer"
)
PLACE = re.compile(rf"(?:{PLACES})\b.{{0,30}}|.{{1,30}}\b(?:{PLACES})", re.IGNORECASE)
"""A short line that is a room, though nothing says so: ``Hall A``."""
TRACK_LINE = re.compile(r"\W*(?:track|stream)\s*:\s*(?P<track>.+)", re.IGNORECASE)
KIND_LINE = re.compile(
    r"\W*(?:type|format|kind|art|session type)\s*:\s*(?P<kind>.{2,40})", re.IGNORECASE
)


def is_nothing(text: str) -> bool:
    """Tell whether a text stands for an empty cell."""
    return NOTHING.fullmatch(text) is not None


def read(lines: Iterable[Line], address: str | None) -> Found | None:
    """Return the session that some lines are; None if they are nothing.

    The title is the line that the page marks as one, else the first that is not the time.
    """
    kept = [
        line for line in lines if line.text and line.sort != "filler" and not is_nothing(line.text)
    ]
    if not kept:
        return None
    found = Found(None)
    titled = [line for line in kept if line.sort == "title"]
    marked = titled[0] if len(titled) == 1 else None
    rest: list[Line] = []
    for line in kept:
        if line is marked:
            continue
        if line.sort in {None, "time"} and not found.hours and (hours := timelines.hours_of(line)):
            found.hours = hours
        elif line.sort == "duration" or not rest:
            minutes = clocks.duration(line.text.strip("() "))
            found.minutes = found.minutes or minutes
            if not minutes:
                rest.append(line)
        else:
            rest.append(line)
    head = marked or _first(rest)
    if head is None and not (found.minutes and rest):
        return None
    title = titles.read(head.words if head else Words(), address)
    found.session = DraftSession(
        title.text, room=title.room, people=title.people, url=title.url, links=title.links
    )
    for line in rest:
        if line is not head:
            add(found, line, address)
    if not title.text:
        found.session.guessed.append("it has no title")
    return found


def _first(lines: list[Line]) -> Line | None:
    """Return the line that is the title: the first without another mark, or without a role."""
    unmarked = [line for line in lines if line.sort not in {"people", "room", "track", "kind"}]
    titled = [line for line in unmarked if not bylines.read(line.text)]
    has_marks = any(line.sort in {"room", "track"} for line in lines)
    return next(iter(titled or unmarked or ([] if has_marks else lines)), None)


def add(found: Found, line: Line, address: str | None) -> None:
    """Add a line below its title to a session: people, a room, or a part of the description."""
    session = found.session
    assert session
    text = line.text.strip(" |·•")
    if line.sort == "filler" or is_nothing(text) or BETWEEN.fullmatch(text):
        return
    if line.sort == "room" or (match := ROOM_LINE.fullmatch(text)):
        room = text if line.sort == "room" else match["room"]  # type: ignore[index]
        session.room = session.room or re.sub(r"^(?:in|at|@)\s+", "", room).strip()
    elif line.sort == "track" or (match := TRACK_LINE.fullmatch(text)):
        session.track = session.track or (text if line.sort else match["track"])  # type: ignore[index]
    elif line.sort == "kind" or (match := KIND_LINE.fullmatch(text)):
        session.kind = session.kind or (text if line.sort else match["kind"])  # type: ignore[index]
    elif byline := bylines.read(text):
        add_people(session, byline.people())
    elif line.sort == "people":
        add_people(session, bylines.listed(text))
    elif line.sort is None and not session.room and not found.note and PLACE.fullmatch(text):
        session.room = text
    elif line.sort is None and not found.note and not session.people and bylines.are_names(text):
        add_people(session, bylines.listed(text))
    elif (
        line.sort is None
        and not found.note
        and not session.people
        and (person := bylines.with_organization(text))
    ):
        add_people(session, [person])
    else:
        found.note.append(_markdown(line, address))


def add_people(session: DraftSession, people: Iterable[DraftPerson]) -> None:
    """Add people who are not there yet, in the same role."""
    there = {(person.name, person.role) for person in session.people}
    session.people += [person for person in people if (person.name, person.role) not in there]


def _markdown(line: Line, address: str | None) -> str:
    """Return a line as Markdown."""
    text = "".join(
        f"[{run.text.strip()}]({url})"
        if run.url and (url := titles.absolute(run.url, address))
        else run.text
        for run in line.words.runs
    )
    return f"{'  ' * (line.depth - 1)}- {text}" if line.depth else text
