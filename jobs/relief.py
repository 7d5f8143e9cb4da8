"""Deciding moves to a second process while inquiries arrive faster than this one can work.

Python runs one thread at a time, so one process uses one core: in a burst the door, deciding and delivering
share it. Deciding is the part that needs nobody else: it claims, reads and writes in the ledger as a worker
of a cluster does, with the same promises when it dies.
"""

from __future__ import annotations

from time import monotonic

import structlog

from jobs.ledger import submissions
from jobs.process import process_due
from jobs.second_process import SecondProcess
from jobs.services import Services

#: A backlog worth half a second of a core, which is what starting a process takes.
_BACKLOG = 50
#: Without a backlog for so long, the second process is sent home: it takes memory.
_CALM_SECONDS = 20.0
_log = structlog.get_logger()


class Relief:
    """process_due() for one thread, wherever it runs."""

    def __init__(
        self, services: Services, *, backlog: int = _BACKLOG, calm_seconds: float = _CALM_SECONDS
    ) -> None:
        self._services = services
        self._backlog = backlog
        self._calm_seconds = calm_seconds
        self._second: SecondProcess | None = None
        self._busy_at = 0.0

    @property
    def ready(self) -> bool:
        """True when there is a second process and it has started."""
        return self._second is not None and self._second.ready

    def process_due(self) -> int:
        """Take up received submissions and decide each; how many were taken up. Raises LedgerUnavailable."""
        if self._second is None and not self._backlog_seen():
            return process_due(self._services)
        try:
            return self._by_second()
        except (EOFError, OSError):
            # What it had taken up is taken up again when its lease is over.
            _log.error("second_process_gone")
            self.end()
            return process_due(self._services)

    def _by_second(self) -> int:
        if self._second is None:
            self._second = SecondProcess(self._services)
        if not self._second.ready:
            return process_due(self._services)
        done = self._second.process_due()
        if done:
            self._services.bell.ring("deliver", "")
        if monotonic() - self._busy_at > self._calm_seconds and not self._backlog_seen():
            self.end()
        return done

    def _backlog_seen(self) -> bool:
        with self._services.ledger.read() as connection:
            seen = submissions.received(connection, at_most=self._backlog) == self._backlog
        if seen:
            self._busy_at = monotonic()
        return seen

    def end(self) -> None:
        """Send the second process home, if there is one, when it has finished what it took up."""
        second, self._second = self._second, None
        if second is not None:
            second.end()
