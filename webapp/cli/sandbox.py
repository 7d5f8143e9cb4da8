"""firstpath sandbox: a local stand-in for a CRM, to try things out and to break things."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def sandbox() -> None:
    """Run a stand-in for a CRM on this machine; nothing leaves it."""


@sandbox.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True)
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A JSON file of faults to inject.",
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append every request to this file, one JSON line each.",
)
def hubspot(port: int, faults: Path | None, journal: Path | None) -> None:
    """A stateful stand-in for HubSpot's API."""
    from connectors.sandbox.hubspot import serve

    serve(port, faults, journal)
