"""The command line: each command a few lines over the functions of the other modules.

Exit status: 0 for success, 1 for wrong input, 2 for misuse.

A module imports only modules above it in this list.

=============  =========================================================================
``files``      event files: ``check``, ``new``, ``schema``
``export``     an event in one of its formats
``importing``  foreign agendas: ``import``
``following``  event files that follow a source: ``follow``
``versions``   what is published: ``publish``, ``history``, ``rollback``, ``redact``
``calendars``  personal calendars, counted and purged
``watching``   the process that publishes changes beside a server
``serve``      the server
=============  =========================================================================
"""

import gc
from typing import Any

import click

from calsvc import __version__
from calsvc.cli.calendars import calendars
from calsvc.cli.export import export
from calsvc.cli.files import check, new, schema
from calsvc.cli.following import follow
from calsvc.cli.importing import import_
from calsvc.cli.serve import serve
from calsvc.cli.versions import history, publish, redact, rollback
from calsvc.errors import CalsvcError, QueryError, SettingsError

COLLECTED = 50_000  # new objects after which Python looks for circles among them


class _Commands(click.Group):
    """The group of commands, which prints an error's message and exits 1, or 2 for misuse."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, QueryError) as error:
            raise click.UsageError(str(error)) from error
        except CalsvcError as error:
            click.echo(error, err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="calsvc")
def main() -> None:
    """Turn the agendas of events into calendars that stay right by themselves."""
    # Agendas are very many objects, and none is in a circle: to look for circles among them
    # took a third of the time in which they are read and made.
    gc.set_threshold(COLLECTED)


for command in (
    serve,
    check,
    publish,
    history,
    rollback,
    redact,
    calendars,
    import_,
    follow,
    export,
    new,
    schema,
):
    main.add_command(command)
