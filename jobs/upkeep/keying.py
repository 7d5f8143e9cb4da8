"""Keys for borrowers who were stored before a kind of key existed: a few at a time, beside everything else.

Without it they get them only when they are heard of again, and are not found by these keys until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy import Connection

from jobs.ledger import borrowers, holders, identity_keys, keys_due, reviews
from jobs.ledger.seal import SealBroken
from jobs.services import Services
from mapping.identity import search_keys

Keys = tuple[tuple[str, str], ...]  # (kind, hash)

#: Nobody else writes to SQLite while these are stored.
_AT_ONCE = 25
_ROUNDS = 20
_log = structlog.get_logger()


def give_keys_due(services: Services) -> int:
    """Give keys to some of those who are due; to how many. Repeatable: who is done is off the list."""
    done = 0
    for _ in range(_ROUNDS):
        some = _give_keys(services)
        done += some
        if not some:
            break
    return done


def _give_keys(services: Services) -> int:
    with services.ledger.read() as connection:
        ids = keys_due.listed(connection, _AT_ONCE)
        if not ids:
            return 0
        found = dict(_worked_out(services, connection, ids))
        present = identity_keys.of_each(connection, found).values()
    locks = {f"person:{kind}:{hash_}" for keys in (*present, *found.values()) for kind, hash_ in keys}
    with services.ledger.write() as connection:
        # Who was merged into somebody meanwhile has no keys any more.
        services.ledger.lock(connection, *locks)
        now = reviews.survivors(connection, found)
        keys_due.settle(connection, ids, {id_: keys for id_, keys in found.items() if now[id_] == id_})
    return len(ids)


def _worked_out(services: Services, connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Keys]]:
    """Those who are there and can be opened, with every key of what they said."""
    for id_ in ids:
        try:
            people = borrowers.those(connection, services.sealer, [id_])
        except SealBroken:
            _log.warning("borrower_without_keys", borrower=id_)
            continue
        for who in people:
            keys = {key: None for party in who.profile.parties() for key in search_keys(party)}
            yield id_, holders.hashed(services.sealer, keys)
