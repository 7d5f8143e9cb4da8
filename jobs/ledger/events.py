"""What happened to inquiries after they came, and the names by which senders speak of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from jobs.ledger.codec import to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import delivery, follow_up, inquiry, inquiry_event, inquiry_ref
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.inquiry import Inquiry, Stage


def hashed_refs(sealer: Sealer, refs: Sequence[str]) -> tuple[str, ...]:
    """The names as they are stored and looked up."""
    return tuple(dict.fromkeys(sealer.lookup("inquiry.ref", ref) for ref in refs))


def inquiry_with(connection: Connection, hashes: Sequence[str]) -> str:
    """The id of the newest inquiry that has one of these names; "" when none has."""
    if not hashes:
        return ""
    query = select(func.max(inquiry_ref.c.inquiry_id)).where(inquiry_ref.c.hash.in_(list(hashes)))
    return connection.execute(query).scalar() or ""


def name(connection: Connection, inquiry_id: str, hashes: Sequence[str]) -> None:
    """Remember an inquiry under these names; one that another inquiry has already moves to the newer."""
    if not hashes:
        return
    query = select(inquiry_ref.c.hash).where(inquiry_ref.c.hash.in_(list(hashes)))
    taken = set(connection.execute(query).scalars())
    if taken:
        connection.execute(
            update(inquiry_ref).where(inquiry_ref.c.hash.in_(taken)).values(inquiry_id=inquiry_id)
        )
    fresh = [{"hash": one, "inquiry_id": inquiry_id} for one in hashes if one not in taken]
    if fresh:
        connection.execute(inquiry_ref.insert(), fresh)


def add(
    connection: Connection,
    sealer: Sealer,
    *,
    id: str,
    inquiry_id: str,
    submission_id: str,
    at: datetime,
    kind: str,
    summary: str,
    details: Mapping[str, Any],
) -> None:
    """Write down one thing that happened. details are sealed."""
    row = {
        "id": id,
        "inquiry_id": inquiry_id,
        "submission_id": submission_id or None,
        "at": at,
        "kind": kind,
        "summary": summary,
        "details": sealer.seal_json(dict(details), f"inquiry_event.details:{id}"),
    }
    connection.execute(inquiry_event.insert(), row)


def next_step(connection: Connection, inquiry_id: str) -> int:
    """The number of the next delivery of an inquiry; the inquiry itself was 0."""
    query = select(func.max(delivery.c.step)).where(delivery.c.inquiry_id == inquiry_id)
    return int(connection.execute(query).scalar() or 0) + 1


def change_inquiry(
    connection: Connection,
    sealer: Sealer,
    inquiry_id: str,
    details: Inquiry,
    stage: Stage,
    next_follow_up_at: datetime | None,
    missing: Sequence[str] | None = None,
) -> None:
    """What is known now, and where the inquiry stands; missing: None = as before."""
    values = {
        "details": sealer.seal_json(to_json(details), f"inquiry.details:{inquiry_id}"),
        "type": str(details.type),
        "stage": str(stage),
        "next_follow_up_at": next_follow_up_at,
    } | ({} if missing is None else {"missing": json.dumps(missing)})
    connection.execute(update(inquiry).where(inquiry.c.id == inquiry_id).values(values))


def set_next(connection: Connection, inquiry_id: str, next_follow_up_at: datetime | None) -> None:
    """When the inquiry is followed up next."""
    query = update(inquiry).where(inquiry.c.id == inquiry_id)
    connection.execute(query.values(next_follow_up_at=next_follow_up_at))


def add_follow_up(
    connection: Connection,
    sealer: Sealer,
    inquiry_id: str,
    owner: str,
    id_: str,
    plan: PlannedFollowUp,
    *,
    touch: str = "",
    state: str = "planned",
) -> None:
    """One more planned task of an inquiry; touch is its key in a cadence.

    owner is the inquiry's, who does it unless somebody stands in.
    """
    content = {"subject": plan.subject, "body": plan.body}
    row = {
        "id": id_,
        "inquiry_id": inquiry_id,
        "purpose": plan.purpose,
        "channel": plan.channel,
        "due_at": plan.due_at,
        "owner": plan.owner or owner,
        "state": state,
        "content": sealer.seal_json(content, f"follow_up.content:{id_}"),
        "reason": plan.reason,
        "touch": touch or None,
    }
    connection.execute(follow_up.insert(), row)


def cancel_follow_ups(
    connection: Connection,
    inquiry_id: str,
    *,
    channels: Sequence[str] = (),
    purposes: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> list[str]:
    """Call off tasks that are no longer wanted, also those in a CRM, but for those to keep; their ids.

    The CRMs have to be told: what they hold of them is to be closed there.
    """
    table = follow_up.c
    query = update(follow_up).where(table.inquiry_id == inquiry_id, table.state.in_(("planned", "in_crm")))
    if channels:
        query = query.where(table.channel.in_(list(channels)))
    if purposes:
        query = query.where(table.purpose.in_(list(purposes)))
    if keep:
        query = query.where(table.id.not_in(list(keep)))
    gone = query.values(state="cancelled", touch=None).returning(table.id)
    return list(connection.execute(gone).scalars())
