"""PostgreSQL ends connections that nobody uses: whoever writes next notices nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
from sqlalchemy import create_engine

from jobs.ledger import quick
from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.kept_connections import KeptConnections
from jobs.ledger.transaction import Transaction
from tests.services.postgres import PostgresServer

_WHO_SERVES = "SELECT pg_backend_pid()"
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def test_a_connection_that_lives_is_used_again(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        ledger = open_ledger(url)
        assert _served_by(ledger, 1) == _served_by(ledger, 1)
        ledger.close()


def test_connections_that_were_ended_while_idle_are_replaced(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        ledger = open_ledger(url)
        before = _served_by(ledger, 4)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
            ended = other.execute(_END_OTHERS).fetchall()
        assert ended == [(True,)] * 4
        after = _served_by(ledger, 4)
        assert len(after) == 4
        assert not after & before
        ledger.close()


def _served_by(ledger: Ledger, number: int) -> set[int]:
    """The server's processes behind so many transactions at once."""
    with ExitStack() as stack:
        connections = [stack.enter_context(ledger.write()) for _ in range(number)]
        return {pid for each in connections for (pid,) in quick.answers(each, _WHO_SERVES)}


def test_who_comes_when_every_connection_is_in_use_waits_for_one(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        engine = create_engine(url)
        kept = KeptConnections(engine, most=2)

        def served_by(_: int) -> int:
            with Transaction(kept, "") as connection:
                [(pid,)] = quick.answers(connection, _WHO_SERVES)
            return int(pid)

        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(served_by, range(40)))) <= 2
        kept.close()
        engine.dispose()
