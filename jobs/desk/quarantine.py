"""Submissions that were set aside for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from jobs.desk.answers import Arrived, as_arrived
from jobs.desk.files import files_of
from jobs.ledger import submissions
from jobs.ledger.attachments import Kept
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services

PAGE = 50


@dataclass(frozen=True, slots=True)
class SetAsideLine:
    """One line of the list."""

    id: str
    path: str
    received_at: datetime
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """One page, newest first; older is the cursor of the next one ("" = this is the last)."""

    items: tuple[SetAsideLine, ...]
    older: str


@dataclass(frozen=True, slots=True)
class SetAsideSubmission:
    """One submission as it arrived; inquiry_id is what it became, "" when nothing; files came with it."""

    submission: Submission
    arrived: Arrived
    inquiry_id: str
    files: tuple[Kept, ...] = ()


def list_quarantined(services: Services, before: str = "") -> QuarantinePage:
    """The page of set-aside submissions older than the one with the id before."""
    table = submission.c
    query = select(table.id, table.path, table.received_at, table.reason_code, table.reason)
    query = query.where(table.state == "quarantined")
    if before:
        query = query.where(table.id < before)
    with services.ledger.read() as connection:
        rows = connection.execute(query.order_by(table.id.desc()).limit(PAGE + 1)).all()
    items = tuple(SetAsideLine(*row) for row in rows[:PAGE])
    return QuarantinePage(items, items[-1].id if len(rows) > PAGE else "")


def set_aside(services: Services, submission_id: str) -> SetAsideSubmission | None:
    """One submission, whatever became of it; None when there is none."""
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        if found is None:
            return None
        became = select(inquiry.c.id).where(inquiry.c.submission_id == submission_id)
        row = connection.execute(became).first()
    return SetAsideSubmission(
        found, as_arrived(services, found), row.id if row else "", files_of(services, found)
    )
