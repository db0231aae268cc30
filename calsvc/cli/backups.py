"""Commands that copy a whole database, and bring it back."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from calsvc import config
from calsvc.errors import BackupError, CalsvcError, WithdrawnEventError
from calsvc.releases import roll_back, withdraw
from calsvc.schedule.versions import Version
from calsvc.storage import restoring
from calsvc.storage.restoring import Backup
from calsvc.storage.schedules import Storage
from calsvc.storage.snapshots import back_up

POSTGRESQL = {
    "backup": "pg_dump --format=custom --file=FILE {url}",
    "restore": "pg_restore --clean --if-exists --dbname={url} FILE, then calsvc restore --in-place",
}
_database = click.option(
    "--database", help="Where schedules are stored; sqlite:///calsvc.db by default."
)


def _file(url: str, command: str) -> Path:
    """Return the file of a database.  Raises ``BackupError`` if it is in PostgreSQL."""
    with closing(Storage(url)) as storage:
        if storage.database.file:
            return storage.database.file
        name = storage.database.name
    with_its_own = POSTGRESQL[command].format(url=name)
    raise BackupError(name, f"PostgreSQL has its own {command}", f"run {with_its_own}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@_database
def backup(file: Path, force: bool, database: str | None) -> None:
    """Copy the database into FILE, also while calsvc serves and publishes.

    FILE is whole, or is not there.  Keep it like a password: whoever has it can read all that
    was ever published, and the choices in personal calendars, though not whose they are.

    Example: calsvc backup calsvc-friday.db
    """
    path = _file(config.load(database=database).database, "backup")
    contents = back_up(path, file, datetime.now(UTC), force=force)
    click.echo(f"{file}: {contents.told()}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--in-place", is_flag=True, help="It is back already, by another tool.")
@_database
def restore(file: Path | None, in_place: bool, database: str | None) -> None:
    """Bring back the state of a backup FILE; the server may run meanwhile, or not.

    Nothing that calendars were told goes back.  Where the database goes on from the backup,
    agendas that changed since are published again as they were then, as by rollback.  Where
    it is gone or damaged, or began anew, FILE takes its place, and what is there is kept beside
    it; all numbers go on above those that may have been given out.  With --in-place, they do
    that in a database that pg_restore, or a copy of a disk, has brought back.

    Example: calsvc restore calsvc-friday.db
    """
    if (file is None) != in_place:
        raise click.UsageError("name a FILE, or give --in-place")
    url, now = config.load(database=database).database, datetime.now(UTC)
    if file is None:
        with closing(Storage(url)) as storage:
            storage.migrate()
            floor = restoring.go_on(storage, None, now)
        click.echo(f"Versions go on from {floor + 1}.")
        return
    path = _file(url, "restore")
    with restoring.prepared(file, path) as found:
        click.echo(f"{file}: {found.contents.told()}, of {found.moment}")
        if restoring.goes_on_from(path, found):
            _go_back(url, path, found, now)
        else:
            _replace(path, found, now)


def _go_back(url: str, path: Path, found: Backup, now: datetime) -> None:
    """Publish the agendas of a backup again, in a database that goes on from it."""
    click.echo(f"{path.name} goes on from it, so nothing is replaced.")
    with closing(Storage(f"sqlite:///{found.path}")) as then:
        newest = {each: version for each in then.numbers() for version in then.history(each, 1)}
    failed: list[str] = []
    with closing(Storage(url)) as storage:
        storage.migrate()
        present = storage.numbers()
        changed = [each for each in newest.values() if present[each.event_id] != each.number]
        lines = [told for version in changed if (told := _again(storage, version, failed))]
        if number := restoring.bring_calendars(found, path):
            lines.append(f"personal calendars that came back: {number}")
        if lines:
            words = f"The state of {found.moment} was brought back: {'; '.join(lines)}."
            restoring.note(storage, found.taken, now, words)
    for line in lines or ["Nothing that it has is different now."]:
        click.echo(line)
    for event_id in sorted(present.keys() - newest.keys()):
        click.echo(f"{event_id} was first published since, and stays")
    for line in failed:
        click.echo(line, err=True)
    if failed:
        sys.exit(1)


def _again(storage: Storage, version: Version, failed: list[str]) -> str:
    """Publish the agenda of a version again; return what to tell, if that changed anything."""
    event_id, number = version.event_id, version.number
    try:
        again: Version | None
        if version.is_withdrawn:
            again = withdraw(storage, event_id)
        else:
            again = roll_back(storage, event_id, number)
    except WithdrawnEventError:  # now as then
        return ""
    except CalsvcError as error:
        failed.append(f"{event_id}: {error}")
        return ""
    return f"{event_id} version {again.number} is version {number} again" if again else ""


def _replace(path: Path, found: Backup, now: datetime) -> None:
    """Put a backup in the place of a database of which nobody knows what it gave out."""
    replaced = restoring.replace(found, path, now)
    if replaced.aside:
        click.echo(f"What was {path.name} is {replaced.aside.name} now.")
    for event_id, number in sorted(replaced.lost.items()):
        click.echo(f"{event_id}: what was published there until version {number} is not taken over")
    click.echo(
        "What was published since the backup is not known, so all is published again;"
        f" versions go on from {replaced.floor + 1}."
    )
