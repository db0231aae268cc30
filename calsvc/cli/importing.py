"""The command that makes an event file of a foreign agenda, or updates one."""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from calsvc import timezones
from calsvc.agenda.fields import ID_PATTERN, suggested_id
from calsvc.agenda.folder import has_suffix
from calsvc.cli.files import counted
from calsvc.errors import UnknownZoneError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.formats import FORMATS
from calsvc.importers.tables.headings import FIELDS
from calsvc.importers.updating.merging import Merge
from calsvc.importers.updating.updating import Import, prepared, write

MOST_NAMED = 5  # sessions that one line of the summary names
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _zone(context: click.Context, option: click.Parameter, name: str | None) -> str | None:
    try:
        return timezones.zone(name).zone if name else None
    except UnknownZoneError as error:
        raise click.BadParameter(str(error)) from error


def _day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        message = f"{text!r} is no day; write one such as 2027-06-15"
        raise click.BadParameter(message) from error


def _columns(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    pairs = [text.partition("=") for text in texts]
    for text, (_, _, column) in zip(texts, pairs, strict=True):
        if not column:
            ways = ", ".join(FIELDS)
            message = f"{text!r} names no field; write one of {ways}, = and the column"
            raise click.BadParameter(message)
    return tuple((field, column) for field, _, column in pairs)


zone_option = click.option(
    "--timezone", callback=_zone, help="The zone of its times, such as Europe/Berlin."
)
private_option = click.option(
    "--private", is_flag=True, help="Let the address be in a private network."
)


def reading_options(command: _Command) -> _Command:
    """Add the options that say how to read a source; ``wishes_of`` reads them."""
    for option in (
        private_option,
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="FIELD=COLUMN",
            callback=_columns,
            help="The column of a table that has a field; may be given again.",
        ),
        click.option(
            "--date",
            "day",
            metavar="DAY",
            callback=_day,
            help="The first day, if the source names none, or no year.",
        ),
        zone_option,
        click.option(
            "--from",
            "form",
            type=click.Choice(list(FORMATS)),
            help="Its format, if that is not seen from its content.",
        ),
    ):
        command = option(command)
    return command


name_option = click.option("--name", help="What the event is called.")


def wishes_of(reading: Mapping[str, Any]) -> Wishes:
    """Return what the options say of how to read a source."""
    return Wishes(reading["timezone"], reading["day"], reading["name"], reading["columns"])


@click.command("import")
@click.argument("source", metavar="SOURCE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The event file to write, or to update; standard output by default.",
)
@reading_options
@name_option
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
def import_(source: str, output: Path | None, dry_run: bool, **reading: Any) -> None:
    """Make an event file of the agenda SOURCE: a file, a folder or an address.

    It can be a page, a spreadsheet, or the export of a conference tool.  An event file that
    is there already is updated: ids, comments, and what was changed by hand stay.

    Example: calsvc import schedule.xlsx --timezone Europe/Berlin -o events/pycon-2027.yaml
    """
    path = output or Path(f"{suggested_id(reading['name'] or Path(source).stem)}.yaml")
    refuse_other_name(path)
    progress(f"Reading {source} …")
    found = opened(source, private=reading["private"])
    done = prepared(path, found, wishes_of(reading), reading["form"], is_new=output is None)
    for line in told(done):
        click.echo(line, err=True)
    if output is None:
        click.echo(done.text, nl=False)
        return
    if dry_run:
        click.echo("Nothing is written: this was a dry run.", err=True)
        return
    write(done)
    words = "is written" if done.is_new else "is updated" if done.merge else "is as it was"
    click.echo(f"{path} {words}.", err=True)
    if done.warnings:
        doubts = counted(len(done.warnings), "doubt")
        click.echo(f"{doubts} about it: see calsvc check {path}", err=True)


def refuse_other_name(path: Path) -> None:
    """Raise that a file of this name would be read by nobody, or name no event."""
    if not has_suffix(path):
        message = f"{str(path)!r} is no name of an event file; write one such as events/conf.yaml"
        raise click.BadParameter(message, param_hint="-o")
    if not path.exists() and not re.fullmatch(ID_PATTERN, path.stem):
        better = path.with_name(f"{suggested_id(path.stem)}.yaml")
        message = f"{path.stem!r} cannot stand in an address; write {better}"
        raise click.BadParameter(message, param_hint="-o")


def progress(words: str) -> None:
    """Say what is going on to whoever sits at a terminal."""
    if sys.stderr.isatty():
        click.echo(words, err=True)


def told(done: Import) -> Iterator[str]:
    """Yield the lines that tell what an import found, guessed, left out and changes."""
    event = done.event
    timed = sum(bool(session.when) for session in event.sessions)
    waiting = len(event.sessions) - timed
    without = f", {waiting} without a time" if waiting else ""
    days = " to ".join(dict.fromkeys(map(str, (event.first_day, event.last_day))))
    yield (
        f"{FORMATS[done.format]}: {event.name}, {days} in {event.timezone},"
        f" {counted(len(event.sessions), 'session')}{without}"
    )
    for title, of_sessions in (
        ("Guessed", done.drawing.guesses),
        ("Left out", done.drawing.left_out),
    ):
        for what, sessions in _by_what(of_sessions, done.merge).items():
            yield f"  {title}: {what}{_named(sessions)}"
    if done.merge is None:
        return
    for change in done.changes:
        yield f"  {change.told()}"
    if not done.merge:
        yield "  Nothing changed."
    for what in done.merge.kept:
        yield f"  Kept: {what}"
    for what in done.merge.lost:
        yield f"  Gone: {what}"


def _by_what(told: Mapping[str, list[str]], merge: Merge | None) -> dict[str, list[str]]:
    """Return the sessions of each thing that is told, none for what is told of the event.

    Of sessions that stay as they were, it was told before.
    """
    found: dict[str, list[str]] = defaultdict(list)
    new = {str(each.fields["id"]) for each in merge.added} if merge else set()
    for drawn, whats in told.items():
        session = merge.names.get(drawn, drawn) if merge else drawn
        if not session or merge is None or session in merge.changed or session in new:
            for what in whats:
                found[what].extend([session] if session else [])
    return found


def _named(sessions: list[str]) -> str:
    if not sessions:
        return ""
    names = ", ".join(sessions[:MOST_NAMED])
    rest = f" and {len(sessions) - MOST_NAMED} more" if len(sessions) > MOST_NAMED else ""
    return f" ({names}{rest})"
