"""Two tiers: a sample of what is slow runs always, and ``pytest -m slow`` runs the rest."""

from typing import Any

import pytest


def slow(*values: object) -> Any:
    """Return a case that is not of the sample."""
    return pytest.param(*values, marks=pytest.mark.slow)


sqlite_first = pytest.mark.parametrize(
    "database_url", ["sqlite", slow("postgresql")], indirect=True
)
"""Runs a test on either kind of database; PostgreSQL is not of the sample."""
