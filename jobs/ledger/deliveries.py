"""Deliveries: the obligation to bring one bundle into one CRM, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, or_, select, update

from jobs.ledger.claims import LANES, Lane
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import Instant, crm_link, delivery, delivery_attempt
from mapping.crm.bundle import Bundle


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

    A borrower's older ones come into the lane of a newer one that goes first: it must not overtake them.
    """
    due = [one for one in entries if one["state"] == "due"]
    live = [{"who": one["borrower_id"], "c": one["crm"]} for one in due if one["lane"] == "live"]
    if live:
        connection.execute(_INTO_THE_LIVE_LANE, live)
    for one in due:
        if one["lane"] == "urgent":
            first = {"who": one["borrower_id"], "c": one["crm"], "now": one["created_at"]}
            connection.execute(_INTO_THE_URGENT_LANE, first)
    if entries:
        connection.execute(delivery.insert(), [dict(one) for one in entries])


_OPEN_ONES = update(delivery).where(
    delivery.c.borrower_id == bindparam("who"),
    delivery.c.crm == bindparam("c"),
    or_(delivery.c.state == "due", delivery.c.state == "leased"),  # IN cannot be run for many
)
_INTO_THE_LIVE_LANE = _OPEN_ONES.where(delivery.c.lane == "backfill").values(lane="live")
_NOW = bindparam("now", type_=Instant)
# What waits out a failure is tried at once: behind it waits somebody who wants to be left alone.
_INTO_THE_URGENT_LANE = _OPEN_ONES.values(
    lane="urgent",
    next_attempt_at=case((delivery.c.next_attempt_at > _NOW, _NOW), else_=delivery.c.next_attempt_at),
)


def crms_holding(connection: Connection, borrower_id: str) -> set[str]:
    """The CRMs that have a contact for this borrower, or may have one."""
    linked = select(crm_link.c.crm).where(crm_link.c.kind == "contact", crm_link.c.key == borrower_id)
    owed = select(delivery.c.crm).where(delivery.c.borrower_id == borrower_id, delivery.c.state != "shadow")
    return set(connection.execute(linked.union(owed)).scalars())


def waiting_of(connection: Connection, sealer: Sealer, borrower_id: str) -> list[tuple[str, str, Bundle]]:
    """(id, CRM, bundle) of what this borrower's CRMs are still owed, also what waits for a person."""
    wanted = delivery.c.state.in_(("due", "dead"))
    query = select(delivery.c.id, delivery.c.crm, delivery.c.bundle)
    rows = connection.execute(query.where(delivery.c.borrower_id == borrower_id, wanted).with_for_update())
    return [
        (row.id, row.crm, from_json(sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle))
        for row in rows
    ]


def change_bundle(connection: Connection, sealer: Sealer, delivery_id: str, bundle: Bundle) -> None:
    """What it is to bring instead: only an opt-out changes what was decided."""
    sealed = sealer.seal_json(to_json(bundle), f"delivery.bundle:{delivery_id}")
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(bundle=sealed))


_UNTOLD = select(delivery.c.inquiry_id).where(
    delivery.c.inquiry_id.in_(bindparam("ids", expanding=True)),
    delivery.c.crm == bindparam("c"),
    delivery.c.state.in_(["due", "leased", "dead"]),
)


def untold(connection: Connection, crm: str, inquiry_ids: Collection[str]) -> set[str]:
    """Those of these inquiries of which the CRM has not been told everything yet."""
    asked = {"ids": list(inquiry_ids), "c": crm}
    return set(connection.execute(_UNTOLD, asked).scalars())


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
