"""Headings of days, in every habit."""

from datetime import date

import pytest

from calsvc.importers.pages import days
from calsvc.importers.pages.days import Day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tuesday, May 1, 2018", Day(5, 1, 2018, weekday=1)),
        ("Friday 18th September 2015", Day(9, 18, 2015, weekday=4)),
        ("Feb 12", Day(2, 12)),
        ("October 10th", Day(10, 10)),
        ("12.02.2025", Day(2, 12, 2025)),
        ("Do, 13.02.", Day(2, 13, weekday=3)),
        ("Mittwoch, 12. Februar 2025", Day(2, 12, 2025, weekday=2)),
        ("lundi 3 mars 2025", Day(3, 3, 2025, weekday=0)),
        ("miércoles 4 de junio de 2025", Day(6, 4, 2025, weekday=2)),
        ("2025-06-25", Day(6, 25, 2025)),
        ("Day 2", Day(number=2)),
        ("Day 2 – 13 February", Day(2, 13, number=2)),
        ("Day 1 - Tuesday, August 09", Day(8, 9, weekday=1, number=1)),
        ("Thursday", Day(weekday=3)),
        ("Samstag", Day(weekday=5)),
        ("Sonnabend, 8. Mrz 2025", Day(3, 8, 2025, weekday=5)),
        ("25/6/2025", Day(6, 25, 2025)),
        ("5/6/2025", Day(5, 6, 2025, is_either=True)),
    ],
)
def test_headings_are_read(text: str, day: Day) -> None:
    assert days.heading(text) == day
    assert days.heading(text, is_line=True) == day


@pytest.mark.parametrize(
    "text",
    ["Break", "May the force be with you", "10:00 Talk", "1.10.2", "31 February", "Room 12", ""],
)
def test_other_headings_are_no_days(text: str) -> None:
    assert days.heading(text) is None


def test_a_line_is_a_day_only_where_nothing_else_is_in_it() -> None:
    text = "Friday – Workshops for beginners"

    assert days.heading(text) == Day(weekday=4)
    assert days.heading(text, is_line=True) is None


def test_weekdays_are_counted_from_the_first_day() -> None:
    written = [Day(weekday=4), Day(weekday=5), Day(weekday=6)]

    found, guessed = days.resolved(written, date(2027, 10, 8), [])  # a Friday

    assert found == [date(2027, 10, 8), date(2027, 10, 9), date(2027, 10, 10)]
    assert guessed == []


def test_days_of_the_event_are_counted_from_the_first_day() -> None:
    found, _ = days.resolved([Day(number=1), Day(number=3)], date(2027, 2, 28), [])

    assert found == [date(2027, 2, 28), date(2027, 3, 2)]


def test_year_is_one_that_is_near_and_has_the_weekday() -> None:
    """August 9 is a Tuesday in 2022, and a Wednesday in 2023."""
    found, guessed = days.resolved([Day(8, 9, weekday=1)], None, [2023, 2022])

    assert found == [date(2022, 8, 9)]
    assert guessed == ["the year is taken to be 2022, which stands elsewhere"]


def test_day_without_any_year_is_not_known() -> None:
    assert days.resolved([Day(8, 9)], None, []) == ([None], [])


def test_new_year_is_near() -> None:
    found, _ = days.resolved([Day(12, 30, 2027), Day(1, 2)], None, [])

    assert found == [date(2027, 12, 30), date(2028, 1, 2)]


def test_day_and_month_are_told_apart_by_the_weekday() -> None:
    """2025-06-05 is a Thursday, 2025-05-06 a Tuesday."""
    found, guessed = days.resolved([Day(5, 6, 2025, weekday=3, is_either=True)], None, [])

    assert (found, guessed) == ([date(2025, 6, 5)], [])


def test_day_and_month_that_may_be_swapped_are_told() -> None:
    found, guessed = days.resolved([Day(5, 6, 2025, is_either=True)], None, [])

    assert (found, guessed) == ([date(2025, 5, 6)], ["5/6/2025 is taken for 2025-05-06"])
