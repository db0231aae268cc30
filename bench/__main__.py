"""The one command: all of it, side by side, or a part."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bench import chart, costs, growth, making, requests, tables
from bench.requests import Plan
from bench.rounds import Contest

CONTESTS = {
    "feeds": requests.feeds,
    "personal-sqlite": requests.personal_sqlite,
    "personal-postgresql": requests.personal_postgresql,
    "pages": requests.pages,
}
NAMES = (*CONTESTS, "making", "sessions", "events", "costs")
SHOWN = (", 200", " sessions")
"""How the names of contests end that the picture shows."""


@click.command()
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Parts; all if none.")
@click.option("--quick", is_flag=True, help="Little of everything, to see that it works.")
@click.option("--rounds", default=5, show_default=True, help="Turns of each contender.")
@click.option("--seconds", default=3.0, show_default=True, help="Length of each turn.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for bench.md and bench.svg.")
def main(only: tuple[str, ...], quick: bool, rounds: int, seconds: float, out: Path | None) -> None:
    """Measure calsvc beside its rivals, and print the tables."""
    many, asked = (2_000, 200) if quick else (1_000_000, 20_000)
    plan = Plan(
        1 if quick else rounds, seconds, many, asked, lambda told: click.echo(told, err=True)
    )
    wanted = only or NAMES
    contests = [each for name, ask in CONTESTS.items() if name in wanted for each in ask(plan)]
    parts = [tables.of_contests(contests)] if contests else []
    parts += [table() for name, table in _others(plan, quick).items() if name in wanted]
    written = "\n".join(parts)
    click.echo(written)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.md").write_text(written, "utf-8")
        if contests:
            (out / "bench.svg").write_text(chart.bars(_shown(contests)), "utf-8")


def _tell(words: str) -> None:
    click.echo(words, err=True)


def _others(plan: Plan, quick: bool) -> dict[str, Callable[[], str]]:
    """Return what is measured otherwise than by turns of servers, by name."""
    sizes = growth.SESSIONS[:2] if quick else growth.SESSIONS
    numbers = growth.EVENTS[:1] if quick else growth.EVENTS
    groups = {"rounds": 1, "many": 500} if quick else {}
    return {
        "making": lambda: tables.of_making(making.making(**groups)),
        "sessions": lambda: tables.of_sessions(growth.sessions(plan, sizes)),
        "events": lambda: tables.of_events(growth.events(plan, numbers)),
        "costs": lambda: _costs(sizes, numbers, 10 if quick else costs.FILTERS),
    }


def _costs(sizes: Sequence[int], numbers: Sequence[int], filters: int) -> str:
    more = costs.filters_memory(filters)
    return "\n".join(
        (
            tables.of_costs("ms of CPU, by sessions", sizes, costs.of_sessions(sizes)),
            tables.of_costs("ms of CPU, by events", numbers, costs.of_events(numbers)),
            f"{filters} filters of 1,000 sessions: {more:.0f} MiB more.\n",
        )
    )


def _shown(contests: list[Contest]) -> list[Contest]:
    return [each for each in contests if each.name.endswith(SHOWN)]


if __name__ == "__main__":
    main()
