"""Leases held by this process: kept alive while it works, left to run out when it dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from jobs.ledger import claims, inboxes
from jobs.ledger.engine import Ledger


class Leases:
    """The lease tokens this process works under."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, token: str) -> Iterator[None]:
        """Keep this token alive during the block."""
        with self._guard:
            self._tokens.add(token)
        try:
            yield
        finally:
            with self._guard:
                self._tokens.discard(token)

    def renew(self, ledger: Ledger, now: datetime, lease: timedelta) -> None:
        """Push the end of every held lease; called three times per lease by the sweeper."""
        with self._guard:
            tokens = sorted(self._tokens)
        if tokens:
            with ledger.write() as connection:
                claims.extend(connection, tokens, now + lease)
                inboxes.extend(connection, tokens, now + lease)
