"""Submissions: stored before anything else is done with them, found again when sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from jobs.ledger import quick
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
    """A submission about to be stored; body and request are sealed.

    external_key identifies it by the sender's own id ("" = none).
    """

    submission: Submission
    external_key: str
    content_hash: str
    body: bytes
    request: bytes


def sealed(sealer: Sealer, new: Submission, *, external_key: str, content_hash: str) -> Arrival:
    """Ready to be stored: others wait while a transaction is open, so nothing is left for it to do."""
    body = sealer.seal(new.body, f"submission.body:{new.id}")
    request = sealer.seal_json(to_json(new.request), f"submission.request:{new.id}")
    return Arrival(new, external_key, content_hash, body, request)


# Statements made once: composing one costs more than running it.
_SAME = select(submission.c.id, submission.c.content_hash).where(submission.c.path == bindparam("p"))
_BY_KEY = _SAME.where(submission.c.dedupe_key == bindparam("key"))
_BY_CONTENT = (
    _SAME.where(
        submission.c.content_hash == bindparam("content"),
        submission.c.received_at > bindparam("since", type_=Instant),
    )
    .order_by(submission.c.id)
    .limit(quick.at_most(1))
)
_COLUMNS = (
    *("id", "path", "parent_id", "lane", "received_at", "dedupe_key", "content_hash", "content_type", "body"),
    *("request", "redactions", "state", "reason_code", "reason", "attempts", "repeats"),
)
_ADD = submission.insert().values({name: bindparam(name) for name in _COLUMNS})


def find_repeat(ledger: Ledger, connection: Connection, arrival: Arrival) -> Repeat | None:
    """The same submission if it was stored before.

    Holds the path's key until the transaction ends, so that fifty at once meet here.
    """
    new = arrival.submission
    ledger.lock(connection, f"submission:{new.path}:{arrival.external_key or arrival.content_hash}")
    if arrival.external_key:
        found = quick.rows(connection, _BY_KEY, {"p": new.path, "key": arrival.external_key})
    else:
        since = new.received_at - REPEAT_WINDOW
        wanted = {"p": new.path, "content": arrival.content_hash, "since": since}
        found = quick.rows(connection, _BY_CONTENT, wanted)
    if not found:
        return None
    id_, content_hash = found[0]
    again = {"repeats": submission.c.repeats + 1}
    connection.execute(update(submission).where(submission.c.id == id_).values(again))
    return Repeat(id_, content_hash == arrival.content_hash)


def add(connection: Connection, arrival: Arrival) -> None:
    """Store one submission."""
    quick.run(connection, _ADD, [_row(arrival)])


def _row(arrival: Arrival) -> dict[str, object]:
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
        "body": arrival.body,
        "request": arrival.request,
        "redactions": new.redactions,
        "state": new.state,
        "reason_code": new.reason_code,
        "reason": new.reason,
        "attempts": 0,
        "repeats": 0,
    }


def add_new(connection: Connection, arrivals: Sequence[Arrival]) -> int:
    """Store those of one path that are not known by their key; how many were new.

    The caller holds the lock on the path's imports: nobody else brings the same rows at this moment.
    """
    if not arrivals:
        return 0
    by_key = {one.external_key: one for one in arrivals}
    present = known_keys(connection, arrivals[0].submission.path, list(by_key))
    fresh = [_row(one) for key, one in by_key.items() if key not in present]
    if fresh:
        quick.run(connection, _ADD, fresh)
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
