"""Opening the database: SQLite in its safest settings, or PostgreSQL, behind one way to read and write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from jobs.ledger.checkpoints import MOST_PAGES, Checkpoints
from jobs.ledger.kept_connections import KeptConnections
from jobs.ledger.lost_connections import lives
from jobs.ledger.together import Together
from jobs.ledger.transaction import LedgerUnavailable as LedgerUnavailable
from jobs.ledger.transaction import Transaction, Writing, trouble_told
from jobs.ledger.writers_place import NoPlace, Place, WritersPlace, taken

Result = TypeVar("Result")

# The array keeps its order: PostgreSQL takes the locks one row after another.
_LOCK = text("SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number")
#: Below this, a checkpoint that races a writer can lose committed writes (sqlite.org, WAL-reset bug).
_OLDEST_SAFE_SQLITE = (3, 51, 3)
_BUSY_MS = 8_000
_CACHE_KIB = 2_048
#: To PostgreSQL, of one process.
_CONNECTIONS = 20
# What the driver stores as it is: without these it asks each such value by name whether it converts itself,
# which takes as long as a small statement.
for _kind in (type(None), bytes, memoryview):
    sqlite3.register_adapter(_kind, lambda value: value)


class Ledger:
    """The database. write() is one transaction that is durable when it ends; read() sees one snapshot."""

    def __init__(self, engine: Engine, place: Place, *, checkpoints: bool = False) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self._writer = place
        self._kept = KeptConnections(engine) if self.sqlite else KeptConnections(engine, _CONNECTIONS, lives)
        # A connection of its own: the writers' has in its cache what the next decision reads.
        self._checkpoints = Checkpoints(KeptConnections(engine), place) if checkpoints else None
        self._together = Together(partial(self.write, urgent=True))

    def write(self, *, urgent: bool = False) -> Writing:
        """One writing transaction. Raises LedgerUnavailable when the database cannot take it.

        urgent: somebody waits for the answer; on SQLite it goes before this process's other writers.
        """
        words = "BEGIN IMMEDIATE" if self.sqlite else ""
        then = self._checkpoints.written if self._checkpoints else None
        return Writing(self._kept, words, self._writer, urgent, then)

    @contextmanager
    def reshape(self) -> Iterator[Connection]:
        """As write(), for migrations: on SQLite a table that others refer to may be built anew."""
        if not self.sqlite:
            with self.write() as connection:
                yield connection
            return
        with taken(self._writer, urgent=True), trouble_told(), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise LedgerUnavailable(f"the upgrade would break {len(broken)} references")
                connection.commit()
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys = ON")

    def store(self, work: Callable[[Connection], Result]) -> Result:
        """A short piece of writing that somebody waits for, durable when this returns.

        On SQLite, where committing is what costs, pieces of several threads share one transaction.
        """
        if self.sqlite:
            return self._together.run(work)
        with self.write() as connection:
            return work(connection)

    def read(self) -> Transaction:
        """A reading transaction. Raises as write()."""
        return Transaction(self._kept, "BEGIN" if self.sqlite else "")

    def lock(self, connection: Connection, *names: str) -> None:
        """Hold these names until the transaction ends: two processes cannot decide about one at once.

        SQLite has one writer, so there is nothing to do. Sorted, so that two never wait in a ring.
        """
        if self.sqlite:
            return
        digests = (hashlib.sha256(name.encode()).digest() for name in names)
        numbers = sorted({int.from_bytes(digest[:8], signed=True) for digest in digests})
        connection.execute(_LOCK, {"numbers": numbers})

    def close(self) -> None:
        """Give back every connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self._kept.close()
        self.engine.dispose()
        self._writer.close()


def open_ledger(url: str) -> Ledger:
    """The ledger at a SQLAlchemy URL, e.g. sqlite:///var/firstpath.sqlite3 or postgresql://host/name."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = parsed.database if parsed.database != ":memory:" else None
        engine = _open_sqlite(url, file)
        lock = Path(f"{file}-writer") if file else None
        place = WritersPlace(lock, patience=_BUSY_MS / 1000)
        return Ledger(engine, place, checkpoints=file is not None)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(
            parsed, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
        return Ledger(engine, NoPlace())
    raise ValueError(f"the ledger cannot be kept in {parsed.get_backend_name()}: use sqlite or postgresql")


def _open_sqlite(url: str, file: str | None) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SAFE_SQLITE:
        raise LedgerUnavailable(
            f"SQLite {sqlite3.sqlite_version} may lose committed writes; 3.51.3 or newer is needed"
        )
    if file:
        _create_private(Path(file))
    engine = create_engine(
        url,
        module=sqlite3,
        hide_parameters=True,
        poolclass=NullPool,  # a Ledger keeps its connections itself
        pool_reset_on_return=None,  # every use is a transaction block that has ended by then
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _create_private(file: Path) -> None:
    """The file and its WAL beside it are for this user only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        file.touch(mode=0o600)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin only before the first write, which loses updates silently: read()
    # and write() begin theirs in words. (SQLAlchemy's event for it would slow down every statement.)
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {MOST_PAGES}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    # Every thread has a connection; what they do not keep, the system's own cache holds once for all.
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    cursor.close()
