"""When backups were taken and brought back, and above which numbers things go on since."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("taken", sa.String(32), primary_key=True),
        sa.Column("restored", sa.String(32)),
        sa.Column("floor", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        if_not_exists=True,
    )
