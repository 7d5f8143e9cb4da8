"""Deciding moves to a second process while inquiries arrive faster than one process can work.

Python runs one thread at a time, so one process uses one core: in a burst the door, deciding and delivering
share it. Deciding is the part that needs nobody else: it claims, reads and writes in the ledger as a worker
of a cluster does, with the same promises when it dies.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import structlog

from jobs.ledger import submission_claims
from jobs.ledger.engine import LedgerUnavailable
from jobs.process import process_due
from jobs.services import Services

#: So many waiting are more than one process should be left alone with.
_BACKLOG = 50
#: So many rounds before the first process hears of it and delivers.
_ROUNDS = 4
_DECIDE = "decide"
_log = structlog.get_logger()


class SecondProcess:
    """A copy of this process that waits until it is told to decide; until then it shares our memory.

    To be made before this process has a thread or a socket, which would be copied, too. It is not made again:
    when it dies, the first process goes on alone until the next start.
    """

    def __init__(self, services: Services) -> None:
        # A connection to SQLite must not be copied (sqlite.org, "How to corrupt", 2.6).
        services.ledger.close()
        self._pipe, theirs = Pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._pipe.close()
            _wait_and_decide(services, theirs)
        theirs.close()

    def process_due(self) -> int:
        """As jobs.process.process_due, but there.

        Raises LedgerUnavailable; EOFError or OSError when the second process has died.
        """
        self._pipe.send(_DECIDE)
        answer: int | LedgerUnavailable = self._pipe.recv()
        if isinstance(answer, LedgerUnavailable):
            raise answer
        return answer

    def end(self) -> None:
        """It goes when nobody is at the other end of the pipe, and finishes first what it has taken up."""
        self._pipe.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


@dataclass(slots=True)
class Relief:
    """process_due() for one thread: in this process, or, when many wait, in the second one (None = never)."""

    services: Services
    second: SecondProcess | None
    backlog: int = _BACKLOG

    def process_due(self) -> int:
        """Take up received submissions and decide each; how many were taken up. Raises LedgerUnavailable."""
        if self.second is None or not self._many_wait():
            return process_due(self.services)
        try:
            done = self.second.process_due()
        except (EOFError, OSError):
            # What it had taken up is taken up again when its lease is over.
            _log.error("second_process_gone")
            self.second.end()
            self.second = None
            return process_due(self.services)
        self.services.bell.ring("deliver", "")
        return done

    def _many_wait(self) -> bool:
        with self.services.ledger.read() as connection:
            return submission_claims.received(connection, at_most=self.backlog) == self.backlog


def _wait_and_decide(services: Services, pipe: Connection) -> None:
    """The second process's life; it never returns."""
    # Stop signals go to the whole group of processes; this one goes when the first one does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        while pipe.recv() == _DECIDE:
            pipe.send(_decided(services))
    except (EOFError, OSError):
        os._exit(0)
    except BaseException as error:
        # Its text may quote a borrower: the kind must do.
        _log.error("second_process_failed", error=type(error).__name__)
    os._exit(1)


def _decided(services: Services) -> int | LedgerUnavailable:
    """A few rounds, because being asked again takes its time while the first process is busy."""
    total = 0
    try:
        for _ in range(_ROUNDS):
            done = process_due(services)
            total += done
            if not done:
                break
    except LedgerUnavailable as error:
        return total or error
    return total
