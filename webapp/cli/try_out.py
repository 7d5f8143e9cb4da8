"""firstpath demo: the main job on this machine, with a stand-in for the CRM."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

_KINDS = ("hubspot", "salesforce", "highlevel")

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.option("--once", is_flag=True, help="Check the result against the CRM's own records, then stop.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where the desk answers; another port is used when it is taken.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Where it keeps its files; emptied at every start.",
)
@click.option(
    "--crm",
    type=click.Choice([*_KINDS, "all"]),
    default=_KINDS[0],
    show_default=True,
    help="Which stand-in CRM it goes to.",
)
def demo(once: bool, port: int, folder: Path, crm: str) -> None:
    """Send inquiries by form, referral mail and application link and show what becomes of them.

    Nothing leaves this machine. The desk stays up until Ctrl-C.
    """
    import logging

    from rich.console import Console

    from jobs.logs import log_to_stderr
    from webapp.accounts.people import create_login_link, create_user
    from webapp.demo.report import rows, show
    from webapp.demo.stage import running, wait_until_done
    from webapp.demo.verify import differences
    from webapp.demo.visitors import LEAVER, apply_link, send_all

    log_to_stderr(logging.ERROR)
    console = Console(width=None if Console().is_terminal else 140)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with running(folder.resolve(), _free(port), _KINDS if crm == "all" else [crm]) as stage:
        sandboxes = ", ".join(f"a sandbox {kind} on {one.url}" for kind, one in stage.crms.items())
        console.print(f"Firstpath answers on {stage.url}, {sandboxes}. Sending …", soft_wrap=True)
        sent = send_all(stage)
        wait_until_done(stage.services)
        found = rows(stage.services, sent)
        show(console, found, stage.services.settings.brokerage.timezone)
        if once:
            _verdict(console, differences(stage, found))
            return
        admin = create_user(stage.services, "admin@example.com", "admin", name="Demo admin")
        console.print(
            f"Desk, log in once with: [bold]{create_login_link(stage.services, admin.id)}[/]", soft_wrap=True
        )
        console.print(f"Hosted form:            [bold]{stage.url}/f/purchase[/]")
        console.print(f"Apply-now link:         [bold]{stage.url}{apply_link(stage)}[/] (in shadow)")
        for kind, one in stage.crms.items():
            console.print(f"Let Ingrid's owner back into {kind}, then press Retry:", soft_wrap=True)
            console.print(f"  [dim]{one.comeback(LEAVER)}[/]", soft_wrap=True)
        console.print("Stop with Ctrl-C.")
        _until_interrupted()


def _verdict(console: Console, wrong: list[str]) -> None:
    if wrong:
        for sentence in wrong:
            console.print(f"[red]Differs:[/] {sentence}")
        raise click.exceptions.Exit(1)
    console.print("[green]The CRM's own records agree: nothing lost, nothing twice.[/]")


def _until_interrupted() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


def _free(port: int) -> int:
    """This port, or any other when somebody listens there already."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
