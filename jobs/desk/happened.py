"""What happened to an inquiry after it came: applications, meetings, files, messages, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from jobs.ledger.codec import from_json
from jobs.ledger.tables import inquiry_event
from jobs.services import Services
from mapping.inquiry import Inquiry

_MOST = 100


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing: summary has no personal data, heard is what was said then."""

    at: datetime
    kind: str
    summary: str
    submission_id: str
    heard: Inquiry


def happened_to(services: Services, connection: Connection, inquiry_id: str) -> tuple[Happened, ...]:
    """Everything, the newest first."""
    table = inquiry_event.c
    query = select(inquiry_event).where(table.inquiry_id == inquiry_id)
    rows = connection.execute(query.order_by(table.at.desc(), table.id.desc()).limit(_MOST))
    return tuple(_shown(services, row) for row in rows)


def _shown(services: Services, row: Any) -> Happened:
    details = services.sealer.open_json(row.details, f"inquiry_event.details:{row.id}")
    heard = from_json(details, Inquiry)
    return Happened(row.at, row.kind, row.summary, row.submission_id or "", heard)
