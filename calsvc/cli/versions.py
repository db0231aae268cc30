"""Commands for published versions."""

import os
import signal
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import click

from calsvc import config
from calsvc.agenda import eventfile
from calsvc.agenda.folder import named_files
from calsvc.cli import logs
from calsvc.cli.files import counted
from calsvc.errors import (
    AbsentTextError,
    EmptiedEventError,
    EventFileError,
    Problem,
    RenamingError,
    StorageError,
    UnknownNameError,
)
from calsvc.importers.following.following import Count, Following
from calsvc.releases import (
    Outcome,
    draft,
    publish_files,
    publisher_of,
    refuse_both,
    roll_back,
    vanished,
    withdraw,
)
from calsvc.schedule.absences import refuse_absent
from calsvc.schedule.losses import refuse_emptied
from calsvc.schedule.redaction import SHORTEST
from calsvc.storage import redactions
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher, notice_of
from calsvc.web.figures import Figures

_database = click.option(
    "--database", help="Where schedules are stored; sqlite:///calsvc.db by default."
)
_message = click.option("--message", default="", help="A few words on why.")


def _storage(database: str | None, *, must_exist: bool = False) -> Storage:
    storage = Storage(config.load(database=database).database)
    click.get_current_context().call_on_close(storage.close)
    if not must_exist:
        storage.migrate()
    return storage


def _printable(message: str) -> str:
    return " ".join(word for word in message.split() if word.isprintable())


@click.command()
@click.argument("events", type=click.Path(path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change, and publish nothing.")
@click.option("--withdraw", "withdrawn", metavar="EVENT", help="Take an event back: 410.")
@click.option("--watch", is_flag=True, help="Stay, and publish each change of the folder.")
@click.option("--with-parent", type=int, hidden=True, help="Stop when this parent does.")
@click.option("--figures", type=int, hidden=True, help="Count in this open file of the parent's.")
@_message
@_database
def publish(
    events: Path | None,
    dry_run: bool,
    withdrawn: str | None,
    watch: bool,
    with_parent: int | None,
    figures: int | None,
    message: str,
    database: str | None,
) -> None:
    """Publish what changed in the folder EVENTS (events/ by default), or in one file.

    Example: calsvc publish events --message "Rooms for the second day"
    """
    modes = {"--dry-run": dry_run, "--withdraw": withdrawn, "--watch": watch}
    given = [name for name, is_given in modes.items() if is_given]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other")
    settings = config.load(events=events, database=database)
    # A server's database exists, but may be unavailable just now: a new one in its place
    # would be empty, and would tell every calendar that its event is unknown.
    storage = _storage(database, must_exist=with_parent is not None)
    message = _printable(message)
    if withdrawn:
        click.echo(withdraw(storage, withdrawn, message).told())
        return
    if watch:
        logs.configure(settings.log_format)
        follow = Figures(file=figures).follow if figures is not None else None
        _watch(storage, settings.events, with_parent=with_parent, count=follow)
        return
    if dry_run:
        problems: list[Problem] = []
        paths = named_files(settings.events, on_problem=problems.append)
        sys.exit(_show(storage, paths, problems))
    publish_events(storage, settings.events, message)


def publish_events(storage: Storage, events: Path, message: str = "") -> None:
    """Publish what changed in a folder, or in one file, and print that; exit 1 on an error."""
    problems: list[Problem] = []
    paths = named_files(events, on_problem=problems.append)
    outcome = _published(storage, paths, message)
    outcome.problems += problems
    outcome.problems += vanished(storage, events, paths) if paths != [events] else []
    for version in outcome.published:
        click.echo(version.told())
    for event_id in outcome.unchanged:
        click.echo(f"{event_id}: nothing changed")
    for problem in outcome.problems:
        click.echo(problem, err=True)
    if any(problem.level == "error" for problem in outcome.problems):
        sys.exit(1)


def _published(storage: Storage, paths: list[Path], message: str) -> Outcome:
    """Publish files, with a line on a terminal that tells how many, and nothing in a pipe."""
    is_hidden = len(paths) < 2 or not sys.stderr.isatty()
    with click.progressbar(
        paths, label="Publishing", show_pos=True, file=sys.stderr, hidden=is_hidden
    ) as counted_paths:
        return publish_files(storage, counted_paths, message)


def _show(storage: Storage, paths: list[Path], problems: list[Problem]) -> int:
    """Print what publishing would change, and what is wrong; return the exit code."""
    for problem in problems:
        click.echo(problem, err=True)
    code = int(any(problem.level == "error" for problem in problems))
    for path in paths:
        try:
            event = eventfile.read(path)
            refuse_both(storage, event, path)
            version, previous = storage.followed(event.id, event.formerly) or (None, None)
            if previous:
                refuse_emptied(event, previous)
            refuse_absent(event, storage.absences(event, previous), previous)
            next_version = draft(event, version, previous, source="")
        except (AbsentTextError, EventFileError, EmptiedEventError, RenamingError) as error:
            names_file = isinstance(error, EventFileError)
            click.echo(error if names_file else f"{path}: {error}", err=True)
            code = 1
            continue
        if next_version is None:
            click.echo(f"{event.id}: nothing changed")
            continue
        number = storage.numbers().get(event.id, 0) + 1
        lines = [f"{event.id} would be version {number}"]
        click.echo("\n  ".join([*lines, *(change.told() for change in next_version.changes)]))
    return code


def _watch(storage: Storage, folder: Path, *, with_parent: int | None, count: Count | None) -> None:
    """Publish each change of a folder, and of the sources that its files follow."""
    stopped: list[int] = []

    def stop(number: int, frame: object) -> None:
        stopped.append(number)

    def should_stop() -> bool:
        return bool(stopped) or with_parent not in (None, os.getppid())

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    name = f"{publisher_of(folder)} sources"

    def tell(problems: list[Problem]) -> None:
        storage.notice(name, list(map(notice_of, problems)))

    # Sources are slow at times; the files beside them do not wait for that.
    Thread(target=Following(folder).run, args=(should_stop, tell, count), daemon=True).start()
    Watcher(storage, folder).run(should_stop)
    with suppress(StorageError):
        storage.leave(name)


@click.command()
@click.argument("event_id", metavar="EVENT")
@_database
def history(event_id: str, database: str | None) -> None:
    """List the versions of EVENT, the newest first, with what changed.

    Example: calsvc history ai-data-2025
    """
    storage = _storage(database)
    versions = storage.history(event_id)
    if not versions:
        raise UnknownNameError("event", event_id, sorted(storage.numbers()))
    for version in versions:
        message = f": {version.message}" if version.message else ""
        click.echo(
            f"{version.number}  {version.published:%Y-%m-%d %H:%M} UTC"
            f"  from {version.source}{message}"
        )
        for change in version.changes:
            click.echo(f"     {change.told()}")


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.argument("number", metavar="VERSION", type=int)
@_message
@_database
def rollback(event_id: str, number: int, message: str, database: str | None) -> None:
    """Publish the agenda of an earlier VERSION of EVENT again, as a new version.

    Example: calsvc rollback ai-data-2025 3
    """
    version = roll_back(_storage(database), event_id, number, _printable(message))
    click.echo(version.told() if version else f"{event_id}: nothing changed")


@click.command()
@click.argument("event_id", metavar="EVENT")
@click.argument("text")
@click.option("--dry-run", is_flag=True, help="Show how much would change, and change nothing.")
@click.option("--allow", is_flag=True, help="Let event files have TEXT again.")
@_database
def redact(event_id: str, text: str, dry_run: bool, allow: bool, database: str | None) -> None:
    """Take TEXT, such as a name, out of all stored versions of EVENT.

    It cannot be undone.  The agenda must not have TEXT any more: take it out of the event
    file and publish that first.  Files that have it are refused from then on.  Ids and uids
    stay as they are.

    Example: calsvc redact ai-data-2025 "Ada Example" --dry-run
    """
    if len(text) < SHORTEST or not text.strip():
        raise click.BadParameter(f"{text!r} is too short; give {SHORTEST} characters or more")
    if allow:
        present_id, times = redactions.allow(_storage(database), event_id, text)
        told = "event files may have it again" if times else "it was never taken out"
        click.echo(f"{present_id}: {told}")
        return
    source = f"calsvc on {socket.gethostname()}"
    found = redactions.redact(
        _storage(database), event_id, text, source, datetime.now(UTC), dry_run=dry_run
    )
    if not found.versions:
        click.echo(f"{found.event_id}: no stored version has this text")
        return
    verb = "would be" if dry_run else "was"
    click.echo(
        f"{found.event_id}: it {verb} taken out of {counted(found.versions, 'version')},"
        f" at {counted(found.places, 'place')}"
    )
    if found.record:
        click.echo(found.record.told())
