"""What one cell holds, whatever its type is."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from calsvc.importers.drafts import DraftPerson
from calsvc.importers.tables import cells

CEST = timezone(timedelta(hours=2))


def shown(cell: Any, *, is_clock: bool = False) -> tuple[Any, ...]:
    """Return the date, start and end, in minutes, and instant of a cell."""
    moment = cells.moment(cell, is_clock=is_clock)
    start = moment.hours and moment.hours.start
    end = moment.hours and moment.hours.end
    return (
        moment.said and moment.said.on(date(2027, 6, 15)),
        start.minutes if start else None,
        end.minutes if end else None,
        moment.instant,
    )


@pytest.mark.parametrize(
    ("cell", "day", "start", "end"),
    [
        ("2027-06-18 08:00", date(2027, 6, 18), 480, None),
        ("2027-06-18T08:00:00", date(2027, 6, 18), 480, None),
        ("06/18/2027 8:00", date(2027, 6, 18), 480, None),
        ("18.06.2027, 09:00 Uhr", date(2027, 6, 18), 540, None),
        ("Jun 18, 2027 9:20 AM", date(2027, 6, 18), 560, None),
        ("9:20 AM, Jun 18", date(2027, 6, 18), 560, None),
        ("Fri 09:00–10:00", date(2027, 6, 18), 540, 600),
        ("Day 2 09:00", date(2027, 6, 16), 540, None),
        ("2027-06-18 09:00 - 2027-06-18 10:00", date(2027, 6, 18), 540, 600),
        ("10:45-11:45am", None, 645, 705),
        ("9-10", None, 540, 600),
        (datetime(2027, 6, 18, 9), date(2027, 6, 18), 540, None),
        (date(2027, 6, 18), date(2027, 6, 18), None, None),
        (time(9, 30), None, 570, None),
        (timedelta(hours=25), None, 1500, None),
        (46556, date(2027, 6, 18), None, None),
        (46556.375, date(2027, 6, 18), 540, None),
        (0.375, None, 540, None),
        ("Session 1", None, None, None),
        ("45", None, None, None),
        (True, None, None, None),
        (float("nan"), None, None, None),
        (float("inf"), None, None, None),
        (10**400, None, None, None),
        (["9:00"], None, 540, None),
        ({"start": "9:00"}, None, None, None),
        (None, None, None, None),
    ],
)
def test_a_moment_is_read(cell: Any, day: date | None, start: int | None, end: int | None) -> None:
    assert shown(cell) == (day, start, end, None)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2027-06-18T08:00:00Z", datetime(2027, 6, 18, 8, tzinfo=UTC)),
        ("2027-06-18T08:00+02:00", datetime(2027, 6, 18, 8, tzinfo=CEST)),
        (1813305600, datetime(2027, 6, 18, 8, tzinfo=UTC)),
        (1813305600000, datetime(2027, 6, 18, 8, tzinfo=UTC)),
        ('<b content="2027-06-18T08:00:00+02:00">Fri</b>', datetime(2027, 6, 18, 8, tzinfo=CEST)),
        (
            '<time datetime="2027-06-18T08:00:00+02:00">8</time>',
            datetime(2027, 6, 18, 8, tzinfo=CEST),
        ),
    ],
)
def test_an_instant_is_read(cell: Any, instant: datetime) -> None:
    assert shown(cell) == (None, None, None, instant)


def test_two_times_in_tags_are_start_and_end() -> None:
    start, end = "2027-06-18T08:00:00+02:00", "2027-06-18T09:00:00+02:00"

    moment = cells.moment(f'<span><b content="{start}">8</b> to <b content="{end}">9</b></span>')

    assert (moment.instant, moment.end) == (
        datetime.fromisoformat(start),
        datetime.fromisoformat(end),
    )


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("930", 570), (1030, 630), ("9", 540), (18, 1080), ("10.30", 630), ("15.10", 910)],
)
def test_bare_digits_are_a_time_in_a_column_of_times(cell: Any, minutes: int) -> None:
    assert shown(cell, is_clock=True) == (None, minutes, None, None)


@pytest.mark.parametrize(
    ("cell", "unit", "minutes"),
    [
        ("45", "", 45),
        (45.0, "", 45),
        ("45 min", "", 45),
        ("45'", "", 45),
        ("1h 30m", "", 90),
        ("1,5 h", "", 90),
        ("1.5", "", 90),
        ("2", "h", 120),
        ("0:45", "", 45),
        ("00:45:00", "", 45),
        ("PT45M", "", 45),
        ("90 Minuten", "", 90),
        ("2700", "", 45),
        ("2700", "s", 45),
        (0.03125, "", 45),
        (time(0, 45), "", 45),
        (timedelta(minutes=90), "", 90),
        ("0", "", None),
        ("-5", "", None),
        ("9" * 50, "", None),
        ("soon", "", None),
        (None, "", None),
    ],
)
def test_a_length_is_read(cell: Any, unit: str, minutes: int | None) -> None:
    assert cells.minutes(cell, unit) == minutes


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ada Example", ["Ada Example"]),
        ("Ada Example, Bo Beispiel and Cy Exemple", ["Ada Example", "Bo Beispiel", "Cy Exemple"]),
        ("Ada Example; Bo Beispiel", ["Ada Example", "Bo Beispiel"]),
        ("Ada Example & Bo Beispiel", ["Ada Example", "Bo Beispiel"]),
        ("Ada Example\nBo Beispiel", ["Ada Example", "Bo Beispiel"]),
        ("Ada Example<br>Bo Beispiel", ["Ada Example", "Bo Beispiel"]),
        ("Anders Sandberg", ["Anders Sandberg"]),
        ("12:Ada", ["Ada"]),
        (["Ada Example", {"name": "Bo"}], ["Ada Example", "Bo"]),
        ({"first_name": "Ada", "last_name": "Example"}, ["Ada Example"]),
        ([{"bio": "none"}, 5, None, [["x"]]], ["5"]),
        ("", []),
    ],
)
def test_people_are_read(cell: Any, people: list[str]) -> None:
    assert [person.name for person in cells.people(cell)] == people


@pytest.mark.parametrize(
    ("cell", "commas", "organization"),
    [
        ("Ada Example (Engines, Inc)", True, "Engines, Inc"),
        ("Ada Example, Analytical Engines", False, "Analytical Engines"),
        ([{"name": "Ada Example", "company": "Engines"}], True, "Engines"),
    ],
)
def test_organizations_are_read(cell: Any, commas: bool, organization: str) -> None:
    assert cells.people(cell, commas=commas) == [DraftPerson("Ada Example", organization)]


def test_text_is_plain() -> None:
    assert (
        cells.text("  a novice&#x27;s\n guide, <em>abridged</em> ") == "a novice's guide, abridged"
    )
    assert cells.text("Vec<String> & friends") == "Vec<String> & friends"
    assert cells.text(1001.0) == "1001"
    assert cells.text(10**400) == ""
    assert cells.text(float("nan")) == "nan"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("10.15", 615), ("9.45", 585), (10.15, 615), ("930", 570), ("9", 540), ("16.10", 970)],
)
def test_time_in_a_column_of_times_is_no_day(cell: object, minutes: int) -> None:
    found = cells.moment(cell, is_clock=True)

    assert found.said is None
    assert found.hours
    assert found.hours.start
    assert found.hours.start.minutes == minutes
