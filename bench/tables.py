"""What came out, as Markdown."""

from collections.abc import Iterable, Mapping, Sequence

from bench.growth import Events, Sessions
from bench.making import Group
from bench.rounds import Contest, Result

CONTESTS = (
    "asked for",
    "answered by",
    "octets",
    "a second",
    "of nginx",
    "CPU for one, µs",
    "nginx's CPU ÷ it",
    "with the database's",
    "p50, ms",
    "p99, ms",
    "a worker, MiB",
)
MAKING = ("made", "by", "CPU, µs", "octets", "times the first")
SESSIONS = (
    "sessions",
    "published, s",
    "feed, octets",
    "first byte, nothing made, ms",
    "first byte of a new filter, ms",
    "200: nginx's CPU ÷ its",
    "304: nginx's CPU ÷ its",
    "304: CPU, µs",
    "a worker, MiB",
)
EVENTS = (
    "events",
    "first answer, s",
    "every feed, s",
    "every feed, next start, s",
    "a worker, MiB",
)


def of_contests(contests: Iterable[Contest]) -> str:
    """Return the table of what was asked of whom."""
    return _table(
        CONTESTS,
        (_contender(contest.name, result) for contest in contests for result in contest.results),
    )


def _contender(name: str, result: Result) -> Sequence[str]:
    load = result.load
    with_storage = result.economy_with_storage if load.cpu_of_storage else None
    return (
        name,
        result.name,
        f"{result.octets:,}",
        f"{load.a_second:,.0f}",
        f"{result.rate:.2g}",
        f"{load.cpu_of_one:,.0f}",
        f"{result.economy:.2g}",
        f"{with_storage:.2g}" if with_storage is not None else "",
        f"{load.median:,.1f}",
        f"{load.p99:,.1f}",
        f"{result.mebibytes:,.0f}",
    )


def of_making(groups: Iterable[Group]) -> str:
    """Return the table of what is made in one process."""
    return _table(
        MAKING,
        (
            (
                group.name,
                step.name,
                f"{step.microseconds:,.0f}",
                f"{step.octets:,}",
                f"{step.ratio:,.3g}",
            )
            for group in groups
            for step in group.steps
        ),
    )


def of_sessions(rows: Iterable[Sessions]) -> str:
    """Return the table of events that grow."""
    return _table(
        SESSIONS,
        (
            (
                f"{row.sessions:,}",
                f"{row.publishing:,.2f}",
                f"{row.octets:,}",
                f"{row.first * 1000:,.0f}",
                f"{row.filtered * 1000:,.0f}",
                f"{row.whole.economy:.2g}",
                f"{row.unchanged.economy:.2g}",
                f"{row.unchanged.load.cpu_of_one:,.0f}",
                f"{row.mebibytes:,.0f}",
            )
            for row in rows
        ),
    )


def of_events(rows: Iterable[Events]) -> str:
    """Return the table of sites that grow."""
    return _table(
        EVENTS,
        (
            (
                f"{row.events:,}",
                f"{row.started:,.2f}",
                f"{row.all_feeds:,.2f}",
                f"{row.again:,.2f}",
                f"{row.mebibytes:,.0f}",
            )
            for row in rows
        ),
    )


def of_costs(head: str, numbers: Sequence[int], rows: Mapping[str, Sequence[float | None]]) -> str:
    """Return a table of milliseconds that grow with numbers."""
    return _table(
        (head, *(f"{number:,}" for number in numbers)),
        (
            (name, *("" if each is None else f"{each:,.2f}" for each in times))
            for name, times in rows.items()
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---" if number == 0 else "---:" for number in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows)) + "\n"
