"""Which column holds what, by its name and by what is in it."""

from typing import Any

import pytest

from calsvc.errors import SourceError
from calsvc.importers.tables.columns import Columns, assign
from calsvc.importers.tables.headings import meanings, unit


def surest(name: str) -> str | None:
    """Return the field that a name most likely stands for."""
    fields = meanings(name)
    return min(fields, key=lambda each: fields[each], default=None)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Title", "title"),
        ("Talk title", "title"),
        ("Session Title", "title"),
        ("Vortrag", "title"),
        ("Título", "title"),
        ("startTime", "start"),
        ("start_time", "start"),
        ("Time (CEST)", "start"),
        ("Uhrzeit", "start"),
        ("Heure de début", "start"),
        ("Hora de inicio", "start"),
        ("Time End", "end"),
        ("Date", "date"),
        ("Fecha", "date"),
        ("Day", "day"),
        ("Duration (min)", "duration"),
        ("Room/Location", "room"),
        ("Raum", "room"),
        ("Speaker(s)", "people"),
        ("Speaker 2", "people"),
        ("Referent*in", "people"),
        ("First name", "first_name"),
        ("Affiliation", "organization"),
        ("Schedule Track (Optional)", "track"),
        ("Session type", "kind"),
        ("Short-abstract", "abstract"),
        ("Talk ID", "key"),
        ("Padding", None),
        ("facilitators_twitter", None),
        ("Don't change any of these headers!", None),
        ("", None),
    ],
)
def test_a_name_has_its_field(name: str, field: str | None) -> None:
    assert surest(name) == field


@pytest.mark.parametrize(("name", "said"), [("Length (h)", "h"), ("Dauer in Minuten", "min")])
def test_a_name_has_its_unit(name: str, said: str) -> None:
    assert unit(name) == said


def assigned(row: dict[str, Any], *wishes: tuple[str, str]) -> Columns:
    return assign(list(row), [row], wishes, "agenda.csv")


def of(row: dict[str, Any], *wishes: tuple[str, str]) -> dict[str, list[str]]:
    return dict(assigned(row, *wishes).of)


def test_a_flag_is_no_title() -> None:
    row = {"talk": "y", "title": "Opening", "time": "9:00"}

    columns = assigned(row)

    assert columns.of["title"] == ["title"]
    assert columns.flags == ["talk"]


def test_a_time_that_is_a_length_is_one() -> None:
    row = {"Title": "Opening", "Start": "9:00", "Time": "45 min"}

    assert of(row) == {"title": ["Title"], "start": ["Start"], "duration": ["Time"]}


def test_a_session_is_a_track_beside_a_title() -> None:
    assert of({"Session": "Opening", "Time": "9:00"})["title"] == ["Session"]
    assert of({"Session": "Morning", "Title": "Opening"}) == {
        "title": ["Title"],
        "track": ["Session"],
    }


def test_a_name_is_a_person_beside_a_title() -> None:
    row = {"name": "Ada Example", "title": "Opening", "start": "9:00"}

    assert of(row)["people"] == ["name"]


def test_a_second_column_joins_only_where_the_first_is_empty() -> None:
    rows = [{"title": "Talk", "name": ""}, {"title": "", "name": "Lunch"}]

    assert assign(["title", "name"], rows, (), "agenda.json").of["title"] == ["title", "name"]


def test_speakers_that_are_counted_are_all_speakers() -> None:
    row = {"Title": "A", "Speaker 1": "Ada", "Speaker 2": "Bo", "Speaker slug": "ada"}

    columns = assigned(row)

    assert columns.cells(row, "people") == ["Ada", "Bo"]
    assert columns.unused == ["Speaker slug"]


@pytest.mark.parametrize("column", ["Topic of the day", "topic of the DAY", "2", "B"])
def test_a_wish_goes_first(column: str) -> None:
    row = {"Title": "not this", "Topic of the day": "Opening"}

    assert of(row, ("title", column))["title"] == ["Topic of the day"]


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (("titel", "Title"), "no field is called 'titel'"),
        (("title", "Topics"), "has no column 'Topics'"),
    ],
)
def test_a_wish_that_cannot_be(wish: tuple[str, str], what: str) -> None:
    with pytest.raises(SourceError, match=what) as raised:
        assigned({"Title": "Opening", "Topic": "Opening"}, wish)

    assert "did you mean" in raised.value.advice
