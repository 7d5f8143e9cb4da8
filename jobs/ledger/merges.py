"""Merges of two borrowers who are one person, remembered with what undoing them needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from jobs.ledger import identity_keys
from jobs.ledger.holders import shortened
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower_key, borrower_merge, inquiry, suppression


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge as it is remembered; before has every row that it changed as it stood."""

    id: str
    survivor_id: str
    absorbed_id: str
    review_id: str
    at: datetime
    by: str
    before: Mapping[str, Any]
    undone_at: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a borrower has in the ledger, as far as locks and undoing need it."""

    keys: tuple[tuple[str, str], ...]  # (kind, hash)
    inquiries: tuple[str, ...]


def stored(connection: Connection, borrower_id: str) -> Stored:
    """The keys and inquiries of one borrower, also those as a co-borrower."""
    keys = identity_keys.of(connection, borrower_id)
    return Stored(keys, tuple(inquiries_of(connection, borrower_id)))


def inquiries_of(connection: Connection, borrower_id: str) -> list[str]:
    """The ids of the inquiries in which somebody is borrower or co-borrower, oldest first."""
    table = inquiry.c
    mine = or_(table.borrower_id == borrower_id, table.co_borrower_id == borrower_id)
    return list(connection.execute(select(table.id).where(mine).order_by(table.id)).scalars())


def named_together(connection: Connection, one: str, other: str) -> bool:
    """Whether an inquiry names them as borrower and co-borrower."""
    table = inquiry.c
    both = or_(
        (table.borrower_id == one) & (table.co_borrower_id == other),
        (table.borrower_id == other) & (table.co_borrower_id == one),
    )
    return connection.execute(select(table.id).where(both).limit(1)).first() is not None


def remember(connection: Connection, sealer: Sealer, merge: Merge) -> None:
    """Keep a merge with what undoing it needs."""
    connection.execute(
        borrower_merge.insert(),
        {
            "id": merge.id,
            "survivor_id": merge.survivor_id,
            "absorbed_id": merge.absorbed_id,
            "review_id": merge.review_id or None,
            "at": merge.at,
            "by": merge.by,
            "before": sealer.seal_json(merge.before, f"borrower_merge.before:{merge.id}"),
        },
    )


def get(connection: Connection, sealer: Sealer, merge_id: str) -> Merge | None:
    """One merge, opened; None when there is none."""
    row = connection.execute(select(borrower_merge).where(borrower_merge.c.id == merge_id)).first()
    return None if row is None else _merge(row, sealer)


def about(connection: Connection, sealer: Sealer, borrower_ids: Sequence[str]) -> list[Merge]:
    """Every merge in which one of these borrowers is a side, the newest first."""
    ids = list(borrower_ids)
    mine = borrower_merge.c.survivor_id.in_(ids) | borrower_merge.c.absorbed_id.in_(ids)
    rows = connection.execute(select(borrower_merge).where(mine).order_by(borrower_merge.c.id.desc()))
    return [_merge(row, sealer) for row in rows]


def _merge(row: Row[Any], sealer: Sealer) -> Merge:
    return Merge(
        id=row.id,
        survivor_id=row.survivor_id,
        absorbed_id=row.absorbed_id,
        review_id=row.review_id or "",
        at=row.at,
        by=row.by,
        before=_with_short_hashes(sealer.open_json(row.before, f"borrower_merge.before:{row.id}")),
        undone_at=row.undone_at,
        undone_by=row.undone_by or "",
    )


def _with_short_hashes(before: dict[str, Any]) -> dict[str, Any]:
    """Also of a merge from before migration 0013, when hashes of keys were stored whole."""
    for side in (before["kept"], before["gone"]):
        side["keys"] = [[kind, shortened(hash_)] for kind, hash_ in side["keys"]]
    steps = [step for step in before["steps"] if step["table"] in (borrower_key.name, suppression.name)]
    for row in (row for step in steps for row in (step["key"], step["before"], step["after"]) if row):
        row["hash"] = shortened(row["hash"])
    return before


def mark_undone(connection: Connection, merge_id: str, *, by: str, at: datetime) -> None:
    """The merge no longer holds."""
    values = {"undone_at": at, "undone_by": by}
    connection.execute(update(borrower_merge).where(borrower_merge.c.id == merge_id).values(**values))
