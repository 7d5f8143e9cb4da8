"""Tokens of the JSON API: made for one intake path, shown once, kept as a hash, revoked at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from jobs.ledger import notices
from jobs.ledger.api_tables import api_token
from jobs.paths.current import path_of_key, paths
from jobs.services import Services
from jobs.settings.model import PathSettings

_PREFIX = "fp_"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token without its secret."""

    id: str
    path: str
    name: str
    created_at: datetime
    revoked_at: datetime | None


def make_token(services: Services, path: str, name: str, actor: str) -> str:
    """A new token that may post to this path. Raises KeyError for an unknown path."""
    known = paths(services)[path]
    token = _PREFIX + secrets.token_urlsafe(24)
    id_, now = services.new_id(), services.now()
    with services.ledger.write() as connection:
        row = {"id": id_, "hash": _hash(token), "path": known.name, "name": name[:200], "created_at": now}
        connection.execute(api_token.insert(), row)
        notices.record(
            connection,
            id=services.new_id(),
            at=now,
            actor=actor,
            action="api_token.made",
            object_kind="api_token",
            object_id=id_,
            detail=path,
        )
    return token


def tokens(services: Services) -> tuple[ApiToken, ...]:
    """Every token that was ever made, oldest first."""
    table = api_token.c
    query = select(table.id, table.path, table.name, table.created_at, table.revoked_at).order_by(table.id)
    with services.ledger.read() as connection:
        return tuple(ApiToken(*row) for row in connection.execute(query))


def revoke_token(services: Services, token_id: str, actor: str) -> bool:
    """Let a token in no more, from now on; False when there is none, or it was revoked before."""
    now = services.now()
    with services.ledger.write() as connection:
        standing = update(api_token).where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None))
        if connection.execute(standing.values(revoked_at=now)).rowcount != 1:
            return False
        notices.record(
            connection,
            id=services.new_id(),
            at=now,
            actor=actor,
            action="api_token.revoked",
            object_kind="api_token",
            object_id=token_id,
        )
    return True


def path_of_token(services: Services, token: str) -> PathSettings | None:
    """The path that a token, or a path's own key, lets in; None for anything else."""
    if not token or len(token) > _LONGEST:
        return None
    if not token.startswith(_PREFIX):
        return path_of_key(services, token)
    query = select(api_token.c.path).where(api_token.c.hash == _hash(token), api_token.c.revoked_at.is_(None))
    with services.ledger.read() as connection:
        return paths(services).get(connection.execute(query).scalar() or "")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
