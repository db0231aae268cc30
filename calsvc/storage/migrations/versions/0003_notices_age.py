"""When publishers last repeated their notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("notices", sa.Column("told", sa.String(32)))
