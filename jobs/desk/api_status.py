"""What became of an inquiry that was posted through the API."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from jobs.desk.sent import deliveries_of
from jobs.ledger import submissions
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
