"""A migrated ledger, once on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.seal import Sealer
from tests.services.migrated import sqlite_bytes


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of this test's own."""
    if request.param == "sqlite":
        file = tmp_path / "ledger.sqlite3"
        file.write_bytes(sqlite_bytes())
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres_server")
    with server.database(request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger with every table."""
    opened = open_ledger(ledger_url)
    yield opened
    opened.close()


@pytest.fixture
def sealer() -> Sealer:
    """Keys of this test only."""
    return Sealer([("k1", bytes(range(32)))], bytes(range(32, 64)))
