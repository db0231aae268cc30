"""How long storage is waited for.

A server that is stopped, or whose machine freezes, ends no connection: the system there goes
on acknowledging what it gets, or says nothing at all for a quarter of an hour.  libpq limits
the time of a connection's begin alone, so the time of each answer is limited here.
"""

import time
from collections.abc import Generator
from typing import Any

import sqlalchemy as sa

ANSWER = 3.0
"""Seconds without an octet of an answer, or without SQLite's lock, after which people and other
requests are told that storage is away."""
WORK = 20.0
"""The same for whoever publishes: nobody waits for that, and what it writes may be large."""
CONNECT = 2  # seconds; libpq takes no less
POOL = 3  # seconds until another one is done with a connection
SESSION = {"statement_timeout": 30, "lock_timeout": 3, "idle_in_transaction_session_timeout": 30}
"""Seconds after which a server ends what it does for one that may be gone or frozen by now."""
CONNECTION = {
    "connect_timeout": CONNECT,
    # A machine that is gone tells nobody (https://www.postgresql.org/docs/current/libpq-connect.html).
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}


def limit_answers(engine: sa.Engine) -> None:
    """Limit the time of each answer that an engine of PostgreSQL gets.

    That of a connection is its ``calsvc_limit`` until it is given back: seconds, or None for
    any time.
    """

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        wait, error = connection.wait, engine.dialect.loaded_dbapi.OperationalError
        connection.calsvc_limit = ANSWER

        def wait_within(answer: Any, *others: Any, **named: Any) -> Any:
            seconds = connection.calsvc_limit
            try:
                return wait(within(answer, seconds), *others, **named)
            except TimeoutError as silence:
                connection.pgconn.finish()  # what it would still say is of no use
                raise error(f"no answer within {seconds:g} seconds") from silence

        connection.wait = wait_within
        settings = "; ".join(f"SET {name} = '{seconds}s'" for name, seconds in SESSION.items())
        connection.autocommit = True
        connection.execute(settings)
        connection.autocommit = False

    @sa.event.listens_for(engine, "reset")
    def given_back(connection: Any, record: Any, state: Any) -> None:
        connection.calsvc_limit = ANSWER


def within(answer: Generator[Any, Any, Any], seconds: float | None) -> Generator[Any, Any, Any]:
    """Go on as the driver's own generator of an answer does, while octets come.

    The driver sends in what its socket is ready for, and 0 from time to time where that is
    nothing.  Raises ``TimeoutError``.
    """
    heard, ready = time.monotonic(), None
    while True:
        try:
            wanted = answer.send(ready)
        except StopIteration as end:
            return end.value
        ready = yield wanted
        now = time.monotonic()
        if ready:
            heard = now
        elif seconds is not None and now - heard > seconds:
            raise TimeoutError
