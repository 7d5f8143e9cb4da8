"""Open alerts: what a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from jobs.desk.viewer import Viewer
from jobs.ledger.tables import alert, delivery, inquiry
from jobs.services import Services

_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Alert:
    """One open alert; inquiry_id is what it is about, "" when it is about something else."""

    id: str
    at: datetime
    kind: str
    message: str
    inquiry_id: str


def open_alerts(services: Services, viewer: Viewer) -> tuple[Alert, ...]:
    """The newest open alerts; whoever sees only their own inquiries sees only the alerts about those."""
    query = (
        select(alert, inquiry.c.id.label("inquiry_id"))
        .outerjoin(delivery, delivery.c.id == alert.c.object_id)
        .outerjoin(inquiry, inquiry.c.id == func.coalesce(delivery.c.inquiry_id, alert.c.object_id))
        .where(alert.c.acknowledged_at.is_(None))
    )
    if viewer.owner_email:
        query = query.where(inquiry.c.id.is_not(None), viewer.may_see())
    with services.ledger.read() as connection:
        rows = connection.execute(query.order_by(alert.c.id.desc()).limit(_MOST_SHOWN)).all()
    return tuple(Alert(row.id, row.at, row.kind, row.message, row.inquiry_id or "") for row in rows)
