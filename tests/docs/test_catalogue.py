"""The catalogue of the doctor's rules is what their tables say."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from calsvc.doctor import rules

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def maker() -> ModuleType:
    specification = importlib.util.spec_from_file_location("rules_page", DOCS / "rules.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_catalogue_is_made_of_the_rules_as_they_are(maker: ModuleType) -> None:
    assert maker.PAGE.read_text("utf-8") == maker.catalogue(), "run python docs/rules.py"


def test_each_rule_has_a_section_with_both_examples() -> None:
    page = (DOCS / "rules.md").read_text("utf-8")
    tables = (rules.FILES, rules.ANSWERS, rules.CHANGES)
    names = [rule.name for table in tables for rule in table]

    sections = page.split("\n### ")[1:]

    assert [each.partition("\n")[0] for each in sections] == names
    assert all("\nFails (" in each and "\nHolds (" in each for each in sections)
