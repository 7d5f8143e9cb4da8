"""The borrowers whose keys are to be worked out again, and the keys they get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select

from jobs.ledger import identity_keys
from jobs.ledger.tables import keys_due

_LISTED = select(keys_due.c.borrower_id).order_by(keys_due.c.borrower_id)


def listed(connection: Connection, most: int) -> list[str]:
    """Some of their ids."""
    return list(connection.execute(_LISTED.limit(most)).scalars())


def settle(connection: Connection, ids: Sequence[str], keys: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Give these (kind, hash) keys to those who lack them, and take the ids off the list."""
    identity_keys.give(connection, keys)
    connection.execute(delete(keys_due).where(keys_due.c.borrower_id.in_(list(ids))))
