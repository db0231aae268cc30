"""Contenders that take turns, and the medians of their rounds."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from bench.load import Ask, Load, load
from bench.processes import get
from bench.sites import Site


class Contender(NamedTuple):
    """A server, with what it is asked for."""

    name: str
    site: Site
    asks: Sequence[Ask]
    status: int = 200


class Result(NamedTuple):
    """How a contender did, beside the first one of its contest."""

    name: str
    octets: int
    """Of the body of one answer."""
    load: Load
    """Medians of all rounds, each by itself."""
    rate: float
    """Answers a second, as a share of the first one's in the same round: the median."""
    economy: float
    """CPU time for one answer: the first one's in the same round divided by this one's."""
    economy_with_storage: float
    """The same, with the CPU time of the database's own processes."""
    mebibytes: float
    """Memory of a worker after all rounds."""


class Contest(NamedTuple):
    """What was asked, and how each contender did; the first one is what others are held to."""

    name: str
    results: list[Result]


def contest(
    name: str,
    contenders: Sequence[Contender],
    rounds: int,
    seconds: float,
    tell: Callable[[str], None],
) -> Contest:
    """Let contenders take turns, and return how each did."""
    octets = [_checked(each) for each in contenders]
    loads: list[list[Load]] = [[] for _ in contenders]
    for number in range(rounds):
        for contender, taken in zip(contenders, loads, strict=True):
            taken.append(_round(contender, seconds, number))
            told = taken[-1]
            tell(
                f"{name}, round {number + 1}: {contender.name} {told.a_second:,.0f} a second,"
                f" {told.cpu_of_one:.0f} µs of CPU, p99 {told.p99:.1f} ms"
            )
    memory = [contender.site.process.mebibytes for contender in contenders]
    return Contest(name, compared([each.name for each in contenders], octets, loads, memory))


def compared(
    names: Sequence[str],
    octets: Sequence[int],
    loads: Sequence[Sequence[Load]],
    mebibytes: Sequence[float],
) -> list[Result]:
    """Return the medians of rounds, and of each one's ratios to the first contender's."""
    first = loads[0]
    return [
        Result(
            name,
            size,
            Load(*(median(values) for values in zip(*taken, strict=True))),
            _median(first, taken, lambda one, other: other.a_second / one.a_second),
            _median(first, taken, lambda one, other: one.cpu_of_one / other.cpu_of_one),
            _median(first, taken, lambda one, other: one.cpu_of_one / other.cpu_with_storage),
            memory,
        )
        for name, size, taken, memory in zip(names, octets, loads, mebibytes, strict=True)
    ]


def _median(
    first: Sequence[Load], second: Sequence[Load], ratio: Callable[[Load, Load], float]
) -> float:
    return median(ratio(one, other) for one, other in zip(first, second, strict=True))


def _round(contender: Contender, seconds: float, number: int) -> Load:
    site, asks = contender.site, contender.asks
    # Each round begins with other addresses than the one before, where there are many.
    first = number * len(asks) // 7
    return load(site.port, asks, seconds, [site.process], site.storage, first)


def _checked(contender: Contender) -> int:
    """Return the octets of an answer.  Raises ``RuntimeError`` if it is another than wanted."""
    path, etag = contender.asks[0]
    answer = get(contender.site.port, path, etag)
    if answer.status != contender.status:
        raise RuntimeError(f"{contender.name}: {path} answers {answer.status}")
    return len(answer.body)
