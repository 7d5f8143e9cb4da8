"""One account's tokens for all processes: renewed by one of them, in the ledger before anybody uses them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from connectors.crm.base import Unavailable
from connectors.crm.tokens import Tokens
from jobs.ledger import crm_tokens
from jobs.ledger.engine import Ledger
from jobs.ledger.seal import Sealer

#: A renewal whose process died is taken over after this long.
_TURN = timedelta(seconds=60)
_LOOK_AGAIN_SECONDS = 0.1
_PATIENCE = timedelta(seconds=70)


class LedgerTokens:
    """A TokenStore for tokens that must not be lost: a refresh token may be accepted only once.

    origin() is the secret that the first tokens come from: when a person connects the account anew, tokens
    that came from the old one are forgotten. Safe to share between threads.
    """

    def __init__(
        self,
        ledger: Ledger,
        sealer: Sealer,
        crm: str,
        origin: Callable[[], str],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ledger, self._sealer, self._crm, self._origin = ledger, sealer, crm, origin
        self._now, self._new_id, self._pause = now, new_id, pause
        self._lock = Lock()
        self._known: tuple[str, Tokens] | None = None  # origin, tokens

    def current(self) -> Tokens | None:
        """The tokens as this process knows them; another process may have newer ones. Raises AuthFailed."""
        origin = self._hashed_origin()
        if self._known is None or self._known[0] != origin:
            tokens = self._stored(origin)
            self._known = (origin, tokens) if tokens is not None else None
        return self._known[1] if self._known else None

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Tokens other than the stale ones; see TokenStore. Raises AuthFailed, and what fetch raises."""
        with self._lock:
            origin, me = self._hashed_origin(), self._new_id()
            give_up_at = self._now() + _PATIENCE
            while True:
                mine = self._my_turn(me)
                stored = self._stored(origin)
                if stored is None or stored.access == stale:
                    if mine:
                        return self._fetched(me, origin, stored, fetch)
                else:
                    if mine:
                        self._give_up(me)
                    self._known = origin, stored
                    return stored
                if self._now() >= give_up_at:
                    raise Unavailable("Another process has been renewing this CRM's access for too long.")
                self._pause(_LOOK_AGAIN_SECONDS)

    def _fetched(
        self, me: str, origin: str, stored: Tokens | None, fetch: Callable[[Tokens | None], Tokens]
    ) -> Tokens:
        try:
            tokens = fetch(stored)
        except BaseException:
            self._give_up(me)
            raise
        with self._ledger.write() as connection:
            crm_tokens.save(connection, self._sealer, self._crm, tokens, origin)
        self._known = origin, tokens
        return tokens

    def _my_turn(self, me: str) -> bool:
        now = self._now()
        with self._ledger.write() as connection:
            return crm_tokens.claim(
                connection, self._ledger, self._sealer, self._crm, by=me, now=now, until=now + _TURN
            )

    def _give_up(self, me: str) -> None:
        with self._ledger.write() as connection:
            crm_tokens.give_up(connection, self._crm, me)

    def _stored(self, origin: str) -> Tokens | None:
        with self._ledger.read() as connection:
            stored = crm_tokens.load(connection, self._sealer, self._crm)
        if stored is None or stored.origin != origin or not stored.tokens.access:
            return None
        return stored.tokens

    def _hashed_origin(self) -> str:
        return self._sealer.lookup("crm_token.origin", self._origin())
