"""firstpath status: how much is waiting, and how the CRMs are."""

from __future__ import annotations

import json
from pathlib import Path

import click

from webapp.cli.options import config_option, connect


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(config: Path, as_json: bool) -> None:
    """What is waiting, what failed, and how each CRM is."""
    from jobs.status import read_status

    now = read_status(connect(config))
    if as_json:
        click.echo(json.dumps(now, default=str))
        return
    click.echo("Submissions: " + _counts(now["submissions"]))
    click.echo("Deliveries:  " + _counts(now["deliveries"]))
    for name, crm in now["crms"].items():
        why = (
            f" since {crm['since']:%Y-%m-%d %H:%M} UTC: {crm['reason']} {crm['remedy']}"
            if crm["reason"]
            else ""
        )
        click.echo(f"{name}: {crm['state']}{why}")


def _counts(by_state: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(by_state.items())) or "none"
