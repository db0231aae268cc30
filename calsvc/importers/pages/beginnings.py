"""Where sessions begin on a page: lines with a time, in one order however the page has them.

``arranged`` brings each page into the order of a time, its title, and what belongs to both:
dates that stand before each time become days, a start and an end on two lines one line, and
a time below its title goes above it.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from calsvc.importers.habits import clocks
from calsvc.importers.habits.clocks import Hours
from calsvc.importers.pages import bylines, timelines
from calsvc.importers.pages import days as written
from calsvc.importers.pages.passages import Grid, Line, Run, Words, words

NO_TITLE = re.compile(r"(?:timings?|times?|hours|dates?|daily|each day|every day)\W*", re.I)
LABEL = re.compile(r"\W*(?:time|when|zeit|uhrzeit|hora|heure|horaire)\W{0,4}:\W{0,4}(?=\d)", re.I)
DEADLINE = re.compile(
    r"\b(?:deadlines?|due|submissions?|submit|notifications?|camera.ready|registration (?:opens"
    r"|closes)|frist|einreichung)\b",
    re.IGNORECASE,
)
"""What dates with times are about that are no sessions."""

SHORT = 150  # characters of what can be a title between texts

Passages = list[Line | Grid]


def arranged(passages: Sequence[Line | Grid]) -> Passages:
    """Return a page whose times stand above their titles, each on one line, below their day."""
    found = _by_items(_paired(_dated(passages)))
    lines = [each for each in found if isinstance(each, Line)]
    timed = {id(line): begun for line in lines if (begun := leading(line))}
    return _swapped(found, timed) if timed and _are_titles_first(lines, timed) else found


def leading(line: Line) -> tuple[Hours, Words] | None:
    """Return the hours with which a line begins, and the rest; None for a day with its hours."""
    if line.instant and (hours := timelines.hours_of(line)):
        return hours, Words()
    label = LABEL.match(line.text)
    if label and (hours := clocks.whole(line.text[label.end() :])):
        return hours, Words()
    found = clocks.leading(line.text)
    if not found or written.heading(found[1], is_line=True) or written.dates(found[1][:80]):
        return None
    if NO_TITLE.fullmatch(found[1]):
        return None
    return found[0], line.words.cut(len(line.text) - len(found[1]))


def trailing(line: Line) -> tuple[Hours, Words] | None:
    """Return the hours with which a line ends, and what stands before; None without."""
    found = clocks.trailing(line.text)
    if not found or len(found[1]) > 150 or written.dates(found[1]) or written.heading(found[1]):
        return None
    if re.search(r"[:.]$|\b(?:at|from|to|until|by|is|are|starts?|opens?|closes?)$", found[1]):
        return None
    return found[0], line.words.cut(0, len(found[1]))


# --- a date before each time --------------------------------------------------------------


def _dated(passages: Sequence[Line | Grid]) -> Passages:
    """Return a page with the dates before times on lines of their own, if it has several.

    A day whose hours are said, and below which times stand, is a heading and stays one.
    """
    begun = {
        id(each): parts
        for at, each in enumerate(passages)
        if isinstance(each, Line) and (parts := _date_and_time(each, passages[at + 1 : at + 2]))
    }
    if len(begun) < 2:
        return [*passages]
    found: Passages = []
    for each in passages:
        found += begun.get(id(each)) or [each]
    return found


def _date_and_time(line: Line, after: Sequence[Line | Grid]) -> Passages | None:
    """Return a line that begins with a date and a time as two; None for any other."""
    begun = written.leading(line.text) if not line.instant else None
    hours = clocks.leading(begun[1]) if begun else None
    if not begun or not hours or DEADLINE.search(line.text):
        return None
    if not hours[1] and (not after or isinstance(after[0], Grid) or after[0].depth > line.depth):
        return None
    if after and isinstance(after[0], Line) and clocks.leading(after[0].text):
        return None
    start = len(line.text) - len(begun[1])
    return [
        Line(
            line.words.cut(0, start),
            line.depth,
            has_gap=line.has_gap,
            item=line.item,
            is_day=True,
        ),
        Line(line.words.cut(start), line.depth, line.level, line.sort, item=line.item),
    ]


# --- a start and an end below each other --------------------------------------------------


def _paired(passages: Sequence[Line | Grid]) -> Passages:
    """Return a page with starts and ends that stand below each other on one line each."""
    alone = [isinstance(each, Line) and _is_start(each) for each in passages]
    pairs = {
        at
        for at in range(len(passages) - 1)
        if alone[at] and alone[at + 1] and not any((at and alone[at - 1], *alone[at + 2 : at + 3]))
    }
    if not pairs or len(pairs) * 2 < sum(alone) * 0.7:
        return [*passages]
    found: Passages = []
    for at, each in enumerate(passages):
        before = found[-1] if found else None
        if at - 1 in pairs and isinstance(each, Line) and isinstance(before, Line):
            before.words = words([*before.words.runs, Run(" – "), *each.words.runs])
        else:
            found.append(each)
    return found


def _is_start(line: Line) -> bool:
    hours = None if line.instant else clocks.whole(line.text)
    return hours is not None and hours.end is None


# --- a time below its title ---------------------------------------------------------------


def _by_items(passages: Passages) -> Passages:
    """Return a page whose items have their time first, and then what is marked as the title."""
    found: Passages = []
    for item, group in groupby(passages, lambda each: isinstance(each, Line) and each.item):
        together = [*group]
        lines = [each for each in together if isinstance(each, Line)]
        heads = [line for line in lines if line.sort == "title"]
        if item and len(heads) == 1 and heads[0].level != 1:
            times = [line for line in lines if leading(line)]
            if len(times) == 1 and times[0] is not heads[0]:
                first = [times[0], heads[0]]
                together = [
                    *first,
                    *(each for each in lines if all(each is not one for one in first)),
                ]
        found += together
    return found


def _are_titles_first(lines: Sequence[Line], timed: dict[int, tuple[Hours, Words]]) -> bool:
    """Tell whether times stand on lines of their own below their titles."""
    alone = [
        at for at, line in enumerate(lines) if id(line) in timed and not timed[id(line)][1].runs
    ]
    if len(alone) * 2 < len(timed) or len(alone) < 2:
        return False
    marked = [_is_title(line) and not written.heading(line.text) for line in lines]
    before = sum(1 for at in alone if at and marked[at - 1])
    after = sum(1 for at in alone if at + 1 < len(lines) and marked[at + 1])
    if before + after >= len(alone):
        return before > after
    named = [at for at in alone if _is_above_names(lines, timed, at)]
    if len(named) * 10 >= len(alone) * 7:
        return True
    grouped = [at for at in alone if _is_second(lines, timed, at)]
    return len(grouped) * 10 >= len(alone) * 7


def _is_above_names(lines: Sequence[Line], timed: dict[int, tuple[Hours, Words]], at: int) -> bool:
    """Tell whether a time stands below a short line, and above names and a text."""
    title = at - 2 if at > 1 and lines[at - 1].is_day else at - 1
    if title < 0 or id(lines[title]) in timed or len(lines[title].text) > SHORT:
        return False
    below = lines[at + 1 : at + 3]
    return len(below) == 2 and bylines.are_names(below[0].text) and len(below[1].text) > SHORT


def _is_second(lines: Sequence[Line], timed: dict[int, tuple[Hours, Words]], at: int) -> bool:
    """Tell whether a time is the second line of a paragraph, and the only one in it."""
    is_headed = at > 1 and written.heading(lines[at - 2].text, is_line=True)
    if not at or lines[at].has_gap or not (lines[at - 1].has_gap or is_headed):
        return False
    if bylines.read(lines[at - 1].text) or written.heading(lines[at - 1].text):
        return False
    end = next((by for by in range(at + 1, len(lines)) if lines[by].has_gap), len(lines))
    return not any(id(line) in timed for line in lines[at + 1 : end])


def _is_title(line: Line) -> bool:
    return line.sort == "title" or bool(line.level)


def _swapped(passages: Passages, timed: dict[int, tuple[Hours, Words]]) -> Passages:
    """Return a page with each time that is below its title above it."""
    found = [*passages]
    for at in range(1, len(found)):
        each, day = found[at], found[at - 1]
        title = at - 2 if at > 1 and isinstance(day, Line) and day.is_day else at - 1
        before = found[title]
        if id(each) in timed and isinstance(before, Line) and id(before) not in timed:
            found[title : at + 1] = [*found[title + 1 : at + 1], before]
    return found
