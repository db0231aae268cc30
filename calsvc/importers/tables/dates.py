"""Days as cells of tables have them: ``2019-10-16``, ``16.10.``, ``9/18/15``, ``Day 2``.

``read`` says only what stands there.  Whether ``5/6/2025`` is in May or June is decided for a
whole column by ``orders``; a year or a date that is missing is counted from the first day by
``Said.on``.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from calsvc.importers.habits import daynames

LONGEST_DAY = 60
"""Characters that a day can take in a cell."""
FOOTNOTES = "*†‡ "
"""What may follow a day: ``Monday 8*``."""
YEARS = range(1990, 2101)
_FILLERS = frozenset(
    "of the de del den der le el on dem and morning afternoon evening night vormittag nachmittag"
    " abend matin midi soir apres manana tarde noche schedule program programme agenda feira"
    " van".split()
)
"""What stands beside a day and says nothing else of it."""
_DAY_WORDS = frozenset("day tag jour dia d".split())
_NUMBERS = {
    word: number
    for words in ("one two three four five six seven", "eins zwei drei vier funf sechs sieben")
    for number, word in enumerate(words.split(), 1)
}
_ISO = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})\.?")
_PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d\d))?\.?")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)\s?(?:st|nd|rd|th|er|º|ª|te[rn]?)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,})\d{1,2}\b")
"""A key of one of several days: ``saturday1`` is not the first of a month."""
_STRANGE = re.compile(r"[^\w\s.,;:/()\[\]–—|'’-]|:\d")


class Said(NamedTuple):
    """What a cell says of a day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    """Of the month."""
    weekday: int | None = None
    """0 is Monday."""
    number: int | None = None
    """Of the event's days: ``Day 2``."""
    may_swap: bool = False
    """Both numbers may be the month: it is read with the day first until that is decided."""
    month_first: bool | None = None
    """Which number stands first, where only one can be the month."""

    def on(self, first_day: date | None, *, month_first: bool = False) -> date | None:
        """Return the date that is meant, None if it cannot be known, or there is none.

        Years, weekdays and numbers of days that have no date are counted from ``first_day``.
        """
        day, month = self.day, self.month
        if self.may_swap and month_first:
            day, month = month, day
        if day and month:
            return _nearest(self.year, month, day, first_day)
        if first_day is None:
            return None
        if self.number is not None:
            return first_day + timedelta(days=self.number - 1)
        if self.day is not None:
            return _following(first_day, self.day, self.weekday)
        if self.weekday is not None:
            return first_day + timedelta(days=(self.weekday - first_day.weekday()) % 7)
        return None

    @property
    def is_date(self) -> bool:
        """Tell whether that is a date, and not only a weekday or a number of a day."""
        return self.month is not None


class Order(NamedTuple):
    """Whether the month stands first in the dates of a column, and whether that was taken."""

    month_first: bool
    guessed: str | None = None


def plain(text: str) -> str:
    """Return a text in small letters, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


@cache
def _months() -> dict[str, int]:
    return _plainly(daynames.months())


@cache
def _weekdays() -> dict[str, int]:
    return _plainly(daynames.weekdays())


def _plainly(names: dict[str, int]) -> dict[str, int]:
    """Return names without accents; of two that are alike then, the first one."""
    return {plain(name): number for name, number in reversed(names.items())}


@lru_cache(maxsize=10_000)
def read(text: str) -> Said | None:
    """Return what a text says of a day, if it says nothing else; else None."""
    text = text.strip().rstrip(FOOTNOTES)
    if not text or len(text) > LONGEST_DAY:
        return None
    return _numbered(text) or _worded(text)


def _numbered(text: str) -> Said | None:
    """Read a date of numbers alone."""
    if match := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
        return _checked(Said(year, month, day)) if year in YEARS else None
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match)
    return None


def _numeric(match: re.Match[str]) -> Said | None:
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) if match[4] else None
    if year is not None and year < 100:
        year += 2000
    if match[2] == "-" and (year is None or len(match[4]) == 2):
        return None  # 9-10 is a time as well, and 15-09-18 may begin with the year
    if second > 12:
        return _checked(Said(year, first, second, month_first=True))
    if match[2] == "." or first > 12:
        # A point is written where the day stands first: 16.10.2019
        return _checked(Said(year, second, first, month_first=None if match[2] == "." else False))
    return _checked(Said(year, second, first, may_swap=first != second))


def _worded(text: str) -> Said | None:
    """Read a day with names in it; each word of the text must be part of that."""
    if _STRANGE.search(text):
        return None
    for inner in re.finditer(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)?", text):
        rest, numeric = text.replace(inner[0], " ", 1), _numbered(inner[0])
        if numeric and not _words(rest):
            return numeric
        said = _worded(rest) if numeric else None
        if numeric and said and not said.is_date and said.day is None:
            return numeric._replace(weekday=said.weekday, number=said.number)
        return None
    tokens = _words(text)
    return _checked(_tokens(tokens)) if 1 <= len(tokens) <= 7 else None


def _words(text: str) -> list[str]:
    said = plain(_ORDINAL.sub("", text))
    said = _NUMBERED.sub(lambda each: each[1] if each[1] in _weekdays() else each[0], said)
    words = _TOKEN.findall(said)
    return [each for each in words if each not in _FILLERS]


def _tokens(tokens: list[str]) -> Said | None:
    said = Said()
    if number := _day_number(tokens):
        said = said._replace(number=number)
    months = [each for each in tokens if each in _months() and each not in _weekdays()]
    for token in tokens:
        if token in _weekdays() and (months or token not in _months()) and said.weekday is None:
            said = said._replace(weekday=_weekdays()[token])
        elif token in _months() and said.month is None:
            said = said._replace(month=_months()[token])
        elif token.isdecimal() and len(token) == 4 and int(token) in YEARS and said.year is None:
            said = said._replace(year=int(token))
        elif token.isdecimal() and len(token) <= 2 and said.day is None:
            said = said._replace(day=int(token))
        else:
            return None
    if (said.month is None) != (said.day is None) and not (said.weekday is not None and said.day):
        # mar is a month and a Tuesday: alone it is the day
        only = tokens[0] if len(tokens) == 1 else ""
        return Said(weekday=_weekdays()[only]) if only in _weekdays() else None
    has_any = said.month or said.number or said.weekday is not None
    return said if has_any and (said.year is None or said.month) else None


def _day_number(tokens: list[str]) -> int | None:
    """Return the number of ``Day 2``, ``Tag zwei`` or ``2. Tag``, and take it from the tokens."""
    for place, token in enumerate(tokens):
        short = re.fullmatch(r"d(\d{1,2})", token)
        if token not in _DAY_WORDS and not short:
            continue
        for other in (place + 1, place - 1):
            word = tokens[other] if 0 <= other < len(tokens) else ""
            number = _NUMBERS.get(word) or (int(word) if word.isdecimal() and len(word) < 3 else 0)
            if number:
                del tokens[max(place, other)], tokens[min(place, other)]
                return number
    return None


def _checked(said: Said | None) -> Said | None:
    """Return what was said, if there is such a day."""
    if said is None or not said.is_date:
        return said
    swapped = said.may_swap and _exists(said.year, said.day, said.month)
    return said if swapped or _exists(said.year, said.month, said.day) else None


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(year or 2000, month or 1, day or 0)
    except ValueError:
        return False
    return year is None or year in YEARS


def _nearest(year: int | None, month: int, day: int, first_day: date | None) -> date | None:
    """Return a date; where the year is not said, the one nearest to the first day."""
    if year is not None:
        return date(year, month, day) if _exists(year, month, day) else None
    if first_day is None:
        return None
    years = (first_day.year + shift for shift in (0, 1, -1))
    dates = [date(each, month, day) for each in years if _exists(each, month, day)]
    return min(dates, key=lambda each: abs(each - first_day), default=None)


def _following(first_day: date, day: int, weekday: int | None) -> date | None:
    """Return the next date with this day of the month, and of the week."""
    for shift in range(-3, 60):
        each = first_day + timedelta(days=shift)
        if each.day == day and weekday in {None, each.weekday()}:
            return each
    return None


def orders(
    saids: Sequence[Said], first_day: date | None, *, is_american: bool | None = None
) -> Order:
    """Decide whether the month stands first in the dates of one column.

    A date that can only be read one way decides; then a weekday beside it, the first day, and
    that an event is short.  ``is_american`` tells whether the zone, or a.m. and p.m., speak for
    America; where nothing else decides, what is taken is told.
    """
    doubtful = [each for each in dict.fromkeys(saids) if each.may_swap]
    if not doubtful:
        return Order(False)
    sure = {each.month_first for each in saids} - {None}
    if len(sure) == 1:
        return Order(sure == {True})
    fixed = [each.on(first_day) for each in saids if each.is_date and not each.may_swap]
    readings = {
        month_first: [each.on(first_day, month_first=month_first) for each in doubtful]
        for month_first in (False, True)
    }
    known = [each for each in (*fixed, first_day) if each]
    wrong = {
        month_first: sum(
            each is None or (said.weekday is not None and each.weekday() != said.weekday)
            for said, each in zip(doubtful, dates, strict=True)
        )
        for month_first, dates in readings.items()
    }
    if wrong[False] != wrong[True]:
        return Order(wrong[True] < wrong[False])
    spans = {key: _span([*known, *filter(None, dates)]) for key, dates in readings.items()}
    if min(spans.values()) <= 14 and max(spans.values()) > 3 * min(spans.values()) + 14:
        return Order(spans[True] < spans[False])
    month_first = bool(is_american)
    shown = f"{doubtful[0].day}/{doubtful[0].month}"
    taken = readings[month_first][0]
    return Order(month_first, f"dates such as {shown} are taken for {_shown(taken)}")


def _span(dates: Collection[date]) -> int:
    return (max(dates) - min(dates)).days if dates else 0


def _shown(day: date | None) -> str:
    return f"{day.day} {day:%B}" if day else "the day first"
