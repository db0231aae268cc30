"""Connections that one thread keeps, to read one value by one key and no more.

A transaction of SQLAlchemy costs many times what the look-up of a row does.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from calsvc.storage.patience import ANSWER

LIFETIME = 60  # seconds after which a connection follows a name that leads elsewhere by now


class Reader(Protocol):
    """A connection for one thread."""

    @property
    def is_current(self) -> bool:
        """Tell whether it still leads to the database."""

    def scalar(self, statement: sa.Select[Any], key: str) -> Any:
        """Return the first value of the first row that has the key; None without one."""

    def close(self) -> None:
        """Close the connection."""


class SQLiteReader:
    """A connection to a file, which notices if the file is gone or another one.

    It raises ``sqlite3.Error``.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)  # os.stat takes it quicker than a Path
        self._connection = opened(path)
        self._file = _file_of(self._path)
        self._texts = _Texts(sqlite.dialect(paramstyle="named"))

    @property
    def is_current(self) -> bool:
        """Tell whether the file at its path is the one that is open."""
        return self._file == _file_of(self._path)

    @property
    def version(self) -> int:
        """Return a number that is another one once another connection has stored anything."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def scalar(self, statement: sa.Select[Any], key: str) -> Any:
        """Return the first value of the first row that has the key; None without one."""
        row = self._connection.execute(self._texts.of(statement), {"key": key}).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class PostgreSQLReader:
    """A connection to a server, which is opened anew where it broke.

    It raises ``SQLAlchemyError``.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._connection: Any = None
        self._engine = engine
        dialect = postgresql.psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        self._texts = _Texts(dialect)
        self._cursor: Any = None
        """Takes statements as the server does: rewriting them took a third of a look-up."""
        self._opened = time.monotonic()

    @property
    def is_current(self) -> bool:
        """Tell whether it is young enough: servers change places, and names lead to others."""
        return time.monotonic() - self._opened < LIFETIME

    def scalar(self, statement: sa.Select[Any], key: str) -> Any:
        """Return the first value of the first row that has the key; None without one."""
        text = self._texts.of(statement)
        if self._connection:
            try:
                return self._value(text, key)
            except self._errors as error:
                self.close()
                if isinstance(error.__cause__, TimeoutError):
                    raise sa.exc.OperationalError(text, None, error) from error
                # Else the server was started again, or another one took its place.
        try:
            self._connection = self._connected()
            self._cursor = self._driver.RawCursor(self._connection)
            return self._value(text, key)
        except self._errors as error:
            self.close()
            raise sa.exc.OperationalError(text, None, error) from error

    def _value(self, text: str, key: str) -> Any:
        row = self._cursor.execute(text, (key,), prepare=True).fetchone()
        return row[0] if row else None

    def _connected(self) -> Any:
        """Return a connection of the driver, which the pool has given away for good."""
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        connection.autocommit = True  # a transaction would cost two more round trips
        return connection

    @property
    def _driver(self) -> Any:
        """The driver, which is installed with calsvc[postgres] alone."""
        return self._engine.dialect.loaded_dbapi

    @property
    def _errors(self) -> type[Exception]:
        errors: type[Exception] = self._driver.Error
        return errors

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def __del__(self) -> None:
        # Its thread has ended.  The driver's connection is in a circle of references, and would
        # stay open until something collects that.
        self.close()


class _Texts:
    """Statements as text, each written once; they live as long as their modules."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self._dialect = dialect
        self._written: dict[int, str] = {}

    def of(self, statement: sa.Select[Any]) -> str:
        """Return a statement as text."""
        text = self._written.get(id(statement))
        if text is None:
            text = self._written[id(statement)] = str(statement.compile(dialect=self._dialect))
        return text


def opened(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Open an SQLite file, which has to be there but for ``mode`` "rwc"."""
    # A missing file is an error, not a new empty database: only migrate creates one.
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=ANSWER,
        isolation_level=None,  # whoever needs a transaction begins it
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _file_of(path: str) -> tuple[int, int]:
    """Return what tells one file from another at the same path.

    Raises ``sqlite3.OperationalError`` if there is none.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        # SQLite's own words: everybody reads them, and they name no path.
        raise sqlite3.OperationalError("unable to open database file") from error
    return status.st_dev, status.st_ino
