"""Deliveries: the obligation to bring one bundle into one CRM, taken up under a lease."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, or_, select, update

from jobs.ledger.codec import from_json, to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import Instant, delivery, delivery_attempt
from mapping.bundle import Bundle


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


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a delivery's row becomes after an attempt."""

    id: str
    state: str  # due, delivered, dead
    attempts: int
    next_attempt_at: datetime
    error_code: str = ""
    error: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of a delivery's history."""

    id: str
    delivery_id: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    detail: tuple[dict[str, str], ...]
    calls: float


def add(
    connection: Connection,
    sealer: Sealer,
    *,
    id: str,
    inquiry_id: str,
    borrower_id: str,
    crm: str,
    bundle: Bundle,
    now: datetime,
    shadow: bool,
) -> None:
    """Owe one bundle to one CRM; in shadow it is kept for showing and never claimed."""
    connection.execute(
        delivery.insert(),
        {
            "id": id,
            "inquiry_id": inquiry_id,
            "borrower_id": borrower_id,
            "crm": crm,
            "created_at": now,
            "bundle": sealer.seal_json(to_json(bundle), f"delivery.bundle:{id}"),
            "state": "shadow" if shadow else "due",
            "next_attempt_at": now,
        },
    )


def _claimable() -> Select[Any]:
    table, other = delivery.c, delivery.alias("other")
    now = bindparam("now", type_=Instant)
    ready = or_(
        and_(table.state == "due", table.next_attempt_at <= now),
        and_(table.state == "leased", table.lease_until < now),
    )
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
    crashed = or_(table.crashes > 0, table.state == "leased").label("crashed")
    return (
        select(delivery, crashed)
        .where(table.crm == bindparam("c"), ready, ~ahead)
        .order_by(table.created_at, table.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=delivery)
    )


# Statements made once: composing one costs more than running it.
_CLAIMABLE = _claimable()
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
) -> Sequence[Row[Any]]:
    """Take up to limit deliveries that are due or whose worker vanished, oldest first, under one token.

    The rows are for opened().
    Per borrower and CRM only the oldest open one can be taken: the order is kept, two never run at once.
    """
    rows = _together(connection.execute(_CLAIMABLE, {"c": crm, "now": now, "most": limit}).all(), limit)
    if rows:
        ids = [row.id for row in rows]
        connection.execute(_LEASE, {"ids": ids, "token": token, "until": now + lease})
    return rows


def opened(rows: Sequence[Row[Any]], sealer: Sealer) -> list[Claimed]:
    """What claim() took up, unsealed: no work for while the database is held."""
    return [_claimed(row, sealer) for row in rows]


def _together(rows: Sequence[Any], limit: int) -> Sequence[Any]:
    """Which of these share a batch: one that is the reason for failures must not take its neighbours along.

    What outlived a crash goes alone, and each failed attempt halves the batch.
    """
    crashed = next((row for row in rows if row.crashed), None)
    if crashed is not None:
        return [crashed]
    return rows[: max(1, limit >> rows[0].attempts)] if rows else rows


def _claimed(row: Any, sealer: Sealer) -> Claimed:
    bundle = from_json(sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle)
    crashes = row.crashes + (1 if row.state == "leased" else 0)
    return Claimed(row.id, row.inquiry_id, row.crm, row.created_at, bundle, row.attempts, row.claims, crashes)


_NEXT_DUE = select(
    func.min(case((delivery.c.state == "due", delivery.c.next_attempt_at), else_=delivery.c.lease_until))
).where(delivery.c.crm == bindparam("c"), delivery.c.state.in_(["due", "leased"]))


def next_due_at(connection: Connection, crm: str) -> datetime | None:
    """When the next delivery becomes due or its lease runs out; None when none is open."""
    return connection.execute(_NEXT_DUE, {"c": crm}).scalar()


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


_SETTLE = update(delivery).where(delivery.c.id == bindparam("row"))


def settle(connection: Connection, results: Sequence[Settlement], now: datetime) -> None:
    """Write what attempts came to. The caller has checked that the leases are still held."""
    if results:
        connection.execute(_SETTLE, [_settled(result, now) for result in results])


def _settled(result: Settlement, now: datetime) -> dict[str, object]:
    return {
        "row": result.id,
        "state": result.state,
        "attempts": result.attempts,
        "next_attempt_at": result.next_attempt_at,
        "lease_token": None,
        "lease_until": None,
        "crashes": 0,
        "delivered_at": now if result.state == "delivered" else None,
        "error_code": result.error_code,
        "error": result.error,
        "remedy": result.remedy,
    }


def add_attempts(connection: Connection, attempts: Sequence[Attempt]) -> None:
    """Append to the history."""
    if attempts:
        connection.execute(
            delivery_attempt.insert(),
            [
                {
                    "id": one.id,
                    "delivery_id": one.delivery_id,
                    "started_at": one.started_at,
                    "ended_at": one.ended_at,
                    "outcome": one.outcome,
                    "detail": json.dumps(one.detail),
                    "calls": one.calls,
                }
                for one in attempts
            ],
        )


def retry(connection: Connection, delivery_id: str, now: datetime) -> bool:
    """A person asks for another try; False when it is not waiting for one. Safe to press twice."""
    done = connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state.in_(["dead", "due"]))
        .values(state="due", attempts=0, crashes=0, next_attempt_at=now)
    )
    return bool(done.rowcount == 1)
