"""Inquiries with their decisions and follow-ups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from jobs.ledger import plans
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import follow_up, inquiry, owner_turn
from mapping.follow_up.first_task import PlannedFollowUp
from mapping.inquiry import Inquiry, Stage
from mapping.priority.score import Priority


@dataclass(frozen=True, slots=True)
class Decided:
    """One inquiry with everything that was decided about it, ready to be stored."""

    id: str
    submission_id: str
    borrower_id: str
    co_borrower_id: str
    partner_id: str
    inquiry: Inquiry
    owner: str
    owner_name: str
    known_borrower: bool
    shadow: bool
    playbook: str
    decisions: tuple[tuple[str, str], ...]  # (what it is about, reason in words without personal data)
    missing: tuple[str, ...]
    follow_ups: tuple[tuple[str, PlannedFollowUp], ...]  # (id, plan)
    priority: Priority


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows of one inquiry and its follow-ups: sealed already, so that storing is short."""

    inquiry: Mapping[str, object]
    follow_ups: tuple[Mapping[str, object], ...]
    plan: Mapping[str, object]


def entry(sealer: Sealer, new: Decided) -> Entry:
    """An inquiry and its planned follow-ups."""
    due = [plan.due_at for _, plan in new.follow_ups]
    row = {
        "id": new.id,
        "submission_id": new.submission_id,
        "borrower_id": new.borrower_id,
        "co_borrower_id": new.co_borrower_id or None,
        "partner_id": new.partner_id or None,
        "path": new.inquiry.path,
        "received_at": new.inquiry.received_at,
        "type": str(new.inquiry.type),
        "stage": str(Stage.NEW),
        "owner": new.owner,
        "owner_name": new.owner_name,
        "known_borrower": new.known_borrower,
        "shadow": new.shadow,
        "playbook": new.playbook,
        "details": sealer.seal_json(to_json(new.inquiry), f"inquiry.details:{new.id}"),
        "decisions": json.dumps(new.decisions),
        "missing": json.dumps(new.missing),
        "next_follow_up_at": min(due, default=None),
        "priority": new.priority.score,
        "priority_reasons": json.dumps(new.priority.reasons),
    }
    plan = plans.first_plan(new.id, new.inquiry, min(due, default=new.inquiry.received_at))
    follow_ups = tuple(_follow_up_row(sealer, new, *item) for item in new.follow_ups)
    return Entry(row, follow_ups, plans.row(plan))


def add(connection: Connection, entries: Sequence[Entry]) -> None:
    """Store inquiries, their planned follow-ups, and when somebody looks what comes next."""
    connection.execute(inquiry.insert(), [dict(one.inquiry) for one in entries])
    follow_ups = [dict(row) for one in entries for row in one.follow_ups]
    if follow_ups:
        connection.execute(follow_up.insert(), follow_ups)
    plans.add(connection, [one.plan for one in entries])


def _follow_up_row(sealer: Sealer, new: Decided, id_: str, plan: PlannedFollowUp) -> dict[str, object]:
    content = {"subject": plan.subject, "body": plan.body}
    return {
        "id": id_,
        "inquiry_id": new.id,
        "purpose": plan.purpose,
        "channel": plan.channel,
        "due_at": plan.due_at,
        "owner": new.owner,
        "state": "planned",
        "content": sealer.seal_json(content, f"follow_up.content:{id_}"),
        "reason": plan.reason,
    }


def exists(connection: Connection, submission_id: str) -> bool:
    """True when this submission already became an inquiry."""
    return (
        connection.execute(select(inquiry.c.id).where(inquiry.c.submission_id == submission_id)).first()
        is not None
    )


def of_borrower(connection: Connection, borrower_id: str) -> list[str]:
    """The ids of a borrower's inquiries, the newest first."""
    query = select(inquiry.c.id).where(inquiry.c.borrower_id == borrower_id).order_by(inquiry.c.id.desc())
    return list(connection.execute(query).scalars())


def newest_with(connection: Connection, borrower_id: str) -> str:
    """The newest inquiry of a person as borrower, else as co-borrower; "" when there is none."""
    for column in (inquiry.c.borrower_id, inquiry.c.co_borrower_id):
        newest = connection.execute(select(func.max(inquiry.c.id)).where(column == borrower_id)).scalar()
        if newest:
            return str(newest)
    return ""


def details(connection: Connection, sealer: Sealer, inquiry_id: str) -> Inquiry | None:
    """The canonical inquiry, opened."""
    row = connection.execute(select(inquiry.c.details).where(inquiry.c.id == inquiry_id)).first()
    return (
        None
        if row is None
        else from_json(sealer.open_json(row.details, f"inquiry.details:{inquiry_id}"), Inquiry)
    )


_TURNS = select(owner_turn)


def turns(connection: Connection) -> dict[str, float]:
    """How far each member's pointer in the round robin has moved."""
    return {row.member: row.pointer for row in connection.execute(_TURNS)}


_MOVE = update(owner_turn).where(owner_turn.c.member == bindparam("who"))


def save_turns(connection: Connection, before: Mapping[str, float], after: Mapping[str, float]) -> None:
    """Write the pointers that moved."""
    new = [{"member": who, "pointer": at} for who, at in after.items() if who not in before]
    moved = [{"who": who, "pointer": at} for who, at in after.items() if before.get(who, at) != at]
    if new:
        connection.execute(owner_turn.insert(), new)
    if moved:
        connection.execute(_MOVE, moved)


def give_to(
    connection: Connection,
    inquiry_id: str,
    owner: str,
    name: str,
    reasons: Sequence[tuple[str, str]],
    *,
    due_at: datetime | None = None,
) -> None:
    """An inquiry has another owner from now on; the reasons (about, sentence) join those of its decision.

    due_at is its next date, None = that stays.
    """
    table = inquiry.c
    before = connection.execute(select(table.decisions).where(table.id == inquiry_id)).scalar_one()
    decisions = json.dumps([*json.loads(before), *reasons])
    values: dict[str, object] = {"owner": owner, "owner_name": name, "decisions": decisions}
    values |= {"next_follow_up_at": due_at} if due_at is not None else {}
    connection.execute(update(inquiry).where(table.id == inquiry_id).values(**values))


def move_to(connection: Connection, inquiry_id: str, stage: Stage) -> None:
    """An inquiry stands in another stage from now on."""
    connection.execute(update(inquiry).where(inquiry.c.id == inquiry_id).values(stage=str(stage)))


def open_follow_ups(connection: Connection, inquiry_id: str) -> Sequence[Row[Any]]:
    """What is still to be done for an inquiry, as it is stored."""
    table = follow_up.c
    query = select(follow_up).where(table.inquiry_id == inquiry_id, table.state.in_(("planned", "in_crm")))
    return connection.execute(query.order_by(table.due_at, table.id)).all()


def hand_over(
    connection: Connection, sealer: Sealer, follow_up_id: str, owner: str, plan: PlannedFollowUp
) -> None:
    """Somebody else (an email) does a task from now on, by this plan."""
    content = {"subject": plan.subject, "body": plan.body}
    values = {
        "owner": owner,
        "due_at": plan.due_at,
        "reason": plan.reason,
        "content": sealer.seal_json(content, f"follow_up.content:{follow_up_id}"),
    }
    connection.execute(update(follow_up).where(follow_up.c.id == follow_up_id).values(**values))


def mark_done(connection: Connection, follow_up_id: str) -> None:
    """A task was done."""
    connection.execute(update(follow_up).where(follow_up.c.id == follow_up_id).values(state="done"))


def mark_follow_ups(connection: Connection, ids: Sequence[str], state: str) -> None:
    """These planned follow-ups are now in the CRM."""
    if ids:
        connection.execute(
            update(follow_up)
            .where(follow_up.c.id.in_(list(ids)), follow_up.c.state == "planned")
            .values(state=state)
        )
