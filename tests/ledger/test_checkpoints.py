"""SQLite's log is emptied beside the writers, and begins anew."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection

from jobs.ledger.checkpoints import WRITES
from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.tables import owner_turn
from tests.services.migrated import sqlite_bytes


def test_the_log_is_emptied_after_so_many_writes_and_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(sqlite_bytes())
    watching, ledger = (open_ledger(f"sqlite:///{file}") for _ in range(2))
    with watching.engine.connect() as connection:  # whoever closes the last one empties the log, too
        assert _pages(connection)[1] == 0
        _write(ledger, WRITES - 1)
        ledger.close()
        written, over = _pages(connection)
        assert (written >= WRITES - 1, over) == (True, 0)

        _write(ledger, 1)
        ledger.close()
        written, over = _pages(connection)
        assert written == over

        _write(ledger, 1)
        written, over = _pages(connection)
        assert (written < WRITES, over) == (True, 0)
    watching.close()
    ledger.close()


def test_a_write_stands_although_no_thread_can_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(sqlite_bytes())
    watching, ledger = (open_ledger(f"sqlite:///{file}") for _ in range(2))
    with watching.engine.connect() as connection:
        assert _pages(connection)[1] == 0
        with monkeypatch.context() as patched:
            patched.setattr(Thread, "start", _refuse)
            _write(ledger, WRITES)
        ledger.close()
        assert _pages(connection)[1] == 0
        _write(ledger, 1)
        ledger.close()
        written, over = _pages(connection)
        assert written == over
    watching.close()


def _refuse(_: Thread) -> None:
    raise RuntimeError("can't start new thread")


def _write(ledger: Ledger, times: int) -> None:
    for _ in range(times):
        with ledger.write() as connection:
            connection.execute(owner_turn.insert().values(member=str(id(connection)), pointer=0.0))
            connection.execute(owner_turn.delete())


def _pages(connection: Connection) -> tuple[int, int]:
    """How many are in the log, and how many of those are in the database, too."""
    [(_, written, over)] = connection.exec_driver_sql("PRAGMA wal_checkpoint(NOOP)").fetchall()
    return written, over
