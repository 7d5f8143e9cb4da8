"""Who is asking: the logged-in account, and the hooks that let roles in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user

from jobs.ledger import accounts
from jobs.ledger.accounts import User
from jobs.services import Services
from webapp.accounts.sessions import LedgerSession

Guard = Callable[[], ResponseReturnValue | None]


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The account behind a session, as Flask-Login wants it."""

    user: User

    def get_id(self) -> str:
        """What the session remembers."""
        return self.user.id

    @property
    def is_active(self) -> bool:
        """A disabled account is out at its next request."""
        return self.user.disabled_at is None


def services() -> Services:
    """What create_app was given."""
    return cast(Services, current_app.extensions["firstpath"])


def me() -> User:
    """The logged-in account; only for pages behind a guard."""
    return cast(User, current_user.user)


def log_in(user: User) -> None:
    """Give the visitor a fresh session of this account; nothing of the anonymous one survives."""
    session.clear()
    cast(LedgerSession, session).renew()
    login_user(Person(user))


def anybody() -> ResponseReturnValue | None:
    """Guard of the pages that are open to the world."""
    return None


def only(*roles: str) -> Guard:
    """Guard that lets these roles in, sends strangers to the log-in page and refuses the rest."""

    def guard() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            if request.method != "GET":
                return redirect(url_for("accounts.login_page"), code=303)
            return redirect(url_for("accounts.login_page", next=request.full_path.rstrip("?")), code=303)
        if me().role not in roles:
            abort(403)
        return None

    return guard


def init_app(app: Flask) -> None:
    """Connect Flask-Login to the accounts in the ledger."""
    manager = LoginManager()
    # The session id lives on the server and changes at log-in; people roam between networks.
    manager.session_protection = None
    # Not init_app(): on each answer it looks into the session for a cookie that remembers, which nobody gets.
    app.login_manager = manager  # type: ignore[attr-defined]

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(user_id: str) -> Person | None:
        with services().ledger.read() as connection:
            user = accounts.user(connection, user_id)
        return Person(user) if user is not None and user.disabled_at is None else None
