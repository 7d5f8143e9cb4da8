"""A process that decides when the first one tells it to, and does nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import structlog

from jobs.bell import ThreadBell
from jobs.interpreter import tune
from jobs.ledger.engine import LedgerUnavailable, open_ledger
from jobs.ledger.seal import Sealer
from jobs.logs import log_to_stderr
from jobs.process import process_due
from jobs.services import Services
from jobs.settings.model import Settings
from mapping.playbook import Playbook

_GOING_SECONDS = 5.0
_READY = "ready"
_DECIDE = "decide"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Orders:
    """What it is told at its start, through the pipe, where nobody listens."""

    settings: Settings
    playbook: Playbook


class SecondProcess:
    """The first process's end of the pipe. Every call may raise EOFError or OSError: the second one died."""

    def __init__(self, services: Services) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-m", "jobs.second_process", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603
        theirs.close()
        # The CRMs' secrets are none of its business.
        crms = {name: replace(crm, secrets={}) for name, crm in services.settings.crms.items()}
        self._pipe.send(_Orders(replace(services.settings, crms=crms), services.playbook))
        self._ready = False

    @property
    def ready(self) -> bool:
        """True when it has started and can be asked."""
        if not self._ready and self._pipe.poll():
            self._ready = self._pipe.recv() == _READY
        return self._ready

    def process_due(self) -> int:
        """As in this process. Raises LedgerUnavailable, too."""
        self._pipe.send(_DECIDE)
        answer: int | LedgerUnavailable = self._pipe.recv()
        if isinstance(answer, LedgerUnavailable):
            raise answer
        return answer

    def end(self) -> None:
        """It goes when nobody is at the other end: at once, unless it is still deciding."""
        self._pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOING_SECONDS)


def _serve(pipe: Connection) -> None:
    """Decide whenever told to, until the other end is closed or gone."""
    orders: _Orders = pipe.recv()
    secrets = orders.settings.secrets
    services = Services(
        settings=orders.settings,
        ledger=open_ledger(orders.settings.ledger.url),
        sealer=Sealer(secrets.encryption_keys, secrets.lookup_key),
        playbook=orders.playbook,
        crms={},
        bell=ThreadBell(),  # nobody listens to it here: the first process rings its own
    )
    tune()
    pipe.send(_READY)
    while pipe.recv() == _DECIDE:
        try:
            pipe.send(process_due(services))
        except LedgerUnavailable as error:
            pipe.send(error)


def main() -> None:
    """Stop signals go to the whole group of processes; this one goes when the first one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log_to_stderr()
    try:
        _serve(Connection(int(sys.argv[1])))
    except (EOFError, OSError):
        pass
    except Exception as error:
        # Its text may quote a borrower: the kind is kept, and the first process goes on alone.
        _log.error("work_failed", error=type(error).__name__)
        sys.exit(1)


if __name__ == "__main__":
    main()
