"""What each folder's file of an event said when it was last looked at."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from calsvc.schedule.copies import Copy

LONGEST_NAME = 500  # characters of a publisher's name
KEPT = timedelta(days=90)
"""How long a copy is remembered that nobody looks at: containers are deployed every day."""

_copies = sa.Table(
    "copies",
    sa.MetaData(),
    sa.Column("publisher", sa.String(LONGEST_NAME), primary_key=True),
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(64)),
    sa.Column("seen", sa.String(32)),
    sa.Column("is_watched", sa.Boolean),
)


def copies_of(connection: sa.Connection, event_id: str) -> list[Copy]:
    """Return the copies of an event, one for each folder that ever held one."""
    rows = connection.execute(sa.select(_copies).where(_copies.c.event_id == event_id)).mappings()
    return [
        Copy(
            row["publisher"],
            row["event_id"],
            row["digest"],
            datetime.fromisoformat(row["seen"]),
            bool(row["is_watched"]),
        )
        for row in rows
    ]


def seen_of(connection: sa.Connection, publisher: str) -> dict[str, datetime]:
    """Return when a folder's files were there last, by their events."""
    chosen = sa.select(_copies.c.event_id, _copies.c.seen).where(_copies.c.publisher == publisher)
    return {event_id: datetime.fromisoformat(seen) for event_id, seen in connection.execute(chosen)}


def remember(connection: sa.Connection, copy: Copy) -> None:
    """Remember what a folder's file says now; whether that is watched stays as it was."""
    is_own = (_copies.c.publisher == copy.publisher) & (_copies.c.event_id == copy.event_id)
    known = connection.execute(sa.select(_copies.c.digest).where(is_own)).scalar()
    if known == copy.digest:
        return
    row = {"digest": copy.digest, "seen": copy.seen.isoformat()}
    if known is None:
        named = {"publisher": copy.publisher, "event_id": copy.event_id}
        connection.execute(sa.insert(_copies), {**named, **row, "is_watched": copy.is_watched})
    else:
        connection.execute(sa.update(_copies).where(is_own).values(row))


def forget_all(connection: sa.Connection) -> None:
    """Forget what all files said: whoever looks publishes what they say now."""
    connection.execute(sa.delete(_copies))


def mark(connection: sa.Connection, publisher: str, *, is_watched: bool) -> None:
    """Note that a publisher is alive, or that it stops, for all its copies."""
    now = datetime.now(UTC)
    connection.execute(sa.delete(_copies).where(_copies.c.seen < (now - KEPT).isoformat()))
    values = {"seen": now.isoformat(), "is_watched": is_watched}
    is_own = _copies.c.publisher == publisher
    connection.execute(sa.update(_copies).where(is_own).values(values))
