"""Taking submissions up: what is to be processed, what is to be fetched, each by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from jobs.ledger.claims import LANES, Lane
from jobs.ledger.seal import Sealer
from jobs.ledger.submissions import Submission, opened
from jobs.ledger.tables import Instant, submission

_RECEIVED = select(submission.c.id).where(submission.c.state == "received").limit(1)


def any_received(connection: Connection) -> bool:
    """True when something waits to be processed, or is being processed."""
    return connection.execute(_RECEIVED).first() is not None


def _claiming(fresh: bool, lane: Lane | None = None) -> ReturningUpdate[Any]:
    table = submission.c
    free = or_(table.lease_until.is_(None), table.lease_until < bindparam("now", type_=Instant))
    due = select(table.id).where(
        table.state == "received", free, table.attempts == 0 if fresh else table.attempts > 0
    )
    if lane:
        due = due.where(table.lane == lane)
    due = due.order_by(table.id).limit(bindparam("most")).with_for_update(skip_locked=True)
    values = {"lease_until": bindparam("until", type_=Instant), "attempts": table.attempts + 1}
    return update(submission).where(table.id.in_(due)).values(values).returning(submission)


_FRESH = tuple(_claiming(fresh=True, lane=lane) for lane in LANES)
_SHAKEN = _claiming(fresh=False)


def claim(
    connection: Connection, sealer: Sealer, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Submission]:
    """Take up received submissions nobody works on: live ones before what is brought over, oldest first.

    The attempt counts before the work.
    One that outlived a crash is taken alone: its neighbours in that batch are no reason for the next crash.
    """
    when = {"now": now, "until": now + lease}
    rows: Sequence[Any] = ()
    for fresh in _FRESH:
        rows = rows or connection.execute(fresh, {**when, "most": limit}).all()
    if not rows:
        rows = connection.execute(_SHAKEN, {**when, "most": 1}).all()
    return [opened(row, sealer) for row in sorted(rows, key=lambda row: row.id)]


_WAITING = submission.c.state == "fetching"
_NEXT_FETCH = select(submission.c.lease_until, submission.c.received_at).where(_WAITING)


def next_fetch_at(connection: Connection) -> datetime | None:
    """When the next fetch is due; None when none waits."""
    rows = connection.execute(_NEXT_FETCH.order_by(submission.c.lease_until).limit(100)).all()
    return min((row.lease_until or row.received_at for row in rows), default=None)


def claim_fetches(
    connection: Connection, sealer: Sealer, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Submission]:
    """Take up submissions whose content is to be fetched now; the attempt counts before the work."""
    free = or_(submission.c.lease_until.is_(None), submission.c.lease_until <= now)
    due = select(submission.c.id).where(_WAITING, free).order_by(submission.c.id).limit(limit)
    claiming = (
        update(submission)
        .where(submission.c.id.in_(due.with_for_update(skip_locked=True)))
        .values(lease_until=now + lease, attempts=submission.c.attempts + 1)
        .returning(submission)
    )
    rows = connection.execute(claiming).all()
    return [opened(row, sealer) for row in sorted(rows, key=lambda row: row.id)]


def postpone(connection: Connection, submission_id: str, until: datetime, reason: str) -> None:
    """Fetch it later."""
    values = {"lease_until": until, "reason": reason}
    connection.execute(update(submission).where(submission.c.id == submission_id, _WAITING).values(values))
