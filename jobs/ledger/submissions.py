"""Submissions: stored before anything else is done with them, found again when sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from jobs.ledger import attachments
from jobs.ledger.claims import Lane
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import Instant, submission

#: A sender without ids of its own may send the same content again for this long (intake-formats, rule 6).
REPEAT_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What besides the body is needed to read a submission again."""

    headers: dict[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    remote_addr: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """What arrived, with sensitive numbers taken out."""

    id: str
    path: str
    received_at: datetime
    content_type: str
    body: bytes
    request: RequestFacts
    state: str
    reason_code: str = ""
    reason: str = ""
    redactions: int = 0
    repeats: int = 0
    attempts: int = 0
    expired_at: datetime | None = None
    parent_id: str = ""  # the submission that this one is a part of
    lane: Lane = "live"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A submission that was stored before; same_content is False when only the sender's id is the same."""

    id: str
    same_content: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """A submission about to be stored. external_key identifies it by the sender's own id ("" = none)."""

    submission: Submission
    external_key: str
    content_hash: str


# Statements made once: composing one costs more than running it.
_SAME = select(submission.c.id, submission.c.content_hash).where(submission.c.path == bindparam("p"))
_ADD = submission.insert()
_BY_KEY = _SAME.where(submission.c.dedupe_key == bindparam("key"))
_BY_CONTENT = (
    _SAME.where(
        submission.c.content_hash == bindparam("content"),
        submission.c.received_at > bindparam("since", type_=Instant),
    )
    .order_by(submission.c.id)
    .limit(1)
)


def find_repeat(ledger: Ledger, connection: Connection, arrival: Arrival) -> Repeat | None:
    """The same submission if it was stored before.

    Holds the path's key until the transaction ends, so that fifty at once meet here.
    """
    new = arrival.submission
    ledger.lock(connection, f"submission:{new.path}:{arrival.external_key or arrival.content_hash}")
    if arrival.external_key:
        row = connection.execute(_BY_KEY, {"p": new.path, "key": arrival.external_key}).first()
    else:
        since = new.received_at - REPEAT_WINDOW
        row = connection.execute(
            _BY_CONTENT, {"p": new.path, "content": arrival.content_hash, "since": since}
        ).first()
    if row is None:
        return None
    again = {"repeats": submission.c.repeats + 1}
    connection.execute(update(submission).where(submission.c.id == row.id).values(again))
    return Repeat(row.id, row.content_hash == arrival.content_hash)


def add(connection: Connection, sealer: Sealer, arrival: Arrival) -> None:
    """Store one submission."""
    connection.execute(_ADD, _row(sealer, arrival))


def _row(sealer: Sealer, arrival: Arrival) -> dict[str, object]:
    new = arrival.submission
    return {
        "id": new.id,
        "path": new.path,
        "parent_id": new.parent_id or None,
        "lane": new.lane,
        "received_at": new.received_at,
        # Without a sender's id the row's own id keeps the column unique; content is looked up instead.
        "dedupe_key": arrival.external_key or new.id,
        "content_hash": arrival.content_hash,
        "content_type": new.content_type,
        "body": sealer.seal(new.body, f"submission.body:{new.id}"),
        "request": sealer.seal_json(to_json(new.request), f"submission.request:{new.id}"),
        "redactions": new.redactions,
        "state": new.state,
        "reason_code": new.reason_code,
        "reason": new.reason,
        "attempts": 0,
        "repeats": 0,
    }


def add_new(connection: Connection, sealer: Sealer, arrivals: Sequence[Arrival]) -> int:
    """Store those of one path that are not known by their key; how many were new.

    The caller holds the lock on the path's imports: nobody else brings the same rows at this moment.
    """
    if not arrivals:
        return 0
    by_key = {one.external_key: one for one in arrivals}
    present = known_keys(connection, arrivals[0].submission.path, list(by_key))
    fresh = [_row(sealer, one) for key, one in by_key.items() if key not in present]
    if fresh:
        connection.execute(submission.insert(), fresh)
    return len(fresh)


def known_keys(connection: Connection, path: str, keys: Sequence[str]) -> frozenset[str]:
    """Those of a path's keys under which something is stored already."""
    query = select(submission.c.dedupe_key).where(
        submission.c.path == path, submission.c.dedupe_key.in_(list(keys))
    )
    return frozenset(connection.execute(query).scalars())


def get(connection: Connection, sealer: Sealer, submission_id: str) -> Submission | None:
    """One submission, opened."""
    row = connection.execute(select(submission).where(submission.c.id == submission_id)).first()
    return None if row is None else opened(row, sealer)


def newest(connection: Connection, path: str) -> str:
    """The id of what arrived last on a path; "" when nothing did."""
    query = select(submission.c.id).where(submission.c.path == path).order_by(submission.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


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


def opened(row: Any, sealer: Sealer) -> Submission:
    """A stored row, opened. Raises SealBroken."""
    facts = sealer.open_json(row.request, f"submission.request:{row.id}")
    return Submission(
        id=row.id,
        path=row.path,
        received_at=row.received_at,
        content_type=row.content_type,
        body=sealer.open(row.body, f"submission.body:{row.id}"),
        request=from_json(facts, RequestFacts),
        state=row.state,
        reason_code=row.reason_code,
        reason=row.reason,
        redactions=row.redactions,
        repeats=row.repeats,
        attempts=row.attempts,
        expired_at=row.expired_at,
        parent_id=row.parent_id or "",
        lane=row.lane,
    )
