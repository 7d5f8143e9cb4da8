"""Signatures that do not cover what they came with: each is good for one submission."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from jobs.ledger.tables import used_proof

#: Far longer than any sender's signature is taken for.
_REMEMBERED = timedelta(days=1)


def use(connection: Connection, proof: str, now: datetime) -> bool:
    """Remember a proof by its keyed hash; False when it was used before. Older ones are forgotten."""
    connection.execute(delete(used_proof).where(used_proof.c.at < now - _REMEMBERED))
    if connection.execute(select(used_proof.c.hash).where(used_proof.c.hash == proof)).first():
        return False
    connection.execute(used_proof.insert(), {"hash": proof, "at": now})
    return True
