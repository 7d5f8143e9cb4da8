"""How many of a CRM's calls are left today: heard with every answer, written down seldom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

import structlog

from jobs.ledger import crms
from jobs.ledger.engine import Ledger, LedgerUnavailable

_log = structlog.get_logger()
_WRITE_EVERY_SECONDS = 30.0
_WORTH_WRITING = 0.01  # of the day's calls
#: Long enough that whoever works for the account notices; by then its state keeps the work back.
_USED_UP_SECONDS = 60.0


class DayCount:
    """The day's calls of one account, as its vendor counts them. Safe to share between threads.

    now is the wall clock, clock counts seconds and never goes back.
    """

    def __init__(
        self, ledger: Ledger, crm: str, *, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._crm = crm
        self._now = now
        self._clock = clock
        self._lock = Lock()
        self._written: tuple[int, int, float] | None = None  # left, limit, when
        self._used_up_at: float | None = None

    def learn(self, *, left: int, limit: int) -> None:
        """The vendor says that so many of limit calls are left today."""
        at = self._clock()
        with self._lock:
            self._used_up_at = at if left <= 0 else None
            if not self._news(left, limit, at):
                return
            self._written = left, limit, at
        try:
            with self._ledger.write() as connection:
                crms.note_calls(
                    connection, self._ledger, self._crm, left=max(left, 0), limit=limit, now=self._now()
                )
        except LedgerUnavailable:
            # Only a figure for the desk and the reserve: the next answer brings it again.
            _log.warning("calls_left_not_noted", crm=self._crm)

    def used_up(self) -> bool:
        """Whether an answer said just now that no call is left today."""
        with self._lock:
            return self._used_up_at is not None and self._clock() - self._used_up_at < _USED_UP_SECONDS

    def _news(self, left: int, limit: int, at: float) -> bool:
        if self._written is None:
            return True
        known, of, when = self._written
        if limit != of or (left <= 0) != (known <= 0):
            return True
        return at - when >= _WRITE_EVERY_SECONDS or abs(left - known) >= max(1.0, limit * _WORTH_WRITING)
