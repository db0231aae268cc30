"""Commands for event files."""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path

import click

from calsvc import config, timezones
from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.agenda.fields import ID_LENGTH, ID_PATTERN
from calsvc.agenda.folder import event_files, named_files
from calsvc.agenda.formerly import claimed_twice
from calsvc.agenda.model import Event
from calsvc.agenda.review import copies
from calsvc.errors import EventFileError, Problem
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

GOOGLE_LIMIT = 900 * 1024  # octets: Google drops events past 1 MB


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def check(paths: tuple[Path, ...], form: str) -> None:
    """Report what is wrong, or doubtful, in event files or folders of them.

    Example: calsvc check events/pycon.yaml
    """
    problems: list[Problem] = []
    files: list[Path] = []
    for path in paths or (config.load().events,):
        files += named_files(path, on_problem=problems.append)
    read: dict[Path, list[tuple[Event, Path]]] = defaultdict(list)
    for file in files:
        try:
            event = eventfile.read(file, on_warning=problems.append)
            problems += _too_large(event, file)
            read[file.parent].append((event, file))
        except EventFileError as error:
            problems += error.problems
    for events in read.values():
        problems += (*_copies(events), *claimed_twice(events))
    if form == "json":
        click.echo(json.dumps([problem.as_dict() for problem in problems], indent=2))
    else:
        for problem in problems:
            click.echo(problem, err=problem.level == "error")
        errors = sum(problem.level == "error" for problem in problems)
        click.echo(
            f"{counted(len(files), 'file')}: {counted(errors, 'error')},"
            f" {counted(len(problems) - errors, 'warning')}"
        )
    if any(problem.level == "error" for problem in problems):
        sys.exit(1)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _copies(events: list[tuple[Event, Path]]) -> Iterator[Problem]:
    """Yield each file of a folder that is probably a copy: each event file is published."""
    files = {event.id: file for event, file in events}
    for event, same in copies(event for event, _ in events):
        if {event.id, *event.formerly} & {same.id, *same.formerly}:
            continue  # one event that got another name, of which more is told elsewhere
        what = f"has the name and the dates of {files[same.id].name}, and is an event of its own"
        advice = "take one of them out of the folder, if it is a copy"
        yield Problem(str(files[event.id]), 1, 1, "", what, advice, "warning")


def _too_large(event: Event, file: Path) -> Iterable[Problem]:
    schedule = publish(event, None, datetime(2000, 1, 1, tzinfo=UTC))
    blocks = Blocks(schedule, Addresses("http://127.0.0.1:8000"))
    octets = len(event_feed(blocks, Selection()).body)
    if octets > GOOGLE_LIMIT:
        longest = max(event.sessions, key=lambda session: len(session.description or ""))
        yield Problem(
            str(file),
            1,
            1,
            "",
            f"the feed has {octets // 1024} KiB, and Google drops events past 1 MB",
            f"shorten descriptions; the longest is that of session {longest.id}",
            "warning",
        )


@click.command()
@click.argument("event_id", metavar="ID")
@click.option("--events", type=click.Path(path_type=Path), help="Folder of event files.")
def new(event_id: str, events: Path | None) -> None:
    """Write a commented event file to start from.

    Example: calsvc new pycon-2027
    """
    if len(event_id) > ID_LENGTH or not re.fullmatch(ID_PATTERN, event_id):
        raise click.BadParameter(
            f"{event_id!r} cannot stand in an address; use at most {ID_LENGTH} of a-z, 0-9 and -"
        )
    folder = config.load(events=events).events
    for there in event_files(folder):
        if there.stem == event_id:
            raise click.BadParameter(f"{there.name} is in {folder}; choose another id")
    name = event_id.replace("-", " ").title()
    path = written(folder, event_id, name, "Europe/Berlin", next_june())
    click.echo(f"{path} is yours to fill in; then: calsvc check {path}")


def next_june() -> date:
    """Return a day of the next year, for an event of which none is known yet."""
    return date(min(datetime.now(UTC).year + 1, timezones.LAST_YEAR), 6, 15)


def written(folder: Path, event_id: str, name: str, zone: str, day: date) -> Path:
    """Write a commented event file, which is not there yet; return its path."""
    path = folder / f"{event_id}.yaml"
    template = resources.files("calsvc.cli").joinpath("event.yaml").read_text(encoding="utf-8")
    quoted = json.dumps(name, ensure_ascii=False)
    text = template.format(id=event_id, path=path, name=quoted, zone=zone, day=day)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    return path


@click.command()
def schema() -> None:
    """Print the JSON Schema of event files, for editors.

    Example: calsvc schema > event.schema.json
    """
    click.echo(json.dumps(eventfile.schema(), indent=2, ensure_ascii=False))
