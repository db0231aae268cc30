"""The command that tells what is wrong with calendars: ``doctor``."""

import json
import sys

import click

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.report import FORMS, Report, text
from calsvc.importers.fetch.fetching import opened


@click.command()
@click.argument("calendars", metavar="FILE|URL…", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", *FORMS]), default="text")
@click.option("--ignore", "ignored", multiple=True, metavar="RULE", help="A rule to leave out.")
@click.option("--private", is_flag=True, help="Let addresses be in a private network.")
def doctor(calendars: tuple[str, ...], form: str, ignored: tuple[str, ...], private: bool) -> None:
    """Tell what is wrong with calendars, anybody's, and who suffers from it.

    Exit status 1 if anything but notes is found.

    Example: calsvc doctor https://conf.example.org/agenda.ics
    """
    reports = [_examined(each, ignored, private=private) for each in calendars]
    if form == "text":
        for report in reports:
            for line in text(report):
                click.echo(line)
    else:
        click.echo(json.dumps(FORMS[form](reports), indent=2, ensure_ascii=False))
    if not all(report.is_sound for report in reports):
        sys.exit(1)


def _examined(place: str, ignored: tuple[str, ...], *, private: bool) -> Report:
    document = Document(opened(place, private=private).octets)
    findings = examination.of_file(document, ignored)
    return Report(place, findings, len(document.entries))
