"""Which half of the day the hours of an agenda are in: 1:00 after 12:00 is 13:00.

``settled`` decides the hours of one day together, and tells what it had to take.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from calsvc.importers.habits.clocks import DAY, NOON, Clock, Hours, shown


class Settled(NamedTuple):
    """From when to when, in minutes since the midnight in which the day begins."""

    start: int | None
    end: int | None
    guessed: tuple[str, ...] = ()


def are_24(many: Iterable[Hours]) -> bool:
    """Tell whether a page counts hours to 24, so that its 1:00 is at night."""
    return any(clock and clock.is_24 for hours in many for clock in hours[:2])


def settled(many: Sequence[Hours], is_24: bool | None = None) -> list[Settled]:
    """Decide the hours of one day, in the order in which they stand: 1:00 after 12:00 is 13:00.

    ``is_24`` says whether the clocks of the whole page are; of these hours, if not given.  All
    are decided together: the reading that goes back least, and least into the night, is taken.
    """
    is_24 = are_24(many) if is_24 is None else is_24
    starts = _likeliest([_readings(each, is_24) for each in many])
    return [_told(*each, is_24) for each in zip(many, starts, strict=True)]


def _likeliest(readings: Sequence[Sequence[tuple[int, int | None, float]]]) -> list[int]:
    """Return the one of each ``(start, end, cost)`` with the least cost in all, from the last."""
    paths: list[tuple[float, int]] = [(0.0, 0)]  # the least cost up to a reading, and over which
    before: Sequence[tuple[int, int | None, float]] = [(-1, None, 0.0)]
    steps = []
    for now in readings:
        paths = [
            min(
                (cost + own + _step(last[0], start), index)
                for index, (last, (cost, _)) in enumerate(zip(before, paths, strict=True))
            )
            for start, _, own in now
        ]
        steps.append([index for _, index in paths])
        before = now
    index = min(range(len(paths)), key=lambda each: paths[each])
    chosen = []
    for now, step in zip(reversed(readings), reversed(steps), strict=True):
        chosen.append(now[index][0])
        index = step[index]
    return chosen[::-1]


def _step(before: int, start: int) -> float:
    """Return how unlikely it is that one start follows another."""
    if before < 0:
        return 4.0 if start >= DAY else 0.0
    back = 6.0 if start < before else 0.0
    night = 4.0 if start >= DAY and before < 20 * 60 else 0.0
    return back + night + (1.0 if start > before + 5 * 60 else 0.0)


def _readings(hours: Hours, is_24: bool) -> list[tuple[int, int | None, float]]:
    """Return each start and end that hours can mean, with how unlikely they are alone."""
    first = hours.start or hours.end
    assert first
    found = []
    for start in _meanings(first, is_24):
        end = _end(start, hours.end, is_24) if hours.start and hours.end else None
        length = end - start if end is not None else 0
        cost = 5.0 if start % DAY < 6 * 60 else 2.0 if start % DAY < 7 * 60 else 0.0
        cost += 3.0 if 22 * 60 <= start < DAY else 0.0
        cost += 0.5 if start != first.minutes else 0.0
        cost += 3.0 if first.is_twelve_am and NOON <= start < DAY else 0.0
        cost += 6.0 if length > NOON else 2.0 if length > 9 * 60 else 0.0
        found.append((start, end, cost))
    return found


def _meanings(clock: Clock, is_24: bool) -> list[int]:
    """Return the minutes since the beginning of the day that a time can mean."""
    found = [clock.minutes]
    if clock.is_twelve_am:
        found.append(clock.minutes + NOON)
    if not clock.is_sure and not is_24:
        found.append(clock.minutes + NOON)
    elif clock.minutes < 6 * 60:
        found.append(clock.minutes + DAY)
    return found


def _end(start: int, clock: Clock, is_24: bool) -> int:
    """Return the first moment after a start that a time can mean."""
    halves = {clock.minutes} if clock.is_sure or is_24 else {clock.minutes, clock.minutes + NOON}
    end = min(
        each + shift for each in halves for shift in (0, DAY, 2 * DAY) if each + shift > start
    )
    noon = clock.minutes + NOON
    return noon if clock.is_twelve_am and start < noon and end - start > NOON - 60 else end


def _told(hours: Hours, start: int, is_24: bool) -> Settled:
    """Return settled hours, with what is not said by them."""
    first = hours.start or hours.end
    assert first
    guessed = []
    if hours.is_about:
        guessed.append(f"{shown(first.minutes)} is only about")
    if start - first.minutes == NOON:
        guessed.append(f"{shown(first.minutes)} is taken for {shown(start)}")
    elif first.is_twelve_am and start == first.minutes:
        guessed.append(f"{shown(start)} may be meant for {shown(start + NOON)}")
    elif start >= DAY > first.minutes:
        guessed.append(f"{shown(first.minutes)} is taken for the night after that day")
    elif not first.is_sure and not is_24 and not first.is_padded and start < 9 * 60:
        guessed.append(f"{shown(start)} is taken for the morning")
    if hours.start is None:
        return Settled(None, start, tuple(guessed))
    end = _end(start, hours.end, is_24) if hours.end else None
    if hours.end and end and hours.end.is_twelve_am and NOON <= end < DAY:
        guessed.append(f"{shown(hours.end.minutes)} at its end is taken for {shown(end)}")
    if hours.end and end and end - start > NOON:
        guessed.append(
            f"the end, {shown(hours.end.minutes)}, is before the start or far behind, and left out"
        )
        end = None
    return Settled(start, end, tuple(guessed))
