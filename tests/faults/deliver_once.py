"""One round of deliveries in a process of its own, to be killed.

Each is forked from a server process that has imported the program and done nothing else: it is as separate as
one started from nothing, and there in milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from jobs.delivering.deliver import deliver_due
from jobs.services import open_services
from jobs.settings.load import load_settings

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["pytest", __name__])


def in_a_process(config: Path, environ: Mapping[str, str], crm: str) -> ForkServerProcess:
    """Start it; kill() it, or join() it and look at its exitcode."""
    process = _FORKS.Process(target=deliver_once, args=(config, dict(environ), crm), daemon=True)
    process.start()
    return process


def deliver_once(config: Path, environ: Mapping[str, str], crm: str) -> None:
    """Take up what is due for the CRM, once."""
    services = open_services(load_settings(config, environ))
    deliver_due(services, crm)
    services.ledger.close()
