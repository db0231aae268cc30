"""The command that counts and purges personal calendars."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import click

from calsvc import config
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage

MONTH = timedelta(days=30)
DAYS_SHOWN = 30


@click.command()
@click.option("--purge", type=click.IntRange(min=1), metavar="MONTHS", help="Delete the unused.")
@click.option("--dry-run", is_flag=True, help="Show how many would be deleted, and delete none.")
@click.option("--database", help="Where calendars are stored; sqlite:///calsvc.db by default.")
def calendars(purge: int | None, dry_run: bool, database: str | None) -> None:
    """Count personal calendars by the day of their last use; delete long unused ones.

    A fetch is use, and so is a change.  calsvc does not know whose they are.

    Example: calsvc calendars --purge 12 --dry-run
    """
    with closing(Storage(config.load(database=database).database)) as storage:
        storage.migrate()
        stored = Calendars(storage.database)
        if purge is None:
            click.echo(f"{stored.count()} personal calendars")
            for day, number in list(stored.used_by_day().items())[:DAYS_SHOWN]:
                click.echo(f"  {day}  {number} last used")
            return
        since = datetime.now(UTC).date() - purge * MONTH
        if dry_run:
            number = stored.count(unused_since=since)
            click.echo(f"{number} not used since {since} would be deleted")
        else:
            click.echo(f"{stored.purge(since)} not used since {since} are deleted")
