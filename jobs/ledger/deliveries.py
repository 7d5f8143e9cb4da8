"""Deliveries: the obligation to bring one bundle into one CRM, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, update

from jobs.ledger.claims import LANES, Lane
from jobs.ledger.codec import to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery, delivery_attempt
from mapping.bundle import Bundle


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


def entry(
    sealer: Sealer,
    *,
    id: str,
    inquiry_id: str,
    borrower_id: str,
    crm: str,
    bundle: Bundle,
    now: datetime,
    shadow: bool,
    lane: Lane = "live",
    step: int = 0,
) -> dict[str, object]:
    """The row of one bundle owed to one CRM, sealed already, so that storing is short.

    In shadow it is kept for showing and never claimed.
    """
    return {
        "id": id,
        "inquiry_id": inquiry_id,
        "borrower_id": borrower_id,
        "crm": crm,
        "step": step,
        "lane": lane,
        "created_at": now,
        "bundle": sealer.seal_json(to_json(bundle), f"delivery.bundle:{id}"),
        "state": "shadow" if shadow else "due",
        "next_attempt_at": now,
    }


def add(connection: Connection, entries: Sequence[Mapping[str, object]]) -> None:
    """Owe these bundles.

    A borrower's older backfill comes into the live lane with a live one, which must not overtake it.
    """
    live = [
        {"who": one["borrower_id"], "c": one["crm"]}
        for one in entries
        if one["lane"] == "live" and one["state"] == "due"
    ]
    if live:
        connection.execute(_INTO_THE_LIVE_LANE, live)
    if entries:
        connection.execute(delivery.insert(), [dict(one) for one in entries])


_INTO_THE_LIVE_LANE = (
    update(delivery)
    .where(
        delivery.c.borrower_id == bindparam("who"),
        delivery.c.crm == bindparam("c"),
        or_(delivery.c.state == "due", delivery.c.state == "leased"),  # IN cannot be run for many
        delivery.c.lane == "backfill",
    )
    .values(lane="live")
)


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


#: What kept these back was the CRM as a whole, not the delivery.
_OF_THE_CRM = ("auth_failed", "rate_limited", "unavailable", "uncertain")


def bring_forward(connection: Connection, crm: str, now: datetime) -> None:
    """The CRM works again: what waits out a failure of it need not wait longer."""
    connection.execute(
        update(delivery)
        .where(
            delivery.c.crm == crm,
            delivery.c.lane.in_(LANES),
            delivery.c.state == "due",
            delivery.c.next_attempt_at > now,
            delivery.c.error_code.in_(_OF_THE_CRM),
        )
        .values(next_attempt_at=now)
    )
