"""The work of the embedded default, in a process of its own beside the one that answers the web.

Python runs one thread at a time, so one process uses one core: in a burst visitors would wait for the work,
and the work for visitors. It is done as in any worker of a cluster, with the same promises when it dies.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn, get_args

import structlog

from jobs.processes.bell import Kind, ThreadBell
from jobs.processes.worker import Workers
from jobs.services import Services

#: How long work under way may take to finish after a stop was asked for.
GRACE_SECONDS = 20.0
_MOST_RINGS = 4096
_LETTERS: dict[Kind, bytes] = {kind: kind[:1].encode() for kind in get_args(Kind)}
_STOPS = (signal.SIGINT, signal.SIGTERM)
_log = structlog.get_logger()


class PipeBell:
    """Rings in the process that works; when that is gone, in this one."""

    def __init__(self) -> None:
        self._heard, self._rung = os.pipe()
        os.set_blocking(self._rung, False)
        self.here: ThreadBell | None = None

    def ring(self, kind: Kind, row_id: str) -> None:
        """Wake a worker for this kind of work. Never raises."""
        if self.here is not None:
            self.here.ring(kind, row_id)
            return
        # A full pipe rings already; from one that is closed nobody waits for anything.
        with suppress(OSError):
            os.write(self._rung, _LETTERS[kind])

    def relay(self, bell: ThreadBell) -> None:
        """Ring that bell as long as the other end of the pipe is open. For the process that works."""
        os.close(self._rung)
        while rings := os.read(self._heard, _MOST_RINGS):
            for kind, letter in _LETTERS.items():
                if letter in rings:
                    bell.ring(kind, "")

    def only_ring(self) -> None:
        """For the process that only rings."""
        os.close(self._heard)

    def close(self) -> None:
        """Say that nobody will ring any more."""
        # A late ring must not be written into what is opened next under this number.
        rung, self._rung = self._rung, -1
        os.close(rung)


class WorkProcess:
    """A copy of this process that works until this one ends, finishing then what it has under way.

    To be made before this process has a thread or a socket, which would be copied, too. It is not made again:
    when it dies, this process does the work itself until its next start.
    """

    def __init__(self, services: Services, bell: PipeBell) -> None:
        """bell: the one of these services."""
        # A connection to SQLite must not be copied (sqlite.org, "How to corrupt", 2.6).
        services.ledger.close()
        self._services, self._bell = services, bell
        self._ending = False
        self._instead: Workers | None = None
        # Stop signals go to the whole group, perhaps before that process can say that it ignores them.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        self.pid = os.fork()
        if self.pid == 0:
            _work(services, bell)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        bell.only_ring()

    def watch(self) -> None:
        """See to it that the work goes on if that process dies; from now on this one may have threads."""
        threading.Thread(target=self._replace, name="work-process", daemon=True).start()

    def end(self) -> None:
        """Return when that process, or who works in its place, has finished what was under way."""
        self._ending = True
        if self._instead is not None:
            self._instead.stop(GRACE_SECONDS)
        self._bell.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _replace(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        if self._ending:
            return
        # What it had taken up is taken up again when its lease is over.
        _log.error("work_process_gone")
        here = ThreadBell()
        self._instead = Workers(self._services, here)
        self._instead.start()
        self._bell.here = here


def _work(services: Services, bell: PipeBell) -> NoReturn:
    """The other process's life."""
    # This one goes when the first one does.
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    try:
        here = ThreadBell()
        workers = Workers(replace(services, bell=here), here)
        workers.start()
        bell.relay(here)
        workers.stop(GRACE_SECONDS)
        services.ledger.close()
    except BaseException as error:
        # Its text may quote a borrower: the kind must do.
        _log.error("work_process_failed", error=type(error).__name__)
        os._exit(1)
    os._exit(0)
