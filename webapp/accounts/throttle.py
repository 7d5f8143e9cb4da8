"""Slowing down guessing: a growing delay per account and per address, then a short lock."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.ledger import accounts
from jobs.ledger.accounts import Failures
from jobs.services import Services

#: The first wrong tries are typing mistakes; from the tenth on guessing costs a quarter of an hour.
_FREE_TRIES = 3
_LOCK_AT = 10
_LOCK = timedelta(minutes=15)
#: A failure this old says nothing any more.
_FORGET = timedelta(hours=1)


def after(before: Failures, now: datetime) -> Failures:
    """What one more failure leads to: no wait for 3, then 1, 2, 4 ... seconds, at 10 fifteen minutes."""
    known = before.last_at is not None and now - before.last_at < _FORGET
    count = before.count + 1 if known else 1
    if count >= _LOCK_AT:
        return Failures(count, now, now + _LOCK)
    delay = timedelta(seconds=2 ** (count - _FREE_TRIES - 1)) if count > _FREE_TRIES else timedelta(0)
    return Failures(count, now, now + delay)


def subjects(services: Services, email: str, address: str) -> tuple[str, str]:
    """What is counted: the account as typed, and the address it came from; both only as keyed hashes."""
    lookup = services.sealer.lookup
    return lookup("login.account", email), lookup("login.address", address)


def wait(services: Services, who: tuple[str, ...]) -> timedelta:
    """How long the next try must wait; zero when it may be made now."""
    now = services.now()
    with services.ledger.read() as connection:
        found = accounts.failures(connection, who)
    ends = [one.locked_until for one in found.values() if one.locked_until and one.locked_until > now]
    return max(ends) - now if ends else timedelta(0)


def failed(services: Services, who: tuple[str, ...]) -> None:
    """Count one failure for each subject."""
    now = services.now()
    with services.ledger.write() as connection:
        found = accounts.failures(connection, who)
        for subject in who:
            new = after(found.get(subject, Failures()), now)
            accounts.save_failures(connection, services.ledger, subject, new)


def worked(services: Services, who: tuple[str, ...]) -> None:
    """Forget the failures of an account that logged in; its address keeps its count: it may try others."""
    with services.ledger.write() as connection:
        accounts.clear_failures(connection, who[:1], older_than=services.now() - _FORGET)
