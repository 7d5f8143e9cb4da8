"""The tokens of a CRM account, sealed, and who is renewing them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from connectors.crm.tokens import Tokens
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import crm_token

NO_TOKENS = Tokens("")


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known: the tokens, what they came from, and whose turn it is to renew them."""

    tokens: Tokens
    origin: str
    renewed_by: str
    renewed_until: datetime | None


def load(connection: Connection, sealer: Sealer, crm: str) -> Stored | None:
    """The stored tokens of one account. Raises SealBroken."""
    row = connection.execute(select(crm_token).where(crm_token.c.crm == crm)).first()
    if row is None:
        return None
    tokens = Tokens(**sealer.open_json(row.tokens, _place(crm)))
    return Stored(tokens, row.origin, row.renewed_by, row.renewed_until)


def claim(
    connection: Connection,
    ledger: Ledger,
    sealer: Sealer,
    crm: str,
    *,
    by: str,
    now: datetime,
    until: datetime,
) -> bool:
    """Take the turn to renew, unless somebody has it; it ends by itself at until."""
    ledger.lock(connection, f"crm_token:{crm}")
    stored = load(connection, sealer, crm)
    if stored is None:
        sealed = sealer.seal_json(asdict(NO_TOKENS), _place(crm))
        row = {"crm": crm, "tokens": sealed, "origin": "", "renewed_by": by, "renewed_until": until}
        connection.execute(crm_token.insert(), row)
        return True
    if stored.renewed_until is not None and stored.renewed_until > now:
        return False
    connection.execute(
        update(crm_token).where(crm_token.c.crm == crm).values(renewed_by=by, renewed_until=until)
    )
    return True


def save(connection: Connection, sealer: Sealer, crm: str, tokens: Tokens, origin: str) -> None:
    """Store new tokens and end the turn. Whoever fetched them stores them, even when the turn ran out."""
    sealed = sealer.seal_json(asdict(tokens), _place(crm))
    values = {"tokens": sealed, "origin": origin, "renewed_by": "", "renewed_until": None}
    connection.execute(update(crm_token).where(crm_token.c.crm == crm).values(**values))


def give_up(connection: Connection, crm: str, by: str) -> None:
    """End the turn without new tokens."""
    here = (crm_token.c.crm == crm, crm_token.c.renewed_by == by)
    connection.execute(update(crm_token).where(*here).values(renewed_by="", renewed_until=None))


def _place(crm: str) -> str:
    return f"crm_token.tokens:{crm}"
