"""Sealing what is stored with a new key, a few rows at a time, while everything else goes on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, select, update

from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import SEALED


def reseal(ledger: Ledger, sealer: Sealer, batch: int) -> Iterator[tuple[str, int]]:
    """Seal every value with the first key; yields (table.column, values sealed anew).

    Raises SealBroken when a value's key is not configured. Can be interrupted and repeated.
    """
    for table, column, place in SEALED:
        yield f"{table.name}.{column}", _reseal_column(ledger, sealer, table, column, place, batch)


def _reseal_column(ledger: Ledger, sealer: Sealer, table: Table, column: str, place: str, batch: int) -> int:
    sealed, key = table.c[column], table.c[place]
    changed, last = 0, ""
    while True:
        with ledger.write() as connection:
            rows = connection.execute(
                select(key, sealed).where(key > last).order_by(key).limit(batch).with_for_update()
            ).all()
            for id_, value in rows:
                if not sealer.is_current(value):
                    where = f"{table.name}.{column}:{id_}"
                    fresh = sealer.seal(sealer.open(value, where), where)
                    connection.execute(update(table).where(key == id_).values({column: fresh}))
                    changed += 1
        if not rows:
            return changed
        last = rows[-1][0]
