"""The steps that bring a database to the schema that ``storage`` needs.

Steps only add: an older copy of calsvc that is still running keeps working.  Each can be made
again on top of a part of itself, for engines that take none of a step back when it fails.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column to a table, unless it is there."""
    # SQLite has no words for that, and needs none: it takes back what fails.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column(table, column, if_not_exists=not is_sqlite)
