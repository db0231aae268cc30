"""When backups were taken and brought back, and above which numbers things go on since."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

TOLD_FOR = timedelta(days=7)
"""How long operators are told that an older state was brought back."""

_backups = sa.Table(
    "backups",
    sa.MetaData(),
    sa.Column("taken", sa.String(32), primary_key=True),
    sa.Column("restored", sa.String(32)),
    sa.Column("floor", sa.Integer),
    sa.Column("words", sa.Text),
)
"""A row without ``restored`` says of which moment a copy of the database is."""


def floor_of(connection: sa.Connection) -> int:
    """Return the number that all new ones are above; 0 where nothing was ever lost."""
    return connection.execute(sa.select(sa.func.max(_backups.c.floor))).scalar() or 0


def taken_of(connection: sa.Connection) -> datetime | None:
    """Return the UTC instant of which a copy is; None if it was not made by ``calsvc backup``."""
    taken = sa.select(sa.func.max(_backups.c.taken)).where(_backups.c.restored.is_(None))
    found = connection.execute(taken).scalar()
    return datetime.fromisoformat(found) if found else None


def note_taken(connection: sa.Connection, taken: datetime) -> None:
    """Note in a copy of which UTC instant it is."""
    row = {"taken": taken.isoformat(), "restored": None, "floor": 0, "words": ""}
    connection.execute(sa.insert(_backups), row)


def note_restored(
    connection: sa.Connection, taken: datetime, now: datetime, floor: int, words: str
) -> None:
    """Note that the state of a UTC instant is back since ``now``, and what to tell operators.

    A floor that was noted with that state before stays, if it is higher.
    """
    own = _backups.c.taken == taken.isoformat()
    floor = max(floor, connection.scalar(sa.select(_backups.c.floor).where(own)) or 0)
    connection.execute(sa.delete(_backups).where(own))
    row = {"taken": taken.isoformat(), "restored": now.isoformat(), "floor": floor, "words": words}
    connection.execute(sa.insert(_backups), row)


def told_of(connection: sa.Connection) -> list[str]:
    """Return what operators should know of what was brought back lately."""
    since = (datetime.now(UTC) - TOLD_FOR).isoformat()
    told = sa.select(_backups.c.words).where(_backups.c.restored >= since, _backups.c.words != "")
    return list(connection.execute(told.order_by(_backups.c.restored)).scalars())
