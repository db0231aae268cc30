"""The command line: each command a few lines over the functions of the other modules.

Exit 0: fine; 1: the input is wrong; 2: misuse.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from calsvc import __version__, config, eventfile, selection, timezones
from calsvc.errors import CalsvcError, EventFileError, Problem, SettingsError
from calsvc.feeds import event_feed
from calsvc.live import Live
from calsvc.model import Event
from calsvc.publishing import publish
from calsvc.schedule import Schedule
from calsvc.server import Server
from calsvc.vevent import Blocks
from calsvc.web.app import create_app

GOOGLE_LIMIT = 900 * 1024  # octets: Google drops events past 1 MB

TEMPLATE = """\
# {id}: an event of calsvc. Check it with: calsvc check {path}
name: {name}
timezone: Europe/Berlin        # an Area/City name; times below are in it
date: {day}               # or  dates: {{from: {day}, to: {day}}}
venue:
  name: Where it is
  # address: Street 1, 12345 City
# url: https://example.org/
sessions:
  - id: opening                # stands in addresses and calendars: never change it
    title: Opening
    kind: opening              # talk (default), keynote, panel, workshop, poster, break …
    when: 09:00-09:30          # on several days: {day} 09:00-09:30
    # room: Hall A
  - id: first-talk
    title: The first talk
    when: 09:30-10:15
    # people: ["Ada Example, Analytical Engines"]
    # description: What it is about, in Markdown.
  - id: closing-panel
    title: To be announced     # no "when": announced, not scheduled yet
    kind: panel
"""


class _Commands(click.Group):
    """Say an error of the input in its own words, and exit 1; misuse exits 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except CalsvcError as error:
            click.echo(error, err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Turn the agendas of events into calendars that stay right by themselves."""


@main.command()
@click.argument("events", type=click.Path(path_type=Path), required=False)
@click.option("--host", help="Address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="Port to listen on; 8000 by default.")
@click.option("--workers", type=int, help="Number of server processes; 2 by default.")
@click.option("--base-url", help="Public address of this site, for links inside calendars.")
def serve(events: Path | None, **options: Any) -> None:
    """Serve the calendars of the folder EVENTS (events/ by default).

    Example: calsvc serve events --port 8000
    """
    settings = config.load(events=events, **options)
    schedules = _schedules(settings.events)

    def on_ready() -> None:
        click.echo(f"calsvc serves {len(schedules)} events at {settings.address}/")
        for schedule in schedules:
            click.echo(f"  {settings.address}/events/{schedule.event.id}.ics")
        click.echo("Stop it with Ctrl-C.")

    if settings.is_public_without_address:
        click.echo(
            f"Warning: links inside calendars lead to {settings.address};"
            " set --base-url to the address that others reach this server by.",
            err=True,
        )
    Server(create_app(Live(schedules, settings.address)), settings, on_ready).run()


def _schedules(folder: Path) -> list[Schedule]:
    """Publish the events of a folder in memory, revised when their files were."""
    schedules, problems = [], list[Problem]()
    for path in eventfile.paths(folder):
        try:
            event = eventfile.read(path)
        except EventFileError as error:
            problems += error.problems
        else:
            revised = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            schedules.append(publish(event, None, revised))
    if problems:
        raise EventFileError(problems)
    return schedules


@main.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def check(paths: tuple[Path, ...], form: str) -> None:
    """Tell what is wrong, or doubtful, in event files or folders of them.

    Example: calsvc check events/pycon.yaml
    """
    problems: list[Problem] = []
    files = [
        file
        for path in paths or (config.load().events,)
        for file in (eventfile.paths(path) if path.is_dir() or not path.suffix else [path])
    ]
    for file in files:
        try:
            event = eventfile.read(file, on_warning=problems.append)
            problems += _too_large(event, file)
        except EventFileError as error:
            problems += error.problems
    if form == "json":
        click.echo(json.dumps([problem.as_dict() for problem in problems], indent=2))
    else:
        for problem in problems:
            click.echo(problem, err=problem.level == "error")
        errors = sum(problem.level == "error" for problem in problems)
        click.echo(
            f"{_count(len(files), 'file')}: {_count(errors, 'error')},"
            f" {_count(len(problems) - errors, 'warning')}"
        )
    if any(problem.level == "error" for problem in problems):
        sys.exit(1)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _too_large(event: Event, file: Path) -> Iterable[Problem]:
    schedule = publish(event, None, datetime(2000, 1, 1, tzinfo=UTC))
    octets = len(event_feed(Blocks(schedule, "http://127.0.0.1:8000"), selection.Selection()).body)
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


def _selection_options(command: Callable[..., None]) -> Callable[..., None]:
    for name in reversed(selection.OPTIONS):
        command = click.option(f"--{name}", help="As in the feed's address.")(command)
    for name in reversed(selection.FILTERS):
        command = click.option(f"--{name}", multiple=True, metavar="VALUE")(command)
    return command


@main.command()
@click.argument("event_id", metavar="EVENT")
@click.option("--events", type=click.Path(path_type=Path), help="Folder of event files.")
@click.option("--base-url", help="Public address of the site, for links inside the calendar.")
@click.option("-o", "--output", type=click.File("wb", lazy=True), default="-")
@_selection_options
def export(
    event_id: str, events: Path | None, base_url: str | None, output: Any, **query: Any
) -> None:
    """Write the calendar of EVENT to a file, or to standard output.

    Filters and options are those of the feed's address.

    Example: calsvc export ai-data-2025 --kind poster --banner no -o posters.ics
    """
    settings = config.load(events=events, base_url=base_url)
    pairs = [
        (name, value)
        for name, given in query.items()
        for value in ([given] if isinstance(given, str) else given or ())
    ]
    live = Live(_schedules(settings.events), settings.address)
    output.write(live.event(event_id).feed(selection.parse(pairs)).body)


@main.command()
@click.argument("event_id", metavar="ID")
@click.option("--events", type=click.Path(path_type=Path), help="Folder of event files.")
def new(event_id: str, events: Path | None) -> None:
    """Write a commented event file to start from.

    Example: calsvc new pycon-2027
    """
    if not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", event_id):
        raise click.BadParameter(f"{event_id!r} cannot stand in an address; use a-z, 0-9 and -")
    path = config.load(events=events).events / f"{event_id}.yaml"
    day = date(min(datetime.now(UTC).year + 1, timezones.LAST_YEAR), 6, 15)
    name = json.dumps(event_id.replace("-", " ").title())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.format(id=event_id, path=path, name=name, day=day))
    except FileExistsError:
        raise click.BadParameter(f"{path} exists; choose another id") from None
    click.echo(f"{path} is yours to fill in; then: calsvc check {path}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of event files, for editors.

    Example: calsvc schema > event.schema.json
    """
    click.echo(json.dumps(eventfile.schema(), indent=2, ensure_ascii=False))
