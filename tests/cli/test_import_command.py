"""The command that imports: what it tells, what it writes, and what it asks for."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import run, said

from calsvc.agenda import eventfile
from calsvc.cli import main

pytestmark = pytest.mark.usefixtures("elsewhere", "reading_here")


TABLE = """\
ID,Title,Date,Start,End,Room,Speakers
1,Opening,2027-06-15,09:00,09:30,A,
2,On Engines,2027-06-15,10:00,10:45,A,Ada Example
3,On Looms,2027-06-15,11:00,,B,Bo Example
4,Later,,,,,
"""
WORDS = ("--timezone", "europe/berlin", "--name", "Conf", "-o", "events/conf.yaml")
PATH = Path("events/conf.yaml")


@pytest.fixture(autouse=True)
def table(elsewhere: None) -> Path:
    """A table to import."""
    path = Path("agenda.csv")
    path.write_text(TABLE)
    return path


def test_import_tells_what_it_took_and_guessed() -> None:
    result = run("import", "agenda.csv", *WORDS)

    assert said(result) == (
        0,
        "",
        "CSV, TSV: Conf, 2027-06-15 in Europe/Berlin, 4 sessions, 1 without a time\n"
        "  Guessed: no end is given: it lasts as long as is usual (on-looms)\n"
        "events/conf.yaml is written.\n",
    )
    event = eventfile.read(PATH)
    assert [each.id for each in event.sessions] == ["opening", "on-engines", "on-looms", "later"]


def test_import_without_a_file_prints_one() -> None:
    Path("conf.yaml").write_text("mine")

    result = run("import", "agenda.csv", "--timezone", "Europe/Berlin", "--name", "Conf")

    assert result.exit_code == 0
    assert result.stdout.startswith("# Imported from agenda.csv.\n")
    event, _ = eventfile.parse(result.stdout, "conf", "conf.yaml")
    assert len(event.sessions) == 4
    assert Path("conf.yaml").read_text() == "mine"


def test_import_again_tells_differences_and_what_stays(table: Path) -> None:
    run("import", "agenda.csv", *WORDS)
    PATH.write_text(PATH.read_text().replace("title: Opening", "title: Our Opening  # better"))
    table.write_text(
        TABLE.replace("Opening", "Opening Session").replace("10:00,10:45,A", "10:15,11:00,C")
        + "5,On Bridges,2027-06-15,18:00,,B,\n"
    )

    dry = run("import", "agenda.csv", "-o", "events/conf.yaml", "--dry-run")
    wet = run("import", "agenda.csv", "-o", "events/conf.yaml")
    again = run("import", "agenda.csv", "-o", "events/conf.yaml")

    told = (
        "CSV, TSV: Conf, 2027-06-15 in Europe/Berlin, 5 sessions, 1 without a time\n"
        "  Guessed: no end is given: it lasts as long as is usual (on-bridges)\n"
        "  On Engines: moved 10:00 → 10:15, room A → C\n"
        "  On Bridges: added, 2027-06-15 18:00–18:30, B\n"
    )
    kept = (
        "  Kept: session opening: title stays 'Our Opening', as you wrote it;"
        " the source now has 'Opening Session' instead of 'Opening'\n"
    )
    assert dry.stderr == told + kept + "Nothing is written: this was a dry run.\n"
    assert wet.stderr == told + kept + "events/conf.yaml is updated.\n"
    assert again.stderr == (
        "CSV, TSV: Conf, 2027-06-15 in Europe/Berlin, 5 sessions, 1 without a time\n"
        "  Nothing changed.\n"
        + kept.replace("now has 'Opening Session' instead of 'Opening'", "has 'Opening Session'")
        + "events/conf.yaml is as it was.\n"
    )


def test_import_tells_of_doubts(table: Path) -> None:
    table.write_text(TABLE.replace("10:00,10:45", "09:15,10:45"))

    result = run("import", "agenda.csv", *WORDS)

    assert result.stderr.endswith(
        "events/conf.yaml is written.\n1 doubt about it: see calsvc check events/conf.yaml\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("agenda.csv",), "agenda.csv: does not say in which time zone its times are; give"),
        (("nothing.csv",), "nothing.csv: cannot be read: No such file or directory"),
        (("agenda.csv", "--from", "ics"), "agenda.csv: "),
        (("agenda.csv", *WORDS[:4], "--column", "title=Topic"), "has no column 'Topic'"),
        (("http://127.0.0.1:1/", *WORDS), "is in a private network (127.0.0.1); add --private"),
        (("http://127.0.0.1:1/", "--private", *WORDS), "does not take connections"),
    ],
)
def test_import_that_cannot_be_made_says_why(words: tuple[str, ...], told: str) -> None:
    result = run("import", *words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert not PATH.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Missing argument 'SOURCE'"),
        (("agenda.csv", "-o", "events/conf"), "'events/conf' is no name of an event file"),
        (("agenda.csv", "--timezone", "PT"), "did you mean America/Los_Angeles?"),
        (("agenda.csv", "--date", "June 15"), "'June 15' is no day; write one such as 2027-06-15"),
        (("agenda.csv", "--column", "title"), "'title' names no field; write one of title"),
        (("agenda.csv", "--from", "word"), "'word' is not one of"),
    ],
)
def test_misuse_says_what_is_meant(words: tuple[str, ...], told: str) -> None:
    result = run("import", *words)

    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_standard_input_can_be_imported() -> None:
    result = CliRunner().invoke(main, ["import", "-", *WORDS], input=TABLE)

    assert result.exit_code == 0
    assert len(eventfile.read(PATH).sessions) == 4


@pytest.mark.parametrize("command", ["import", "follow"])
def test_file_whose_name_cannot_stand_in_an_address_is_refused_before_reading(command: str) -> None:
    source = "agenda.csv" if command == "import" else "https://conf.example/agenda.csv"

    result = run(command, source, "-o", "events/Py Con 2027!.yaml")

    assert result.exit_code == 2
    assert "'Py Con 2027!' cannot stand in an address; write events/py-con-2027.yaml" in " ".join(
        result.stderr.split()
    )
    assert not Path("events").exists()


def test_session_that_has_gone_is_told_with_what_was_written_into_it(table: Path) -> None:
    run("import", "agenda.csv", *WORDS)
    PATH.write_text(
        PATH.read_text().replace("title: On Engines", "title: On Engines\n    track: Z")
    )
    table.write_text(TABLE.replace("2,On Engines,2027-06-15,10:00,10:45,A,Ada Example\n", ""))

    result = run("import", "agenda.csv", "-o", "events/conf.yaml")

    assert "  Gone: session on-engines, in which you wrote track 'Z'\n" in result.stderr
