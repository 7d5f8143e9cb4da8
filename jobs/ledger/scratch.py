"""A ledger in memory, for trying out: it begins empty and is gone when it is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import Connection, Select, Table, create_engine, event, select
from sqlalchemy.pool import StaticPool

from jobs.ledger.columns import metadata
from jobs.ledger.engine import Ledger
from jobs.ledger.identity_keys import from_text, listed
from jobs.ledger.tables import borrower, borrower_key, inquiry, suppression, verdict
from jobs.ledger.writers_place import NoPlace

_MOST_BORROWERS = 20_000  # of one request: a number that so many share tells nobody apart


def open_scratch() -> Ledger:
    """Every table and no row, for one thread. Rows may refer to others that were never brought here."""
    engine = create_engine(
        "sqlite://", module=sqlite3, poolclass=StaticPool, pool_reset_on_return=None, hide_parameters=True
    )
    event.listen(engine, "connect", _begin_in_words)
    ledger = Ledger(engine, NoPlace())
    with ledger.write() as connection:
        metadata.create_all(connection)
    return ledger


def _begin_in_words(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


class Prehistory:
    """What was known before the first inquiry that is replayed, brought over when it is needed.

    Borrowers are as the ledger knows them today, but for their owner and the count of their inquiries. What
    they said about being contacted counts as far as they took it back for an address or a number.
    """

    def __init__(self, before: datetime) -> None:
        self._before = before
        self._brought: set[str] = set()  # ids and hashes

    def bring(
        self, source: Connection, targets: Sequence[Ledger], hashes: Iterable[str], partners: Iterable[str]
    ) -> None:
        """Copy who holds these keys, whose consent was taken back, and whom these partners know."""
        wanted, senders = self._new(hashes), self._new(partners)
        people = self._new(source.execute(self._holders(wanted)).scalars()) if wanted else []
        left_alone = select(suppression).where(
            suppression.c.hash.in_(wanted), suppression.c.at < self._before
        )
        found = self._borrowers(source, people)
        keys = [row for one in found for row in listed(one["id"], from_text(one["known_by"]))]
        rows: list[tuple[Table, list[dict[str, Any]]]] = [
            (suppression, _rows(source, left_alone)),
            (borrower, found),
            (borrower_key, keys),
            (verdict, _rows(source, select(verdict).where(verdict.c.one.in_(people)))),
            (inquiry, [row for sender in senders for row in self._last_of(source, sender)]),
        ]
        for target in targets:
            with target.write() as connection:
                for table, brought in rows:
                    if brought:
                        connection.execute(table.insert(), brought)

    def _new(self, names: Iterable[str]) -> list[str]:
        new = [name for name in dict.fromkeys(names) if name not in self._brought]
        self._brought.update(new)
        return new

    def _holders(self, hashes: Collection[str]) -> Select[Any]:
        return (
            select(borrower.c.id)
            .join(borrower_key, borrower_key.c.borrower_id == borrower.c.id)
            .where(borrower_key.c.hash.in_(hashes), borrower.c.created_at < self._before)
            .order_by(borrower.c.id)
            .limit(_MOST_BORROWERS)
        )

    def _borrowers(self, source: Connection, ids: Collection[str]) -> list[dict[str, Any]]:
        rows = {row["id"]: row for row in _rows(source, select(borrower).where(borrower.c.id.in_(ids)))}
        for row in rows.values():
            row |= {"owner": "", "inquiries": 0}
        earlier = select(inquiry.c.borrower_id, inquiry.c.owner).where(
            inquiry.c.borrower_id.in_(ids), inquiry.c.received_at < self._before
        )
        for who, owner in source.execute(earlier.order_by(inquiry.c.received_at, inquiry.c.id)):
            rows[who]["inquiries"] += 1
            rows[who]["owner"] = owner or rows[who]["owner"]
        return list(rows.values())

    def _last_of(self, source: Connection, partner_id: str) -> list[dict[str, Any]]:
        theirs = select(inquiry).where(
            inquiry.c.partner_id == partner_id, inquiry.c.received_at < self._before
        )
        return _rows(source, theirs.order_by(inquiry.c.received_at.desc()).limit(1))


def _rows(source: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in source.execute(query)]
