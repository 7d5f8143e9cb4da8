"""Checking who somebody is: by password, or by a one-time link."""

from __future__ import annotations

import math
from datetime import timedelta

from jobs.ledger import accounts
from jobs.ledger.accounts import User
from jobs.services import Services
from webapp.accounts import passwords, people, throttle


class TooManyTries(Exception):
    """Wait before the next try."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = math.ceil(wait / timedelta(minutes=1))
        when = f"in {minutes} minutes" if minutes > 1 else "in a minute"
        if wait < timedelta(seconds=10):
            when = "in a few seconds"
        super().__init__(f"Too many tries. Try again {when}, or ask for a log-in link.")


def by_password(services: Services, email: str, password: str, address: str) -> User | None:
    """The account when the password fits, else None: wrong, unknown and disabled look and last the same.

    Raises TooManyTries.
    """
    typed = email.strip().lower()[:254]
    who = throttle.subjects(services, typed, address)
    waiting = throttle.wait(services, who)
    if waiting:
        raise TooManyTries(waiting)
    with services.ledger.read() as connection:
        user = accounts.user_by_email(connection, typed)
    fits = passwords.verify(user.password_hash if user else "", password)
    if user is None or not fits or user.disabled_at is not None:
        throttle.failed(services, who)
        return None
    throttle.worked(services, who)
    if passwords.needs_rehash(user.password_hash):
        with services.ledger.write() as connection:
            accounts.set_password_hash(connection, user.id, passwords.hash_password(password))
    return user


def by_link(services: Services, token: str) -> User | None:
    """The account whose link this is, using the link up; None when it is used, expired or none of ours."""
    with services.ledger.write() as connection:
        user_id = accounts.use_login_token(connection, people.token_hash(services, token), services.now())
        user = accounts.user(connection, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        return None
    people.record_login(services, user, "link")
    return user


def link_is_good(services: Services, token: str) -> bool:
    """True while the link can still be used; looking does not use it up (mail scanners look)."""
    with services.ledger.read() as connection:
        found = accounts.login_token_user(connection, people.token_hash(services, token), services.now())
    return bool(found)
