"""Statements handed to the driver fail as SQLAlchemy's own do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from jobs.ledger import quick
from jobs.ledger.engine import Ledger, LedgerUnavailable, open_ledger
from jobs.ledger.tables import household, owner_turn
from tests.services.migrated import sqlite_bytes
from tests.services.postgres import PostgresServer

_NEW = insert(owner_turn)
_ALL = select(owner_turn.c.member, owner_turn.c.pointer).order_by(owner_turn.c.member)


def test_what_was_stored_comes_back_in_order(ledger: Ledger) -> None:
    with ledger.write() as connection:
        quick.run(
            connection, _NEW, [{"member": name, "pointer": at} for at, name in enumerate(("b", "a", "c"))]
        )
        assert quick.rows(connection, _ALL.limit(quick.at_most(2)), {}) == [("a", 1.0), ("b", 0.0)]


def test_what_is_bound_is_converted(ledger: Ledger) -> None:
    noon = datetime(2026, 6, 10, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    with ledger.write() as connection:
        quick.run(connection, insert(household), [{"id": "h1", "created_at": noon}])
        one = connection.execute(select(household.c.created_at).where(household.c.id == "h1")).scalar_one()
    assert one == datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


def test_a_broken_rule_is_told_without_the_values(ledger: Ledger) -> None:
    one = {"member": "ana@example.com", "pointer": 1.0}
    with pytest.raises(IntegrityError) as caught, ledger.write() as connection:
        quick.run(connection, _NEW, [one, one])
    assert "INSERT" not in str(caught.value)
    assert "parameters" not in str(caught.value)
    with ledger.read() as connection:
        assert quick.rows(connection, _ALL, {}) == []


def test_sqlite_that_may_not_write_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(sqlite_bytes())
    ledger = open_ledger(f"sqlite:///{file}")
    with pytest.raises(LedgerUnavailable, match="readonly"):
        _store_after(ledger, "PRAGMA query_only = ON")
    ledger.close()


def test_a_lost_connection_is_trouble_and_the_next_one_is_another(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    with postgres_server.database(postgres_template) as url:
        ledger = open_ledger(url)
        with pytest.raises(LedgerUnavailable):
            _store_after(ledger, "SELECT pg_terminate_backend(pg_backend_pid())")
        with ledger.write() as connection:
            quick.run(connection, _NEW, [{"member": "a", "pointer": 1.0}])
        with ledger.read() as connection:
            assert quick.rows(connection, _ALL, {}) == [("a", 1.0)]
        ledger.close()


def _store_after(ledger: Ledger, statement: str) -> None:
    with ledger.write() as connection:
        quick.answers(connection, statement)
        quick.run(connection, _NEW, [{"member": "a", "pointer": 1.0}])
