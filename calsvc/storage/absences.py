"""Texts that were taken out of events, as digests."""

from collections.abc import Iterable

import sqlalchemy as sa

from calsvc.schedule.absences import Absence

_taken_out = sa.Table(
    "taken_out",
    sa.MetaData(),
    sa.Column("event_id", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("salt", sa.String(32)),
    sa.Column("length", sa.Integer),
)


def absences_of(connection: sa.Connection, event_ids: Iterable[str]) -> list[Absence]:
    """Return what was taken out of an event under any of its ids."""
    columns = (_taken_out.c.digest, _taken_out.c.salt, _taken_out.c.length)
    found = sa.select(*columns).where(_taken_out.c.event_id.in_(list(event_ids)))
    return [Absence(*row) for row in connection.execute(found)]


def note(connection: sa.Connection, event_id: str, absence: Absence) -> None:
    """Remember that a text was taken out of an event."""
    connection.execute(sa.insert(_taken_out), {"event_id": event_id, **absence._asdict()})


def forget(connection: sa.Connection, event_ids: Iterable[str], text: str) -> int:
    """Let an event have a text again; return how often it was taken out."""
    event_ids = list(event_ids)
    same = [
        each
        for each in absences_of(connection, event_ids)
        if Absence.of(text, bytes.fromhex(each.salt)) == each
    ]
    is_same = _taken_out.c.digest.in_([each.digest for each in same])
    is_of_event = _taken_out.c.event_id.in_(event_ids)
    connection.execute(sa.delete(_taken_out).where(is_same & is_of_event))
    return len(same)
