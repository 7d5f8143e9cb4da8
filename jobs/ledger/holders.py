"""Who holds which identity keys: how those are found whom somebody may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, literal_column, select, union_all

from jobs.ledger import quick, reviews
from jobs.ledger.borrowers import ROW, Borrower, Row, of_row
from jobs.ledger.reviews import Pair
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower, borrower_key

#: A key that this many borrowers share says nothing about who somebody is (identity.md, section 3).
_MOST_PER_KEY = 8
#: 128 bits of a hash never meet by chance; a page of the index holds half as many more of them.
_DIGITS = 32
#: About how many borrowers there are, without counting them; less than 1 where the database does not know.
_ABOUT = {
    "sqlite": "(SELECT max(rowid) FROM borrower)",
    "postgresql": "(SELECT reltuples::bigint FROM pg_class WHERE oid = 'borrower'::regclass)",
}


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds which keys, as it is stored; equal to another one when nothing about them has changed."""

    ids: Mapping[str, tuple[str, ...]]  # hash of a key → borrowers
    rows: Mapping[str, Row]  # borrower → what is stored, sealed
    crowded: frozenset[str] = frozenset()  # hashes that too many borrowers share to say anything
    apart: frozenset[Pair] = frozenset()  # of these borrowers, those whom a person told apart
    asked: frozenset[Pair] = frozenset()  # and those whom people are or were asked about
    stored: int = field(default=0, compare=False)  # about how many borrowers there are in all


_NOBODY = Holders({}, {})


def hashed(sealer: Sealer, keys: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Identity keys as they are stored: (kind, keyed hash)."""
    return tuple([(kind, sealer.lookup(f"borrower.{kind}", value)[:_DIGITS]) for kind, value in keys])


def shortened(hash_: str) -> str:
    """As much of a keyed hash as is stored."""
    return hash_[:_DIGITS]


def of(connection: Connection, keys: Sequence[tuple[str, str]]) -> Holders:
    """Everybody who has one of these (kind, hash) keys, but for keys so common that they say nothing."""
    ids: dict[str, list[str]] = {}
    hashes = quick.numbered(dict.fromkeys([hash_ for _, hash_ in keys]))
    for hash_, id_ in quick.rows(connection, _holders_of(len(hashes)), hashes) if hashes else ():
        ids.setdefault(hash_, []).append(id_)
    if not ids:
        return _NOBODY
    telling = {hash_: tuple(many) for hash_, many in ids.items() if is_telling(many)}
    found = sorted({one for many in telling.values() for one in many})
    query = _of_ids(len(found), connection.dialect.name)
    rows = quick.rows(connection, query, quick.numbered(found)) if found else ()
    return Holders(
        telling,
        {row[0]: row[:-1] for row in rows},
        frozenset(ids.keys() - telling.keys()),
        frozenset(reviews.verdicts(connection, found)),
        reviews.asked(connection, found),
        max(0, rows[0][-1]) if rows else 0,
    )


# Statements made once: composing one costs more than running it.
@cache
def _holders_of(number: int) -> CompoundSelect[Any]:
    """Of so many keys, as many holders as it takes to know that one says nothing: some have thousands."""
    each = (
        select(borrower_key.c.hash, borrower_key.c.borrower_id)
        .where(borrower_key.c.hash == slot)
        .order_by(borrower_key.c.borrower_id)
        .limit(quick.at_most(_MOST_PER_KEY + 1))
        .subquery()
        for slot in quick.slots(number)
    )
    return union_all(*(select(one.c.hash, one.c.borrower_id) for one in each))


@cache
def _of_ids(number: int, dialect: str) -> Select[Any]:
    """ROW of each, and behind it about how many there are in all: one question instead of two."""
    asked: tuple[Any, ...] = (*ROW, literal_column(_ABOUT[dialect]))
    return select(*asked).where(borrower.c.id.in_(quick.slots(number))).order_by(borrower.c.id)


def is_telling(sharers: Collection[str]) -> bool:
    """Whether a key that these borrowers share says anything about who somebody is."""
    return len(sharers) <= _MOST_PER_KEY


def those_with(known: Holders, sealer: Sealer, keys: Sequence[tuple[str, str]]) -> list[Borrower]:
    """The borrowers among these holders who have one of the keys. Raises SealBroken."""
    if not known.ids:
        return []
    ids = sorted({one for _, hash_ in keys for one in known.ids.get(hash_, ())})
    return [
        of_row(sealer, known.rows[id_], _with_whom(known.apart, id_), _with_whom(known.asked, id_))
        for id_ in ids
    ]


def _with_whom(pairs: frozenset[Pair], id_: str) -> frozenset[str]:
    return frozenset(one for pair in pairs if id_ in pair for one in pair if one != id_)
