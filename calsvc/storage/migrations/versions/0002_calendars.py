"""Personal calendars, by the hashes of their keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("edit_hash", sa.String(64), primary_key=True),
        sa.Column("feed_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("share_hash", sa.String(64), unique=True),
        sa.Column("itinerary", sa.Text, nullable=False),
        sa.Column("used", sa.String(10), nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_calendars_used", "calendars", ["used"], if_not_exists=True)
    op.create_table(
        "retired_keys",
        sa.Column("hash", sa.String(64), primary_key=True),
        if_not_exists=True,
    )
