"""Addresses and numbers that may not be used on a channel, whoever they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from jobs.ledger import identity_keys
from jobs.ledger.tables import borrower_key, suppression

# Made once: composing one costs more than running it.
_OF_HASHES = select(suppression.c.hash, suppression.c.channel).where(
    suppression.c.hash.in_(bindparam("hashes", expanding=True))
)


def suppress(
    connection: Connection, hashes: Sequence[str], channels: Sequence[str], submission_id: str, at: datetime
) -> None:
    """Remember that these addresses and numbers may not be used on these channels.

    submission_id is "" when it was no submission that said so.
    """
    known = suppressed(connection, hashes)
    fresh = [
        {"hash": hash_, "channel": channel, "at": at, "submission_id": submission_id or None}
        for hash_ in dict.fromkeys(hashes)
        for channel in channels
        if (hash_, channel) not in known
    ]
    if fresh:
        connection.execute(suppression.insert(), fresh)


def reachable(keys: Sequence[tuple[str, str]]) -> list[str]:
    """The hashes among (kind, hash) keys by which somebody is reached: not a name with a place or a house."""
    return [hash_ for kind, hash_ in keys if kind in ("email", "phone")]


def suppressed(connection: Connection, hashes: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(hash, channel) of everything among these that may not be used."""
    rows = connection.execute(_OF_HASHES, {"hashes": list(hashes)})
    return frozenset((row.hash, row.channel) for row in rows)


def of_people(connection: Connection, borrower_ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(borrower, channel) of everything that one of their addresses or numbers closes."""
    keys = identity_keys.of_each(connection, set(borrower_ids))
    closed = (
        suppressed(connection, [hash_ for theirs in keys.values() for _, hash_ in theirs]) if keys else ()
    )
    return frozenset(
        (id_, channel)
        for id_, theirs in keys.items()
        for _, hash_ in theirs
        for shut, channel in closed
        if shut == hash_
    )


def sharing(connection: Connection, hashes: Sequence[str]) -> list[str]:
    """Everybody who is reached by one of these, also by one that so many share that it tells nobody apart."""
    query = select(borrower_key.c.borrower_id).where(borrower_key.c.hash.in_(list(hashes))).distinct()
    return list(connection.execute(query.order_by(borrower_key.c.borrower_id)).scalars())


def lift(connection: Connection, borrower_id: str, channel: str) -> None:
    """Let every address and number of a borrower be used again on this channel."""
    theirs = [hash_ for _, hash_ in identity_keys.of(connection, borrower_id)]
    connection.execute(
        delete(suppression).where(suppression.c.hash.in_(theirs), suppression.c.channel == channel)
    )
