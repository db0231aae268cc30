"""The command that writes the site as files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from calsvc import config
from calsvc.cli.files import counted
from calsvc.cli.versions import publish_events
from calsvc.errors import SettingsError
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.staticsite.building import build as build_site
from calsvc.storage.schedules import Storage


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("events", type=click.Path(path_type=Path), required=False)
@click.option("--base-url", help="Public address at which the files will be, for all links.")
@click.option("--database", help="Where schedules are stored; sqlite:///calsvc.db by default.")
def build(out: Path, events: Path | None, **options: Any) -> None:
    """Write the public site of all published events into the folder OUT, for any web server.

    With a folder EVENTS, what changed in it is published first.  Keep the database from one
    build to the next: it knows what was published before.

    Example: calsvc build site events --base-url https://calendar.example.org
    """
    settings = config.load(events=events, **options)
    if settings.base_url is None:
        raise SettingsError(
            "setting base_url: it is missing, and links need the address at which the files will"
            " be; give --base-url https://calendar.example.org"
        )
    storage = Storage(settings.database)
    click.get_current_context().call_on_close(storage.close)
    storage.migrate()
    if events:
        publish_events(storage, events)
    live = Live((), settings.address, settings.feed_memory, settings.event_memory)
    follower = Follower(live, storage, renderer=renderer(settings.address, datetime.now(UTC)))
    follower.step()
    follower.complete()
    built = build_site(live, settings, out)
    click.echo(
        f"{out} has {counted(built.files, 'file')} of {counted(built.events, 'event')}:"
        f" {built.changed} changed, {built.removed} removed"
    )
