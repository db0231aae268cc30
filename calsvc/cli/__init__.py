"""The command line: each command a few lines over the functions of the other modules.

Exit status: 0 for success, 1 for wrong input, 2 for misuse.

A module imports only modules above it in this list.

=============  =========================================================================
``logs``       how the processes of a server log
``files``      event files: ``check``, ``new``, ``schema``
``export``     an event in one of its formats
``importing``  foreign agendas: ``import``
``following``  event files that follow a source: ``follow``
``repairing``  a calendar file, made right: ``repair``
``versions``   what is published: ``publish``, ``history``, ``rollback``, ``redact``
``calendars``  personal calendars, counted and purged
``build``      the site as files
``backups``    the whole database, copied and brought back: ``backup``, ``restore``
``doctor``     what is wrong with calendars, anybody's
``beginning``  a first event, where nothing is yet
``watching``   the process that publishes changes beside a server
``serve``      the server
=============  =========================================================================
"""

import errno
import gc
from pkgutil import resolve_name
from typing import Any, NamedTuple

import click

from calsvc import __version__
from calsvc.cli import logs
from calsvc.errors import CalsvcError, QueryError, SettingsError

COLLECTED = 50_000  # new objects after which Python looks for circles among them

FULL = {errno.ENOSPC, errno.EDQUOT}
"""What the system says where there is no room to write."""


class Row(NamedTuple):
    """Where a command is, and what ``calsvc --help`` says of it, in one line."""

    place: str
    words: str


COMMANDS = {
    "backup": Row("backups:backup", "Copy the database into a file, also while it is used."),
    "build": Row("build:build", "Write the site of all events as files, for any web server."),
    "calendars": Row("calendars:calendars", "Count personal calendars, and delete unused ones."),
    "check": Row("files:check", "Tell what is wrong, or doubtful, in event files."),
    "doctor": Row("doctor:doctor", "Tell what is wrong with calendars, anybody's, and for whom."),
    "export": Row("export:export", "Write the calendar of an event to a file."),
    "follow": Row("following:follow", "Let an event file follow an address, or tell what waits."),
    "history": Row("versions:history", "List the versions of an event, with what changed."),
    "import": Row("importing:import_", "Make an event file of an agenda, or update one."),
    "new": Row("files:new", "Write a commented event file to start from."),
    "publish": Row("versions:publish", "Store a new version of each event that changed."),
    "redact": Row("versions:redact", "Take a name, or any text, out of all stored versions."),
    "repair": Row("repairing:repair", "Make a right calendar of a wrong one, again and again."),
    "restore": Row("backups:restore", "Bring back the state of a backup; numbers go on."),
    "rollback": Row("versions:rollback", "Publish an earlier version of an event again."),
    "schema": Row("files:schema", "Print the JSON Schema of event files, for editors."),
    "serve": Row("serve:serve", "Publish a folder of event files, and serve its calendars."),
}
"""By name.  Only the module of the command that is given is imported, so that none waits for what
another one needs: ``check`` has no database, and ``serve`` no parsers of foreign agendas.
"""


class _Commands(click.Group):
    """The group of commands, which prints an error's message and exits 1, or 2 for misuse."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = resolve_name(f"calsvc.cli.{COMMANDS[name].place}")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.words) for name, row in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CalsvcError as error:
            is_misuse = isinstance(error, SettingsError | QueryError)
            if is_misuse and not logs.is_json():
                raise click.UsageError(str(error)) from error
            logs.say(error)
            ctx.exit(2 if is_misuse else 1)
        except OSError as error:
            if error.errno not in FULL:
                raise
            logs.say(f"cannot write: {error.strerror}; make room, or write to another place")
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="calsvc")
def main() -> None:
    """Turn the agendas of events into calendars that stay right by themselves."""
    # Agendas are very many objects, and none is in a circle: to look for circles among them
    # took a third of the time in which they are read and made.
    gc.set_threshold(COLLECTED)
