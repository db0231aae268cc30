"""What each folder's file of an event said when it was last looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("publisher", sa.String(500), primary_key=True),
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
        sa.Column("is_watched", sa.Boolean, nullable=False),
        if_not_exists=True,
    )
