"""Stored inquiries in the order in which they arrived, understood anew where what arrived is still kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from jobs.deciding.process import understood
from jobs.intake.reading import read_parts
from jobs.ledger import submissions
from jobs.ledger.codec import from_json
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry as table
from jobs.ledger.tables import submission as arrived
from jobs.services import Services
from mapping.answers import Answers
from mapping.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored inquiry and what arrived; anew says that it was understood again just now."""

    id: str
    submission: Submission
    partner_id: str
    inquiry: Inquiry
    anew: bool


def replay(services: Services, since: datetime, size: int) -> Iterator[list[Replayed]]:
    """Every inquiry received since then whose path is still there, some at a time."""
    after = (since, "")
    while True:
        with services.ledger.read() as connection:
            rows = _rows(connection, after, size)
        if not rows:
            return
        after = (rows[-1].inquiry_at, rows[-1].inquiry_id)
        yield [_replayed(services, row) for row in rows if row.path in services.settings.paths]


def how_many(services: Services, since: datetime) -> int:
    """How many inquiries were received since then."""
    with services.ledger.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.received_at > since)
        return connection.execute(query).scalar() or 0


def _rows(connection: Connection, after: tuple[datetime, str], size: int) -> list[Row[Any]]:
    at, id_ = after
    query = (
        select(
            arrived,
            table.c.id.label("inquiry_id"),
            table.c.received_at.label("inquiry_at"),
            table.c.partner_id.label("sender_id"),
            table.c.details,
        )
        .join(arrived, arrived.c.id == table.c.submission_id)
        .where(or_(table.c.received_at > at, and_(table.c.received_at == at, table.c.id > id_)))
        .order_by(table.c.received_at, table.c.id)
        .limit(size)
    )
    return list(connection.execute(query))


def _replayed(services: Services, row: Row[Any]) -> Replayed:
    submission = submissions.opened(row, services.sealer)
    found = None if submission.expired_at else again(services, submission)
    inquiry = found or _stored(services, row)
    return Replayed(row.inquiry_id, submission, row.sender_id or "", inquiry, found is not None)


def again(services: Services, submission: Submission) -> Inquiry | None:
    """The inquiry as it would be understood today; None where that is not known from the submission alone.

    What a person released, and what a link stands for, is known to the ledger only.
    """
    try:
        parts = read_parts(services, submission)
        if len(parts) != 1 or not isinstance(parts[0], Answers):
            return None
        inquiry = understood(services, submission, parts[0])
    except Exception:  # whatever keeps it from being understood today would set it aside
        return None
    return inquiry if inquiry.borrower.reachable and inquiry.application is None else None


def _stored(services: Services, row: Row[Any]) -> Inquiry:
    sealed = services.sealer.open_json(row.details, f"inquiry.details:{row.inquiry_id}")
    return from_json(sealed, Inquiry)
