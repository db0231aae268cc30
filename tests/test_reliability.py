"""docs/reliability.md is true: each row is held by a test, and limits are those of the code."""

import ast
import re

from conftest import PROJECT

from calsvc.storage import patience
from calsvc.storage.gate import READERS, WRITERS
from calsvc.web.error_handlers import RETRY_AFTER

TEXT = (PROJECT / "docs" / "reliability.md").read_text("utf-8")
NUMBERS = {2: "two", 4: "four"}


def names_of_tests() -> set[str]:
    """Return the names of all tests."""
    return {
        node.name
        for path in (PROJECT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def rows() -> list[list[str]]:
    """Return the cells of each failure."""
    tables = re.findall(r"^\| failure .+\n\|[-|]+\n((?:\|.+\n)+)", TEXT, re.MULTILINE)
    return [re.split(r"\s*\|\s*", line)[1:-1] for table in tables for line in table.splitlines()]


def test_each_failure_names_a_test_that_holds_it() -> None:
    named = [re.findall(r"`(test_\w+)`", row[-1]) for row in rows()]

    assert len(named) > 25
    assert [row for row, names in zip(rows(), named, strict=True) if not names] == []
    assert {name for names in named for name in names} - names_of_tests() == set()


def test_each_failure_has_all_cells() -> None:
    assert {len(row) for row in rows()} == {5}


def test_numbers_are_those_of_the_code() -> None:
    ask_again = f"names {RETRY_AFTER[503]} seconds as the time to ask again"
    gate = f"{NUMBERS[READERS]} may look up and {NUMBERS[WRITERS]} may change something at a time"
    limits = (
        f"| a new connection to PostgreSQL | {patience.CONNECT} seconds |\n"
        f"| an octet of its answer | {patience.ANSWER:g} seconds for requests and looks,"
        f" {patience.WORK:g} for publishers, any time for migrations |\n"
        f"| a lock | {patience.SESSION['lock_timeout']} seconds for requests; of SQLite"
        f" {patience.WORK:g} for publishers |\n"
        f"| what PostgreSQL still does for somebody who is gone |"
        f" {patience.SESSION['statement_timeout']} seconds |\n"
    )

    assert ask_again in TEXT
    assert gate in TEXT
    assert limits in TEXT
