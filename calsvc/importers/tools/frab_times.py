"""When an event of a frab schedule is: ``<date>`` against ``<start>``, and whose night it is.

``<date>`` is the instant, with an offset; ``<start>`` the clock at the event; a day has a
``date``, and bounds (``start``, ``end``) or the conference's ``day_change`` at which it
ends (https://c3voc.de/wiki/schedule).  Old programmes have no ``<date>``.  Where two of
these disagree, the instant wins, but for one mistake that tools are known for: the local
clock, written as if it were UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from calsvc import timezones
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.remarks import Remarks

MORNING = timedelta(hours=6)
"""Nothing begins before that is of the day's morning, as calsvc's own days have it."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of a schedule."""

    date: date | None
    change: timedelta | None
    """The time of day at which it ends, on the day after; None if nobody says."""


class Clocks:
    """How the times of one schedule are to be read, and what disagrees in it."""

    def __init__(self, wished: str | None, named: str | None) -> None:
        self.zone = instants.known_zone(wished, named)
        """The event's, if it is known and exists."""
        self.remarks = Remarks()
        self._named = named
        self._is_local_as_utc = False

    def compare(self, events: Iterable[Mapping[str, Any]]) -> str | None:
        """Find out whether instants are local clocks that claim to be UTC; say so if they are.

        A zone that is UTC itself contradicts nothing: then the clocks are those of UTC.
        """
        if not self.zone or (self._named and timezones.is_utc(self._named)):
            return None
        zone, rights, wrongs = timezones.zone(self.zone), 0, 0
        for event in events:
            whole, clock = instants.instant(event.get("date")), _clock(event)
            if whole and clock is not None and whole.utcoffset() == timedelta(0):
                local = _clock_of(whole.astimezone(zone))
                rights += local == clock
                wrongs += _clock_of(whole) == clock != local
        self._is_local_as_utc = wrongs > rights
        if not self._is_local_as_utc:
            return None
        return f"dates are in UTC, and starts the same clock; both are taken for {self.zone}"

    def day(self, shown: Mapping[str, Any], change: timedelta | None) -> Day:
        """Return the day that a schedule shows, with ``change`` unless its bounds tell one.

        Some tools cut the bounds and the date in UTC: the day is that of the event.
        """
        on = instants.day(shown.get("date"))
        first, last = (
            self._local(trees.first(shown, name, f"day_{name}")) for name in ("start", "end")
        )
        if first and (on is None or self.zone):
            on = first.date()
        if change is None and on and last and last.date() <= on + DAY:
            # What begins in the minute of the end, as 03:59, is of the night, too.
            is_night = last.date() > on
            change = _clock_of(last) + timedelta(minutes=1) if is_night else timedelta(0)
        elif change is None and first:
            change = _clock_of(first)
        return Day(on, change if change is None or change <= DAY else None)

    def date(self, value: Any) -> date | None:
        """Return a day, of an instant as the event's clocks show it."""
        local = self._local(value)
        return local.date() if local else instants.day(value)

    def _local(self, value: Any) -> datetime | None:
        moment = instants.instant(value)
        if moment and moment.tzinfo and self.zone:
            return moment.astimezone(timezones.zone(self.zone))
        return moment

    def start(self, event: Mapping[str, Any], on: Day) -> tuple[datetime | None, list[str]]:
        """Return when an event starts, and what was guessed for that."""
        whole = instants.instant(event.get("date")) or instants.instant(event.get("start"))
        clock = instants.clock(event.get("start"))
        if whole and whole.tzinfo and clock is not None:
            return self._checked(event, whole, clock % DAY), []
        if whole:
            return whole, []
        own = instants.day(event.get("date"))
        if clock is None or not (own or on.date):
            return None, []
        guessed: list[str] = []
        if own is None and self._is_night(clock, on.change, guessed):
            clock += DAY
        midnight = datetime.combine(own or on.date or date.min, datetime.min.time())
        return midnight + clock, guessed

    def _is_night(self, clock: timedelta, change: timedelta | None, guessed: list[str]) -> bool:
        """Tell whether a clock time of a day's programme is of the night that follows it."""
        if change is None:
            if clock < MORNING - timedelta(hours=2):
                guessed.append(f"{_text(clock)} is taken for the night after the day")
                return True
            return False
        if change > MORNING and MORNING <= clock < change:
            # Pentabarf's default is 09:00, which says when its tables begin, not when nights end.
            guessed.append(
                f"{_text(clock)} is taken for the morning, although the day begins"
                f" at {_text(change)}"
            )
            return False
        return clock < change

    def _checked(self, event: Mapping[str, Any], whole: datetime, clock: timedelta) -> datetime:
        """Return the instant, or the local clock that it is; remark what disagrees."""
        if self._is_local_as_utc and not whole.utcoffset():
            return whole.replace(tzinfo=None)
        local = whole.astimezone(timezones.zone(self.zone)) if self.zone else whole
        if clock not in {_clock_of(whole), _clock_of(local)}:
            what = "starts that disagree with their dates, which were taken"
            self.remarks.add(what, f"{event.get('start')!r}")
        return whole


def _clock(event: Mapping[str, Any]) -> timedelta | None:
    clock = instants.clock(event.get("start"))
    return clock % DAY if clock is not None else None


def _clock_of(moment: datetime) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def _text(clock: timedelta) -> str:
    minutes = int(clock.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"
