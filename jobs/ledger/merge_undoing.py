"""Taking a merge back, row by row, from what was written down when it was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from jobs.ledger import profiles
from jobs.ledger.codec import from_json
from jobs.ledger.journal import Step, take_back
from jobs.ledger.merges import Merge
from jobs.ledger.profiles import Profile
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import (
    borrower,
    crm_link,
    delivery,
    delivery_attempt,
    follow_up,
    follow_up_plan,
    inquiry,
    inquiry_event,
)
from mapping.crm.bundle import Bundle
from mapping.inquiry import Inquiry


def take_back_rows(connection: Connection, sealer: Sealer, merge: Merge) -> list[str]:
    """Put back every row as it stood, but for what has gone on since.

    Returns the inquiries that were delivered to the survivor's contact meanwhile: they stay as they were
    delivered. The borrower's own row is put back whole: the caller adds what was heard since. An opt-out of
    the survivor since the merge may have been meant for any of the keys that the merge closed, so these stay
    closed.
    """
    steps: list[Step] = list(merge.before["steps"])
    delivered = _delivered(connection, [step["key"]["id"] for step in steps if step["table"] == "delivery"])
    withdrawn = _withdrew_since(connection, merge)
    left = [
        step
        for step in steps
        if not (step["table"] == "delivery" and step["key"]["id"] in delivered)
        and not (step["table"] == "suppression" and withdrawn)
    ]
    for step in take_back(connection, sealer, left):
        if step["table"] == "borrower":
            _restore_borrower(connection, sealer, step)
    return list(delivered.values())


def _restore_borrower(connection: Connection, sealer: Sealer, step: Step) -> None:
    """A borrower who was heard since: as before, but for the owner and household they came to meanwhile."""
    id_, before, after = step["key"]["id"], step["before"], step["after"]
    row = connection.execute(select(borrower).where(borrower.c.id == id_)).one()
    values: dict[str, Any] = {
        name: before[name]
        for name in ("owner", "household_id")
        if name in before and getattr(row, name) == after[name]
    }
    if "profile" in before:
        values["profile"] = sealer.seal_json(before["profile"], f"borrower.profile:{id_}")
    values["inquiries"] = before.get("inquiries", row.inquiries)
    connection.execute(update(borrower).where(borrower.c.id == id_).values(values))


def pursue_apart(connection: Connection, one: Sequence[str], other: Sequence[str], now: datetime) -> None:
    """Inquiries of either that one of the other's was pursued instead of are pursued again."""
    table = follow_up_plan.c
    for mine, theirs in ((one, other), (other, one)):
        crossed = table.inquiry_id.in_(list(mine)) & table.carried_by.in_(list(theirs))
        again = {"carried_by": None, "look_at": now, "since": now}
        connection.execute(update(follow_up_plan).where(crossed).values(again))


def _delivered(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of these deliveries those that are done, each with its inquiry."""
    done = delivery.c.id.in_(list(ids)) & (delivery.c.state == "delivered")
    rows = connection.execute(
        select(delivery.c.id, delivery.c.inquiry_id).where(done).order_by(delivery.c.id)
    )
    return {row.id: row.inquiry_id for row in rows}


def _withdrew_since(connection: Connection, merge: Merge) -> bool:
    table = inquiry_event.c
    query = (
        select(func.count())
        .select_from(inquiry_event.join(inquiry, inquiry.c.id == table.inquiry_id))
        .where(inquiry.c.borrower_id == merge.survivor_id, table.kind == "withdrawal", table.at >= merge.at)
    )
    return bool(connection.execute(query).scalar_one())


def take_back_owed(connection: Connection, sealer: Sealer, merge: Merge) -> list[str]:
    """Deliveries that were to tell the CRMs of the merge, with their tasks, are no longer owed.

    Returns the inquiries of those that a CRM may have heard of already; they stay as they are. Where the
    contacts may have been merged, the absorbed borrower has none any more.
    """
    told = []
    for delivery_id, follow_up_id in merge.before["owed"]:
        query = select(delivery).where(delivery.c.id == delivery_id).with_for_update()
        row = connection.execute(query).one()
        if row.state != "due" or row.claims:
            told.append(str(row.inquiry_id))
            bundle = from_json(sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle)
            if bundle.absorbed:
                _forget_contact(connection, row.crm, merge.absorbed_id)
            continue
        connection.execute(delete(delivery).where(delivery.c.id == delivery_id))
        connection.execute(delete(follow_up).where(follow_up.c.id == follow_up_id))
    return told


def _forget_contact(connection: Connection, crm: str, borrower_id: str) -> None:
    link = crm_link.c
    mine = (link.crm == crm) & (link.kind == "contact") & (link.key == borrower_id)
    connection.execute(delete(crm_link).where(mine))


def inquiry_row(connection: Connection, sealer: Sealer, inquiry_id: str) -> tuple[Row[Any], Inquiry]:
    """An inquiry's row and what is in it. Raises NoResultFound."""
    row = connection.execute(select(inquiry).where(inquiry.c.id == inquiry_id)).one()
    details = sealer.open_json(row.details, f"inquiry.details:{inquiry_id}")
    return row, from_json(details, Inquiry)


def hand_over(connection: Connection, inquiry_ids: Sequence[str], kept: str, gone: str) -> None:
    """These inquiries are gone's, not kept's."""
    for column in ("borrower_id", "co_borrower_id"):
        mine = inquiry.c.id.in_(list(inquiry_ids)) & (inquiry.c[column] == kept)
        connection.execute(update(inquiry).where(mine).values({column: gone}))


def save_profile(
    connection: Connection, sealer: Sealer, id_: str, profile: Profile, *, inquiries: int, now: datetime
) -> None:
    """What is known of a borrower now."""
    values = {"profile": profiles.sealed(sealer, profile, id_), "inquiries": inquiries, "updated_at": now}
    connection.execute(update(borrower).where(borrower.c.id == id_).values(values))


def put_on(connection: Connection, inquiry_id: str, crm: str, since: datetime) -> str:
    """The contact on which an inquiry's deal was made in a CRM since; "" when it is older, or unknown."""
    table, attempt = delivery.c, delivery_attempt.c
    first = (
        select(table.id, table.delivered_at)
        .where(table.inquiry_id == inquiry_id, table.crm == crm, table.state == "delivered")
        .order_by(table.step)
        .limit(1)
    )
    made = connection.execute(first).first()
    if made is None or made.delivered_at is None or made.delivered_at < since:
        return ""
    told = select(attempt.detail).where(attempt.delivery_id == made.id, attempt.outcome == "delivered")
    detail = connection.execute(told.order_by(attempt.id.desc()).limit(1)).scalar()
    outcomes = json.loads(detail) if detail else []
    return next((str(one["remote_id"]) for one in outcomes if one["kind"] == "contact"), "")


def is_absent(connection: Connection, crm: str, borrower_id: str) -> bool:
    """Whether somebody neither stands in a CRM nor is on the way there."""
    table, link = delivery.c, crm_link.c
    stands = select(link.key).where(link.crm == crm, link.kind == "contact", link.key == borrower_id)
    coming = select(table.id).where(
        table.crm == crm,
        table.borrower_id == borrower_id,
        table.state.in_(("due", "leased", "dead", "shadow")),
    )
    return all(connection.execute(one.limit(1)).first() is None for one in (stands, coming))
