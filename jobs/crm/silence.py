"""Whether a CRM account is to be left alone now, whichever thread or process was told so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from jobs.ledger import crms
from jobs.ledger.crms import CrmState
from jobs.ledger.engine import Ledger, LedgerUnavailable

#: Asked before every call, and looked up no more often than this.
_LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Silenced:
    """How many seconds are left of a silence, and why it is kept."""

    seconds: float
    reason: str


class Silence:
    """The silence of one account after its vendor said that calls came too fast. Shared between threads.

    Batches under way notice it too: deliver.py only keeps new ones from starting. now is the wall clock,
    clock counts seconds and never goes back.
    """

    def __init__(
        self, ledger: Ledger, crm: str, *, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._crm = crm
        self._now = now
        self._clock = clock
        self._lock = Lock()
        self._state = CrmState()
        self._looked_at: float | None = None

    def left(self) -> Silenced | None:
        """What is left of it; None when the account may be called."""
        state, now = self._present(), self._now()
        if state.state != "limited" or state.until is None or state.until <= now:
            return None
        return Silenced((state.until - now).total_seconds(), state.reason)

    def _present(self) -> CrmState:
        with self._lock:
            at = self._clock()
            if self._looked_at is not None and at - self._looked_at < _LOOK_EVERY_SECONDS:
                return self._state
            self._looked_at = at
        try:
            with self._ledger.read() as connection:
                self._state = crms.state(connection, self._crm)
        except LedgerUnavailable:
            pass  # the last that was known holds
        return self._state
