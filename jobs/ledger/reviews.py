"""Reviews and what people said in them: pairs of borrowers who may be one person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select, update

from jobs.ledger import quick
from jobs.ledger.review_tables import borrower_alias, review, verdict

ReviewState = Literal["open", "merged", "household", "different", "unknown", "unanswered"]
Says = Literal["different", "household"]

#: (lower id, higher id) of two borrowers.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Review:
    """A pair somebody is asked about: the borrower of an inquiry, mostly new, and one who was known before.

    score is the evidence for their being one, in bits; reasons are sentences without personal data.
    """

    id: str
    inquiry_id: str
    borrower_id: str
    candidate_id: str
    score: float
    reasons: tuple[str, ...]
    state: ReviewState
    opened_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""


def pair(one: str, other: str) -> Pair:
    """The two ids in the order in which a pair is stored."""
    return (one, other) if one < other else (other, one)


def open_all(connection: Connection, new: Sequence[Review]) -> None:
    """Ask about these pairs, each once for ever: a pair that was asked about, or judged, is left out."""
    if not new:
        return
    ids = sorted({id_ for one in new for id_ in (one.borrower_id, one.candidate_id)})
    asked = connection.execute(
        select(review.c.borrower_id, review.c.candidate_id).where(
            review.c.borrower_id.in_([one.borrower_id for one in new])
        )
    )
    known = {pair(*row) for row in asked} | set(verdicts(connection, ids))
    fresh = {pair(one.borrower_id, one.candidate_id): _row(one) for one in new}
    rows = [row for key, row in fresh.items() if key not in known]
    if rows:
        connection.execute(review.insert(), rows)


def _row(one: Review) -> dict[str, object]:
    return {
        "id": one.id,
        "inquiry_id": one.inquiry_id,
        "borrower_id": one.borrower_id,
        "candidate_id": one.candidate_id,
        "score": one.score,
        "reasons": json.dumps(one.reasons),
        "state": one.state,
        "opened_at": one.opened_at,
    }


def get(connection: Connection, review_id: str) -> Review | None:
    """One review, None when there is none."""
    row = connection.execute(select(review).where(review.c.id == review_id)).first()
    return None if row is None else _review(row)


def listed(connection: Connection, state: ReviewState, *, before: str = "", limit: int) -> list[Review]:
    """Reviews of one state older than the one with the id before ("" = from the newest), newest first."""
    query = select(review).where(review.c.state == state).order_by(review.c.id.desc()).limit(limit)
    if before:
        query = query.where(review.c.id < before)
    return [_review(row) for row in connection.execute(query)]


def about(connection: Connection, borrower_ids: Sequence[str]) -> list[Review]:
    """Every review in which one of these borrowers is a side, the newest first."""
    ids = list(borrower_ids)
    found = review.c.borrower_id.in_(ids) | review.c.candidate_id.in_(ids)
    rows = connection.execute(select(review).where(found).order_by(review.c.id.desc()))
    return [_review(row) for row in rows]


def of_inquiry(connection: Connection, inquiry_id: str) -> list[Review]:
    """The reviews that an inquiry opened, the likeliest candidate first."""
    query = select(review).where(review.c.inquiry_id == inquiry_id)
    return [_review(row) for row in connection.execute(query.order_by(review.c.score.desc(), review.c.id))]


def unanswered(connection: Connection, opened_before: datetime, limit: int) -> list[Review]:
    """Open reviews that were opened before this moment, the oldest first."""
    query = select(review).where(review.c.state == "open", review.c.opened_at < opened_before)
    return [_review(row) for row in connection.execute(query.order_by(review.c.id).limit(limit))]


def since(connection: Connection, opened_after: datetime, limit: int) -> list[Review]:
    """Reviews that were opened after this moment, the newest first."""
    query = select(review).where(review.c.opened_at > opened_after).order_by(review.c.id.desc()).limit(limit)
    return [_review(row) for row in connection.execute(query)]


def count_open(connection: Connection, most: int) -> int:
    """How many wait for an answer, counted up to most: every page of the desk asks."""
    waiting = select(review.c.id).where(review.c.state == "open").limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(waiting)).scalar_one())


def _review(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        inquiry_id=row.inquiry_id,
        borrower_id=row.borrower_id,
        candidate_id=row.candidate_id,
        score=row.score,
        reasons=tuple(json.loads(row.reasons)),
        state=row.state,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by or "",
    )


def close(connection: Connection, review_id: str, state: ReviewState, *, by: str, at: datetime) -> None:
    """Write down the answer, or that none came."""
    values = {"state": state, "decided_at": at, "decided_by": by}
    connection.execute(update(review).where(review.c.id == review_id).values(values))


@cache
def _verdicts_among(number: int) -> Select[Any]:
    ids = quick.slots(number)
    facts = (verdict.c.one, verdict.c.other, verdict.c.says)
    return select(*facts).where(verdict.c.one.in_(ids), verdict.c.other.in_(ids))


def verdicts(connection: Connection, borrower_ids: Iterable[str]) -> dict[Pair, Says]:
    """What people said about pairs among these borrowers: each is two people, for good."""
    ids = sorted(set(borrower_ids))
    if len(ids) < 2:
        return {}
    rows = quick.rows(connection, _verdicts_among(len(ids)), quick.numbered(ids))
    return {(one, other): says for one, other, says in rows}


@cache
def _asked_among(number: int) -> Select[Any]:
    ids = quick.slots(number)
    facts = (review.c.borrower_id, review.c.candidate_id)
    return select(*facts).where(review.c.borrower_id.in_(ids), review.c.candidate_id.in_(ids))


def asked(connection: Connection, borrower_ids: Iterable[str]) -> frozenset[Pair]:
    """The pairs among these borrowers that people are or were asked about."""
    ids = sorted(set(borrower_ids))
    if len(ids) < 2:
        return frozenset()
    rows = quick.rows(connection, _asked_among(len(ids)), quick.numbered(ids))
    return frozenset(pair(*row) for row in rows)


def verdicts_about(connection: Connection, borrower_id: str) -> list[Row[Any]]:
    """Every verdict in which this borrower is a side: one, other, says, at, by."""
    mine = (verdict.c.one == borrower_id) | (verdict.c.other == borrower_id)
    return list(connection.execute(select(verdict).where(mine).order_by(verdict.c.one, verdict.c.other)))


def remember(connection: Connection, one: str, other: str, says: Says, *, by: str, at: datetime) -> None:
    """What a person said about two borrowers; the newest word stands."""
    first, second = pair(one, other)
    connection.execute(delete(verdict).where(verdict.c.one == first, verdict.c.other == second))
    row = {"one": first, "other": second, "says": says, "at": at, "by": by}
    connection.execute(verdict.insert(), row)


_SURVIVORS = select(borrower_alias.c.borrower_id, borrower_alias.c.survivor_id).where(
    borrower_alias.c.borrower_id.in_(bindparam("ids", expanding=True))
)


def survivors(connection: Connection, borrower_ids: Iterable[str]) -> dict[str, str]:
    """Who each of these borrowers is now: the end of its chain of merges, itself where there was none."""
    now = {id_: id_ for id_ in borrower_ids}
    moved = set(now)
    while moved:
        found = connection.execute(_SURVIVORS, {"ids": sorted({now[id_] for id_ in moved})})
        steps = {row.borrower_id: row.survivor_id for row in found}
        moved = {id_ for id_ in moved if now[id_] in steps}
        now |= {id_: steps[now[id_]] for id_ in moved}
    return now


def absorbed_by(connection: Connection, borrower_id: str) -> list[str]:
    """Everybody who was merged into this borrower, directly or through others."""
    found: list[str] = []
    ends = [borrower_id]
    while ends:
        query = select(borrower_alias.c.borrower_id).where(borrower_alias.c.survivor_id.in_(ends))
        ends = sorted(connection.execute(query).scalars())
        found += ends
    return found
