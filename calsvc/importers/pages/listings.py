"""Lines of an agenda, one after the other: a time and a title, and below it what belongs to it.

Three habits are known: ``9:00 Title``, a time on a line of its own before or after its title,
and ``Title (9:00–9:30)``.  A page has one of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calsvc.importers.drafts import DraftSession
from calsvc.importers.habits import clocks
from calsvc.importers.habits.clocks import Hours
from calsvc.importers.pages import beginnings, bylines, pagetables, pieces, tableheads, titles
from calsvc.importers.pages import days as written
from calsvc.importers.pages.days import Day
from calsvc.importers.pages.passages import Grid, Line, Words
from calsvc.importers.pages.timelines import Found, Timeline

AUTHORS = re.compile(
    r"\W*(?:authors?|autor(?:en|in)?|auteurs?|autores)(?:\(s\))?\s*:", re.IGNORECASE
)
PLACE = re.compile(r"(?:track|room|raum|hall|stream|saal|salle|sala|auditorium)\b.{0,60}", re.I)
PAUSE = re.compile(
    r"(?:\w+ ){0,2}(?:break|lunch|dinner|breakfast|coffee|pause|mittagessen|kaffee|déjeuner"
    r"|almuerzo|pranzo)\b",
    re.IGNORECASE,
)
LONGEST_TITLE = 300  # characters: what is longer is a text


@dataclass
class _Place:
    """Where in a page reading is."""

    current: Found | None = None
    line: Line | None = None
    """The line at which the current session begins."""
    waiting: Hours | None = None
    """A time that has no title yet."""
    minutes: int | None = None
    """How long that session lasts, where that stands before its title."""
    track: str | None = None
    room: str | None = None
    level: int = 0
    """Of the heading that the title of the current session is."""
    budget: int = 1000
    """How many more lines can be of the description."""


def read(passages: Sequence[Line | Grid], timeline: Timeline, address: str | None) -> None:
    """Find all sessions of a page."""
    passages = [
        tableheads.turned(each) if isinstance(each, Grid) else each
        for each in beginnings.arranged(passages)
    ]
    lines = [each for each in passages if isinstance(each, Line)]
    timed = {id(line): found for line in lines if (found := beginnings.leading(line))}
    ends = (
        {} if timed else {id(line): found for line in lines if (found := beginnings.trailing(line))}
    )
    has_ends = any(isinstance(each, Grid) and pagetables.has_spans(each) for each in passages)
    place = _Place()
    last = max((at for at, each in enumerate(passages) if id(each) in timed), default=-1)
    for at, each in enumerate(passages):
        if isinstance(each, Grid) or each.level:
            timeline.run += 1
        if isinstance(each, Grid):
            place.current = None
            pagetables.read(each, timeline, address, has_ends=has_ends)
            continue
        after = passages[at + 1] if at + 1 < len(passages) else None
        if at == last:
            place.budget = _longest_note(timeline) + 2
        if id(each) in timed:
            _begin(place, each, *timed[id(each)], timeline, address)
        elif id(each) in ends:
            if (weekday := written.last_weekday(ends[id(each)][1].text)) is not None:
                timeline.add_day(Day(weekday=weekday))
            _begin(place, each, *ends[id(each)], timeline, address)
        else:
            _go_on(place, each, after, timeline, address, has_times=bool(timed or ends))


def _longest_note(timeline: Timeline) -> int:
    return max((len(each.note) for each in timeline.found), default=0)


def _begin(
    place: _Place, line: Line, hours: Hours, rest: Words, timeline: Timeline, address: str | None
) -> None:
    """Begin a session at a line with a time, unless that is the one above once more."""
    if place.current and not rest.runs and _is_again(place, line, hours):
        place.current.hours = hours._replace(start=(place.current.hours or hours).start)
        return
    place.line = line
    place.current = None
    place.waiting = None
    place.minutes = clocks.length(rest.text)
    if rest.runs and not place.minutes:
        _put(place, hours, rest, timeline, address)
    else:
        place.waiting = hours


def _is_again(place: _Place, line: Line, hours: Hours) -> bool:
    """Tell whether hours say the start of the session above once more: ``9:00``, ``9:00–10:00``."""
    above = place.current and place.current.hours
    if not above or not above.start or not hours.start or above.end or not place.line:
        return False
    if above.moment or hours.moment:
        return False
    is_same = above.start.minutes % clocks.NOON == hours.start.minutes % clocks.NOON
    return is_same and bool(line.item) and place.line.item == line.item


def _put(
    place: _Place, hours: Hours | None, line: Words, timeline: Timeline, address: str | None
) -> None:
    """Add a session with a title, and what stands beside that behind bars."""
    first, *others = _columns(line)
    title = titles.read(first, address)
    session = DraftSession(
        title.text,
        room=title.room or place.room,
        track=place.track,
        people=title.people,
        url=title.url,
        links=title.links,
    )
    place.current = timeline.put(Found(session, hours, timeline.today, minutes=place.minutes))
    place.minutes = None
    place.level = 0
    for each in others:
        pieces.add(place.current, Line(each), address)
    place.waiting = None


def _columns(line: Words) -> list[Words]:
    """Return the parts of a line that bars divide."""
    text, parts, start = line.text, [], 0
    for match in re.finditer(r"\s+[|¦]\s+", text):
        parts.append(line.cut(start, match.start()))
        start = match.end()
    return [each for each in (*parts, line.cut(start)) if each.runs] or [line]


def _go_on(
    place: _Place,
    line: Line,
    after: Line | Grid | None,
    timeline: Timeline,
    address: str | None,
    *,
    has_times: bool,
) -> None:
    """Read a line that has no time."""
    if not line.text:
        return
    day = _day(line, after)
    if day and (place.waiting is None or day.month):
        timeline.add_day(day)
        place.current = place.track = place.room = place.waiting = None
    elif place.waiting is not None and (minutes := clocks.length(line.text)):
        place.minutes = minutes
    elif place.waiting is not None and not pieces.is_nothing(line.text):
        byline = bylines.read(line.text)
        if not byline or line.level:
            _put(place, place.waiting, line.words, timeline, address)
            place.level = line.level
    elif _is_untimed(line, after, has_times=has_times):
        _put(place, None, line.words, timeline, address)
        place.line = line
        place.budget = 1000
        if place.current and isinstance(after, Line) and AUTHORS.match(after.text):
            place.current.is_poster = True
    elif line.level and place.current and line.level == place.level and place.budget > 500:
        _put_beside(place, line, timeline, address)
    elif line.level:
        _head(place, line)
    elif place.current and place.line:
        _describe(place, line, timeline, address)


def _day(line: Line, after: Line | Grid | None) -> Day | None:
    """Return the day that a line heads: it is nothing else, or has a list below it."""
    is_above = isinstance(after, Line) and after.depth > line.depth
    if is_above and re.match(r"\W*\w+", line.text) and len(line.text) <= 120:
        text = re.sub(r"\(.*?\)", "", line.text)
        found = written.dates(text[:40])
        if found and found[0].weekday is not None and text.lstrip(" *_")[:3].isalpha():
            return found[0]
    return written.heading(line.text, is_line=not line.level)


def _is_untimed(line: Line, after: Line | Grid | None, *, has_times: bool) -> bool:
    """Tell whether a line is the title of a session without a time, by its authors below."""
    if not isinstance(after, Line) or len(line.text) > LONGEST_TITLE or bylines.read(line.text):
        return False
    if AUTHORS.match(after.text):
        return True
    byline = None if has_times else bylines.read(after.text)
    return byline is not None and bylines.are_names(byline.who)


def _put_beside(place: _Place, line: Line, timeline: Timeline, address: str | None) -> None:
    """Add what is headed like the session above, without a time of its own: it has that one's."""
    above = place.current
    assert above and above.session
    if PAUSE.match(line.text):  # which comes behind a session, and not beside it
        _put(place, None, line.words, timeline, address)
        return
    if ":" in line.text[:30]:
        pieces.add(above, line, address)
        return
    level = place.level
    _put(place, above.hours, line.words, timeline, address)
    place.level = level
    assert place.current and place.current.session
    place.current.session.guessed.append(
        f"it has no time of its own, and is taken to be at that of {above.session.title}"
    )


def _head(place: _Place, line: Line) -> None:
    """Read a heading that is no day: what it heads may be a room, or no agenda at all."""
    place.current = None
    place.track = place.room = None
    if PLACE.fullmatch(line.text):
        place.track, place.room = titles.track_and_room(line.text)


def _describe(place: _Place, line: Line, timeline: Timeline, address: str | None) -> None:
    """Add a line to the session above it, or leave that."""
    found, head = place.current, place.line
    assert found and found.session and head
    if bylines.read(line.text) or pieces.ROOM_LINE.fullmatch(line.text) or line.sort:
        pieces.add(found, line, address)
    elif line.depth < head.depth:
        place.current = None
    elif line.depth == head.depth and line.depth and line.item != head.item:
        _put(place, None, line.words, timeline, address)
        assert place.current and place.current.session
        place.current.session.guessed.append("it stands in a list of sessions, without a time")
    elif place.budget > 0:
        place.budget -= 1
        pieces.add(found, Line(line.words, max(0, line.depth - head.depth)), address)
    else:
        place.current = None
