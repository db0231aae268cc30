"""The command for event files that follow a source."""

import re
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from calsvc import config
from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.follow import Follow, Followed
from calsvc.cli.importing import (
    name_option,
    reading_options,
    refuse_other_name,
    told,
    wishes_of,
)
from calsvc.errors import SourceError, UnknownNameError
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.following.following import waiting
from calsvc.importers.following.held import Held, drop, held, release
from calsvc.importers.updating.updating import following_too, planned, prepared, write
from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage

UNREAD = (
    "  It was not read yet: calsvc serve and calsvc publish --watch read it, and their logs tell"
    " why if they cannot."
)


@click.command()
@click.argument("address", metavar="[URL]", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The event file that follows the address; made if it is not there.",
)
@click.option("--every", default="15m", help="How often to look: 5m, 1h; 15m by default.")
@reading_options
@name_option
@click.option("--status", "is_status", is_flag=True, help="Tell what is followed, and what waits.")
@click.option("--take", metavar="EVENT", help="Publish what waits for you.")
@click.option("--drop", "dropped", metavar="EVENT", help="Keep the agenda as it is.")
@click.option("--events", type=click.Path(path_type=Path), help="Folder of event files.")
@click.option("--database", help="Where schedules are stored; sqlite:///calsvc.db by default.")
def follow(
    address: str | None,
    output: Path | None,
    every: str,
    is_status: bool,
    take: str | None,
    dropped: str | None,
    events: Path | None,
    database: str | None,
    **reading: Any,
) -> None:
    """Let an event file follow the agenda at URL, or see to what waits for you.

    calsvc serve and calsvc publish --watch look at the address again and again, and publish
    what changed.  What looks like a fault of the source waits: --take publishes it, --drop
    keeps the agenda as it is until the source changes once more.

    Example: calsvc follow https://pretalx.com/conf/schedule/export/schedule.json
    -o events/conf.yaml --every 5m
    """
    settings = config.load(events=events, database=database)
    acts = {"URL": address, "--status": is_status, "--take": take, "--drop": dropped}
    given = [name for name, value in acts.items() if value]
    if len(given) != 1:
        raise click.UsageError(f"Give one of {', '.join(acts)}.")
    if address:
        if output is None:
            raise click.UsageError("Name the event file by -o, such as -o events/conf.yaml.")
        _start(address, output, every, reading)
    elif take:
        _take(settings.events, take, settings.database)
    elif dropped:
        _drop(settings.events, dropped)
    else:
        _status(settings.events)


def _start(address: str, path: Path, every: str, reading: dict[str, Any]) -> None:
    refuse_other_name(path)
    address = re.sub("^webcals?://", "https://", address)
    fields = {
        "url": address,
        "every": every,
        "format": reading["form"],
        "timezone": reading["timezone"],
        "date": reading["day"],
        "private": reading["private"] or None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        follow = Follow.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        names = {"url": "URL", "format": "--from"}
        hint = names.get(str(first["loc"][0]), f"--{first['loc'][0]}")
        raise click.BadParameter(first["msg"], param_hint=hint) from error
    source = opened(address, private=follow.private)
    done = following_too(prepared(path, source, wishes_of(reading), follow.format), given)
    for line in told(done):
        click.echo(line, err=True)
    write(done)
    told_how = f"{path} follows {address}, every {_words(follow)}: calsvc serve looks there."
    click.echo(told_how, err=True)


def _path(folder: Path, event_id: str) -> Path:
    files = {path.stem: path for path in event_files(folder)}
    if event_id not in files:
        raise UnknownNameError("event", event_id, files)
    return files[event_id]


def _waiting(path: Path) -> Held:
    state = held(path)
    if state is None:
        raise SourceError(str(path), "nothing waits", "see calsvc follow --status")
    return state


def _take(folder: Path, event_id: str, database: str) -> None:
    """Publish what waits, whatever is doubtful about it: a person looked at it."""
    path = _path(folder, event_id)
    state = _waiting(path)
    done = planned(path, state.drawn, state.source, state.format)
    write(done)
    release(path)
    storage = Storage(database)
    click.get_current_context().call_on_close(storage.close)
    storage.migrate()
    outcome = publish_files(storage, [path], f"Taken from {state.source}")
    for version in outcome.published:
        click.echo(version.told())
    for problem in outcome.problems:
        click.echo(problem, err=True)
    if any(problem.level == "error" for problem in outcome.problems):
        sys.exit(1)


def _drop(folder: Path, event_id: str) -> None:
    path = _path(folder, event_id)
    drop(path, _waiting(path))
    click.echo(f"{event_id} stays as it is, until its source changes once more.")


def _status(folder: Path) -> None:
    followed = {path: eventfile.followed(path) for path in event_files(folder)}
    for path, follow in followed.items():
        if follow is None:
            continue
        click.echo(f"{path.stem}: {follow.verb}s {follow.url}, every {_words(follow)}")
        if eventfile.awaits_source(path):
            click.echo(UNREAD)
        state = held(path)
        if state is None:
            continue
        when = f"{state.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        verb = "was dropped" if state.is_dropped else "waits"
        click.echo(f"  Since {when} a change {verb}: {'; '.join(state.reasons)}")
        for change in state.changes:
            click.echo(f"    {change}")
        for problem in waiting(path, state):
            click.echo(f"  {problem.advice}")
    if not any(followed.values()):
        told = f"No event file in {folder} follows a source; see calsvc follow --help."
        click.echo(told)


def _words(follow: Followed) -> str:
    """Return an interval in the largest unit that says it: ``90 s``, ``5 min``, ``2 h``."""
    seconds = int(follow.every.total_seconds())
    length, unit = next(each for each in _UNITS if seconds % each[0] == 0)
    return f"{seconds // length} {unit}"


_UNITS = ((3600, "h"), (60, "min"), (1, "s"))
