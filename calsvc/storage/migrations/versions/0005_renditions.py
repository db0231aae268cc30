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
    op.execute(
        "INSERT INTO renditions SELECT DISTINCT event_id, '' FROM versions"
        " WHERE event_id NOT IN (SELECT event_id FROM renditions)"
    )
    op.execute(  # that of the site itself
        "INSERT INTO renditions SELECT DISTINCT '', '' FROM versions"
        " WHERE '' NOT IN (SELECT event_id FROM renditions)"
    )
