"""Accounts of the desk: users, their sessions, one-time login links and failed logins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from jobs.ledger.account_tables import app_user, login_throttle, login_token, web_session
from jobs.ledger.engine import Ledger

ROLES = ("admin", "consultant", "broker")


@dataclass(frozen=True, slots=True)
class User:
    """One account; email is lower case, password_hash "" until a password was set."""

    id: str
    email: str
    name: str
    role: str
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One row of web_session; data is still sealed."""

    id_hash: str
    user_id: str
    data: bytes
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a log-in failed for one account or address since it last worked, and what follows."""

    count: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def add_user(connection: Connection, user: User) -> None:
    """Store a new account. Raises sqlalchemy.exc.IntegrityError when the address has one."""
    connection.execute(
        app_user.insert().values(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            password_hash=user.password_hash,
            created_at=user.created_at,
        )
    )


def _user(row: Any) -> User | None:
    if row is None:
        return None
    return User(row.id, row.email, row.name, row.role, row.password_hash, row.created_at, row.disabled_at)


def user(connection: Connection, user_id: str) -> User | None:
    """The account with this id."""
    return _user(connection.execute(select(app_user).where(app_user.c.id == user_id)).first())


def user_by_email(connection: Connection, email: str) -> User | None:
    """The account with this (lower-case) address."""
    return _user(connection.execute(select(app_user).where(app_user.c.email == email)).first())


def users(connection: Connection) -> tuple[User, ...]:
    """All accounts by address."""
    rows = connection.execute(select(app_user).order_by(app_user.c.email))
    return tuple(one for row in rows if (one := _user(row)) is not None)


def names(connection: Connection) -> dict[str, str]:
    """Account id → the name people know; for the audit trail."""
    rows = connection.execute(select(app_user.c.id, app_user.c.name, app_user.c.email))
    return {row.id: row.name or row.email for row in rows}


def set_password_hash(connection: Connection, user_id: str, password_hash: str) -> None:
    """Write what the password is checked against."""
    connection.execute(update(app_user).where(app_user.c.id == user_id).values(password_hash=password_hash))


def set_disabled(connection: Connection, user_id: str, at: datetime | None) -> None:
    """Lock an account (at) or open it again (None)."""
    connection.execute(update(app_user).where(app_user.c.id == user_id).values(disabled_at=at))


def find_session(connection: Connection, id_hash: str) -> StoredSession | None:
    """The session with this hashed id."""
    row = connection.execute(select(web_session).where(web_session.c.id_hash == id_hash)).first()
    if row is None:
        return None
    return StoredSession(row.id_hash, row.user_id or "", row.data, row.created_at, row.seen_at)


def add_session(connection: Connection, new: StoredSession) -> None:
    """Store a new session."""
    connection.execute(
        web_session.insert().values(
            id_hash=new.id_hash,
            user_id=new.user_id or None,
            data=new.data,
            created_at=new.created_at,
            seen_at=new.seen_at,
        )
    )


def update_session(connection: Connection, new: StoredSession) -> None:
    """Write what changed in a session; one that was ended meanwhile stays ended."""
    connection.execute(
        update(web_session)
        .where(web_session.c.id_hash == new.id_hash)
        .values(user_id=new.user_id or None, data=new.data, seen_at=new.seen_at)
    )


def end_session(connection: Connection, id_hash: str) -> None:
    """Forget one session."""
    connection.execute(delete(web_session).where(web_session.c.id_hash == id_hash))


def end_sessions(connection: Connection, user_id: str) -> None:
    """Forget every session of an account."""
    connection.execute(delete(web_session).where(web_session.c.user_id == user_id))


def purge_sessions(
    connection: Connection, *, idle_before: datetime, born_before: datetime, anonymous_before: datetime
) -> None:
    """Remove sessions that can no longer be used."""
    table = web_session.c
    anonymous = table.user_id.is_(None) & (table.seen_at < anonymous_before)
    old = or_(table.seen_at < idle_before, table.created_at < born_before, anonymous)
    connection.execute(delete(web_session).where(old))


def add_login_token(connection: Connection, *, token_hash: str, user_id: str, expires_at: datetime) -> None:
    """Remember a one-time login link; earlier ones of the same account stop working."""
    connection.execute(delete(login_token).where(login_token.c.user_id == user_id))
    connection.execute(
        login_token.insert().values(token_hash=token_hash, user_id=user_id, expires_at=expires_at)
    )


def login_token_user(connection: Connection, token_hash: str, now: datetime) -> str:
    """Whose unused, unexpired link this is; "" when it is none."""
    table = login_token.c
    good = (table.token_hash == token_hash, table.used_at.is_(None), table.expires_at > now)
    row = connection.execute(select(table.user_id).where(*good)).first()
    return "" if row is None else str(row.user_id)


def use_login_token(connection: Connection, token_hash: str, now: datetime) -> str:
    """Use a link up; whose it was, "" when it could not be used (twice at once: one of them gets "")."""
    user_id = login_token_user(connection, token_hash, now)
    table = login_token.c
    mine = (table.token_hash == token_hash, table.used_at.is_(None))
    done = connection.execute(update(login_token).where(*mine).values(used_at=now))
    return user_id if done.rowcount == 1 else ""


def failures(connection: Connection, subjects: tuple[str, ...]) -> dict[str, Failures]:
    """Failed log-ins by hashed subject."""
    table = login_throttle.c
    rows = connection.execute(select(login_throttle).where(table.subject_hash.in_(subjects)))
    return {row.subject_hash: Failures(row.failures, row.last_at, row.locked_until) for row in rows}


def save_failures(connection: Connection, ledger: Ledger, subject: str, new: Failures) -> None:
    """Write how often it failed for one subject."""
    ledger.lock(connection, f"login:{subject}")
    values = {"failures": new.count, "last_at": new.last_at, "locked_until": new.locked_until}
    mine = login_throttle.c.subject_hash == subject
    if connection.execute(update(login_throttle).where(mine).values(**values)).rowcount == 0:
        connection.execute(login_throttle.insert().values(subject_hash=subject, **values))


def clear_failures(connection: Connection, subjects: tuple[str, ...], *, older_than: datetime) -> None:
    """Forget the failures of these subjects, and of everybody whose last one is older than this."""
    table = login_throttle.c
    connection.execute(
        delete(login_throttle).where(or_(table.subject_hash.in_(subjects), table.last_at < older_than))
    )


def active_admins(connection: Connection) -> int:
    """How many people can still administer."""
    table = app_user.c
    query = select(func.count()).where(table.role == "admin", table.disabled_at.is_(None))
    return int(connection.execute(query).scalar_one())
