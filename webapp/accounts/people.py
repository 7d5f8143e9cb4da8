"""Making and changing accounts: what the command line and the pages both call."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jobs.ledger import accounts, notices
from jobs.ledger.accounts import ROLES, User
from jobs.services import Services
from webapp.accounts import passwords


class AccountProblem(ValueError):
    """An account cannot be made or changed so; the sentence says why and what to do."""


def create_user(services: Services, email: str, role: str, *, name: str = "", password: str = "") -> User:
    """A new account; without a password it first logs in by link.

    Raises AccountProblem, PasswordRefused.
    """
    if role not in ROLES:
        raise AccountProblem(f"There is no such role; choose one of {', '.join(ROLES)}.")
    address = _address(email)
    if password:
        passwords.check_choice(password, email=address)
    user = User(
        id=services.new_id(),
        email=address,
        name=name.strip()[:200],
        role=role,
        password_hash=passwords.hash_password(password) if password else "",
        created_at=services.now(),
    )
    try:
        with services.ledger.write() as connection:
            accounts.add_user(connection, user)
            _audit(services, connection, user.id, "account.created", detail=role)
    except IntegrityError as error:
        raise AccountProblem("There is an account with this address already.") from error
    return user


def _address(email: str) -> str:
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise AccountProblem("This is not an email address; write it like name@example.com.") from error
    return checked.normalized.lower()


def find_user(services: Services, email: str) -> User:
    """The account with this address. Raises AccountProblem."""
    with services.ledger.read() as connection:
        user = accounts.user_by_email(connection, email.strip().lower())
    if user is None:
        raise AccountProblem("There is no account with this address.")
    return user


def list_users(services: Services) -> tuple[User, ...]:
    """All accounts by address."""
    with services.ledger.read() as connection:
        return accounts.users(connection)


def set_password(services: Services, user: User, password: str, *, actor: str = "system") -> None:
    """Set a password and end all sessions of the account. Raises PasswordRefused."""
    passwords.check_choice(password, email=user.email)
    stored = passwords.hash_password(password)
    with services.ledger.write() as connection:
        accounts.set_password_hash(connection, user.id, stored)
        accounts.end_sessions(connection, user.id)
        _audit(services, connection, user.id, "account.password_set", actor=actor)


def set_disabled(services: Services, user: User, disabled: bool, *, actor: str = "system") -> User:
    """Lock an account and end its sessions, or open it again. Raises AccountProblem for the last admin."""
    at = services.now() if disabled else None
    with services.ledger.write() as connection:
        if disabled and user.role == "admin" and accounts.active_admins(connection) <= 1:
            raise AccountProblem("This is the last admin; make another one first.")
        accounts.set_disabled(connection, user.id, at)
        accounts.end_sessions(connection, user.id)
        _audit(services, connection, user.id, f"account.{'disabled' if disabled else 'enabled'}", actor=actor)
    return replace(user, disabled_at=at)


def create_login_link(services: Services, user_id: str, ttl: timedelta = timedelta(hours=24)) -> str:
    """A URL that logs this account in once within ttl; earlier links of the account stop working."""
    token = secrets.token_urlsafe(32)
    with services.ledger.write() as connection:
        accounts.add_login_token(
            connection,
            token_hash=token_hash(services, token),
            user_id=user_id,
            expires_at=services.now() + ttl,
        )
        _audit(services, connection, user_id, "account.login_link")
    return f"{services.settings.server.public_url}/login/{token}"


def token_hash(services: Services, token: str) -> str:
    """A login token as it is stored."""
    return services.sealer.lookup("login_token", token)


def record_login(services: Services, user: User, how: str) -> None:
    """Note in the audit trail that somebody logged in."""
    with services.ledger.write() as connection:
        _audit(services, connection, user.id, "account.login", actor=user.id, detail=how)


def _audit(
    services: Services,
    connection: Connection,
    user_id: str,
    action: str,
    *,
    actor: str = "system",
    detail: str = "",
) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action=action,
        object_kind="account",
        object_id=user_id,
        detail=detail,
    )
