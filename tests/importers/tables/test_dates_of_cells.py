"""Days in cells, and which number of ``5/6/2025`` is the month."""

from datetime import date

import pytest

from calsvc.importers.tables import dates
from calsvc.importers.tables.dates import Said, orders

FIRST = date(2027, 6, 17)  # a Thursday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-06-18", date(2027, 6, 18)),
        ("2027/6/18", date(2027, 6, 18)),
        ("20270618", date(2027, 6, 18)),
        ("18.06.2027", date(2027, 6, 18)),
        ("18.6.", date(2027, 6, 18)),
        ("18.06.27", date(2027, 6, 18)),
        ("6/18/2027", date(2027, 6, 18)),
        ("06-18-2027", date(2027, 6, 18)),
        ("18/06/27", date(2027, 6, 18)),
        ("18 Jun 2027", date(2027, 6, 18)),
        ("Jun 18th, 2027", date(2027, 6, 18)),
        ("Friday, June 18, 2027", date(2027, 6, 18)),
        ("Fri 18 June", date(2027, 6, 18)),
        ("Freitag, 18. Juni 2027", date(2027, 6, 18)),
        ("vendredi 18 juin", date(2027, 6, 18)),
        ("viernes 18 de junio de 2027", date(2027, 6, 18)),
        ("Sexta-feira, 18 de junho de 2027", date(2027, 6, 18)),
        ("Junho 18", date(2027, 6, 18)),
        ("venerdì 18 giugno", date(2027, 6, 18)),
        ("vrijdag 18 juni", date(2027, 6, 18)),
        ("friday1", date(2027, 6, 18)),
        ("Friday 18*", date(2027, 6, 18)),
        ("Fr, 18.06.2027", date(2027, 6, 18)),
        ("Friday", date(2027, 6, 18)),
        ("fri", date(2027, 6, 18)),
        ("Fr.", date(2027, 6, 18)),
        ("Friday 18", date(2027, 6, 18)),
        ("Day 2", date(2027, 6, 18)),
        ("Day Two", date(2027, 6, 18)),
        ("2. Tag", date(2027, 6, 18)),
        ("Day 2 – 18 June", date(2027, 6, 18)),
        ("Day 2 (2027-06-18)", date(2027, 6, 18)),
        ("Friday June 18 Afternoon", date(2027, 6, 18)),
        ("Thursday", FIRST),
        ("Wednesday", date(2027, 6, 23)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    said = dates.read(text)

    assert said
    assert said.on(FIRST) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-10",
        "9:00",
        "1030",
        "45",
        "2027",
        "June",
        "Room 5",
        "C++20",
        "31.02.2027",
        "13/13/2027",
        "99/99/99",
        "18-06-27",
        "Friday talks",
        "may the force be with you",
        "x" * 100,
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert dates.read(text) is None


@pytest.mark.parametrize("text", ["18 June", "Friday", "Day 2"])
def test_a_day_without_a_year_needs_the_first_day(text: str) -> None:
    said = dates.read(text)

    assert said
    assert said.on(None) is None


@pytest.mark.parametrize(("first", "year"), [(date(2027, 12, 30), 2028), (date(2028, 1, 2), 2028)])
def test_a_year_that_is_not_said_is_the_nearest(first: date, year: int) -> None:
    said = dates.read("3 Jan")

    assert said
    assert said.on(first) == date(year, 1, 3)


def saids(*texts: str) -> list[Said]:
    return [said for text in texts if (said := dates.read(text))]


@pytest.mark.parametrize(
    ("texts", "month_first"),
    [
        (("5/6/2027", "5/18/2027"), True),
        (("5/6/2027", "18/6/2027"), False),
        (("5/6/2027", "6/6/2027", "7/6/2027"), False),
        (("6/5/2027", "6/6/2027", "6/7/2027"), True),
        (("Sat 5/6/2027",), False),
        (("Thu 5/6/2027",), True),
    ],
    ids=["only one way", "the other way", "a short event", "as short", "weekday", "its twin"],
)
def test_one_date_decides_for_a_column(texts: tuple[str, ...], month_first: bool) -> None:
    order = orders(saids(*texts), None)

    assert order == (month_first, None)


def test_the_first_day_decides() -> None:
    assert orders(saids("5/6/2027"), date(2027, 5, 5)) == (True, None)
    assert orders(saids("5/6/2027"), date(2027, 6, 5)) == (False, None)


@pytest.mark.parametrize(
    ("is_american", "told"),
    [
        (None, "dates such as 5/6 are taken for 5 June"),
        (False, "dates such as 5/6 are taken for 5 June"),
        (True, "dates such as 5/6 are taken for 6 May"),
    ],
)
def test_what_nothing_decides_is_told(is_american: bool | None, told: str) -> None:
    order = orders(saids("5/6/2027"), None, is_american=is_american)

    assert order == (bool(is_american), told)
