"""Sessions kept on the server: a random id in the cookie, sealed data in the ledger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Connection
from werkzeug.datastructures import CallbackDict

from jobs.ledger import accounts
from jobs.ledger.accounts import StoredSession
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.seal import SealBroken
from jobs.services import Services

#: OWASP ASVS 7.3: idle and absolute life of a session; an anonymous one only carries a CSRF token.
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_ANONYMOUS = timedelta(minutes=20)
_TOUCH = timedelta(minutes=1)
_PURGE = timedelta(minutes=10)


class LedgerSession(CallbackDict[str, Any], SessionMixin):
    """One visitor's session. id_hash is "" until it is stored; renew() gives it a new id."""

    def __init__(self, values: dict[str, Any] | None = None, *, stored: StoredSession | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True
            self.accessed = True

        super().__init__(values, changed)
        self.modified = False
        self.accessed = False
        self.stored = stored
        self.renewed = False

    @property
    def id_hash(self) -> str:
        """The hashed id under which the session is stored, "" before that."""
        return self.stored.id_hash if self.stored else ""

    def renew(self) -> None:
        """Take a new id when this response is sent: at log-in nobody who knew the old one gains anything."""
        self.renewed = True
        self.modified = True


@dataclass(slots=True)
class _LastPurge:
    at: datetime | None = None


class LedgerSessions(SessionInterface):
    """Flask's sessions on the web_session table."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last_purge = _LastPurge()

    def get_cookie_name(self, app: Flask) -> str:
        """The __Host- prefix makes the browser insist on Secure, path / and no domain."""
        return "__Host-firstpath" if self._services.settings.server.secure_cookies else "firstpath"

    def open_session(self, app: Flask, request: Request) -> LedgerSession:
        """The visitor's session, or an empty one that is not stored yet."""
        # Machines that send submissions have no cookies.
        named = "HTTP_COOKIE" in request.environ
        token = request.cookies.get(self.get_cookie_name(app), "") if named else ""
        if not token:
            return LedgerSession()
        services = self._services
        try:
            with services.ledger.read() as connection:
                stored = accounts.find_session(connection, self._hash(token))
        except LedgerUnavailable:
            # The pages that need the ledger say so themselves; the door must not fall with the desk.
            return LedgerSession()
        if stored is None or self._expired(stored):
            return LedgerSession()
        try:
            values = services.sealer.open_json(stored.data, f"web_session.data:{stored.id_hash}")
        except SealBroken:
            return LedgerSession()
        return LedgerSession(values, stored=stored)

    def _expired(self, stored: StoredSession) -> bool:
        now = self._services.now()
        idle = IDLE if stored.user_id else _ANONYMOUS
        return now - stored.seen_at > idle or now - stored.created_at > ABSOLUTE

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed; a session that nothing was put in leaves no row and no cookie."""
        if not isinstance(session, LedgerSession):
            return
        if session.accessed or session.stored:
            response.vary.add("Cookie")
        if session.modified and not session and session.stored:
            self._end(app, session.stored, response)
        elif session.modified and session:
            self._store(app, session, response)
        elif session.stored and self._services.now() - session.stored.seen_at > _TOUCH:
            self._touch(session.stored)

    def _end(self, app: Flask, stored: StoredSession, response: Response) -> None:
        with self._services.ledger.write() as connection:
            accounts.end_session(connection, stored.id_hash)
        response.delete_cookie(self.get_cookie_name(app), **self._cookie())

    def _store(self, app: Flask, session: LedgerSession, response: Response) -> None:
        services, now = self._services, self._services.now()
        old, token = session.stored, ""
        if old is None or session.renewed:
            token = secrets.token_urlsafe(32)
        id_hash = self._hash(token) if token else session.id_hash
        new = StoredSession(
            id_hash=id_hash,
            user_id=str(session.get("_user_id") or ""),
            data=services.sealer.seal_json(dict(session), f"web_session.data:{id_hash}"),
            created_at=now if old is None or session.renewed else old.created_at,
            seen_at=now,
        )
        with services.ledger.write() as connection:
            if not token:
                accounts.update_session(connection, new)
                return
            if old is not None:
                accounts.end_session(connection, old.id_hash)
            accounts.add_session(connection, new)
            self._purge_now_and_then(connection, now)
        response.set_cookie(self.get_cookie_name(app), token, **self._cookie())

    def _touch(self, stored: StoredSession) -> None:
        with self._services.ledger.write() as connection:
            accounts.update_session(connection, replace(stored, seen_at=self._services.now()))

    def _purge_now_and_then(self, connection: Connection, now: datetime) -> None:
        last = self._last_purge
        if last.at is not None and now - last.at < _PURGE:
            return
        last.at = now
        accounts.purge_sessions(
            connection, idle_before=now - IDLE, born_before=now - ABSOLUTE, anonymous_before=now - _ANONYMOUS
        )

    def _hash(self, token: str) -> str:
        return self._services.sealer.lookup("web_session", token)

    def _cookie(self) -> dict[str, Any]:
        return {
            "path": "/",
            "httponly": True,
            "samesite": "Lax",
            "secure": self._services.settings.server.secure_cookies,
        }
