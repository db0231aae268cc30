"""Which versions have clock times, and which have instants alone."""

import sqlalchemy as sa
from alembic import op

from calsvc.storage.migrations import add_column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    add_column("versions", sa.Column("tz_database", sa.String(16)))
    has_none = sa.text("tz_database IS NULL")
    op.create_index(
        "versions_without_clock_times",
        "versions",
        ["event_id", "number"],
        sqlite_where=has_none,
        postgresql_where=has_none,
        if_not_exists=True,
    )
