"""SQLite or PostgreSQL, by URL: connections, transactions, and migrations.

SQLite: one file, WAL (readers and a writer at once), ``synchronous=FULL`` (whatever was
confirmed survives a power cut).  PostgreSQL: psycopg 3, with a pool; of several hosts, the
one that can write.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from calsvc.errors import OvertakenError, SettingsError, StorageError
from calsvc.storage.gate import Gate
from calsvc.storage.patience import ANSWER, CONNECTION, POOL, SESSION, WORK, limit_answers
from calsvc.storage.readers import PostgreSQLReader, Reader, SQLiteReader, opened
from calsvc.storage.retries import OVERTAKEN, pauses, retried, sqlstate
from calsvc.storage.urls import file_of, parts_of

ANY_TIME = 3600  # seconds, for SQLite, which knows no wait without an end
MIGRATION_LOCK = 0x63616C73  # "cals": any number that nothing else uses
READ_ONLY = "25006"  # PostgreSQL's code
MIGRATIONS = Path(__file__).parent / "migrations"

Observe = Callable[[str, float], None]


def _observe_nothing(act: str, seconds: float) -> None:
    pass


class Database:
    """A database that may go away and come back.

    Its methods raise ``StorageError`` while it is unavailable.
    """

    def __init__(self, url: str) -> None:
        parts = parts_of(url)
        shown = parts._replace(password=None).difference_update_query(["password"])
        self.name = shown.render_as_string()
        """Its address, without a password."""
        self._path = file_of(parts) if parts.get_backend_name() == "sqlite" else None
        self._readers = threading.local()
        self._watching: SQLiteReader | None = None
        self._watches = 0
        """How often that was opened: versions of two connections cannot be compared."""
        self._engine = _sqlite(self._path) if self._path else _postgresql(parts)
        self._losses = 0
        """How often a connection of the pool was lost: those of readers may be, and not know it."""
        sa.event.listen(self._engine, "invalidate", self._lose)
        self.gate = Gate()
        """Where requests go in; whoever looks for them, works or publishes does not."""
        self.observe: Observe = _observe_nothing
        """Gets whether a "lookup", "read" or "write" was asked for, and its seconds."""
        self.unwritten: str | None = None
        """Why nothing could be written when that was tried last; None if it could."""

    @property
    def file(self) -> Path | None:
        """Return the file of an SQLite database; None for PostgreSQL."""
        return self._path

    def migrate(self) -> None:
        """Bring the database to its present schema; many processes may do so at once."""
        config, steps = _steps()
        known, last = known_shapes(), steps.get_current_head()
        if self._path:
            _create(self._path)
        # Who loses a race looks again: some engines have a lock in name only, and steps fail.
        for pause in (*pauses(), None):
            # Most databases are of the present shape; writers need not wait for each who asks.
            present = self._present()
            if present == last or present not in {None, *known}:
                return  # or a newer calsvc has migrated it; steps only add
            try:
                self._upgrade(config)
            except (IntegrityError, StorageError, CommandError) as error:
                if pause is None:
                    raise StorageError(f"The database cannot be migrated: {error}") from error
                time.sleep(pause)

    @retried
    def _present(self) -> str | None:
        with self.transaction() as connection:
            return _shape(connection)

    def _upgrade(self, config: Config) -> None:
        """Make the steps that are missing, in one transaction.

        Raises ``IntegrityError``, ``StorageError`` or ``CommandError`` where others make them too.
        """
        with self.transaction(write=True, limit=None) as connection:
            if not self._path:
                for setting in SESSION:
                    connection.exec_driver_sql(f"SET LOCAL {setting} = 0")
                lock = sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK))
                connection.execute(lock)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def transaction(
        self, *, write: bool = False, limit: float | None = ANSWER
    ) -> Iterator[sa.Connection]:
        """Give a connection within a transaction, which is committed when the block ends.

        ``write`` takes the writer's lock first.  ``limit`` is how many seconds an answer or a
        lock is waited for, None for any time.  ``IntegrityError`` passes through: it is
        about the data, not about the database.
        """
        began = time.perf_counter()
        try:
            with self._engine.connect() as plain:
                connection = plain.execution_options(calsvc_write=write, calsvc_limit=limit)
                if not self._path:
                    driver: Any = plain.connection.driver_connection
                    driver.calsvc_limit = limit
                with connection.begin():
                    yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            unanswered = self._unanswered(error)
            if write and not isinstance(unanswered, OvertakenError):
                self.unwritten = str(unanswered)
            raise unanswered from error
        finally:
            self.observe("write" if write else "read", time.perf_counter() - began)
        if write:
            self.unwritten = None

    @retried
    def scalar(self, statement: sa.Select[Any], key: str) -> Any:
        """Return the value that a statement with the one parameter ``key`` selects; None if none.

        Each thread keeps a connection for this, so that a row costs a look-up and no more.
        """
        began = time.perf_counter()
        try:
            return self._reader().scalar(statement, key)
        except sqlite3.Error as error:
            raise StorageError(f"The database does not answer: {error}.") from error
        except SQLAlchemyError as error:
            raise self._unanswered(error) from error
        finally:
            self.observe("lookup", time.perf_counter() - began)

    @staticmethod
    def _unanswered(error: SQLAlchemyError) -> StorageError:
        """Return what to raise for an error."""
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        kind = OvertakenError if sqlstate(error) in OVERTAKEN else StorageError
        return kind(f"The database does not answer: {reason}.")

    def _lose(self, *_: object) -> None:
        self._losses += 1

    def _reader(self) -> Reader:
        reader: Reader | None = getattr(self._readers, "reader", None)
        losses = self._losses
        is_current = reader and reader.is_current and self._readers.losses == losses
        if reader is None or not is_current:
            if reader:
                reader.close()
                del self._readers.reader
            reader = SQLiteReader(self._path) if self._path else PostgreSQLReader(self._engine)
            self._readers.reader, self._readers.losses = reader, losses
        return reader

    def stamp(self) -> object:
        """Return what is another one as soon as anything is stored; None if nothing tells.

        It is for one thread, which keeps a connection for it; PostgreSQL tells nothing of the
        kind.
        """
        if self._path is None:
            return None
        try:
            # The file may be gone, or another one.
            if self._watching is None or not self._watching.is_current:
                self._close_watching()
                self._watching = SQLiteReader(self._path)
                self._watches += 1
            return self._watches, self._watching.version
        except sqlite3.Error:
            self._close_watching()
            return None  # whoever reads says why

    def close(self) -> None:
        """Close all connections, for example before a fork."""
        self._close_watching()
        self._engine.dispose()
        if reader := getattr(self._readers, "reader", None):
            reader.close()
            del self._readers.reader

    def _close_watching(self) -> None:
        if self._watching:
            self._watching.close()
        self._watching = None


def _steps() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config, ScriptDirectory.from_config(config)


def known_shapes() -> set[str]:
    """Return all shapes that a database has ever had, by the last step that brought it there."""
    return {script.revision for script in _steps()[1].walk_revisions()}


def _shape(connection: sa.Connection) -> str | None:
    """Return the last step that a database was brought by; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _postgresql(url: sa.URL) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_timeout=POOL,
            connect_args=CONNECTION,
        )
    except ImportError as error:
        raise SettingsError(
            "setting database: PostgreSQL needs a driver; pip install 'calsvc[postgres]'"
        ) from error
    limit_answers(engine)

    @sa.event.listens_for(engine, "handle_error")
    def leave_a_standby(context: sa.ExceptionContext) -> None:
        if sqlstate(context.original_exception) == READ_ONLY:
            context.is_disconnect = True  # where there are several hosts, another one can write

    return engine


def _sqlite(path: Path) -> sa.Engine:
    """Return an engine that opens the file for each connection, so it notices if it is gone."""
    engine = sa.create_engine("sqlite://", creator=lambda: opened(path), poolclass=NullPool)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A writer takes its lock before it reads, so that what it read stays true.
        options = connection.get_execution_options()
        is_writer, limit = options.get("calsvc_write"), options.get("calsvc_limit", ANSWER)
        if limit != ANSWER:
            seconds = ANY_TIME if limit is None else limit
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


def _create(path: Path) -> None:
    """Create the SQLite file if there is none, and let readers and a writer work at once."""
    deadline = time.monotonic() + WORK
    while True:
        try:
            with closing(opened(path, "rwc")) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.DatabaseError as error:
            # SQLite does not wait for another process that is changing the mode too.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StorageError(f"The database {path} cannot be opened: {error}.") from error
            time.sleep(0.05)
