"""What publishers tell operators, as long as they repeat it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from calsvc.storage.copies import LONGEST_NAME

NOTICES_LAST = timedelta(minutes=10)  # unless repeated: their publisher may have been killed

_notices = sa.Table(
    "notices",
    sa.MetaData(),
    sa.Column("publisher", sa.String(LONGEST_NAME), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("words", sa.Text),
    sa.Column("told", sa.String(32)),
)


def notices_of_all(connection: sa.Connection) -> list[str]:
    """Return the current notices of all publishers."""
    is_fresh = sa.or_(_notices.c.told.is_(None), _notices.c.told >= _oldest_notice())
    ordered = sa.select(_notices.c.words).order_by(_notices.c.publisher, _notices.c.place)
    return list(connection.execute(ordered.where(is_fresh)).scalars())


def replace_notices(connection: sa.Connection, publisher: str, words: Sequence[str]) -> None:
    """Replace the notices of one publisher; forget those of others that were not told again."""
    is_over = (_notices.c.publisher == publisher) | (_notices.c.told < _oldest_notice())
    connection.execute(sa.delete(_notices).where(is_over))
    told = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [
        {"publisher": publisher, "place": place, "words": notice, "told": told}
        for place, notice in enumerate(words)
    ]
    if rows:
        connection.execute(sa.insert(_notices), rows)


def _oldest_notice() -> str:
    return (datetime.now(UTC) - NOTICES_LAST).isoformat(timespec="seconds")
