"""The days of an agenda as people head them: ``Tuesday, May 1, 2018``, ``Day 2 – 13 February``.

``heading`` and ``dates`` say what stands there, maybe without a year; ``resolved`` finds the
days themselves, from the years and weekdays that the page has and the first day that is known.
Names of months and weekdays are English, German, French and Spanish; whole ones Italian,
Portuguese and Dutch, too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from calsvc.importers.habits import clocks, daynames

SHORT_IN = ("en", "de", "fr", "es")
"""Languages of which short names are known, too: of the others, they are English words."""
SHORT_MONTHS = {"fev": 2, "gen": 1, "giu": 6, "lug": 7, "ott": 10}
"""Short names of those others that mean nothing else."""
YEARS = range(1990, 2100)
LONGEST_HEADING = 120  # characters
LONGEST_REST = 60  # characters that a heading has beside its date
_EDGE = r"(?<![\w.,/:-])"


class Day(NamedTuple):
    """A day as it is written, with what of it is said."""

    month: int | None = None
    day: int | None = None
    year: int | None = None
    weekday: int | None = None
    """Monday is 0."""
    number: int | None = None
    """Of the event: 2 for ``Day 2``."""
    is_either: bool = False
    """Day and month may be the other way round: ``5/6/2025``."""


def heading(text: str, is_line: bool = False) -> Day | None:
    """Return the day that a heading names; None if it is no heading of a day.

    ``is_line`` is a line that nothing marks as a heading: it may have nothing but the day.
    """
    text = " ".join(text.split()).strip(" *_:#=–—-")
    if not text or len(text) > LONGEST_HEADING:
        return None
    number = re.search(r"\b(?:day|tag|jour|día|dia)\s*(\d{1,2})\b|\b(\d)\.\s*tag\b", text, re.I)
    rest = text.replace(number[0], " ", 1) if number else text
    match = next(_matches(rest), None)
    found = _day(match) if match else None
    rest = rest.replace(match[0], " ", 1) if match else rest
    if found is None and number is None and (numbered := _numbered_weekday(text)):
        return numbered
    if found is None and number is None:
        weekday = _weekday_heading(text, is_line)
        return None if weekday is None else Day(weekday=weekday)
    if found is None and (weekday := _weekday_heading(rest.strip(" :,–—-()|"), True)) is not None:
        found, rest = Day(weekday=weekday), ""
    rest = "" if clocks.whole(rest.strip(" ,;|·")) else re.sub(r"[\W_]+", " ", rest).strip()
    if len(rest) > (12 if is_line else LONGEST_REST) or (is_line and len(rest.split()) > 1):
        return None
    of_event = int(number[1] or number[2]) if number else None
    return (found or Day())._replace(number=of_event)


def leading(text: str) -> tuple[Day, str] | None:
    """Return the day with which a text begins, and what follows; None without either."""
    match = next(_matches(text[:LONGEST_HEADING]), None)
    number = re.match(r"\W*(?:day|tag|jour|día|dia)\s*(\d{1,2})\b", text, re.IGNORECASE)
    name = re.match(r"\W*([^\W\d_]{3,})\b\.?", text)
    if match and not re.search(r"\w", text[: match.start()]):
        day, end = _day(match), match.end()
    elif number:
        day, end = Day(number=int(number[1])), number.end()
    elif name and name[1].lower() in _weekdays():
        day, end = Day(weekday=_weekdays()[name[1].lower()]), name.end()
    else:
        return None
    rest = re.sub(r"^[\s,;:|@·)\]–—-]+(?:(?:at|um|from|ab|à)\s+)?", "", text[end:])
    return (day, rest) if day and rest else None


def last_weekday(text: str) -> int | None:
    """Return the weekday that is the last word of a text: ``Plenary Monday``."""
    name = re.search(r"[^\W\d_]{5,}$", text)
    return _weekdays().get(name[0].lower()) if name else None


def dates(text: str) -> list[Day]:
    """Return the dates with a day and a month that a text has, in their order."""
    return [found for match in _matches(text) if (found := _day(match))]


def years(text: str) -> list[int]:
    """Return the numbers in a text that are years."""
    return [int(each) for each in re.findall(r"(?<![\d/])((?:19|20)\d\d)(?!\d)", text)]


def resolved(
    days: Sequence[Day], first: date | None, years_near: Iterable[int]
) -> tuple[list[date | None], list[str]]:
    """Return the day that each heading means, None where that cannot be known; and guesses.

    ``first`` is the event's first day, if known; ``years_near`` the years that the page names
    beside, the likeliest first.
    """
    found: list[date | None] = []
    guessed: list[str] = []
    years_near = list(years_near)
    begin = first
    for each in days:
        before = next((one for one in reversed(found) if one), None)
        if day := _again(each, found, before):
            guessed.append(f"{day:%A} stands there again, and is taken for {day} once more")
        day = day or _resolved(each, begin, before, years_near, guessed)
        begin = begin or (day and each.number and day - timedelta(each.number - 1)) or day
        found.append(day)
    return found, guessed


def _again(each: Day, found: Sequence[date | None], before: date | None) -> date | None:
    """Return the day that a weekday alone means, if it was headed before another one."""
    if each.weekday is None or each.day or each.number is not None or before is None:
        return None
    same = (day for day in found if day and day < before and day.weekday() == each.weekday)
    return next(same, None)


def _resolved(
    each: Day, first: date | None, before: date | None, near: list[int], guessed: list[str]
) -> date | None:
    if each.month and each.day:
        day = _of_year(each, before or first, near, guessed)
        if day and each.weekday is not None and day.weekday() != each.weekday:
            guessed.append(f"{day} is taken, though its weekday is another one than is said")
        return day
    if each.day and (begin := before or first):
        around = (begin + timedelta(by) for by in (*range(27), *range(-1, -7, -1)))
        return next((day for day in around if _fits(each, day)), None)
    if each.number is not None and first and each.number < 32:
        day = first + timedelta(each.number - 1)
        if each.weekday is None or day.weekday() == each.weekday:
            return day
    if each.weekday is not None and (begin := before or first):
        day = begin + timedelta((each.weekday - begin.weekday()) % 7)
        if not before and first and day != first:
            guessed.append(f"{day} is taken for the first day, by its weekday")
        return day
    return None


def _fits(each: Day, day: date) -> bool:
    return day.day == each.day and each.weekday in {None, day.weekday()}


def _of_year(each: Day, near_to: date | None, near: list[int], guessed: list[str]) -> date | None:
    """Return a date with its year: the one it has, or that of what is near."""
    assert each.month and each.day
    if each.year:
        day = _date(each.year, each.month, each.day)
        if each.is_either and day:
            day = _right_way(each, day, near_to, guessed)
        return day
    if near_to:
        around = (_date(near_to.year + by, each.month, each.day) for by in (0, 1, -1))
        return min(filter(None, around), key=lambda day: abs(day - near_to), default=None)
    fits = [
        day
        for year in dict.fromkeys(near)
        if (day := _date(year, each.month, each.day))
        and (each.weekday is None or day.weekday() == each.weekday)
    ]
    if fits:
        guessed.append(f"the year is taken to be {fits[0].year}, which stands elsewhere")
    return fits[0] if fits else None


def _right_way(each: Day, day: date, near_to: date | None, guessed: list[str]) -> date:
    """Return a date whose day and month may be swapped, in the likelier way."""
    other = _date(day.year, day.day, day.month)
    if other and other != day:
        if each.weekday is not None and (other.weekday() == each.weekday) != (
            day.weekday() == each.weekday
        ):
            return day if day.weekday() == each.weekday else other
        if near_to and abs(other - near_to) < abs(day - near_to):
            day = other
        guessed.append(f"{each.month}/{each.day}/{each.year} is taken for {day}")
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    names = SHORT_MONTHS | daynames.months(SHORT_IN)
    return {name: number for name, number in names.items() if len(name) > 2}


def _weekdays() -> dict[str, int]:
    return daynames.weekdays(SHORT_IN)


def _names(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    weekday = rf"(?:\b(?P<weekday>{_names(_weekdays())})\b\.?,?\s*(?:the\s+|der\s+|den\s+|le\s+)?)?"
    month = rf"(?P<month>{_names(_months())})\b\.?"
    number = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|º|\.)?"
    until = rf"(?:\s*(?:-|–|—|&|/|and|und|to|bis)\s*(?:{number.replace('<day>', '<last>')}))?"
    year = r"(?:,?\s*(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d)\b(?!:\d)|,?\s*['’](?P<short>\d\d)\b)?"
    written = (
        rf"{_EDGE}{weekday}(?P<iso>(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d\d)[-/.](?P<day>\d\d))(?!\d)",
        r"(?:(?P<year>(?:19|20)\d\d)\s?年\s?)?(?P<month>0?[1-9]|1[0-2])\s?月\s?(?P<day>0?[1-9]|[12]\d|3[01])\s?日",
        rf"{_EDGE}{weekday}{month},?\s*{number}{until}(?![\w:]|\.\d){year}",
        rf"{_EDGE}{weekday}{number}{until}\s*(?:of\s+|de\s+)?{month}{year}",
        rf"{_EDGE}{weekday}{number}\s?(?P<month>0?[1-9]|1[0-2])\.\s?(?P<year>(?:19|20)\d\d)?(?![\w.])",
        rf"{_EDGE}{weekday}(?P<month>0?[1-9]|[12]\d|3[01])/(?P<day>0?[1-9]|[12]\d|3[01])/(?P<year>(?:20)?\d\d)(?![\d/])",
    )
    return tuple(re.compile(each, re.IGNORECASE) for each in written)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield each place of a text that looks like a date, from the left, without overlaps."""
    text = text[:20_000]
    found = [match for pattern in _patterns() for match in pattern.finditer(text)]
    end = -1
    for match in sorted(found, key=lambda each: (each.start(), -each.end())):
        if match.start() >= end and _day(match):
            end = match.end()
            yield match


def _day(match: re.Match[str]) -> Day | None:
    """Return the day that a match says; None if there is none: ``31 February``."""
    parts = match.groupdict()
    name = (parts["month"] or "").lower().rstrip(".")
    month = _months().get(name) or (int(name) if name.isdigit() else 0)
    day = int(parts["day"])
    year = int(parts.get("year") or parts.get("short") or 0) or None
    if year and year < 100:
        year += 2000
    is_either = "/" in match[0] and "iso" not in parts and name.isdigit()
    if is_either and month > 12:
        month, day, is_either = day, month, False
    elif is_either and day > 12:
        is_either = False
    if not (1 <= month <= 12) or not _date(year or 2000, month, day):
        return None
    if "." in match[0] and name.isdigit() and not year and not match[0].rstrip().endswith("."):
        return None
    weekday = _weekdays().get((parts.get("weekday") or "").lower())
    return Day(month, day, year, weekday, None, is_either)


def _numbered_weekday(text: str) -> Day | None:
    """Return the day that ``Tue 25th`` is, whose month stands elsewhere."""
    found = re.fullmatch(r"([^\W\d_]{3,})\.?,?\s*(\d{1,2})(?:st|nd|rd|th|\.)?", text)
    weekday = _weekdays().get(found[1].lower()) if found else None
    if not found or weekday is None or not 1 <= int(found[2]) <= 31:
        return None
    return Day(day=int(found[2]), weekday=weekday)


def _weekday_heading(text: str, is_line: bool) -> int | None:
    """Return the weekday that a heading is, or begins with."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words:
        return None
    alone = _weekdays().get(words[0]) if len(words[0]) > 2 else None
    if len(words) == 1 and len(text) <= len(words[0]) + 2:
        return alone
    is_whole = len(words[0]) > 4
    if not is_line and is_whole and len(text) <= LONGEST_REST:
        return alone if alone is not None else None
    return None
