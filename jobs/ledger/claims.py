"""Taking deliveries up: who is next, under which lease, and what shares a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, or_, select, update

from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import Instant, delivery
from mapping.crm.bundle import Bundle

Lane = Literal["urgent", "live", "backfill"]
#: Who asked to be left alone goes first; whoever waits now goes before what is brought over from earlier.
LANES: tuple[Lane, ...] = ("urgent", "live", "backfill")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery taken up by this worker; claims counts earlier times it was taken up."""

    id: str
    inquiry_id: str
    crm: str
    created_at: datetime
    bundle: Bundle
    attempts: int
    claims: int
    crashes: int


def _takeable() -> Select[Any]:
    """Of one CRM and lane; per borrower only the oldest, and none while another is under way."""
    table, other = delivery.c, delivery.alias("other")
    older = or_(
        other.c.created_at < table.created_at,
        and_(other.c.created_at == table.created_at, other.c.id < table.id),
    )
    ahead = exists().where(
        other.c.borrower_id == table.borrower_id,
        other.c.crm == table.crm,
        other.c.id != table.id,
        or_(other.c.state == "leased", and_(other.c.state == "due", older)),
    )
    return (
        select(delivery)
        .where(table.crm == bindparam("c"), table.lane == bindparam("lane"), ~ahead)
        .with_for_update(skip_locked=True, of=delivery)
    )


# Statements made once: composing one costs more than running it. They walk along ix_delivery_due.
_NOW = bindparam("now", type_=Instant)
_DUE = (
    _takeable()
    .where(delivery.c.state == "due", delivery.c.next_attempt_at <= _NOW)
    .order_by(delivery.c.next_attempt_at, delivery.c.id)
    .limit(bindparam("most"))
)
_ABANDONED = (
    _takeable()
    .where(delivery.c.state == "leased", delivery.c.lease_until < _NOW)
    .order_by(delivery.c.next_attempt_at, delivery.c.id)
    .limit(1)
)
_LEASE = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="leased",
        lease_token=bindparam("token"),
        lease_until=bindparam("until", type_=Instant),
        claims=delivery.c.claims + 1,
        attempts=delivery.c.attempts + 1,
        crashes=delivery.c.crashes + case((delivery.c.state == "leased", 1), else_=0),
    )
)


def claim(
    connection: Connection,
    *,
    crm: str,
    token: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    lanes: Sequence[Lane] = LANES,
) -> Sequence[Row[Any]]:
    """Take up to limit deliveries that are due or whose worker vanished, longest due first, under one token.

    The rows are for opened(), and all of one lane; a later lane's turn comes when nothing of an earlier one
    can be taken. Per borrower and CRM only the oldest open one can be taken: the order is kept, two never
    run at once.
    """
    for lane in lanes:
        rows = _take(connection, {"c": crm, "lane": lane, "now": now}, limit)
        if rows:
            ids = [row.id for row in rows]
            connection.execute(_LEASE, {"ids": ids, "token": token, "until": now + lease})
            return rows
    return ()


def _take(connection: Connection, where: dict[str, object], limit: int) -> Sequence[Row[Any]]:
    """What shares a batch: one that is the reason for failures must not take its neighbours along.

    What outlived a crash goes alone, and each failed attempt halves the batch.
    """
    abandoned = connection.execute(_ABANDONED, where).all()
    if abandoned:
        return abandoned
    rows = connection.execute(_DUE, {**where, "most": limit}).all()
    if not rows:
        return rows
    tried = rows[0].attempts
    return [row for row in rows if row.attempts <= tried][: max(1, limit >> tried)]


def opened(rows: Sequence[Row[Any]], sealer: Sealer) -> list[Claimed]:
    """What claim() took up, unsealed: no work for while the database is held."""
    return [_claimed(row, sealer) for row in rows]


def _claimed(row: Any, sealer: Sealer) -> Claimed:
    bundle = from_json(sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle)
    crashes = row.crashes + (1 if row.state == "leased" else 0)
    return Claimed(row.id, row.inquiry_id, row.crm, row.created_at, bundle, row.attempts, row.claims, crashes)


def _earliest(state: str, column: str) -> Any:
    table = delivery.c
    return (
        select(func.min(table[column]))
        .where(table.crm == bindparam("c"), table.lane == bindparam("lane"), table.state == state)
        .scalar_subquery()
    )


_NEXT_DUE = select(_earliest("due", "next_attempt_at"), _earliest("leased", "lease_until"))


def next_due_at(connection: Connection, crm: str, lanes: Sequence[Lane] = LANES) -> datetime | None:
    """When the next delivery of these lanes becomes due or its lease runs out; None when none is open."""
    moments = [
        moment
        for lane in lanes
        for moment in connection.execute(_NEXT_DUE, {"c": crm, "lane": lane}).one()
        if moment is not None
    ]
    return min(moments, default=None)


def extend(connection: Connection, tokens: Sequence[str], until: datetime) -> None:
    """Keep the leases held under these tokens while their worker lives."""
    if tokens:
        connection.execute(
            update(delivery)
            .where(delivery.c.lease_token.in_(list(tokens)), delivery.c.state == "leased")
            .values(lease_until=until)
        )


def held(connection: Connection, token: str) -> set[str]:
    """The deliveries still leased under this token; a worker that slept too long finds none."""
    rows = connection.execute(
        select(delivery.c.id)
        .where(delivery.c.lease_token == token, delivery.c.state == "leased")
        .with_for_update()
    )
    return {row.id for row in rows}
