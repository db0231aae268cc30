"""The command that serves calendars."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from calsvc import config
from calsvc.agenda import eventfile
from calsvc.config import Settings
from calsvc.errors import EventFileError, Problem, StorageError
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.server import GRACE, Server
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher
from calsvc.web.app import create_app

RESTART = 5  # seconds between starts of a watcher that ends at once


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
    storage = Storage(settings.database)
    live = Live((), settings.address)
    calendars = Calendars(storage.database)
    app = create_app(live, calendars, settings)  # or say what is wrong, and publish nothing
    storage.migrate()
    folder = events or (settings.events if "events" in settings.model_fields_set else None)
    if folder is None and not storage.numbers() and settings.events.is_dir():
        folder = settings.events  # the first start, beside a folder of event files
    if folder:
        _publish(storage, folder)
    follower = Follower(live, storage, calendars, renderer(settings.address, datetime.now(UTC)))
    follower.step()
    if live.trouble:
        raise StorageError(live.trouble)
    if not storage.numbers():
        raise StorageError("Nothing is published yet: run calsvc serve EVENTS, or calsvc publish.")
    storage.close()  # workers open connections of their own
    watching = _Watching(folder, settings) if folder else None

    def on_ready() -> None:
        _greet(settings, live)

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

    Raises ``EventFileError`` for a broken file, unless its event has a last good version to
    serve, and for a folder that cannot be used, unless there is an event to serve.
    """
    if not folder.is_dir() or not storage.numbers():
        eventfile.paths(folder)  # raises the error that says what is wrong with it
    outcome = Watcher(storage, folder).look()
    served = {folder.stem, *storage.numbers()}
    fatal = [
        problem
        for problem in outcome.problems
        if problem.level == "error" and Path(problem.path).stem not in served
    ]
    if fatal:
        raise EventFileError(fatal)
    for version in outcome.published:
        click.echo(f"Published {version.told()}", err=True)
    _warn(outcome.problems)


def _warn(problems: list[Problem]) -> None:
    for problem in problems:
        click.echo(problem, err=True)


def _greet(settings: Settings, live: Live) -> None:
    click.echo(f"calsvc serves {len(live.events)} events at {live.addresses.site}")
    for live_event in live.events:
        click.echo(f"  {live.addresses.feed(live_event.event.id)}")
    click.echo("Stop it with Ctrl-C.")
    if settings.is_public_without_address:
        click.echo(
            f"Warning: links inside calendars lead to {settings.address};"
            " set --base-url to the address that others reach this server by.",
            err=True,
        )


class _Watching:
    """The process that publishes changes: threads and forks do not mix."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        words = ("publish", str(folder), "--watch", "--with-parent", str(os.getpid()))
        self._words = (sys.executable, "-m", "calsvc", *words)
        # A database address may contain a password, which a command line would show to all.
        self._environment = {**os.environ, "CALSVC_DATABASE": settings.database}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def see_to(self) -> None:
        """Start the process, or restart it if it has ended, as when the database was away."""
        if self._process and self._process.poll() is None:
            return
        if self._process and time.monotonic() - self._started < RESTART:
            return
        self._started = time.monotonic()
        # Ctrl-C must reach only the server, which then ends this process too.
        self._process = subprocess.Popen(  # noqa: S603 -- words of our own
            self._words, env=self._environment, start_new_session=True
        )

    def stop(self) -> None:
        """End the process, and wait until it has ended."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
