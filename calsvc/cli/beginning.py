"""A first event, for whoever starts a server where nothing is yet."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from calsvc import timezones
from calsvc.agenda.fields import Date, Line, ZoneName, suggested_id
from calsvc.cli.files import next_june, written
from calsvc.errors import UnknownZoneError

ADVICE = (
    "Nothing is here to serve yet: calsvc new conf-2027 writes an event file to start from, and"
    " calsvc serve events publishes and serves it."
)
LOCALTIME = Path("/etc/localtime")
"""A link to the zone of the system, in a folder ``zoneinfo``."""
TIMEZONE = Path("/etc/timezone")
"""The name of that zone, on Debian."""


def first_event(folder: Path) -> Path | None:
    """Ask for a first event, and write its file; return the folder.

    That is None if nobody sits at a terminal, or does not want one.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    click.echo("Nothing is here to serve yet.")
    if not click.confirm("Make a first event?", default=True):
        return None
    name = click.prompt("Its name", value_proc=_checked(Line))
    zone = click.prompt("Its time zone, or city", system_zone(), value_proc=_zone)
    day = click.prompt("Its first day", str(next_june()), value_proc=_checked(Date))
    path = written(folder, suggested_id(name), name, zone, day)
    click.echo(f"{path} is yours to fill in; each change of it is published.")
    return folder


def system_zone() -> str:
    """Return the time zone of this machine; UTC if it does not tell."""
    for name in _named_zones():
        try:
            return str(timezones.zone(name).zone)
        except UnknownZoneError:
            continue
    return "UTC"


def _named_zones() -> list[str]:
    _, _, linked = str(LOCALTIME.resolve()).partition("zoneinfo/")
    try:
        stated = TIMEZONE.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        stated = ""
    return [each for each in (os.environ.get("TZ", "").lstrip(":"), stated, linked) if each]


def _zone(answer: str) -> str:
    return timezones.of_city(answer) or str(_checked(ZoneName)(answer))


def _checked(kind: Any) -> Callable[[str], Any]:
    """Return what takes an answer, or says what is wrong with it, so that it is asked again."""
    adapter = TypeAdapter(kind)

    def check(answer: str) -> Any:
        try:
            return adapter.validate_python(answer.strip())
        except ValidationError as error:
            raise click.UsageError(error.errors()[0]["msg"]) from error

    return check
