"""Who is signed in: access tokens that last for a while and can be made to expire."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Session:
    """A user and when the token ends (epoch seconds)."""

    user_id: str
    ends_at: float


class Sessions:
    """The tokens in force. Several may exist side by side, as for a real user."""

    def __init__(self, clock: Callable[[], float], lasts: Callable[[], float]) -> None:
        self._clock = clock
        self._lasts = lasts
        self._open: dict[str, Session] = {}
        self.issued = 0

    def open(self, user_id: str, organization_id: str) -> str:
        """A fresh token, shaped like a real one: the org's id, "!", and what nobody can guess."""
        self.issued += 1
        token = f"{organization_id[:15]}!AQ4AQ{secrets.token_hex(40)}"
        self._open[token] = Session(user_id, self._clock() + self._lasts())
        return token

    def user_of(self, token: str) -> str | None:
        """The user of a token that is still good."""
        session = self._open.get(token)
        if session is None:
            return None
        if session.ends_at <= self._clock():
            del self._open[token]
            return None
        return session.user_id

    def expire_all(self) -> None:
        """End every session at once, as an admin can."""
        self._open.clear()
