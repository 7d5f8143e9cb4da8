"""firstpath sandbox: a local stand-in for a CRM, to try things out and to break things."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., None])


@click.group()
def sandbox() -> None:
    """Run a stand-in for a CRM on this machine; nothing leaves it."""


def _served(port: int) -> Callable[[Command], Command]:
    """The options that every stand-in has; port is the usual one."""
    options = (
        click.option("--port", type=click.IntRange(0, 65535), default=port, show_default=True),
        click.option(
            "--faults",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="A JSON file of faults to inject.",
        ),
        click.option(
            "--journal",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Append every request to this file, one JSON line each.",
        ),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@sandbox.command()
@_served(8081)
def hubspot(port: int, faults: Path | None, journal: Path | None) -> None:
    """A stateful stand-in for HubSpot's API."""
    from connectors.sandbox.hubspot import serve

    serve(port, faults, journal)


@sandbox.command()
@_served(8083)
def highlevel(port: int, faults: Path | None, journal: Path | None) -> None:
    """A stateful stand-in for HighLevel's API."""
    from connectors.sandbox.highlevel import serve

    serve(port, faults, journal)


@sandbox.command()
@_served(8082)
def salesforce(port: int, faults: Path | None, journal: Path | None) -> None:
    """A stateful stand-in for Salesforce's API."""
    from connectors.sandbox.salesforce import serve

    serve(port, faults, journal)
