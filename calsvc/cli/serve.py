"""The command that serves calendars."""

import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from calsvc import config
from calsvc.cli import logs
from calsvc.cli.beginning import ADVICE, first_event
from calsvc.cli.logs import say
from calsvc.cli.watching import Watching
from calsvc.config import Settings
from calsvc.errors import StorageError
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.server.processes import Server
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher
from calsvc.web.app import create_app
from calsvc.web.site import EXTENSION
from calsvc.web.views.health import NOTHING


@click.command()
@click.argument("events", type=click.Path(path_type=Path), required=False)
@click.option("--host", help="Address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="Port to listen on; 8000 by default.")
@click.option("--workers", type=int, help="Number of server processes; 2 by default.")
@click.option("--base-url", help="Public address of this site, for links inside calendars.")
@click.option("--database", help="Where schedules are stored; sqlite:///calsvc.db by default.")
def serve(events: Path | None, **options: Any) -> None:
    """Serve what is published; with a folder EVENTS, publish it, now and on each change.

    Example: calsvc serve events --port 8000
    """
    settings = config.load(events=events, **options)
    logs.configure(settings.log_format)
    storage = Storage(settings.database)
    live = Live((), settings.address, settings.feed_memory, settings.event_memory)
    calendars = Calendars(storage.database)
    app = create_app(live, calendars, settings)  # or say what is wrong, and publish nothing
    figures = app.extensions[EXTENSION].figures
    storage.migrate()
    folder = events or (settings.events if "events" in settings.model_fields_set else None)
    if folder is None and not storage.numbers():  # the first start
        folder = settings.events if settings.events.is_dir() else first_event(settings.events)
    if folder:
        _publish(storage, folder)
    follower = Follower(live, storage, calendars, renderer(settings.address, datetime.now(UTC)))
    follower.step()
    storage.close()  # workers open connections of their own
    gc.freeze()  # what is here stays, and workers share it as long as nothing touches it
    storage.database.observe = figures.stored
    watching = Watching(folder, settings.database, live.bulletin, figures) if folder else None

    def on_ready() -> None:
        _greet(settings, live, NOTHING if folder else ADVICE)

    def on_tick() -> None:
        if watching:
            watching.see_to()

    def on_fork(is_replacement: bool) -> None:
        follower.step()
        if is_replacement and live.trouble:
            live.forget()
        follower.start()

    def on_exit() -> None:
        if watching:
            watching.stop()

    Server(
        app, settings, on_ready=on_ready, on_tick=on_tick, on_fork=on_fork, on_exit=on_exit
    ).run()


def _publish(storage: Storage, folder: Path) -> None:
    """Publish a folder before the first request is answered.

    Nothing that is wrong with it stops the server: what is published is served, and what
    is not is told of, and published by the watcher as soon as that can be.
    """
    try:
        outcome = Watcher(storage, folder).start()
    except StorageError as error:
        say(error)
        return
    for version in outcome.published:
        say(f"Published {version.told()}", is_wrong=False)
    for problem in outcome.problems:
        say(problem)


def _greet(settings: Settings, live: Live, advice: str) -> None:
    feeds = [live.addresses.feed(each.event.id) for each in live.events]
    number = "1 event" if len(feeds) == 1 else f"{len(feeds)} events"
    lines = [f"calsvc serves {number} at {live.addresses.site}"]
    if not logs.is_json():
        lines += [*(f"  {feed}" for feed in feeds), "Stop it with Ctrl-C."]
    say("\n".join(lines), err=False, is_wrong=False)
    if live.is_waiting:
        say(advice)
    if settings.is_public_without_address:
        say(
            f"Warning: links inside calendars lead to {settings.address};"
            " set --base-url to the address that others reach this server by."
        )
