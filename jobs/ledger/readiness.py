"""Whether a submission could be stored now."""

from __future__ import annotations

from sqlalchemy import update

from jobs.ledger.engine import Ledger, LedgerUnavailable
from jobs.ledger.revision import current_revision
from jobs.ledger.tables import owner_turn


def check_ready(ledger: Ledger) -> None:
    """Begin a write and look at the schema. Raises LedgerUnavailable with what is wrong."""
    with ledger.write() as connection:
        if current_revision(connection) is None:
            raise LedgerUnavailable("the database has no tables yet: start Firstpath once to create them")
        # Touches no row, but fails like a real write on a read-only or broken database.
        connection.execute(update(owner_turn).where(owner_turn.c.member == "").values(pointer=0))
