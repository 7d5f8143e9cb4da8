"""What becomes of a stored submission: processed, set aside, let in again, emptied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from jobs.ledger import attachments
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import submission

_SETTLE = update(submission).where(
    submission.c.id == bindparam("row"), submission.c.state == bindparam("expected")
)


def become(
    connection: Connection, sealer: Sealer, submission_id: str, content_type: str, body: bytes, state: str
) -> None:
    """Go on with another content: a pointer that is to be fetched, or what was fetched."""
    values = {
        "content_type": content_type,
        "body": sealer.seal(body, f"submission.body:{submission_id}"),
        "state": state,
        "attempts": 0,
        "lease_until": None,
        "reason": "",
    }
    going = submission.c.state.in_(("received", "fetching"))
    connection.execute(update(submission).where(submission.c.id == submission_id, going).values(values))


def settle(
    connection: Connection,
    submission_id: str,
    state: str,
    *,
    code: str = "",
    reason: str = "",
    expected: str = "received",
) -> bool:
    """Move a submission on; False when somebody else did already."""
    values = {"state": state, "reason_code": code, "reason": reason, "lease_until": None}
    done = connection.execute(_SETTLE, {"row": submission_id, "expected": expected, **values})
    return bool(done.rowcount == 1)


def wait_for_partner(
    connection: Connection, submission_id: str, partner_id: str, code: str, reason: str
) -> None:
    """Set a received submission aside until its partner is approved; without one it is taken up anew."""
    values: dict[str, object] = {"lease_until": None}
    if partner_id:
        values |= {"state": "quarantined", "reason_code": code, "reason": reason, "partner_id": partner_id}
    here = (submission.c.id == submission_id, submission.c.state == "received")
    connection.execute(update(submission).where(*here).values(values))


_PROCESSED = (
    update(submission)
    .where(submission.c.id.in_(bindparam("ids", expanding=True)), submission.c.state == "received")
    .values(state="processed", reason_code="", reason="", lease_until=None)
    .returning(submission.c.id)
)


def settle_processed(connection: Connection, ids: Sequence[str]) -> frozenset[str]:
    """Move received submissions on; the ids of those that nobody else had moved before."""
    return frozenset(connection.execute(_PROCESSED, {"ids": list(ids)}).scalars())


def any_captured(connection: Connection, paths: Sequence[str]) -> bool:
    """True when these paths hold submissions that were only captured."""
    table = submission.c
    query = select(table.id).where(table.state == "captured", table.path.in_(list(paths))).limit(1)
    return connection.execute(query).first() is not None


def release_captured(connection: Connection, paths: Sequence[str]) -> list[str]:
    """What these paths captured while they were not live yet may be processed now."""
    table = submission.c
    rows = connection.execute(
        select(table.id).where(table.state == "captured", table.path.in_(list(paths))).order_by(table.id)
    ).all()
    ids = [row.id for row in rows]
    if ids:
        connection.execute(update(submission).where(table.id.in_(ids)).values(state="received"))
    return ids


#: Set by a person who looked at it: it is no longer judged for spam, nor its sender doubted.
RELEASED = "released"


def release(connection: Connection, submission_id: str, *, accepted: bool, state: str = "received") -> bool:
    """Let a quarantined submission be processed again; False when it is not in quarantine (any more).

    accepted: a person says that it is genuine. state is captured where its path decides nothing now.
    """
    code = RELEASED if accepted else ""
    values = {"state": state, "attempts": 0, "lease_until": None, "reason_code": code, "reason": ""}
    done = connection.execute(_SETTLE, {"row": submission_id, "expected": "quarantined", **values})
    return bool(done.rowcount == 1)


def discard(connection: Connection, submission_id: str) -> bool:
    """Take it out of quarantine for good, its reason kept; False when it is not in quarantine (any more)."""
    table = submission.c
    waiting = update(submission).where(table.id == submission_id, table.state == "quarantined")
    return bool(connection.execute(waiting.values(state="discarded", lease_until=None)).rowcount == 1)


def expire(connection: Connection, sealer: Sealer, *, before: datetime, now: datetime, limit: int) -> int:
    """Empty what arrived before a moment and is no longer needed; how many were emptied."""
    table = submission.c
    query = (
        select(table.id)
        .where(
            table.received_at < before,
            table.expired_at.is_(None),
            table.state.not_in(["received", "captured", "fetching"]),
        )
        .limit(limit)
    )
    ids = connection.execute(query).scalars().all()
    attachments.forget(connection, ids)
    for each in ids:
        body = sealer.seal(b"", f"submission.body:{each}")
        request = sealer.seal_json({}, f"submission.request:{each}")
        values = {"body": body, "request": request, "expired_at": now}
        connection.execute(update(submission).where(table.id == each), values)
    return len(ids)
