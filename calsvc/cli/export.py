"""The command that writes an event in one of its formats."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from calsvc import config
from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.errors import EventFileError, Problem, UnknownNameError
from calsvc.exporters.table import EXPORTERS, Exporter
from calsvc.ical.feeds import ICALENDAR
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import FILTERS, OPTIONS
from calsvc.storage.schedules import Storage


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the filters and options of a feed's address; ``asked`` reads them."""
    for name in reversed(OPTIONS):
        command = click.option(f"--{name}", help="As in the feed's address.")(command)
    words = "As in the feed's address; may be given again."
    for name in reversed(FILTERS):
        command = click.option(f"--{name}", multiple=True, metavar="VALUE", help=words)(command)
    return command


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.option(
    "--events", type=click.Path(path_type=Path), help="Folder of event files to read instead."
)
@click.option("--database", help="Where schedules are stored; sqlite:///calsvc.db by default.")
@click.option("--base-url", help="Public address of the site, for links inside the calendar.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(list(EXPORTERS), case_sensitive=False),
    help="By the file's suffix, else ics.",
)
@click.option(
    "-o",
    "--output",
    type=click.File("wb", lazy=True),
    default="-",
    metavar="FILE",
    help="Where to write to; standard output by default.",
)
@selection_options
def export(
    event_id: str,
    events: Path | None,
    database: str | None,
    base_url: str | None,
    suffix: str | None,
    output: Any,
    **query: Any,
) -> None:
    """Write the published calendar of EVENT to a file, or to standard output.

    Filters and options are those of the feed's address.  With --events the calendar is
    made from the event's file in a folder, revised when that was, and nothing is published.

    Example: calsvc export ai-data-2025 --kind poster --banner no -o posters.ics
    """
    settings = config.load(events=events, database=database, base_url=base_url)
    pairs = asked(query)
    exporter = EXPORTERS[_suffix(suffix, Path(output.name))]
    _refuse_what_it_cannot(exporter, [name for name, _ in pairs], is_published=not events)
    selection = selection_of(pairs, filters=exporter.filters, options=exporter.options)
    live = Live((_from_file(events, event_id),) if events else (), settings.address)
    if not events:
        storage = Storage(settings.database)
        storage.migrate()
        click.get_current_context().call_on_close(storage.close)
        Follower(live, storage).step()
    feed = live.event(event_id).feed(selection, exporter.format.suffix)
    output.write(feed.body)  # only now: opening the file empties it


def asked(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the options say, as the parameters of a feed's address."""
    return [
        (name, value)
        for name, given in query.items()
        for value in ([given] if isinstance(given, str) else given or ())
    ]


def _suffix(wanted: str | None, path: Path) -> str:
    """Return the suffix of the format that is asked for.  Raises ``click.UsageError``."""
    _, dot, ending = path.name.lower().rpartition(".")
    named = ending if dot else ""
    if wanted and named in EXPORTERS and named != wanted:
        raise click.UsageError(f"--format {wanted} and the name {path.name} contradict each other.")
    if wanted or not named:
        return wanted or ICALENDAR.suffix
    if named not in EXPORTERS:
        ways = " or ".join(f".{each}" for each in EXPORTERS)
        raise click.BadParameter(
            f"there is no format {named!r}; end the name in {ways}, or give --format.",
            param_hint="'-o' / '--output'",
        )
    return named


def _refuse_what_it_cannot(exporter: Exporter, names: Iterable[str], *, is_published: bool) -> None:
    """Raise ``click.UsageError`` if a format does not take what is asked of it."""
    form = f"The format {exporter.format.suffix}"
    known = (*exporter.filters, *exporter.options)
    unknown = ", ".join(dict.fromkeys(f"--{name}" for name in names if name not in known))
    if unknown:
        takes = f"only {', '.join(known)}" if known else "no filters and no options"
        raise click.UsageError(f"{form} takes no {unknown}: it takes {takes} of the address.")
    if exporter.is_history and not is_published:
        raise click.UsageError(
            f"{form} tells what changed between published versions, and --events reads none;"
            " leave one of them out."
        )


def _from_file(folder: Path, event_id: str) -> Schedule:
    """Return the schedule of an event, made from its file, which was revised when that was."""
    problems: list[Problem] = []
    files = {path.stem: path for path in event_files(folder, on_problem=problems.append)}
    if not files:
        raise EventFileError(problems)
    path = files.get(event_id) or _renamed(files.values(), event_id)
    if path is None:
        raise UnknownNameError("event", event_id, files)
    revised = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return publish(eventfile.read(path), None, revised)


def _renamed(files: Iterable[Path], former_id: str) -> Path | None:
    """Return the file of the event that had this id; None if no file that can be read names it."""
    for path in files:
        with suppress(EventFileError):
            if former_id in eventfile.read(path).formerly:
                return path
    return None
