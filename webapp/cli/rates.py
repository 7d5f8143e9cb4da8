"""firstpath rates-fell: follow up with everybody who waits for better rates."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli.options import config_option, connect


@click.command("rates-fell")
@config_option
@click.option("--dry-run", is_flag=True, help="Only say how many inquiries are on the list.")
def rates_fell(config: Path, dry_run: bool) -> None:
    """Follow up now with everybody on the rate-drop list: the cadences with anchor = "rates"."""
    from jobs.follow_up.rates import rates_fell as tell
    from jobs.paths.going_live import COMMAND_LINE

    found = tell(connect(config), COMMAND_LINE, dry_run=dry_run)
    if not found.has_cadence:
        raise click.ClickException('The playbook has no cadence with anchor = "rates": add one first.')
    what = "would be followed up" if dry_run else "are followed up from now on, within their hours"
    click.echo(f"{found.inquiries:,} inquiries wait for better rates: they {what}.")
