"""What was delivered last: the bundle that brought a borrower into a CRM, for the next one to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery
from mapping.crm.bundle import Bundle

_OTHERS = delivery.alias("others")
_LAST = (
    select(func.max(_OTHERS.c.delivered_at))
    .where(
        _OTHERS.c.borrower_id == delivery.c.borrower_id,
        _OTHERS.c.crm == delivery.c.crm,
        _OTHERS.c.state == "delivered",
    )
    .scalar_subquery()
)
_LAST_DELIVERED = select(delivery.c.id, delivery.c.borrower_id, delivery.c.bundle).where(
    delivery.c.crm == bindparam("c"),
    delivery.c.borrower_id.in_(bindparam("who", expanding=True)),
    delivery.c.state == "delivered",
    delivery.c.delivered_at == _LAST,
)


def last_of(connection: Connection, crm: str, borrower_ids: Sequence[str]) -> list[Row[Any]]:
    """For opened(): the delivery that brought each of these borrowers into this CRM last, if one did."""
    if not borrower_ids:
        return []
    return list(connection.execute(_LAST_DELIVERED, {"c": crm, "who": borrower_ids}))


def opened(rows: Sequence[Row[Any]], sealer: Sealer) -> dict[str, Bundle]:
    """What last_of() found, unsealed, by the borrower's id: no work for while the database is held."""
    return {
        row.borrower_id: from_json(sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle)
        for row in rows
    }
