"""The keys by which borrowers are recognised, as (kind, hash): each borrower's row lists their own.

borrower_key says the same the other way round, who has a key. It has no index by borrower: that would be one
page more for every decision to write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from jobs.ledger import quick
from jobs.ledger.conflicts import insert_missing
from jobs.ledger.tables import borrower, borrower_key

Key = tuple[str, str]  # kind, keyed hash


def as_text(keys: Iterable[Key]) -> str:
    """As a borrower's row has them: kind:hash, with a space between two."""
    return " ".join(sorted([f"{kind}:{hash_}" for kind, hash_ in keys]))


def from_text(text: str) -> tuple[Key, ...]:
    """The keys again."""
    return tuple([(kind, hash_) for kind, _, hash_ in [key.partition(":") for key in text.split()]])


def of(connection: Connection, borrower_id: str) -> tuple[Key, ...]:
    """Every key of a borrower; none of who is unknown."""
    return of_each(connection, [borrower_id]).get(borrower_id, ())


def of_each(connection: Connection, borrower_ids: Collection[str]) -> dict[str, tuple[Key, ...]]:
    """Every key of each of these borrowers who is known."""
    query = _of_ids(len(borrower_ids))
    rows = quick.rows(connection, query, quick.numbered(borrower_ids)) if borrower_ids else ()
    return {id_: from_text(text) for id_, text in rows}


@cache
def _of_ids(number: int) -> Select[Any]:
    return select(borrower.c.id, borrower.c.known_by).where(borrower.c.id.in_(quick.slots(number)))


def listed(borrower_id: str, keys: Iterable[Key]) -> list[dict[str, str]]:
    """The rows of borrower_key that say so."""
    return [{"kind": kind, "hash": hash_, "borrower_id": borrower_id} for kind, hash_ in keys]


def give(connection: Connection, keys: Mapping[str, Collection[Key]]) -> None:
    """Borrowers are known by these keys as well. The caller holds the locks of keys and borrowers."""
    had = of_each(connection, keys)
    rows = [row for id_, more in keys.items() for row in listed(id_, more)]
    if rows:
        quick.run(connection, insert_missing(borrower_key, connection.dialect.name), rows)
    for id_, more in keys.items():
        _write_down(connection, id_, {*had.get(id_, ()), *more})


def take(connection: Connection, borrower_id: str, keys: Collection[Key]) -> None:
    """A borrower is no longer known by these keys."""
    gone = [hash_ for _, hash_ in keys]
    mine = (borrower_key.c.borrower_id == borrower_id) & borrower_key.c.hash.in_(gone)
    connection.execute(delete(borrower_key).where(mine))
    _write_down(connection, borrower_id, set(of(connection, borrower_id)) - set(keys))


def follow(connection: Connection, borrower_id: str, among: Collection[Key]) -> None:
    """List in the borrower's row what borrower_key says of these keys, after a merge or its undoing."""
    query = select(borrower_key.c.hash).where(
        borrower_key.c.borrower_id == borrower_id, borrower_key.c.hash.in_([hash_ for _, hash_ in among])
    )
    held = set(connection.execute(query).scalars())
    _write_down(connection, borrower_id, {key for key in among if key[1] in held})


def _write_down(connection: Connection, borrower_id: str, keys: Iterable[Key]) -> None:
    connection.execute(update(borrower).where(borrower.c.id == borrower_id).values(known_by=as_text(keys)))
