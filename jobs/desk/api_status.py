"""What became of an inquiry that was posted through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from jobs.desk.sent import deliveries_of
from jobs.ledger import plans, submissions
from jobs.ledger.plans import Plan
from jobs.ledger.tables import follow_up, inquiry
from jobs.services import Services


def status_of(services: Services, path: str, submission_id: str) -> dict[str, Any] | None:
    """The status as the API shows it; None when this path got no such submission."""
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        if found is None or found.path != path:
            return None
        row = connection.execute(select(inquiry).where(inquiry.c.submission_id == submission_id)).first()
        shown: dict[str, Any] = {
            "id": found.id,
            # What waits in quarantine is not told apart: who sends spam learns nothing.
            "status": "processed" if found.state == "processed" else "received",
            "received_at": found.received_at.isoformat(),
            "inquiry": None,
        }
        if row is None:
            return shown
        tasks = connection.execute(select(follow_up.c.id).where(follow_up.c.inquiry_id == row.id)).scalars()
        plan = plans.get(connection, row.id)
        keys = sorted({row.borrower_id, row.co_borrower_id or "", row.id, *tasks} - {""})
        sent = deliveries_of(services, connection, row.id, keys)
    shown["inquiry"] = {
        "id": row.id,
        "type": row.type,
        "stage": row.stage,
        "owner": row.owner_name or row.owner,
        "known_borrower": row.known_borrower,
        "priority": row.priority,
        "next_follow_up_at": row.next_follow_up_at.isoformat() if row.next_follow_up_at else None,
        "follow_up": _follow_up(plan, services.now()),
        "deliveries": [
            {
                "crm": one.crm,
                "status": one.state,
                "delivered_at": one.delivered_at.isoformat() if one.delivered_at else None,
                "error": one.error,
                "records": [{"kind": record.kind, "id": record.remote_id} for record in one.records],
            }
            for one in sent
        ],
    }
    return shown


def inquiry_of(services: Services, path: str, submission_id: str) -> str | None:
    """The inquiry that a submission of this path became, "" for none (yet); None when there is none such."""
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        if found is None or found.path != path:
            return None
        query = select(inquiry.c.id).where(inquiry.c.submission_id == submission_id)
        return connection.execute(query).scalar() or ""


def _follow_up(plan: Plan | None, now: datetime) -> dict[str, Any]:
    """Whether it is followed up, as a person said last."""
    until = plan.paused_until if plan and plan.paused_until and plan.paused_until > now else None
    state = "paused" if until else plan.state if plan else "running"
    return {"state": state, "paused_until": until.isoformat() if until else None}
