"""What was written last of each event; nothing is known of that for events of before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "renditions",
        sa.Column("event_id", sa.String(80), primary_key=True),
        sa.Column("rendition", sa.Text, nullable=False),
        if_not_exists=True,
    )
    for event_id in ("event_id", "''"):  # the latter is of the site itself
        op.execute(
            f"INSERT INTO renditions SELECT DISTINCT {event_id}, '' FROM versions"  # noqa: S608
            f" WHERE {event_id} NOT IN (SELECT event_id FROM renditions)"
        )
