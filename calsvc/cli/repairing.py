"""The command that makes a right calendar of a wrong one, as a file."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from calsvc.addresses import NOWHERE
from calsvc.agenda.fields import suggested_id
from calsvc.agenda.folder import has_suffix
from calsvc.cli.export import asked, selection_options
from calsvc.cli.files import GOOGLE_LIMIT
from calsvc.cli.importing import name_option, private_option, progress, told, zone_option
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.following.repairs import (
    Repaired,
    remember,
    remembered,
    repair_wishes,
    repaired,
)
from calsvc.importers.updating.updating import replace_file
from calsvc.schedule.query import selection_of

STDOUT = Path("-")


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=STDOUT,
    metavar="FILE",
    help="The calendar to write; standard output by default, which remembers nothing.",
)
@zone_option
@private_option
@name_option
@click.option("--take", is_flag=True, help="Take what looks like a fault of the source, too.")
@selection_options
def repair(
    source: str,
    output: Path,
    timezone: str | None,
    private: bool,
    name: str | None,
    take: bool,
    **query: Any,
) -> None:
    """Make a right calendar of SOURCE, the file or address of one.

    It has the same entries under the same uids.  Run it again and again: what it wrote last is
    remembered beside FILE, so stamps move only with a change, what left the source is announced
    as cancelled, and a source that is away or broken changes nothing.

    Example: calsvc repair https://conf.example/feed.ics -o public/conf.ics
    """
    if has_suffix(output):
        hint = f"put repair: {{url: {source}}} into an event file, and calsvc serve reads it"
        raise click.BadParameter(f"{output} is no name of a calendar; {hint}", param_hint="-o")
    if output != STDOUT:
        _refuse_output(output, source)
    selection = selection_of(asked(query))
    now = datetime.now(UTC)
    memory = remembered(output) if output != STDOUT else None
    progress(f"Reading {source} …")
    found = opened(source, private=private)
    stem = Path(source).stem if output == STDOUT else output.stem
    wishes = repair_wishes(timezone, now.date(), name)
    done = repaired(suggested_id(stem), found, wishes, memory, now)
    if done.doubts and not take:
        _refuse(done, output)
    feed = event_feed(Blocks(done.schedule, NOWHERE), selection)
    if memory is None or done.schedule != memory.schedule:
        for line in told(done.read):
            click.echo(line, err=True)
    if output == STDOUT:
        click.echo(feed.body, nl=False)
        return
    if len(feed.body) > GOOGLE_LIMIT:
        size = f"{len(feed.body) // 1024} KiB, and Google drops events past 1 MB"
        click.echo(f"  Doubtful: the calendar has {size}; leave some out, by filters", err=True)
    remember(output, done.memory)  # first: stamps that were seen must not be forgotten
    is_same = output.exists() and output.read_bytes() == feed.body
    replace_file(output, bytes(feed.body))
    if is_same:
        progress(f"{output} is as it was.")
    else:
        click.echo(f"{output} is written.", err=True)


def _refuse_output(output: Path, source: str) -> None:
    """Raise ``BadParameter`` for what is no file of its own to write a calendar to."""
    if output.is_dir():
        hint = f"{output} is a folder; name a file in it, such as {output / 'conf.ics'}"
        raise click.BadParameter(hint, param_hint="-o")
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise click.BadParameter(f"{output} is SOURCE; name another file", param_hint="-o")


def _refuse(done: Repaired, output: Path) -> None:
    """Tell why a source is not believed, and exit."""
    click.echo(
        f"{done.read.snapshot.source}: is not to be believed: {' and '.join(done.doubts)};"
        f" {output} stays as it is, and --take takes this all the same",
        err=True,
    )
    sys.exit(1)
