"""When publishers last repeated their notices."""

import sqlalchemy as sa

from calsvc.storage.migrations import add_column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add_column("notices", sa.Column("told", sa.String(32)))
