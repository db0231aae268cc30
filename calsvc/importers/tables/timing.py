"""When the rows of a table are: their cells of days, times and lengths, read together.

One cell alone says little: ``5/6`` has its month by the other dates, ``1:30`` its half of the
day by the other times, and a row without a date is of the day of the row above.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from calsvc.importers.habits import halves
from calsvc.importers.habits.clocks import DAY, NOON, Hours, shown
from calsvc.importers.tables import cells
from calsvc.importers.tables.cells import Moment
from calsvc.importers.tables.columns import Cells, Columns
from calsvc.importers.tables.dates import Order, Said, orders

EVENING, MORNING = 18 * 60, 6 * 60
"""Minutes since midnight: what follows the evening and is before the morning is of the night."""


@dataclass
class Timing:
    """When one row is: what its cells say, and then what they mean."""

    said: Said | None = None
    weekday: Said | None = None
    """What a column of days says beside one of dates."""
    hours: Hours | None = None
    instant: datetime | None = None
    end_said: Said | None = None
    end_instant: datetime | None = None
    length: int | None = None
    """In minutes."""
    zone: str | None = None
    room: str = ""
    unread: list[str] = field(default_factory=list)
    """Cells of times that say nothing that can be understood."""
    start: datetime | None = None
    end: datetime | None = None
    guessed: list[str] = field(default_factory=list)

    @property
    def has_time(self) -> bool:
        """Tell whether the row says when it begins, though perhaps not on which day."""
        return bool(self.instant or (self.hours and self.hours.start))


@dataclass
class Days:
    """What the days of a table are counted from, and what had to be taken for them."""

    first_day: date | None
    is_american: bool | None = None
    guessed: list[str] = field(default_factory=list)


def reading(columns: Columns, row: Cells, length_unit: str) -> Timing:
    """Return what the cells of a row say of when it is."""
    start = _moment(columns.cell(row, "start"), is_clock=True)
    day = _moment(columns.cell(row, "date"))
    end = _moment(columns.cell(row, "end"), is_clock=True)
    last = _moment(columns.cell(row, "end_date"))
    weekday = _day(columns.cell(row, "day"))
    timing = Timing(length=cells.minutes(columns.cell(row, "duration"), length_unit))
    timing.said = start.said or _date_of(day) or weekday
    timing.weekday = weekday if timing.said is not weekday else None
    timing.hours, timing.instant = start.hours, start.instant
    if not timing.has_time:
        timing.hours, timing.instant = day.hours or timing.hours, day.instant
    timing.end_said = end.said or _date_of(last)
    timing.end_instant = end.instant or start.end or last.instant
    ending = end.hours or (last.hours if timing.end_said else None)
    if timing.hours and ending and ending.start:
        zone = timing.hours.zone or ending.zone
        timing.hours = timing.hours._replace(end=ending.start, zone=zone)
    elif timing.instant and ending and ending.start:
        timing.hours = Hours(None, ending.start)
    named = cells.text(columns.cell(row, "zone"))
    timing.zone = named or (timing.hours.zone if timing.hours else None)
    timing.room = cells.text(columns.cell(row, "room"))
    for name, moment in (("start", start), ("end", end)):
        words = cells.text(columns.cell(row, name))
        is_lost = moment == Moment() or (moment.hours and not timing.has_time)
        if words and is_lost and words.lower() not in cells.FALSE:
            timing.unread.append(words[:60])  # what only ends has no start to be kept with
    return timing


def _moment(cell: Any, *, is_clock: bool = False) -> Moment:
    return Moment() if cell is None else cells.moment(cell, is_clock=is_clock)


def _date_of(moment: Moment) -> Said | None:
    if moment.instant and not moment.said:
        return Said(moment.instant.year, moment.instant.month, moment.instant.day)
    return moment.said


def _day(cell: Any) -> Said | None:
    """Return the day that a cell of a column of days says: ``2`` is the second one."""
    words = cells.text(cell)
    if words.isdecimal() and len(words) < 3:
        return Said(number=int(words)) if 0 < int(words) < 32 else None
    return _date_of(_moment(cell))


def settle(timings: Sequence[Timing], days: Days) -> None:
    """Decide when each row is; what is taken is told, of the row or of all days."""
    dated = _dated(timings, days)
    groups: dict[date, list[Timing]] = defaultdict(list)
    for timing, day in zip(timings, dated, strict=True):
        if timing.instant:
            _settle_instant(timing)
        elif day and timing.hours and timing.hours.start:
            groups[day].append(timing)
    is_24 = halves.are_24([each.hours for each in timings if each.hours])
    order = _order(timings, days)
    in_order = _in_order(groups, is_24)
    for day, group in groups.items():
        _settle_day(day, group, is_24, in_order=in_order)
        for timing in group:
            _settle_end(timing, day, order, days.first_day)


def _order(timings: Sequence[Timing], days: Days) -> Order:
    """Decide whether months stand first, by all dates and the weekdays beside them."""
    saids = []
    for timing in timings:
        for said in (timing.said, timing.end_said):
            if said and said.is_date:
                weekday = timing.weekday.weekday if timing.weekday else None
                beside = weekday if said.weekday is None else said.weekday
                saids.append(said._replace(weekday=beside, number=None))
    order = orders(saids, days.first_day, is_american=days.is_american)
    if order.guessed and order.guessed not in days.guessed:
        days.guessed.append(order.guessed)
    return order


def _dated(timings: Sequence[Timing], days: Days) -> list[date | None]:
    """Return the date of each row: its own, by its day, or of the row above."""
    order = _order(timings, days)
    if days.first_day is None:
        known = (each.said.on(None, month_first=order.month_first) for each in timings if each.said)
        days.first_day = min(filter(None, known), default=None)
    dates: list[date | None] = []
    above, carried, kept = None, 0, 0
    for timing in timings:
        day = timing.said and timing.said.on(days.first_day, month_first=order.month_first)
        if not day and timing.weekday:
            day = timing.weekday.on(days.first_day)
        if not day and not timing.said and timing.has_time and not timing.instant:
            day = above or days.first_day
            carried, kept = carried + bool(above), kept + (not above and bool(day))
        if day and timing.said:
            _tell_weekday(timing, day)
            above = day
        dates.append(day)
    if carried:
        days.guessed.append(
            f"rows without a day are taken for the day of the row above ({carried})"
        )
    if kept and any(each.said for each in timings):
        days.guessed.append(f"rows without a day are taken for the first day ({kept})")
    return dates


def _tell_weekday(timing: Timing, day: date) -> None:
    """Tell where a date is on another day of the week than the row says."""
    for said in filter(None, (timing.said, timing.weekday)):
        if said.weekday is not None and said.weekday != day.weekday():
            told = date(2024, 1, 1 + said.weekday)  # which was a Monday
            timing.guessed.append(f"{day} is a {day:%A}, not a {told:%A}: the date is taken")
            return


def _settle_instant(timing: Timing) -> None:
    timing.start = timing.instant
    assert timing.start
    if timing.end_instant:
        timing.end = timing.end_instant
    elif timing.hours and timing.hours.end:
        said = timing.end_said
        day = said.on(None) if said and said.is_date and not said.may_swap else None
        midnight = datetime.combine(day or timing.start, time(), timing.start.tzinfo)
        end = midnight + timedelta(minutes=timing.hours.end.minutes)
        if end <= timing.start:
            is_noon_before = timing.start.hour < 13 and not timing.hours.end.is_sure
            end += timedelta(hours=12 if is_noon_before else 24)
        timing.end = end
    elif timing.length:
        timing.end = timing.start + timedelta(minutes=timing.length)


def _in_order(groups: dict[date, list[Timing]], is_24: bool) -> bool:
    """Tell whether the rows of each day stand in the order of time, but for a night behind."""
    for group in groups.values():
        starts = [each.hours.start.minutes for each in group if each.hours and each.hours.start]
        if any(after < before and after >= MORNING for before, after in pairwise(starts)):
            return False
    return is_24


def _settle_day(day: date, group: Sequence[Timing], is_24: bool, *, in_order: bool) -> None:
    """Give the rows of one day their start and end, as local times."""
    many = [timing.hours for timing in group if timing.hours]
    sure = is_24 or all(clock is None or clock.is_sure for each in many for clock in each[:2])
    midnight = datetime.combine(day, time())
    if not sure:
        for timing, settled in zip(group, halves.settled(many, is_24), strict=True):
            _give(timing, midnight, settled.start, settled.end)
            timing.guessed.extend(settled.guessed)
        return
    before: dict[str, int] = {}
    for timing in group:
        assert timing.hours
        assert timing.hours.start
        start = timing.hours.start.minutes
        room = "" if in_order else timing.room
        if start < MORNING and before.get(room, 0) >= EVENING:
            timing.guessed.append(f"{shown(start)} is taken for the night after {day}")
            start += DAY
        before[room] = start
        if timing.hours.is_about:
            timing.guessed.append(f"{shown(start)} is only about")
        end = timing.hours.end and timing.hours.end.minutes
        if end is not None and start >= DAY:
            end += DAY
        if end is not None and end < start and end + DAY - start <= NOON:
            end += DAY  # over midnight
        _give(timing, midnight, start, end)


def _give(timing: Timing, midnight: datetime, start: int | None, end: int | None) -> None:
    if start is not None:
        timing.start = midnight + timedelta(minutes=start)
    if end is not None:
        timing.end = midnight + timedelta(minutes=end)


def _settle_end(timing: Timing, day: date, order: Order, first_day: date | None) -> None:
    """Move an end to the date that it has, or count it by the length of the row."""
    if timing.end_said and timing.end and timing.start:
        said = timing.end_said.on(first_day, month_first=order.month_first)
        if said and said > day:
            timing.end = datetime.combine(said, timing.end.time())
    if timing.start and timing.length:
        counted = timing.start + timedelta(minutes=timing.length)
        if timing.end is None:
            timing.end = counted
        elif timing.end != counted:
            told = f"its length is {timing.length} min, its end {timing.end:%H:%M}"
            timing.guessed.append(f"{told}: the end is taken")


def zones(timings: Iterable[Timing]) -> Counter[str]:
    """Return the names of zones that rows have, with how many have each."""
    return Counter(each.zone for each in timings if each.zone)
