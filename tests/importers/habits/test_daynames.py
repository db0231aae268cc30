"""What months and weekdays are called, in seven languages."""

import pytest

from calsvc.importers.habits import daynames


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("february", 2), ("sep", 9), ("sept", 9), ("märz", 3), ("mrz", 3), ("août", 8),
        ("diciembre", 12), ("março", 3), ("giugno", 6), ("augustus", 8), ("ott", 10),
    ],
)  # fmt: skip
def test_month(name: str, month: int) -> None:
    assert daynames.months()[name] == month


@pytest.mark.parametrize(
    ("name", "weekday"),
    [
        ("monday", 0), ("tues", 1), ("mi", 2), ("jeudi", 3), ("vie", 4), ("sonnabend", 5),
        ("samstag", 5), ("domenica", 6), ("quarta", 2), ("quarta-feira", 2), ("zondag", 6),
    ],
)  # fmt: skip
def test_weekday(name: str, weekday: int) -> None:
    assert daynames.weekdays()[name] == weekday


def test_short_names_are_of_the_languages_asked_for_alone() -> None:
    """``set`` is September in Italian, and a word in English."""
    assert "set" in daynames.months()
    assert "set" not in daynames.months(("en", "de"))
    assert daynames.months(("en", "de"))["settembre"] == 9
    assert "seg" in daynames.weekdays()
    assert "seg" not in daynames.weekdays(("en", "de"))
    assert daynames.weekdays(("en", "de"))["segunda-feira"] == 0
