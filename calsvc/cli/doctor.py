"""The command that tells what is wrong with calendars: ``doctor``."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from time import sleep

import click

from calsvc.doctor.examination import NAMES
from calsvc.doctor.patients import PAUSE, Patient
from calsvc.doctor.report import FORMS, Report, text
from calsvc.errors import nearest

MINUTE = 60.0  # seconds between the looks of --watch
LONGEST = 7 * 24 * 60  # minutes to watch


def _known(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of rules.  Raises ``BadParameter`` for what is none."""
    for name in names:
        if name not in NAMES:
            near = nearest(name, NAMES)
            advice = f"; did you mean {near}?" if near else ""
            raise click.BadParameter(f"there is no rule {name!r}{advice}")
    return names


@click.command()
@click.argument("calendars", metavar="FILE|URL…", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", *FORMS]), default="text")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="RULE",
    callback=_known,
    help="A rule to leave out.",
)
@click.option("--private", is_flag=True, help="Let addresses be in a private network.")
@click.option(
    "--watch",
    "minutes",
    type=click.IntRange(0, LONGEST),
    default=0,
    metavar="MINUTES",
    help="Look at addresses each minute for so long, and tell how they change.",
)
def doctor(
    calendars: tuple[str, ...], form: str, ignored: tuple[str, ...], private: bool, minutes: int
) -> None:
    """Tell what is wrong with calendars, anybody's, and who suffers from it.

    Exit status 1 if anything but notes is found, or a calendar cannot be read.
    Ctrl-C ends it with what is found so far.

    Example: calsvc doctor https://conf.example.org/agenda.ics
    """
    patients = [Patient(each, ignored, private) for each in calendars]
    if minutes and not any(each.is_served for each in patients):
        raise click.UsageError("--watch looks at addresses, and there is none.")
    with suppress(KeyboardInterrupt):
        _examine(patients, minutes)
    reports = [each.report for each in patients]
    _print(reports, form)
    if not all(report.is_sound for report in reports):
        sys.exit(1)


def _examine(patients: Sequence[Patient], minutes: int) -> None:
    for each in patients:
        each.look()
    changing = [each for each in patients if each.is_served and not each.failure]
    if not changing:
        return
    if minutes:
        length = "a minute" if minutes == 1 else f"{minutes} minutes"
        click.echo(f"Watching for {length}; Ctrl-C ends it with a report.", err=True)
    for pause in (PAUSE, *[MINUTE] * minutes):
        sleep(pause)
        for each in changing:
            each.look()


def _print(reports: Sequence[Report], form: str) -> None:
    if form == "text":
        for report in reports:
            for line in text(report):
                click.echo(_printable(line))
    else:
        told = json.dumps(FORMS[form](reports), indent=2, ensure_ascii=False)
        click.echo(_printable(told))


def _printable(told: str) -> str:
    """Return a text with a sign for each octet of a path that is no UTF-8."""
    return told.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
