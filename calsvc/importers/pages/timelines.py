"""What is found on a page in its order: days, and sessions with the hours that stand there.

``dated`` makes times of it once all is found, because 1:00 is 13:00 by what stands around.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from calsvc.importers.drafts import DraftSession
from calsvc.importers.habits import clocks, halves
from calsvc.importers.habits.clocks import Clock, Hours
from calsvc.importers.habits.halves import Settled
from calsvc.importers.pages import days as written
from calsvc.importers.pages.days import Day
from calsvc.importers.pages.passages import Line

LAST_DAY = date(2100, 1, 1)


@dataclass
class Found:
    """A session that was found, or only a time at which others end."""

    session: DraftSession | None
    hours: Hours | None = None
    day: int | None = None
    """The number of the heading of its day; None before any."""
    until: "Found | None" = None
    """At whose start it ends, where it has no end itself."""
    minutes: int | None = None
    """How long it lasts, where that is said."""
    run: int = 0
    """The number of the list in which it stands: a heading begins another one."""
    note: list[str] = field(default_factory=list)
    """The lines of its description."""
    is_poster: bool = False
    """It has authors, and no time."""
    start: datetime | None = None
    """Once it is dated."""


@dataclass
class Timeline:
    """The days and the sessions of a page, in its order."""

    days: list[Day] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    run: int = 0

    @property
    def today(self) -> int | None:
        """Return the number of the day that was headed last."""
        return len(self.days) - 1 if self.days else None

    def add_day(self, day: Day) -> int:
        """Begin a day, or go on with it where it is headed again; return its number.

        A weekday below a date belongs to that.
        """
        last = self.days[-1] if self.days else None
        is_open = last and last.day and not any(each.day == self.today for each in self.found)
        if last and is_open and last.weekday is None and day.weekday is not None and not day.day:
            self.days[-1] = last._replace(weekday=day.weekday)
            return len(self.days) - 1
        for number in reversed(range(max(0, len(self.days) - 40), len(self.days))):
            if _is_same(self.days[number], day):
                if number != len(self.days) - 1:
                    self.days.append(self.days[number])
                return len(self.days) - 1
        self.days.append(day)
        return len(self.days) - 1

    def put(self, found: Found) -> Found:
        """Add what was found; what has no session is kept for its time."""
        found.run = self.run
        self.found.append(found)
        return found

    @property
    def sessions(self) -> list[DraftSession]:
        """Return the sessions that were found."""
        return [each.session for each in self.found if each.session]


def hours_of(line: Line) -> Hours | None:
    """Return the hours that a line is, with the moment that the page marks; None for others."""
    hours = clocks.whole(line.text) if len(line.text) <= clocks.LONGEST_TIME else None
    if not line.instant or not (hours or line.sort == "time"):
        return hours
    start = Clock(line.instant.hour * 60 + line.instant.minute, is_sure=True)
    end = hours.end if hours else None
    if line.until:
        end = Clock(line.until.hour * 60 + line.until.minute, is_sure=True)
    zone = hours.zone if hours else None
    return Hours(start, end, zone, moment=line.instant, until=line.until, text=line.text)


def _is_same(one: Day, other: Day) -> bool:
    if one.day and other.day:
        return (one.month, one.day) == (other.month, other.day)
    return one == other


def dated(timeline: Timeline, first: date | None, years_near: list[int]) -> list[Day]:
    """Give all that was found its times; return the days that cannot be known.

    ``first`` is the event's first day, if known.
    """
    for each in timeline.found:
        if each.hours and each.hours.moment:
            _put_moment(each, each.hours)
    undated = [each for each in timeline.found if each.hours and not each.hours.moment]
    is_24 = halves.are_24([each.hours for each in timeline.found if each.hours])
    _spread_over_days(timeline, undated, is_24)
    used = sorted({each.day for each in undated if each.day is not None})
    is_known, guessed = written.resolved([timeline.days[day] for day in used], first, years_near)
    timeline.guessed += guessed
    known = dict(zip(used, is_known, strict=True))
    unknown = [timeline.days[day] for day in used if known[day] is None]
    by_day: dict[int | None, list[Found]] = {}
    for each in undated:
        if each.hours:
            by_day.setdefault(each.day, []).append(each)
    for number, group in by_day.items():
        day = first if number is None else known[number]
        if number is None and day is None:
            unknown.append(Day())
        if day:
            _date(group, day, is_24, timeline.guessed, is_only=len(by_day) == 1)
    for each in timeline.found:
        if each.session and each.start and not each.session.end:
            if each.minutes:
                each.session.end = each.start + timedelta(minutes=each.minutes)
            elif each.until and each.until.start:
                each.session.end = _end_of(each, each.until)
    return unknown


def _spread_over_days(timeline: Timeline, undated: list[Found], is_24: bool) -> None:
    """Give the lists of a page their days where all of those are named above all times."""
    used = {each.day for each in undated}
    last = next(iter(used), None)
    if len(used) != 1 or not last:
        return
    first = last
    while first and _is_after(timeline.days[first], timeline.days[first - 1]):
        first -= 1
    count = last - first + 1
    if count < 2:
        return
    runs = _lists(undated, is_24)
    if runs[-1] != count - 1:
        timeline.guessed.append(
            f"{count} days are named above all times, and all is taken to be on the last"
        )
        return
    for each, run in zip(undated, runs, strict=True):
        each.day = first + run
    timeline.guessed.append(
        f"{count} days are named above all times: the {count} lists below are taken for theirs"
    )


def _lists(undated: list[Found], is_24: bool) -> list[int]:
    """Return the number of the list in which each is: they begin anew in the morning.

    Where the halves of the day are open, headings and tables divide the lists.
    """
    starts = [each.hours.start for each in undated if each.hours]
    if not is_24 and not all(clock and clock.is_sure for clock in starts):
        runs = list(dict.fromkeys(each.run for each in undated))
        return [runs.index(each.run) for each in undated]
    found, last = [0], starts[0]
    for clock in starts[1:]:
        is_new = clock and last and clock.minutes < min(last.minutes - 120, 11 * 60)
        found.append(found[-1] + bool(is_new))
        last = clock
    return found


def _is_after(day: Day, before: Day) -> bool:
    """Tell whether a day is the one after another, by its number or its date."""
    if day.number and before.number:
        return day.number == before.number + 1
    if day.weekday is not None and before.weekday is not None:
        return day.weekday == (before.weekday + 1) % 7
    if not day.day or not before.day:
        return False
    return (day.month, day.day) == (before.month, before.day + 1)


def _end_of(found: Found, until: Found) -> datetime | None:
    """Return the start of what a session ends with, on that session's day in a table of days."""
    start, end = found.start, until.start
    if start and end and found.day != until.day:
        end = datetime.combine(start.date(), end.timetz())
    return end if start and end and _is_before(start, end) else None


def _is_morning_again(settled: list[Settled], at: int) -> bool:
    """Tell whether a time in the morning stands below one in the evening."""
    before, now = settled[at - 1].start if at else None, settled[at].start
    if before is None or now is None:
        return False
    return before >= 15 * 60 and 6 * 60 <= now <= 11 * 60


def _put_moment(found: Found, hours: Hours) -> None:
    """Give what was found the moment that the page marks."""
    found.start = hours.moment
    if not found.session or not hours.moment:
        return
    found.session.start = hours.moment
    found.session.end = hours.until
    if hours.end and not hours.until:
        end = halves.settled([hours._replace(moment=None)])[0].end
        midnight = hours.moment.replace(hour=0, minute=0, second=0, microsecond=0)
        found.session.end = midnight + timedelta(minutes=end) if end else None
    if found.session.end and not _is_before(hours.moment, found.session.end):
        found.session.end = None
        found.session.guessed.append("its end is not after its start, and left out")


def _is_before(one: datetime, other: datetime) -> bool:
    return bool(one.tzinfo) == bool(other.tzinfo) and one < other


def _date(group: list[Found], day: date, is_24: bool, guessed: list[str], *, is_only: bool) -> None:
    """Give what was found of one day its times; tell in ``guessed`` what is taken for that.

    Where a list goes back, a day is over, if the page has no other; another list may be one
    of another room.
    """
    settled = halves.settled([each.hours for each in group if each.hours], is_24)
    zones = Counter(each.hours.zone for each in group if each.hours)
    usual = zones.most_common(1)[0][0]
    again = 0
    for at, (each, hours) in enumerate(zip(group, settled, strict=True)):
        is_again = _is_morning_again(settled, at)
        if is_again and (not is_only or group[at].run != group[at - 1].run):
            again += 1
        elif is_again and day < LAST_DAY:
            day += timedelta(days=1)
            guessed.append(f"a list goes on in the morning after an evening: on {day}, it seems")
        _put_times(each, hours, datetime.combine(day, time()))
        zone = each.hours.zone if each.hours else None
        if each.session and zone and zone != usual:
            each.session.timezone = zone
    if again:
        guessed.append(f"{again + 1} lists that begin in the morning are all taken to be on {day}")


def _put_times(each: Found, hours: Settled, midnight: datetime) -> None:
    """Give what was found its times on the day of a midnight."""
    if hours.start is not None:
        each.start = midnight + timedelta(minutes=hours.start)
    if each.session is None:
        return
    each.session.start = each.start
    if hours.end is not None and each.start:
        each.session.end = midnight + timedelta(minutes=hours.end)
    elif hours.end is not None:
        clock = clocks.shown(hours.end)
        each.session.guessed.append(f"only its end is said, {clock}: it has no time here")
    each.session.guessed += hours.guessed
