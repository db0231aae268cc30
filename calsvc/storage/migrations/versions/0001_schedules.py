"""Versions of schedules, and the notices of their publishers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published", sa.String(32), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("is_withdrawn", sa.Boolean, nullable=False),
        sa.Column("schedule", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "notices",
        sa.Column("publisher", sa.String(500), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        if_not_exists=True,
    )
