"""A table that calsvc wrote, as a spreadsheet saves it after somebody worked in it."""

import csv
import io

import pytest
from conftest import schedule_of
from documents import SHORT, rows_of

from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read
from calsvc.importers.tables.own_table import shown
from calsvc.schedule.entries import Schedule


def saved(rows: list[dict[str, str]], separator: str) -> Draft:
    """Return the draft of rows, saved with another separator, as spreadsheets in German do."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    table.writeheader()
    table.writerows(rows)
    draft, _ = read(Source("conf.csv", text.getvalue().encode()), Wishes())
    return draft


def german(time: str) -> str:
    """Return a time as a spreadsheet in German shows it."""
    day, _, clock = time.partition(" ")
    return f"{'.'.join(reversed(day.split('-')))} {clock}".strip(" ")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_table_that_was_worked_on_is_read_as_calsvc_meant_it(separator: str) -> None:
    rows = rows_of(schedule_of(SHORT), "parts=yes")
    for row in rows:
        row["start"], row["end"] = german(row["start"]), german(row["end"])
    [opening] = [row for row in rows if row["id"] == "opening"]
    opening["title"] = "Welcome"
    opening["hosts"] = "Ada Example, Engines\nCy Example"

    draft = saved(rows, separator)

    [session] = [each for each in draft.sessions if each.key == "opening"]
    assert f"{session.start:%F %R} {session.end:%F %R}" == "2027-06-15 09:00 2027-06-15 09:30"
    assert session.title == "Welcome"
    assert session.people == [
        DraftPerson("Bob Example", role="speaker"),
        DraftPerson("Ada Example", "Engines", "host"),
        DraftPerson("Cy Example", role="host"),
    ]
    assert session.links == [
        ("https://conf.example/paper", "Paper"),
        ("https://conf.example/more", ""),
    ]
    assert (session.url, session.stream) == (
        "https://conf.example/opening",
        "https://live.example/a",
    )
    assert [each.part_of for each in draft.sessions if each.key == "poster"] == [["posters"]] * 2
    assert {each.uid for each in draft.sessions} == {None}
    assert draft.left_out == []


def test_session_that_was_postponed_has_no_time(rich: Schedule) -> None:
    [row] = [each for each in rows_of(rich) if each["id"] == "postponed"]
    other = {**row, "id": "other", "status": "confirmed"}

    draft = saved([row, other], ",")

    assert [each.start is None for each in draft.sessions] == [True, False]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1", "=1"),
        ("''=1", "'=1"),
        ("'tis", "'tis"),
        ("'- a\n =b\n  =c\n - d", "- a\n=b\n =c\n - d"),
        ("a; =b", "a;=b"),
        ("a; b", "a; b"),
        (7, 7),
        (None, None),
    ],
)
def test_cell_is_read_as_it_was_before_it_was_guarded(cell: object, text: object) -> None:
    assert shown([{"title": cell}]) == [{"title": text}]
