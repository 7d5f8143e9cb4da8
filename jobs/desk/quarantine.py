"""Submissions that were set aside for a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from jobs.desk.answers import Arrived, as_arrived
from jobs.desk.files import files_of
from jobs.desk.raw import Raw, raw_of
from jobs.desk.reasons import Reason, reason_of
from jobs.ledger import submissions
from jobs.ledger.attachments import Kept
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services

PAGE = 50
_MOST_COUNTED = 10_000
_MOST_RELATED = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them: a path, a reason code; "" is all."""

    path: str = ""
    code: str = ""

    def condition(self) -> tuple[ColumnElement[bool], ...]:
        """On submission rows."""
        table = submission.c
        found = [table.state == "quarantined"]
        found += [table.path == self.path] if self.path else []
        found += [table.reason_code == self.code] if self.code else []
        return tuple(found)


@dataclass(frozen=True, slots=True)
class SetAsideLine:
    """One line of the list; parent_id is the submission it is a part of."""

    id: str
    path: str
    received_at: datetime
    reason_code: str
    reason: str
    parent_id: str

    @property
    def title(self) -> str:
        """The reason in a few words."""
        return reason_of(self.reason_code).title


@dataclass(frozen=True, slots=True)
class Counted:
    """How many wait on a path for a reason (all together not counted beyond 10,000)."""

    path: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """One page, newest first; older is the cursor of the next one ("" = this is the last)."""

    items: tuple[SetAsideLine, ...]
    older: str
    counts: tuple[Counted, ...] = ()

    @property
    def paths(self) -> dict[str, int]:
        """How many wait on each path."""
        return _summed((one.path, one.count) for one in self.counts)

    @property
    def codes(self) -> dict[str, int]:
        """How many wait for each reason."""
        return _summed((one.code, one.count) for one in self.counts)


@dataclass(frozen=True, slots=True)
class Related:
    """The whole that a part came from, or one of its parts."""

    id: str
    state: str
    reason_code: str
    inquiry_id: str


@dataclass(frozen=True, slots=True)
class SetAsideSubmission:
    """One submission as it arrived; inquiry_id is what it became, "" when nothing; files came with it."""

    submission: Submission
    arrived: Arrived
    raw: Raw
    reason: Reason
    inquiry_id: str
    parent: Related | None
    parts: tuple[Related, ...]
    files: tuple[Kept, ...] = ()


def list_quarantined(services: Services, before: str = "", wanted: Wanted | None = None) -> QuarantinePage:
    """The page of set-aside submissions older than the one with the id before."""
    table = submission.c
    query = select(
        table.id, table.path, table.received_at, table.reason_code, table.reason, table.parent_id
    ).where(*(wanted or Wanted()).condition())
    if before:
        query = query.where(table.id < before)
    with services.ledger.read() as connection:
        rows = connection.execute(query.order_by(table.id.desc()).limit(PAGE + 1)).all()
        counts = _counted(connection)
    items = tuple(SetAsideLine(*row[:5], row.parent_id or "") for row in rows[:PAGE])
    return QuarantinePage(items, items[-1].id if len(rows) > PAGE else "", counts)


def set_aside(services: Services, submission_id: str) -> SetAsideSubmission | None:
    """One submission, whatever became of it; None when there is none."""
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, submission_id)
        if found is None:
            return None
        became = select(inquiry.c.id).where(inquiry.c.submission_id == submission_id)
        row = connection.execute(became).first()
        parent = _related(connection, submission.c.id == found.parent_id) if found.parent_id else ()
        parts = _related(connection, submission.c.parent_id == submission_id)
    return SetAsideSubmission(
        submission=found,
        arrived=as_arrived(services, found),
        raw=raw_of(services, found),
        reason=reason_of(found.reason_code),
        inquiry_id=row.id if row else "",
        parent=parent[0] if parent else None,
        parts=parts,
        files=files_of(services, found),
    )


def _counted(connection: Connection) -> tuple[Counted, ...]:
    table = submission.c
    some = (
        select(table.path, table.reason_code)
        .where(table.state == "quarantined")
        .limit(_MOST_COUNTED)
        .subquery()
        .c
    )
    rows = connection.execute(
        select(some.path, some.reason_code, func.count()).group_by(some.path, some.reason_code)
    )
    return tuple(Counted(*row) for row in rows)


def _related(connection: Connection, condition: ColumnElement[bool]) -> tuple[Related, ...]:
    table = submission.c
    rows = connection.execute(
        select(table.id, table.state, table.reason_code, inquiry.c.id.label("became"))
        .outerjoin(inquiry, inquiry.c.submission_id == table.id)
        .where(condition)
        .order_by(table.id)
        .limit(_MOST_RELATED)
    )
    return tuple(Related(row.id, row.state, row.reason_code, row.became or "") for row in rows)


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in counts:
        found[name] = found.get(name, 0) + count
    return dict(sorted(found.items(), key=lambda item: -item[1]))
