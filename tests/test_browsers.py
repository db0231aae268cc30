"""docs/browsers.md is true: each journey is held by a test, and drivers are the pinned ones."""

import re

from conftest import PROJECT
from test_reliability import names_of_tests
from visits import in_each_engine

TEXT = (PROJECT / "docs" / "browsers.md").read_text("utf-8")
JOURNEYS = PROJECT / "tests" / "web" / "test_journeys_in_each_engine.py"


def test_each_journey_is_told_and_held_by_a_test() -> None:
    told = re.findall(r"^\| [^|]+ \| `(test_\w+)` \|$", TEXT, re.MULTILINE)
    journeys = re.findall(r"^def (test_\w+)", JOURNEYS.read_text("utf-8"), re.MULTILINE)

    assert told[: len(journeys)] == journeys
    assert set(told) <= names_of_tests()


def test_each_engine_is_told() -> None:
    engines = re.findall(r"^\| (\w+)[^|]* \| [\d.]+ \|", TEXT.partition("## ")[0], re.MULTILINE)
    [names] = in_each_engine.args[1:]

    assert [each.lower().removesuffix("gtk") for each in engines] == [
        getattr(each, "values", [each])[0] for each in names
    ]


def test_drivers_are_the_pinned_ones() -> None:
    pins = (PROJECT / "constraints.txt").read_text("utf-8")
    drivers = re.findall(r"(Playwright|Selenium) (\d+\.\d+)", TEXT)

    assert len(drivers) == 3
    for name, version in drivers:
        assert re.search(rf"^{name.lower()}=={re.escape(version)}\.", pins, re.MULTILINE), name
