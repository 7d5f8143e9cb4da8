"""firstpath keys: making keys, and sealing everything anew after one was changed."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli.options import config_option, connect


@click.group()
def keys() -> None:
    """Encryption keys and intake keys."""


@keys.command("new-path-key")
def new_path_key_command() -> None:
    """Make a key for an intake path: the address part to hand out, and the hash for the settings."""
    from jobs.settings.new_secrets import new_path_key

    key, digest = new_path_key()
    click.echo(
        f'Address to give to the sender (shown once):  /in/{key}\nLine for the settings:  keys = ["{digest}"]'
    )


@keys.command()
@config_option
@click.option("--batch", default=500, show_default=True, help="Rows sealed in one transaction.")
def rotate(config: Path, batch: int) -> None:
    """Seal everything with the first of FIRSTPATH_ENCRYPTION_KEYS.

    Put the new key first, keep the old one behind it, restart, run this, then remove the old one. It may be
    interrupted and run again at any time.
    """
    from jobs.upkeep.rotate import reseal

    services = connect(config)
    total = 0
    for table, count in reseal(services.ledger, services.sealer, batch):
        total += count
        click.echo(f"{table}: {count} sealed anew")
    click.echo("Everything was sealed with the first key already." if not total else f"Done: {total} values.")
