"""What was taken out of all versions, so that no old file brings it back; and when."""

import sqlalchemy as sa
from alembic import op

from calsvc.storage.migrations import add_column

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "taken_out",
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    add_column("versions", sa.Column("altered", sa.String(32)))
