"""Which showing of a session before is the same as one that it has now.

Showings are the same by their key, then by an equal start, then by day and nearest time,
and at last by order.  A calendar that moves the wrong one tells people that theirs is
cancelled (niccokunzmann/python-recurring-ical-events#62).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from pytz.tzinfo import BaseTzInfo

FEW_HOURS = timedelta(hours=6)
"""What moved by less is near even over midnight: 23:30 became 00:15."""


class Showing(NamedTuple):
    """A slot of a session, now or before, as far as it tells which one it is."""

    place: int
    """Its place among those that it is given with."""
    key: str | None
    start: datetime | None
    """UTC instant; None while there is no time, as ``end``."""
    end: datetime | None
    room: str | None
    is_cancelled: bool = False
    is_fixed: bool = False
    """Whether one that was is no other than one of its key or start: it did not move."""

    @property
    def length(self) -> timedelta | None:
        """Return how long it is; None while there is no time."""
        return self.end - self.start if self.start and self.end else None

    @property
    def order(self) -> tuple[bool, object, object, str]:
        """Return what showings are sorted by, whatever the order in which they are written."""
        return self.start is None, self.start, self.end, self.room or ""


_Pairs = Iterator[tuple[Showing, Showing]]


def matched(wanted: Sequence[Showing], past: Sequence[Showing], zone: BaseTzInfo) -> dict[int, int]:
    """Return the places of wanted showings, each with that of the same one among past ones.

    Days are those of ``zone``.  One cancelled showing of several is not moved to the time
    of a new one, but what was cancelled altogether comes back as it was.
    """
    if len(wanted) == len(past) == 1:  # whatever it is, it is no other
        return {wanted[0].place: past[0].place}
    if all(each.is_cancelled for each in past):
        past = [each._replace(is_cancelled=False) for each in past]
    steps: tuple[Callable[[list[Showing], list[Showing]], _Pairs], ...] = (
        _by_key,
        _by_start,
        lambda wanted, past: _by_nearness(wanted, past, zone),
        _by_order,
    )
    found: dict[int, int] = {}
    ahead, left = sorted(wanted, key=lambda each: each.order), list(past)
    for step in steps:
        found.update((each.place, same.place) for each, same in step(ahead, left))
        used = set(found.values())
        ahead = [each for each in ahead if each.place not in found]
        left = [each for each in left if each.place not in used]
    return found


def _by_key(wanted: list[Showing], past: list[Showing]) -> _Pairs:
    keyed = {each.key: each for each in reversed(past)}
    for each in wanted:
        if each.key is not None and each.key in keyed:
            yield each, keyed[each.key]


def _by_start(wanted: list[Showing], past: list[Showing]) -> _Pairs:
    there, then = _by_time(wanted), _by_time(past)
    for start in there.keys() & then.keys():
        yield from _side_by_side(there[start], then[start])


def _by_time(showings: Iterable[Showing]) -> dict[datetime, list[Showing]]:
    found: dict[datetime, list[Showing]] = defaultdict(list)
    for each in showings:
        if each.start:
            found[each.start].append(each)
    return found


_TRAITS: tuple[Callable[[Showing], object], ...] = (
    lambda each: (each.is_cancelled, each.room, each.length),
    lambda each: (each.is_cancelled, each.room),
    lambda each: each.is_cancelled,
    lambda each: None,
)
"""What tells showings of one start apart, the best first."""


def _side_by_side(wanted: list[Showing], past: list[Showing]) -> _Pairs:
    """Pair showings of one start with those of another: in one room first, then in order."""
    ahead, left = list(wanted), sorted(past, key=lambda each: each.order)
    for trait in _TRAITS:
        alike: dict[object, list[Showing]] = defaultdict(list)
        for each in reversed(left):
            alike[trait(each)].append(each)
        pairs = [(each, same.pop()) for each in ahead if (same := alike.get(trait(each)))]
        yield from pairs
        paired = {each.place for each, _ in pairs}, {same.place for _, same in pairs}
        ahead = [each for each in ahead if each.place not in paired[0]]
        left = [each for each in left if each.place not in paired[1]]


@dataclass(eq=False)
class _Time:
    """A start with its showings that are not paired yet, between its neighbours in time."""

    start: datetime
    is_past: bool
    left: list[Showing]
    earlier: "_Time | None" = None
    later: "_Time | None" = None

    def unlink(self) -> tuple["_Time | None", "_Time | None"]:
        """Make the neighbours of this time neighbours of each other; return them."""
        if self.earlier:
            self.earlier.later = self.later
        if self.later:
            self.later.earlier = self.earlier
        return self.earlier, self.later


def _by_nearness(wanted: list[Showing], past: list[Showing], zone: BaseTzInfo) -> _Pairs:
    """Pair the nearest first, those of one day before all others.

    The best of all pairs is one of neighbours in time, so only neighbours are compared.
    """
    nearest: list[tuple[bool, timedelta, datetime, _Time, _Time]] = []

    def compare(one: _Time | None, other: _Time | None) -> None:
        if one and other and one.left and other.left and one.is_past != other.is_past:
            distance = other.start - one.start
            days = {each.start.astimezone(zone).date() for each in (one, other)}
            is_far = len(days) > 1 and distance >= FEW_HOURS
            heappush(nearest, (is_far, distance, one.start, one, other))

    for one, other in pairwise(_timeline(wanted, past)):
        one.later, other.earlier = other, one
        compare(one, other)
    while nearest:
        *_, one, other = heappop(nearest)
        now, then = (other, one) if one.is_past else (one, other)
        for pair in _side_by_side(list(now.left), list(then.left)):
            now.left.remove(pair[0])
            then.left.remove(pair[1])
            yield pair
        for each in (one, other):
            if not each.left:
                compare(*each.unlink())


def _timeline(wanted: list[Showing], past: list[Showing]) -> list[_Time]:
    movable = _movable(past)
    times = [_Time(start, False, found) for start, found in _by_time(wanted).items()]
    times += [_Time(start, True, found) for start, found in _by_time(movable).items()]
    return sorted(times, key=lambda each: each.start)


def _by_order(wanted: list[Showing], past: list[Showing]) -> _Pairs:
    yield from zip(wanted, _movable(past), strict=False)


def _movable(past: list[Showing]) -> list[Showing]:
    return [each for each in past if not each.is_cancelled and not each.is_fixed]
