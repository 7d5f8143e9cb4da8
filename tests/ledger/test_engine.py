"""The database is opened in its safe settings, and trouble with it is one kind of error."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from jobs.ledger import identity_keys, notices
from jobs.ledger.engine import Ledger, LedgerUnavailable, open_ledger
from jobs.ledger.migrate import SchemaUnknown, _upgrade, migrate
from jobs.ledger.revision import MIGRATIONS, newest_revision
from jobs.ledger.tables import audit_event, metadata, owner_turn
from jobs.ledger.writers_place import WritersPlace, taken
from jobs.services import new_ulid, utc_now

#: One row of every table that the second migration touches.
OLD_ROWS = Path(__file__).with_name("rows_of_0001.sql")


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "private" / "ledger.sqlite3"


def test_sqlite_keeps_what_was_committed_through_a_power_loss(sqlite_file: Path) -> None:
    ledger = open_ledger(f"sqlite:///{sqlite_file}")
    with ledger.read() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    ledger.close()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_the_database_file_is_for_its_owner_only(sqlite_file: Path) -> None:
    ledger = open_ledger(f"sqlite:///{sqlite_file}")
    migrate(ledger)
    ledger.close()
    assert stat.S_IMODE(sqlite_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(sqlite_file.parent.stat().st_mode) == 0o700


def test_another_kind_of_database_is_refused_with_what_to_use() -> None:
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        open_ledger("mysql://localhost/x")


def test_a_database_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    ledger = open_ledger(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(LedgerUnavailable), ledger.read():
        pass


def test_migrating_twice_changes_nothing_and_makes_every_table(ledger: Ledger) -> None:
    migrate(ledger)
    with ledger.read() as connection:
        for table in metadata.sorted_tables:
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_a_database_from_a_newer_version_is_left_alone(ledger: Ledger) -> None:
    with ledger.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaUnknown, match="9999"):
        migrate(ledger)


def test_the_newest_revision_is_told_without_alembic() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


def test_the_tables_are_those_the_migrations_make(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with ledger.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_no_update_is_lost_between_threads(ledger: Ledger) -> None:
    with ledger.write() as connection:
        connection.execute(owner_turn.insert().values(member="counter", pointer=0.0))

    def count() -> None:
        for _ in range(25):
            with ledger.write() as connection:
                ledger.lock(connection, "counter")
                value = connection.execute(select(owner_turn.c.pointer)).scalar_one()
                connection.execute(owner_turn.update().values(pointer=value + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.read() as connection:
        assert connection.execute(select(owner_turn.c.pointer)).scalar() == 100.0


def test_the_audit_trail_only_grows(ledger: Ledger) -> None:
    with ledger.write() as connection:
        notices.record(
            connection,
            id=new_ulid(),
            at=utc_now(),
            actor="system",
            action="test",
            object_kind="test",
            object_id="1",
        )
    for change in (audit_event.update().values(actor="somebody"), audit_event.delete()):
        with pytest.raises((DBAPIError, LedgerUnavailable), match="only grows"), ledger.write() as connection:
            connection.execute(change)


def test_no_update_is_lost_between_processes(sqlite_file: Path) -> None:
    """Each Ledger stands in line as a process does: the lock belongs to whoever opened the file."""
    ledgers = [open_ledger(f"sqlite:///{sqlite_file}") for _ in range(2)]
    migrate(ledgers[0])
    with ledgers[0].write() as connection:
        connection.execute(owner_turn.insert().values(member="counter", pointer=0.0))

    def count(ledger: Ledger) -> None:
        for _ in range(50):
            with ledger.write() as connection:
                value = connection.execute(select(owner_turn.c.pointer)).scalar_one()
                connection.execute(owner_turn.update().values(pointer=value + 1))

    threads = [threading.Thread(target=count, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledgers[0].read() as connection:
        assert connection.execute(select(owner_turn.c.pointer)).scalar() == 100.0
    for ledger in ledgers:
        ledger.close()


def test_a_process_that_holds_the_place_for_good_stops_nobody_for_good(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3-writer"
    stuck, other = WritersPlace(file, patience=60), WritersPlace(file, patience=0.01)
    with taken(stuck, urgent=False), taken(other, urgent=True):
        pass  # SQLite decides now


def test_an_older_database_is_upgraded_with_what_it_holds(tmp_path: Path) -> None:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    _upgrade(ledger, to="0001")
    with ledger.write() as connection:
        for statement in OLD_ROWS.read_text(encoding="utf-8").split(";"):
            connection.exec_driver_sql(statement)
    migrate(ledger)
    with ledger.read() as connection:
        assert connection.exec_driver_sql("SELECT step FROM delivery").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT lane FROM submission").scalar_one() == "live"
        assert connection.exec_driver_sql("SELECT count(*) FROM delivery_attempt").scalar_one() == 1
        assert identity_keys.of(connection, "B") == (("email", "1" * 32), ("phone", "2" * 32))
        assert connection.exec_driver_sql("SELECT borrower_id FROM keys_due").scalars().all() == ["B"]
        made = "SELECT sql FROM sqlite_master WHERE name = 'borrower_key'"
        assert "WITHOUT ROWID" in connection.exec_driver_sql(made).scalar_one()
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    # By a process of the version before, which still runs.
    insert = (
        "INSERT INTO borrower (id, created_at, updated_at, profile, owner, inquiries)"
        " SELECT 'C', created_at, updated_at, profile, owner, inquiries FROM borrower"
    )
    with pytest.raises(IntegrityError, match=r"borrower\.known_by"), ledger.write() as connection:
        connection.exec_driver_sql(insert)
    for table in ("borrower_key (hash, borrower_id, kind)", "suppression (hash, channel, at)"):
        # By one from before hashes were shortened.
        with pytest.raises(IntegrityError, match=r"ck_\w+_hash"), ledger.write() as connection:
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ('{'3' * 64}', 'B', 'phone')")  # noqa: S608
    ledger.close()
