"""Databases with every table and no row, made once for each test process and copied."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jobs.ledger.engine import open_ledger
from jobs.ledger.migrate import migrate
from tests.services.postgres import PostgresServer


def migrated(url: str) -> None:
    """Make the tables in an empty database and let go of it."""
    ledger = open_ledger(url)
    migrate(ledger)
    ledger.close()


@cache
def sqlite_bytes() -> bytes:
    """The SQLite file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        migrated(f"sqlite:///{file}")
        return file.read_bytes()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file to copy."""
    file = tmp_path_factory.mktemp("template") / "ledger.sqlite3"
    file.write_bytes(sqlite_bytes())
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database to copy."""
    name = postgres_server.create()
    migrated(postgres_server.url(name))
    return name
