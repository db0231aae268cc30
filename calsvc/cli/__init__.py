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

from pkgutil import resolve_name
from typing import Any

import click

from calsvc import __version__
from calsvc.errors import CalsvcError, QueryError, SettingsError

COMMANDS = {
    "serve": "serve:serve",
    "check": "files:check",
    "publish": "versions:publish",
    "history": "versions:history",
    "rollback": "versions:rollback",
    "redact": "versions:redact",
    "calendars": "calendars:calendars",
    "import": "importing:import_",
    "follow": "following:follow",
    "export": "export:export",
    "new": "files:new",
    "schema": "files:schema",
}
"""Where each command is.  Only the module of the one that is given is imported, so that no
command waits for what another one needs: ``check`` has no database, and ``serve`` no parsers.
"""


class _Commands(click.Group):
    """The group of commands, which prints an error's message and exits 1, or 2 for misuse."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        command = resolve_name(f"calsvc.cli.{COMMANDS[name]}") if name in COMMANDS else None
        assert command is None or isinstance(command, click.Command)
        return command

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
