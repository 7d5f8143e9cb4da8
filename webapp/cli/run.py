"""firstpath serve and firstpath worker: the long-running processes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, read_settings

if TYPE_CHECKING:
    from jobs.services import Services


@click.command()
@config_option
@click.option("--host", help="Listen here instead of where the settings say.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen on this port instead.")
def serve(config: Path, host: str | None, port: int | None) -> None:
    """Answer the web: the door, the hosted forms and the desk.

    Without Redis in the settings a second process, started and ended with this one, does all the work
    (embedded default); with Redis, start `firstpath worker` beside it, on as many hosts as needed.
    """
    # All of it before the processes part, also what only one of them needs: importing writes to pages which
    # both share, and that costs more than what is imported.
    from jobs.logs import log_to_stderr
    from jobs.processes.interpreter import tune
    from jobs.processes.work_process import PipeBell, WorkProcess
    from jobs.services import open_services
    from webapp.app import create_app
    from webapp.server import Server

    settings = read_settings(config)
    log_to_stderr()
    bell = None if settings.queue.redis_url else PipeBell()
    services = open_services(settings, bell=bell)
    app = create_app(services)
    tune()
    work = WorkProcess(services, bell) if bell else None
    server = Server(
        app,
        host or settings.server.host,
        settings.server.port if port is None else port,
        settings.server.threads,
    )
    if work:
        work.watch()
    # In the background: a CRM that cannot be reached must not keep the door shut.
    threading.Thread(target=_learn_accounts, args=(services,), daemon=True).start()
    click.echo(f"Firstpath answers on {server.url}" + ("" if work else " (the work is done by workers)"))
    _on_stop(server.stop)
    server.run()
    if work:
        work.end()
    services.ledger.close()


def _learn_accounts(services: Services) -> None:
    """Ask each CRM for the account's number, which the desk's links to its records need."""
    from connectors.crm.base import CrmError

    for crm in services.crms.values():
        # Without an answer the desk shows record numbers instead of links.
        with suppress(CrmError):
            crm.check()


@click.command()
@config_option
def worker(config: Path) -> None:
    """Do the work only: decide what arrived and deliver it. Start as many as you like."""
    from jobs.logs import log_to_stderr
    from jobs.processes.bell import ThreadBell
    from jobs.processes.cluster import listen
    from jobs.processes.work_process import GRACE_SECONDS
    from jobs.processes.worker import Workers
    from jobs.services import open_services

    settings = read_settings(config)
    log_to_stderr()
    bell, stop = ThreadBell(), threading.Event()
    services: Services = open_services(settings, bell=bell)
    workers = Workers(services, bell)
    workers.start()
    click.echo("Firstpath works. Stop with Ctrl-C.")
    _on_stop(stop.set)
    if settings.queue.redis_url:
        listen(settings.queue.redis_url, bell, stop)
    else:
        stop.wait()
    workers.stop(GRACE_SECONDS)
    services.ledger.close()


def _on_stop(stop: Callable[[], None]) -> None:
    """SIGTERM and Ctrl-C end the process in order; a second one ends it at once."""

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
